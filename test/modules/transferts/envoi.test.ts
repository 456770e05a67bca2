import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { rename, rmdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { dayInFrance } from '../../../src/kernel/clock.ts'
import { sql } from '../../../src/kernel/sql.ts'
import { derniersTransferts, insertTransfert } from '../../../src/modules/transferts/queries.ts'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Upload, type Visitor, startPortal } from '../../support/portal.ts'
import { plain, stored } from './stored.ts'

let portal: Portal
let solene: Visitor
let pdf: Buffer

beforeAll(async () => {
  portal = await startPortal()
  solene = await portal.login('estuaire', '657')
  pdf = await makePdf()
})

const csv: Upload = { field: 'fichiers', name: 'balance.csv', content: 'Compte;Débit;Crédit\n512000;10;\n' }

function file(name: string, content: Buffer | string = pdf): Upload {
  return { field: 'fichiers', name, content }
}

/** Sends, and gives the id of the transfer. */
async function send(
  who: Visitor,
  files: Upload[],
  fields: Record<string, string> = { genre: 'pieces', message: '' },
) {
  const answer = await who.upload('/transferts', fields, files)
  expect(answer.status, plain(answer.text).slice(0, 3000)).toBe(303)
  return String(answer.headers.location).replace('/transferts/', '')
}

describe('F12: transfert de données', () => {
  it('F12: keeps several files and acknowledges them with a number, a date and their hashes', async () => {
    const id = await send(solene, [file('2035 – été.pdf'), csv], {
      genre: 'liasse',
      message: 'Bonjour,\nvoici.',
    })
    const page = await solene.get(`/transferts/${id}`)
    const text = plain(page.text)
    expect(page.status).toBe(200)
    expect(text).toMatch(/Accusé de réception T-\d{4}-\d{6}/)
    expect(text).toContain('2035 – été.pdf')
    expect(text).toContain('balance.csv')
    expect(text).toContain(createHash('sha256').update(pdf).digest('hex'))
    expect(text).toContain('Liasse fiscale')
    expect(text).toContain('CARRIVEAU Solène, adhérent n° 657')
    expect(text).toContain('Bonjour,\nvoici.')
    expect(checkHtml(page.text)).toEqual([])
    const list = plain((await solene.get('/transferts')).text)
    expect(list).toContain(/T-\d{4}-\d{6}/.exec(text)![0])
    expect(list).toContain('2035 – été.pdf')
  })

  it('F12: lists what I sent with its state, and the reason of a refusal', async () => {
    const page = await solene.get('/transferts')
    expect(page.text).toMatch(/pastille-succes">pris en compte</)
    expect(page.text).toMatch(/pastille-erreur">refusé</)
    expect(page.text).toContain('Le fichier s’arrête au 30 novembre.')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('gives me my own file back, byte for byte, and writes it in the journal', async () => {
    const id = await send(solene, [file('à rendre.pdf')])
    const url = /href="(\/transferts\/[^"]+\/fichiers\/[^"]+)"/.exec(
      (await solene.get(`/transferts/${id}`)).text,
    )![1]!
    const answer = await solene.get(url)
    expect(answer.status).toBe(200)
    expect(answer.body.equals(pdf)).toBe(true)
    expect(answer.headers['content-disposition']).toMatch(/^attachment;.*rendre\.pdf/)
    expect(answer.headers['content-security-policy']).toContain('sandbox')
    const { rows } = await portal.owner.query(
      'select action, role from journal where objet_id = $1 order by numero',
      [id],
    )
    expect(rows).toEqual([
      { action: 'transferts.send', role: 'adherent' },
      { action: 'transferts.download', role: 'adherent' },
    ])
  })

  it('opens the files of the demo', async () => {
    const { rows } = await portal.owner.query<{ transfert: string; fichier: string; sha256: string }>(
      `select l.transfert_id as transfert, l.fichier_id as fichier, f.sha256 from transferts_fichiers l
       join fichiers f on f.id = l.fichier_id join transferts t on t.id = l.transfert_id
       join adherents a on a.id = t.adherent_id and a.numero = '657'
       join plateforme.organismes o on o.id = t.organisme_id and o.code = 'estuaire' and t.motif <> ''`,
    )
    expect(rows).toHaveLength(1)
    const answer = await solene.get(`/transferts/${rows[0]!.transfert}/fichiers/${rows[0]!.fichier}`)
    expect(createHash('sha256').update(answer.body).digest('hex')).toBe(rows[0]!.sha256)
  })

  it('tells the sender by mail, which names nothing', async () => {
    const id = await send(solene, [csv])
    const { rows } = await portal.owner.query(`select modele, donnees from courriels where cle like $1`, [
      `transfert-recu:${id}:%`,
    ])
    expect(rows).toEqual([{ modele: 'transfert-recu', donnees: { lien: `/transferts/${id}` } }])
  })

  it('gives the home page the last ones in one round trip', async () => {
    await portal.as('estuaire', '657', async (db) => {
      const last = await derniersTransferts(db, 2)
      expect(last).toHaveLength(2)
      expect(last[0]!.accuse > last[1]!.accuse).toBe(true)
      expect(db.roundTrips()).toBe(1)
    })
  })
})

describe('the number of an acknowledgement', () => {
  const numbers = async (code: string) => {
    const { rows } = await portal.owner.query<{ accuse: string }>(
      `select accuse from transferts t join plateforme.organismes o on o.id = t.organisme_id
       where o.code = $1 and annee = extract(year from app.aujourdhui()) order by numero`, [code]) // prettier-ignore
    return rows.map((row) => Number(row.accuse.slice(7)))
  }

  it('follows the one before without gap or double, when many send at once', async () => {
    const ines = await portal.login('estuaire', '940')
    await Promise.all(Array.from({ length: 12 }, (_, i) => send(i % 2 ? solene : ines, [csv])))
    const all = await numbers('estuaire')
    expect(all).toEqual(all.map((_, i) => all[0]! + i))
  })

  it('is taken again by the next when a transfer fails after taking it', async () => {
    const before = await numbers('estuaire')
    const annee = Number(dayInFrance(new Date()).slice(0, 4))
    const failing = portal.as('estuaire', '657', async (db) => {
      const { adherentId } = await portal.person('estuaire', '657')
      await insertTransfert(db, {
        annee,
        genre: 'autre',
        message: '',
        adherentId: adherentId!,
        fichierIds: [],
      })
      throw new Error('later failure')
    })
    await expect(failing).rejects.toThrow('later failure')
    await send(solene, [csv])
    expect(await numbers('estuaire')).toEqual([...before, before.at(-1)! + 1])
  })

  it('begins at one each year, and in each organisme', async () => {
    const marius = await portal.login('midi', '657')
    const before = await numbers('midi')
    await send(marius, [csv])
    expect(await numbers('midi')).toEqual([...before, before.length + 1])
    const { adherentId } = await portal.person('estuaire', '657')
    const sent = await portal.as('estuaire', '657', (db) =>
      insertTransfert(db, {
        annee: 2999,
        genre: 'autre',
        message: '',
        adherentId: adherentId!,
        fichierIds: [],
      }),
    )
    expect(sent.accuse).toBe('T-2999-000001')
    await portal.owner.query('delete from transferts where annee = 2999')
  })
})

describe('what is not taken', () => {
  const cases: [why: string, upload: Upload, status: number, sentence: string][] = [
    ['a program named .pdf', { field: 'fichiers', name: 'facture.pdf', content: Buffer.from('MZ\x90\0\x03programme') }, 422, 'n’est pas un vrai PDF'],
    ['a program', { field: 'fichiers', name: 'facture.exe', content: 'MZ' }, 422, 'n’est pas d’un format accepté'],
    ['an empty file', { field: 'fichiers', name: 'vide.pdf', content: '' }, 422, 'est vide'],
    ['a page of the web named .csv', { field: 'fichiers', name: 'x.csv', content: '<!doctype html><script>1</script>' }, 422, 'page web'],
    ['a file above 50 Mo', { field: 'fichiers', name: 'gros.csv', content: Buffer.alloc(50 * 1024 * 1024 + 1, 'a') }, 413, 'dépasse la limite de 50 Mo'],
  ] // prettier-ignore

  it.each(cases)(
    'refuses %s with a sentence, keeps what was typed and stores nothing',
    async (_why, upload, status, sentence) => {
      const before = await stored(portal)
      const answer = await solene.upload('/transferts', { genre: 'fec', message: 'Mon message' }, [
        csv,
        upload,
      ])
      expect(answer.status).toBe(status)
      const text = plain(answer.text)
      expect(text).toContain(sentence)
      expect(text).toContain(upload.name)
      expect(text).toContain('Rien n’a été envoyé.')
      expect(text).toContain('Mon message')
      expect(text).toMatch(/value="fec" selected/)
      expect(await stored(portal)).toEqual(before)
    },
  )

  it('asks for a type and a file when the form is empty', async () => {
    const before = await stored(portal)
    const noType = await solene.upload('/transferts', { genre: '', message: '' }, [csv])
    expect(noType.status).toBe(422)
    expect(noType.text).toContain('Choisissez le type de document que vous envoyez.')
    expect(checkHtml(noType.text)).toEqual([])
    const noFile = await solene.upload('/transferts', { genre: 'fec', message: '' }, [])
    expect(noFile.status).toBe(422)
    expect(noFile.text).toContain('Choisissez au moins un fichier à envoyer.')
    expect((await solene.post('/transferts', { genre: 'fec', message: '' })).text).toContain(
      'Choisissez au moins un fichier',
    )
    // As browsers send a file input that was left empty.
    const empty = await solene.upload('/transferts', { genre: 'fec', message: '' }, [
      { field: 'fichiers', name: '', content: '' },
    ])
    expect(empty.text).toContain('Choisissez au moins un fichier')
    expect(await stored(portal)).toEqual(before)
  })

  it('takes ten files at once, not eleven', async () => {
    const before = await stored(portal)
    const answer = await solene.upload(
      '/transferts',
      { genre: 'autre', message: '' },
      Array.from({ length: 11 }, () => csv),
    )
    expect(answer.status).toBe(413)
    expect(plain(answer.text)).toContain('la limite est de 10 fichiers')
    expect(await stored(portal)).toEqual(before)
    await send(
      solene,
      Array.from({ length: 10 }, () => csv),
    )
  })

  it.each(['../../etc/cron.d/x.pdf', '..\\..\\x.pdf', '/etc/passwd/x.pdf'])(
    'keeps of the name %s its end only, and never makes a path of it',
    async (name) => {
      const id = await send(solene, [file(name)])
      const { rows } = await portal.owner.query<{ nom: string; cle: string }>(
        'select f.nom, f.cle from fichiers f join transferts_fichiers l on l.fichier_id = f.id where l.transfert_id = $1', [id]) // prettier-ignore
      expect(rows[0]!.nom).toBe('x.pdf')
      expect(rows[0]!.cle).toMatch(/^[0-9a-f-]{36}\/[0-9a-f-]{36}$/)
    },
  )

  it('stores nothing of an upload that stops half-way', async () => {
    const before = await stored(portal)
    const socket = connect(portal.port, '127.0.0.1')
    await once(socket, 'connect')
    const cookie = [...solene.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    socket.write(
      `POST /transferts HTTP/1.1\r\nHost: localhost:${portal.port}\r\nCookie: ${cookie}\r\n` +
        'Content-Type: multipart/form-data; boundary=xx\r\nContent-Length: 9000000\r\n\r\n' +
        `--xx\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${solene.csrf}\r\n` +
        '--xx\r\nContent-Disposition: form-data; name="genre"\r\n\r\nautre\r\n' +
        '--xx\r\nContent-Disposition: form-data; name="fichiers"; filename="a.csv"\r\n\r\n',
    )
    socket.write('1;2;3\n'.repeat(100_000))
    await until(async () => ((await stored(portal)).temp as string[]).length > 0)
    socket.destroy()
    await until(async () => ((await stored(portal)).temp as string[]).length === 0)
    expect(await stored(portal)).toEqual(before)
  })

  it('answers 503 when the files cannot be kept, without a row; and works again afterwards', async () => {
    const folder = join(portal.services.config.dataDir, 'fichiers')
    const before = await stored(portal)
    await rename(folder, `${folder}-parti`)
    const answer = await solene.upload('/transferts', { genre: 'autre', message: '' }, [csv])
    await rmdir(folder).catch(() => undefined)
    await rename(`${folder}-parti`, folder)
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('Service momentanément indisponible')
    expect(await stored(portal)).toEqual(before)
    await send(solene, [csv])
  })

  it('refuses an upload without token before it keeps a byte', async () => {
    const before = await stored(portal)
    const answer = await solene.upload('/transferts', { _csrf: 'faux', genre: 'autre' }, [csv])
    expect(answer.status).toBe(403)
    expect(await stored(portal)).toEqual(before)
  })
})

describe('whose transfers', () => {
  let mine: { id: string; fichier: string }
  beforeAll(async () => {
    const id = await send(solene, [csv])
    const { rows } = await portal.owner.query<{ fichier: string }>(
      'select fichier_id as fichier from transferts_fichiers where transfert_id = $1', [id]) // prettier-ignore
    mine = { id, fichier: rows[0]!.fichier }
  })

  it.each([
    ['another adhérent', 'estuaire', '940'],
    ['the same number of another organisme', 'midi', '657'],
  ])('answers 404 to %s', async (_who, organisme, login) => {
    const other = await portal.login(organisme, login)
    for (const path of [`/transferts/${mine.id}`, `/transferts/${mine.id}/fichiers/${mine.fichier}`]) {
      expect((await other.get(path)).status, path).toBe(404)
      expect((await solene.get(path)).status, path).toBe(200)
    }
  })

  it('finds a file through its own transfer only', async () => {
    const other = await send(solene, [csv])
    expect((await solene.get(`/transferts/${other}/fichiers/${mine.fichier}`)).status).toBe(404)
  })

  it('shows to a cabinet, in the database, what its clients sent, and to no other', async () => {
    const seen = (login: string) =>
      portal.as('estuaire', login, async (db) => {
        const rows = await db.many<{ id: string }>(sql`select id from transferts where id = ${mine.id}`)
        const files = await db.many<{ id: string }>(sql`select id from fichiers where id = ${mine.fichier}`)
        return [rows.length, files.length]
      })
    expect(await seen('CNS1')).toEqual([1, 1])
    expect(await seen('COL14')).toEqual([1, 1])
    expect(await seen('COL7')).toEqual([0, 0])
    expect(await seen('CNS2')).toEqual([0, 0])
  })

  it('lets nobody who sends decide, change or erase', async () => {
    await portal.as('estuaire', '657', async (db) => {
      const touched = await db.run(sql`update transferts set message = 'autre chose' where id = ${mine.id}`)
      expect(touched).toBe(0)
    })
    const erase = portal.as('estuaire', '657', (db) =>
      db.run(sql`delete from transferts where id = ${mine.id}`),
    )
    await expect(erase).rejects.toMatchObject({ code: '42501' })
    const forOther = portal.as('estuaire', '657', async (db) => {
      const { adherentId } = await portal.person('estuaire', '940')
      return insertTransfert(db, {
        annee: 2026,
        genre: 'autre',
        message: '',
        adherentId: adherentId!,
        fichierIds: [],
      })
    })
    await expect(forOther).rejects.toMatchObject({ code: '42501' })
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 100) throw new Error('waited in vain')
    await wait(50)
  }
}
