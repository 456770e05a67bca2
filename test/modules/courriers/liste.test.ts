import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { countNew } from '../../../src/modules/courriers/scope.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { courrierOf } from './courriers.ts'

let portal: Portal
let cns1: Visitor
const rows = (text: string) =>
  [...text.matchAll(/<td class="titre"><a href="\/courriers\/([0-9a-f-]{36})">/g)].map((m) => m[1]!)

beforeAll(async () => {
  portal = await startPortal()
  cns1 = await portal.login('estuaire', 'CNS1')
})

/** Every row of a list, page after page. */
async function all(who: Visitor, path: string): Promise<string[]> {
  const found: string[] = []
  for (let next: string | undefined = path; next !== undefined;) {
    const answer = await who.get(next)
    expect(answer.status, next).toBe(200)
    found.push(...rows(answer.text))
    next = /rel="next" href="([^"]+)"/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&')
  }
  return found
}

describe('F37: the list', () => {
  it('is well-formed HTML, with the words of the guide', async () => {
    const { text } = await cns1.get('/courriers')
    expect(checkHtml(text)).toEqual([])
    for (const word of [
      'Liste des nouveaux courriers en arrivée',
      'N° Adhérent',
      'Les - récents',
      'Les + récents',
      'Type de courrier',
      'Courriers sans réponse',
      'Courriers à répondre',
      'copie du document envoyé à l’adhérent',
      'courrier en attente de réponses',
      'lu, en cours de réponse',
      'marque-non-lu',
      'à répondre avant le',
    ])
      // prettier-ignore
      expect(text, word).toContain(word)
  })

  it('F48: says « Aucun nouveau courrier » to whoever has none', async () => {
    const col3 = await portal.login('estuaire', 'COL3')
    expect((await col3.get('/courriers')).text).toContain('Aucun nouveau courrier')
  })

  it('F46: marks what I have not read in words, and what I have read no more', async () => {
    const col14 = await portal.login('estuaire', 'COL14')
    const id = await courrierOf(portal, '45', 'Pièces')
    const row = async () => {
      const { text } = await col14.get('/courriers')
      return text.split('<tr').find((one) => one.includes(`/courriers/${id}"`))!
    }
    expect(await row()).toContain('class="non-lu"')
    expect((await col14.get(`/courriers/${id}`)).status).toBe(200)
    expect(await row()).not.toContain('non-lu')
    expect(await row()).toContain('lu, en cours de réponse')
    expect(await row()).toContain('à répondre avant le')
  })

  it.each(['numero', 'nom', 'anciens', 'recents', 'type'])(
    'F38: sorts by %s, the same rows each time',
    async (tri) => {
      const sorted = await all(cns1, `/courriers?tri=${tri}`)
      expect([...sorted].sort()).toEqual([...(await all(cns1, '/courriers'))].sort())
      expect(new Set(sorted).size).toBe(sorted.length)
    },
  )

  it('F38: the newest first is the default, and the oldest first its reverse', async () => {
    const newest = await all(cns1, '/courriers')
    expect(await all(cns1, '/courriers?tri=anciens')).toEqual([...newest].reverse())
    const { rows: dates } = await portal.owner.query<{ id: string }>(
      'select id from courriers where id = any($1) order by publie_le desc, id desc', [newest]) // prettier-ignore
    expect(newest).toEqual(dates.map((row) => row.id))
  })

  it('F39: the two filters share the list between them', async () => {
    const everything = await all(cns1, '/courriers')
    const asked = await all(cns1, '/courriers?filtre=a-repondre')
    const quiet = await all(cns1, '/courriers?filtre=sans')
    expect([...asked, ...quiet].sort()).toEqual([...everything].sort())
    expect(asked).toContain(await courrierOf(portal, '12', 'Questions'))
    expect(quiet).toContain(await courrierOf(portal, '311', 'Votre attestation'))
  })

  it('searches by number and by name, whatever the accents and the case', async () => {
    expect(await all(cns1, '/courriers?numero=118')).toEqual([await courrierOf(portal, '118', 'Questions')])
    expect(await all(cns1, '/courriers?nom=m%C3%A9lANIE')).toEqual([
      await courrierOf(portal, '118', 'Questions'),
    ])
    expect(await all(cns1, '/courriers?nom=%25')).toEqual([])
  })

  it('goes through pages, forth and back, in every sort without a row lost or doubled', async () => {
    // Enough for three pages.
    await portal.owner
      .query(`insert into courriers (organisme_id, numero, adherent_id, structure_id, destinataire, genre,
        objet, publie_le) select organisme_id, 'X-' || n, id, structure_id, 'cabinet', 'information', 'Note ' || n,
        now() - (n / 3) * interval '1 minute' from adherents, generate_series(1, 60) n
      where numero = '688' and structure_id is not null`)
    for (const tri of ['numero', 'nom', 'anciens', 'recents', 'type']) {
      const found = await all(cns1, `/courriers?tri=${tri}`)
      expect(new Set(found).size).toBe(found.length)
      const { courriers } = await portal.as('estuaire', 'CNS1', async (db) =>
        countNew(db, await person('CNS1')),
      )
      expect(found.length).toBe(courriers)
    }
    const second = await cns1.get('/courriers?tri=type')
    const next = /rel="next" href="([^"]+)"/.exec(second.text)![1]!.replaceAll('&amp;', '&')
    const back = /rel="prev" href="([^"]+)"/.exec((await cns1.get(next)).text)![1]!.replaceAll('&amp;', '&')
    expect(rows((await cns1.get(back)).text)).toEqual(rows(second.text))
  })
})

async function person(login: string) {
  const p = await portal.person('estuaire', login)
  return { ...p, role: p.role, adherentId: p.adherentId, structureId: p.structureId } as never
}

describe('F19: the counters are the lists', () => {
  it.each(['CNS1', 'COL16', 'COL14', 'COL7', 'COL3', 'CNS2', '657', '940'])('for %s', async (login) => {
    const who = await portal.login('estuaire', login)
    const counts = await portal.as('estuaire', login, async (db) => countNew(db, await person(login)))
    expect((await all(who, '/courriers')).length).toBe(counts.courriers)
    expect((await all(who, '/courriers?pour=adherent')).length).toBe(counts.courriersAdherents)
    expect((await all(who, '/courriers?pour=cabinet')).length).toBe(counts.courriersCabinet)
    expect((await all(who, '/courriers?filtre=a-repondre')).length).toBe(counts.courriersARepondre)
  })

  it('F19: a letter to the cabinet itself is for those who answer for the cabinet', async () => {
    const id = await courrierOf(portal, 'CNS1', 'Assemblée')
    expect(await all(cns1, '/courriers?pour=cabinet')).toEqual([id])
    const col14 = await portal.login('estuaire', 'COL14')
    expect((await col14.get(`/courriers/${id}`)).status).toBe(404)
  })
})

describe('F51: archived once read, unless an answer is wanted', () => {
  it('an information leaves « nouveaux » for the archives; a question stays', async () => {
    const info = await courrierOf(portal, '311', 'Votre attestation')
    const question = await courrierOf(portal, '688', 'Questions')
    await cns1.get(`/courriers/${info}`)
    await cns1.get(`/courriers/${question}`)
    const now = await all(cns1, '/courriers')
    expect(now).not.toContain(info)
    expect(now).toContain(question)
    expect(await all(cns1, '/courriers/archives')).toContain(info)
    // The adhérent has not read his: it is new for him still.
    const { rows: sides } = await portal.owner.query('select archive_adherent_le, archive_cabinet_le is not null as lu from courriers where id = $1', [info]) // prettier-ignore
    expect(sides).toEqual([{ archive_adherent_le: null, lu: true }])
  })

  it('keeps the first reading of each person for good', async () => {
    const id = await courrierOf(portal, '688', 'Questions')
    const read = async () =>
      (
        await portal.owner.query<{ premiere_le: Date }>(
          'select premiere_le from courrier_lectures where courrier_id = $1',
          [id],
        )
      ).rows
    const before = await read()
    await cns1.get(`/courriers/${id}`)
    expect(await read()).toEqual(before)
    const change = portal.as('estuaire', 'CNS1', (db) =>
      db.run(sql`update courrier_lectures set premiere_le = now()`),
    )
    await expect(change).rejects.toThrow(/permission denied/)
  })
})

describe('whose courriers', () => {
  it('1: a collaborateur of another firm, and an adhérent, find nothing where a courrier is', async () => {
    const id = await courrierOf(portal, '801', 'Questions')
    for (const login of ['COL14', 'CNS1', '657', '940']) {
      const who = await portal.login('estuaire', login)
      for (const path of ['', '/pdf', '/duplicata', '/reponse', '/reponse/envoi', '/reponse/brouillon'])
        expect((await who.get(`/courriers/${id}${path}`)).status, `${login} ${path}`).toBe(404)
    }
  })

  it('2: a client of the firm who is not his is absent for a collaborateur: page, list, search, count', async () => {
    const id = await courrierOf(portal, '118', 'Questions')
    const col14 = await portal.login('estuaire', 'COL14')
    expect((await col14.get(`/courriers/${id}`)).status).toBe(404)
    expect((await col14.get(`/courriers/${id}/reponse`)).status).toBe(404)
    expect(await all(col14, '/courriers')).not.toContain(id)
    expect(await all(col14, '/courriers?numero=118')).toEqual([])
    expect((await col14.post('/courriers/telechargement', { courrier: id })).status).toBe(404)
  })

  it('is not changed once published, not even by the staff', async () => {
    const id = await courrierOf(portal, '657', 'Questions')
    const change = portal.as('estuaire', 'agent@estuaire.example', (db) =>
      db.run(sql`update courriers set objet = 'Autre' where id = ${id}`),
    )
    await expect(change).rejects.toMatchObject({ constraint: 'courriers_fige' })
    const question = portal.as('estuaire', 'agent@estuaire.example', (db) =>
      db.run(sql`update courrier_questions set texte = 'Autre' where courrier_id = ${id}`),
    )
    await expect(question).rejects.toMatchObject({ constraint: 'courriers_fige' })
    const erase = portal.as('estuaire', 'agent@estuaire.example', (db) =>
      db.run(sql`delete from courriers where id = ${id}`),
    )
    expect(await erase).toBe(0)
  })
})

describe('F50: paper', () => {
  it('a courrier without file of its own is made into a PDF, and reading it is kept and journaled', async () => {
    const id = await courrierOf(portal, '103', 'Questions')
    const answer = await cns1.get(`/courriers/${id}/pdf`)
    expect(answer.headers['content-type']).toBe('application/pdf')
    expect(answer.body.subarray(0, 5).toString()).toBe('%PDF-')
    expect(String((await cns1.get(`/courriers/${id}/duplicata`)).headers['content-disposition'])).toContain(
      'attachment',
    )
    const { rows: journal } = await portal.owner.query(
      `select action from journal where objet = 'courrier' and objet_id = $1`, [id]) // prettier-ignore
    expect(journal).toEqual([{ action: 'courrier.pdf' }, { action: 'courrier.pdf' }])
  })

  it('38: several leave as one zip, each with its row in the journal', async () => {
    const ids = [await courrierOf(portal, '12', 'Questions'), await courrierOf(portal, '657', 'Questions')]
    const before = await journaled()
    const answer = await cns1.post('/courriers/telechargement', { courrier: ids })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/zip')
    expect(answer.body.subarray(0, 2).toString()).toBe('PK')
    expect(answer.body.toString('latin1').match(/%PDF-/g)).toHaveLength(2)
    expect(await journaled()).toBe(before + 2)
  })

  it('38: refuses more than 500, none, and one of another firm among them', async () => {
    const mine = await courrierOf(portal, '12', 'Questions')
    const foreign = await courrierOf(portal, '801', 'Questions')
    const before = await journaled()
    expect((await cns1.post('/courriers/telechargement', { courrier: [mine, foreign] })).status).toBe(404)
    const many = Array.from({ length: 501 }, () => crypto.randomUUID())
    const tooMany = await cns1.post('/courriers/telechargement', { courrier: many })
    expect(tooMany.status).toBe(422)
    expect(tooMany.text).toContain('500 courriers au plus')
    expect((await cns1.post('/courriers/telechargement', {})).text).toContain('Cochez au moins un courrier')
    expect(await journaled()).toBe(before)
  })

  const journaled = async () =>
    (
      await portal.owner.query<{ n: number }>(
        `select count(*)::int as n from journal where action = 'courrier.telecharge'`,
      )
    ).rows[0]!.n
})
