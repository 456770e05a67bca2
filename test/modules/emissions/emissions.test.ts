import { beforeAll, describe, expect, test } from 'vitest'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { travailOf } from '../../support/campagne.ts'
import { runTravail } from '../../support/travail.ts'

let portal: Portal
let maud: Visitor
const rows = async <T>(text: string, values: unknown[] = []) =>
  (await portal.owner.query(text, values)).rows as T[]
const OF_ESTUAIRE = `organisme_id = (select id from plateforme.organismes where code = 'estuaire')`

beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  await maud.post('/gestion/publications/reglages', { parMinute: '0', delaiMinutes: '0' })
})

/** The year with most attestations to issue. */
async function openYear(): Promise<string> {
  const [year] = await rows<{
    v: string
  }>(`select to_char(fin, 'YYYY') as v from clotures c where ${OF_ESTUAIRE}
    and attestation = 'a_emettre' and debut <= current_date group by 1 order by count(*) desc limit 1`)
  return year!.v
}

const ask = async (fields: Record<string, string>) => {
  const answer = await maud.post('/gestion/emissions/nouvelle', {
    titre: 'Attestations', genre: 'attestation', prevenir: 'on', quand: 'maintenant', jour: '', heure: '', ...fields,
  }) // prettier-ignore
  if (answer.status !== 303) throw new Error(answer.text)
  return String(answer.headers.location).split('/').pop()!
}
const run = async (id: string) => runTravail(portal, 'estuaire', await travailOf(portal, id))
const made = (id: string) =>
  rows<{ numero: string; publie_le: string | null }>(
    `select d.numero, d.publie_le from publication_lignes l join documents d on d.id = l.document_id
     where l.publication_id = $1 order by d.numero`,
    [id],
  )

describe('documents made for a selection', () => {
  test('the page counts, says what cannot be made and why, and previews one', async () => {
    const exercice = await openYear()
    const page = await maud.get(`/gestion/emissions/nouvelle?genre=attestation&exercice=${exercice}`)
    expect(page.status).toBe(200)
    expect(page.text).toMatch(/documents? peu(t|vent) être établi/)
    const preview = /href="(\/gestion\/clotures\/[0-9a-f-]+\/attestation\/apercu)"/.exec(page.text)![1]!
    expect((await maud.get(preview)).body.subarray(0, 5).toString()).toBe('%PDF-')
    expect((await maud.get('/gestion/emissions/nouvelle?genre=attestation')).text).toContain(
      'Choisissez l’exercice',
    )
    const refused = await maud.post('/gestion/emissions/nouvelle', {
      titre: 'x',
      genre: 'attestation',
      quand: 'maintenant',
      jour: '',
      heure: '',
    })
    expect(refused.status).toBe(422)
  })

  test('numbered without gaps, whoever issues at the same time; those that cannot be made say why and take no number', async () => {
    const exercice = await openYear()
    const [before] = await rows<{ dernier: number }>(
      `select dernier from series where ${OF_ESTUAIRE} and nom = 'attestation' and annee = date_part('year', current_date)`,
    )
    const id = await ask({ exercice, partis: 'oui' })
    const other = await ask({ exercice, categorie: 'BNC' })
    const [done] = await Promise.all([run(id), run(other)])
    expect(done.etat).toBe('termine')
    const numbers = [...(await made(id)), ...(await made(other))]
      .map((d) => Number(d.numero.slice(5)))
      .sort((a, b) => a - b)
    expect(numbers.length).toBeGreaterThan(3)
    const first = (before?.dernier ?? 0) + 1
    expect(numbers).toEqual(numbers.map((_, i) => first + i))
    const [after] = await rows<{ dernier: number }>(
      `select dernier from series where ${OF_ESTUAIRE} and nom = 'attestation' and annee = date_part('year', current_date)`,
    )
    expect(after!.dernier).toBe(numbers.at(-1))
    const failed = await rows<{ echec: string; publication_id: string }>(
      `select distinct echec, publication_id from publication_lignes where publication_id = any($1) and document_id is null`,
      [[id, other]],
    )
    expect(failed.length).toBeGreaterThan(0)
    expect(failed.every((f) => /\.$/.test(f.echec))).toBe(true)
    expect((await made(id)).every((d) => d.publie_le !== null)).toBe(true)
    // Which of the two was late depends on the moment.
    const late = failed[0]!.publication_id
    const shown = (await maud.get(`/gestion/publications/${late}/lignes?verdict=echec`)).text
    expect(shown).toContain('>Non publié<')
    expect(shown).toMatch(/aria-current="true">Non publiés/)
  })

  test('« plus tard, à la main »: in preparation, nobody is told, and each may be published or scheduled', async () => {
    const [year] = await rows<{ exercice: string; numero: string; adherent: string }>(
      `select to_char(c.fin, 'YYYY') as exercice, a.numero, a.id as adherent from clotures c join adherents a on a.id = c.adherent_id
       where c.${OF_ESTUAIRE} and c.crm = 'en_attente' and c.eccv like 'termine%' and c.eps = 'non_selectionne'
         and c.controles is not null and c.recue_le is not null limit 1`,
    )
    const id = await ask({
      exercice: year!.exercice,
      numeros: year!.numero,
      genre: 'compte_rendu',
      quand: 'plus_tard',
      partis: 'oui',
    })
    expect(await run(id)).toMatchObject({ etat: 'termine', rapport: { deposees: 1, publiees: 0 } })
    const [document] = await rows<{ id: string; numero: string }>(
      'select d.id, d.numero from documents d join publication_lignes l on l.document_id = d.id where l.publication_id = $1',
      [id],
    )
    expect(document!.numero).toMatch(/^CR-\d{4}-\d{6}$/)
    const fiche = `/gestion/documents/${document!.id}`
    expect(
      (await maud.post(`${fiche}/programmation`, { jour: '2020-01-01', heure: '08:30' })).text,
    ).toContain('déjà passée')
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    expect((await maud.post(`${fiche}/programmation`, { jour: day, heure: '08:30' })).status).toBe(303)
    expect((await maud.post(`${fiche}/programmation`, { jour: day, heure: '09:30' })).text).toContain(
      'déjà programmée',
    )
    expect((await maud.get(fiche)).text).toContain('Publication prévue le')
    const [travail] = await rows<{ id: string }>(
      `select id from travaux where donnees ->> 'documentId' = $1`,
      [document!.id],
    )
    expect(await runTravail(portal, 'estuaire', travail!.id)).toMatchObject({ etat: 'termine' })
    const [published] = await rows<{ publie_le: string | null }>(
      'select publie_le from documents where id = $1',
      [document!.id],
    )
    expect(published!.publie_le).not.toBeNull()
  })

  test('a document withdrawn or published before its hour leaves no work behind that would fail', async () => {
    const [year] = await rows<{ id: string }>(
      `select c.id from clotures c join adherents a on a.id = c.adherent_id
       where c.${OF_ESTUAIRE} and a.numero = '311' order by c.fin desc limit 1`,
    )
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    for (const [act, fields, said] of [
      ['retrait', { motif: 'Mauvais exercice' }, 'il ne sera pas publié'],
      ['publication', {}, 'Le document est publié'],
    ] as const) {
      const fiche = String(
        (await maud.post(`/gestion/clotures/${year!.id}/attestation`, {})).headers.location,
      )
      expect(fiche).toMatch(/^\/gestion\/documents\//)
      await maud.post(`${fiche}/programmation`, { jour: day, heure: '08:30' })
      expect((await maud.get(fiche)).text).toContain('Publier dès maintenant')
      expect((await maud.post(`${fiche}/${act}`, fields)).status).toBe(303)
      expect((await maud.get(fiche)).text).toContain(said)
      const works = await rows<{ etat: string }>(
        `select etat from travaux where donnees ->> 'documentId' = $1`,
        [fiche.split('/').at(-1)],
      )
      expect(works).toEqual([{ etat: 'annule' }])
    }
  })

  test('a withdrawn document: the adhérent sees that it was withdrawn, and opens it no more; the journal keeps why', async () => {
    const [document] = await rows<{ id: string; numero: string; titre: string }>(
      `select d.id, a.numero, d.titre from documents d join adherents a on a.id = d.adherent_id join utilisateurs u on u.adherent_id = a.id
       where d.${OF_ESTUAIRE} and d.publie_le is not null and d.retire_le is null and d.remplace_le is null and u.bloque_le is null
         and a.numero = '657' limit 1`,
    )
    const member = await portal.login('estuaire', document!.numero)
    expect((await member.get(`/documents/${document!.id}`)).status).toBe(200)
    const answer = await maud.post(`/gestion/documents/${document!.id}/retrait`, {
      motif: 'Erreur sur le montant',
    })
    expect(answer.status).toBe(303)
    for (const path of ['', '/telechargement']) {
      expect((await member.get(`/documents/${document!.id}${path}`)).status).toBe(404)
    }
    const list = (await member.get('/documents')).text
    expect(list).toContain('il ne peut plus être ouvert')
    expect(list).not.toContain(`href="/documents/${document!.id}"`)
    expect(list).not.toContain('Erreur sur le montant')
    const noted = await rows(`select 1 from journal where objet_id = $1 and action = 'document.retire' and detail ->> 'motif' = $2`, [
      document!.id, 'Erreur sur le montant',
    ]) // prettier-ignore
    expect(noted).toHaveLength(1)
  })
})
