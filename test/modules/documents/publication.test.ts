import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

/** An exercice of that adhérent that has no attestation yet. */
async function openYear(numero: string): Promise<{ cloture: string; adherent: string }> {
  const { rows } = await portal.owner.query<{ cloture: string; adherent: string }>(
    `select c.id as cloture, a.id as adherent from clotures c join adherents a on a.organisme_id = c.organisme_id
       and a.id = c.adherent_id join plateforme.organismes o on o.id = a.organisme_id
     where o.code = 'estuaire' and a.numero = $1 and c.debut <= current_date
       and not exists (select from documents d where d.cloture_id = c.id and d.genre = 'attestation')
     order by c.fin desc limit 1`,
    [numero],
  )
  if (!rows[0]) throw new Error(`no open year for ${numero}`)
  return rows[0]
}

async function count(table: string): Promise<number> {
  const { rows } = await portal.owner.query<{ n: number }>(`select count(*)::int as n from ${table}`)
  return rows[0]!.n
}

describe('F8: the attestation that a permanent publishes is at the adhérent’s a moment later', () => {
  test('issue, read again, publish, mail queued, downloaded, first reading kept, all of it in the journal', async () => {
    const maud = await portal.login('estuaire', 'agent@estuaire.example')
    const solene = await portal.login('estuaire', '657')
    const { cloture, adherent } = await openYear('657')

    const prepare = await maud.get(`/gestion/clotures/${cloture}/attestation`)
    expect(prepare.status).toBe(200)
    expect(prepare.text).toContain('Émettre le document')
    const issued = await maud.post(`/gestion/clotures/${cloture}/attestation`)
    expect(issued.status).toBe(303)
    const fiche = String(issued.headers.location)
    const id = fiche.split('/').pop()!
    expect((await maud.get(fiche)).text).toContain('En préparation, invisible pour l’adhérent')
    expect((await solene.get(`/documents/${id}`)).status).toBe(404)

    const published = await maud.post(`/gestion/documents/${id}/publication`)
    expect(published.status).toBe(303)
    expect((await maud.get(fiche)).text).toContain('un courriel le prévient')

    const home = await solene.get('/')
    expect(home.text).toContain(`/documents/${id}`)
    const file = await solene.get(`/documents/${id}/telechargement`)
    expect(file.status).toBe(200)
    expect(file.headers['content-type']).toBe('application/pdf')
    expect(file.headers['content-disposition']).toMatch(/^attachment/)
    expect(file.body.subarray(0, 5).toString()).toBe('%PDF-')
    const { rows } = await portal.owner.query<{ sha256: string; numero: string }>(
      'select f.sha256, d.numero from documents d join fichiers f on f.id = d.fichier_id where d.id = $1',
      [id],
    )
    expect(createHash('sha256').update(file.body).digest('hex')).toBe(rows[0]!.sha256)
    expect(rows[0]!.numero).toMatch(/^20\d\d-\d{6}$/)

    const mail = await portal.owner.query('select modele, donnees from courriels where cle like $1', [
      `document:${id}%`,
    ])
    expect(mail.rows).toHaveLength(1)
    expect(JSON.stringify(mail.rows)).not.toContain('CARRIVEAU')
    const journal = await portal.owner.query<{ action: string; acteur: string }>(
      'select action, acteur from journal where objet_id = $1 order by numero',
      [id],
    )
    expect(journal.rows.map((row) => row.action)).toEqual([
      'document.emis',
      'document.publie',
      'document.telecharge',
    ])
    expect(journal.rows[0]!.acteur).toContain('Maud Lescarret')
    const track = await portal.owner.query('select attestation from clotures where id = $1', [cloture])
    expect(track.rows).toEqual([{ attestation: 'consultee' }])
    expect((await maud.get(fiche)).text).toContain('(adhérent), première lecture le')
    expect((await maud.get(`/gestion/adherents/${adherent}/clotures`)).text).toContain('lu par l’adhérent le')
  })

  test('two permanents who issue the same attestation at once make one, and the numbers have no gap', async () => {
    const [maud, gaspard] = await Promise.all([
      portal.login('estuaire', 'agent@estuaire.example'),
      portal.login('estuaire', 'admin@estuaire.example'),
    ])
    const { cloture } = await openYear('12')
    const answers = await Promise.all([
      maud.post(`/gestion/clotures/${cloture}/attestation`),
      gaspard.post(`/gestion/clotures/${cloture}/attestation`),
      maud.post(`/gestion/clotures/${cloture}/attestation`),
      gaspard.post(`/gestion/clotures/${cloture}/attestation`),
    ])
    expect(answers.map((a) => a.status).sort()).toEqual([303, 422, 422, 422])
    expect(answers.find((a) => a.status === 422)!.text).toContain('déjà en préparation')
    const { rows } = await portal.owner.query<{ numero: string }>(
      `select d.numero from documents d join plateforme.organismes o on o.id = d.organisme_id
       where o.code = 'estuaire' and d.genre = 'attestation' and d.numero like to_char(now(), 'YYYY') || '-%' order by 1`,
    )
    rows.forEach((row, i) => expect(Number(row.numero.slice(5))).toBe(i + 1))
  })

  test('attestations of different adhérents issued at once are numbered without gaps or doubles', async () => {
    const maud = await portal.login('estuaire', 'agent@estuaire.example')
    const years = await Promise.all(['45', '58', '103', '118', '204', '311'].map(openYear))
    const answers = await Promise.all(
      years.map((y) => maud.post(`/gestion/clotures/${y.cloture}/attestation`)),
    )
    expect(answers.map((a) => a.status)).toEqual(years.map(() => 303))
    const { rows } = await portal.owner.query<{ n: number; last: number; years: number }>(
      `select count(distinct numero)::int as n, max(substr(numero, 6)::int) as last, count(*)::int as years
       from documents d join plateforme.organismes o on o.id = d.organisme_id
       where o.code = 'estuaire' and d.genre = 'attestation' and d.numero like to_char(now(), 'YYYY') || '-%'`,
    )
    expect(rows[0]!.n).toBe(rows[0]!.years)
    expect(rows[0]!.last).toBe(rows[0]!.n)
  })

  test('a new document replaces the published one, says so, and the old one stays readable with its mark', async () => {
    const maud = await portal.login('estuaire', 'agent@estuaire.example')
    const solene = await portal.login('estuaire', '657')
    const { rows } = await portal.owner.query<{ id: string; cloture_id: string }>(
      `select d.id, d.cloture_id from documents d join adherents a on a.id = d.adherent_id and a.numero = '657'
       join plateforme.organismes o on o.id = d.organisme_id and o.code = 'estuaire'
       where d.genre = 'attestation' and d.publie_le is not null and d.remplace_le is null order by d.emis_le limit 1`,
    )
    const old = rows[0]!
    const answer = await maud.post(`/gestion/clotures/${old.cloture_id}/attestation`, { publier: 'oui' })
    expect(answer.status).toBe(303)
    const list = await solene.get('/documents')
    expect(list.text).toContain('remplacé par un nouveau document le')
    expect((await solene.get(`/documents/${old.id}`)).status).toBe(200)
    const pair = await portal.owner.query('select remplace_id from documents where id = $1', [
      String(answer.headers.location).split('/').pop(),
    ])
    expect(pair.rows).toEqual([{ remplace_id: old.id }])
  })

  test('a PDF uploaded in its place is published the same way; what is not a PDF is refused and nothing is kept', async () => {
    const maud = await portal.login('estuaire', 'agent@estuaire.example')
    const { cloture } = await openYear('402')
    const before = await count('fichiers')
    const wrong = await maud.upload(`/gestion/clotures/${cloture}/attestation/depot`, {}, [
      { field: 'fichier', name: 'attestation.pdf', content: Buffer.from('MZ\x90\x00 not a pdf at all') },
    ])
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('attestation.pdf')
    expect(await count('fichiers')).toBe(before)
    const none = await maud.upload(`/gestion/clotures/${cloture}/attestation/depot`, {}, [])
    expect(none.text).toContain('Choisissez le fichier PDF à déposer.')

    const pdf = await maud.get(`/gestion/clotures/${cloture}/attestation/apercu`)
    const right = await maud.upload(`/gestion/clotures/${cloture}/attestation/depot`, { publier: 'oui' }, [
      { field: 'fichier', name: 'Attestation signée.pdf', content: pdf.body, type: 'application/pdf' },
    ])
    expect(right.status).toBe(303)
    expect((await maud.get(String(right.headers.location))).text).toContain('Attestation signée.pdf')
  })

  test('a withdrawn document is gone for the adhérent, with its reason in the journal', async () => {
    const maud = await portal.login('estuaire', 'agent@estuaire.example')
    const solene = await portal.login('estuaire', '657')
    const { rows } = await portal.owner.query<{ id: string }>(
      `select d.id from documents d join adherents a on a.id = d.adherent_id and a.numero = '657'
       join plateforme.organismes o on o.id = d.organisme_id and o.code = 'estuaire'
       where d.genre = 'dossier_gestion' and d.publie_le is not null order by d.emis_le limit 1`,
    )
    const { id } = rows[0]!
    const silent = await maud.post(`/gestion/documents/${id}/retrait`, { motif: '  ' })
    expect(silent.status).toBe(422)
    expect(silent.text).toContain('Indiquez le motif du retrait.')
    expect((await maud.post(`/gestion/documents/${id}/retrait`, { motif: 'Erreur de dossier' })).status).toBe(
      303,
    )
    expect((await solene.get(`/documents/${id}`)).status).toBe(404)
    const { rows: kept } = await portal.owner.query<{ detail: unknown }>(
      `select detail from journal where objet_id = $1 and action = 'document.retire'`,
      [id],
    )
    expect(kept).toEqual([{ detail: { motif: 'Erreur de dossier' } }])
  })
})

describe('a document is shown to those whom it concerns, and to nobody else', () => {
  test('another adhérent, another cabinet, another organisme and a former collaborateur get 404', async () => {
    const { rows } = await portal.owner.query<{ id: string }>(
      `select d.id from documents d join adherents a on a.id = d.adherent_id and a.numero = '657'
       join plateforme.organismes o on o.id = d.organisme_id and o.code = 'estuaire'
       where d.publie_le is not null and d.retire_le is null limit 1`,
    )
    const path = `/documents/${rows[0]!.id}`
    for (const [organisme, login, status] of [
      ['estuaire', '657', 200],
      ['estuaire', 'CNS1', 200],
      ['estuaire', 'COL14', 200],
      ['estuaire', '940', 404],
      ['estuaire', 'CNS2', 404],
      ['estuaire', 'COL7', 404],
      ['midi', '657', 404],
      ['midi', 'CNS1', 404],
    ] as const) {
      const answer = await (await portal.login(organisme, login)).get(path)
      expect([organisme, login, answer.status]).toEqual([organisme, login, status])
    }
    expect((await (await portal.login('midi', 'agent@midi.example')).get(`/gestion${path}`)).status).toBe(404)
  })

  test('a download can be resumed and is never kept by a cache', async () => {
    const solene = await portal.login('estuaire', '657')
    const { rows } = await portal.owner.query<{ id: string; taille: number }>(
      `select d.id, f.taille::int as taille from documents d join fichiers f on f.id = d.fichier_id
       join adherents a on a.id = d.adherent_id and a.numero = '657'
       join plateforme.organismes o on o.id = d.organisme_id and o.code = 'estuaire'
       where d.publie_le is not null and d.retire_le is null limit 1`,
    )
    const { id, taille } = rows[0]!
    const part = await solene.get(`/documents/${id}`, { range: 'bytes=0-4' })
    expect(part.status).toBe(206)
    expect(part.text).toBe('%PDF-')
    expect(part.headers['content-range']).toBe(`bytes 0-4/${taille}`)
    expect(String(part.headers['cache-control'])).toContain('no-store')
    expect((await solene.get(`/documents/${id}`, { range: `bytes=${taille}-` })).status).toBe(416)
  })
})
