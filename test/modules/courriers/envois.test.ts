import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { runTravail } from '../../support/travail.ts'

let portal: Portal
let agent: Visitor
const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
const YEAR = String(new Date().getFullYear() - 1)

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

async function modeleId(cle: string, organisme = 'estuaire'): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `select m.id from modeles_courriers m join plateforme.organismes o on o.id = m.organisme_id
     where o.code = $1 and m.cle = $2`,
    [organisme, cle],
  )
  return rows[0]!.id
}

async function prepare(cle: string, changes: Record<string, string> = {}) {
  return agent.post('/gestion/courriers/envois/nouveau', {
    modele: await modeleId(cle), destinataire: 'cabinet', aRepondreAvant: inDays(20), valeurs: '', ...changes,
  }) // prettier-ignore
}

async function run(path: string) {
  expect((await agent.post(`${path}/confirmation`)).status).toBe(303)
  const { rows } = await portal.owner.query<{ travail_id: string }>(
    'select travail_id from envois_courriers where id = $1',
    [path.split('/').pop()],
  )
  return { id: rows[0]!.travail_id, end: () => runTravail(portal, 'estuaire', rows[0]!.travail_id) }
}

describe('a courrier to many', () => {
  it('is prepared, looked at, confirmed once, written to each with his own values, and once', async () => {
    const answer = await prepare('recettes-tva', {
      exercice: YEAR,
      valeurs: '657 ; 86 400 ; 84 150 ; 2 250\r\n12\t1 000\t900\t100\n58;5;;\n99999;1;2;3',
    })
    const path = String(answer.headers.location)
    const page = await agent.get(path)
    expect(page.text).toMatch(/2\scourriers à envoyer/)
    expect(page.text).toContain('Il manque {{valeur2}}.')
    expect(page.text).toContain('Aucun adhérent ne porte ce numéro.')
    expect(checkHtml(page.text)).toEqual([])
    const preview = await agent.get(`${path}/apercu?numero=12`)
    expect([preview.status, preview.body.subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    expect((await agent.get(`${path}/apercu?numero=311`)).status).toBe(404)
    const before = await portal.owner.query('select 1 from courriers where genre = $1', ['questions_eccv'])
    const travail = await run(path)
    expect((await agent.post(`${path}/confirmation`)).text).toContain('déjà confirmé')
    expect((await agent.post(`${path}/abandon`)).text).toContain('ne peut plus être abandonné')
    // Three that advance the same work at once, as after a kill whose job comes back: each line once.
    const ends = await Promise.all([travail.end(), travail.end(), travail.end()])
    expect(ends.map((t) => t.etat)).toContain('termine')
    const { rows } = await portal.owner.query<{
      numero: string
      texte: string
      fin: string
      destinataire: string
    }>(
      `select a.numero, q.texte, l.fin::text, c.destinataire from envoi_courrier_lignes e
       join courriers c on c.id = e.courrier_id join courrier_questions q on q.courrier_id = c.id
       join adherents a on a.id = c.adherent_id join clotures l on l.id = c.cloture_id
       where e.envoi_id = $1 order by e.rang`,
      [path.split('/').pop()],
    )
    expect(rows.map((r) => [r.numero, r.fin, r.destinataire])).toEqual([
      ['12', `${YEAR}-12-31`, 'cabinet'],
      ['657', `${YEAR}-12-31`, 'cabinet'],
    ])
    expect(rows[1]!.texte).toContain('86 400 €')
    const after = await portal.owner.query('select 1 from courriers where genre = $1', ['questions_eccv'])
    expect(after.rowCount! - before.rowCount!).toBe(2)
    const done = await agent.get(path)
    expect(done.text).toMatch(/2\scourriers envoyés/)
    expect(checkHtml(done.text)).toEqual([])
    expect(checkHtml((await agent.get('/gestion/courriers/envois')).text)).toEqual([])

    // The same again: whoever has it is left out, unless he is asked for.
    const again = await prepare('recettes-tva', { exercice: YEAR, valeurs: '657;1;2;3' })
    expect((await agent.get(String(again.headers.location))).text).toContain('A déjà reçu ce modèle')
    const forced = await prepare('recettes-tva', { exercice: YEAR, valeurs: '657;1;2;3', encore: 'oui' })
    expect((await agent.get(String(forced.headers.location))).text).toMatch(/1\scourrier à envoyer/)
    expect((await agent.post(`${String(forced.headers.location)}/abandon`)).status).toBe(303)
    expect((await agent.get(String(forced.headers.location))).status).toBe(404)
  })

  it('goes to a selection: to the firm, or to himself for who has none; without exercice nobody gets one', async () => {
    const none = await prepare('vehicule-bareme', { numeros: '657, 940' })
    const path = String(none.headers.location)
    expect((await agent.get(path)).text).toContain('Aucun exercice n’est choisi.')
    expect((await agent.post(`${path}/confirmation`)).text).toContain('personne à qui écrire')
    const year = String(new Date().getFullYear())
    const good = String(
      (await prepare('vehicule-bareme', { numeros: '657, 940', exercice: year })).headers.location,
    )
    await (await run(good)).end()
    const { rows } = await portal.owner.query<{ numero: string; destinataire: string }>(
      `select a.numero, c.destinataire from envoi_courrier_lignes e join courriers c on c.id = e.courrier_id
       join adherents a on a.id = c.adherent_id where e.envoi_id = $1 order by 1`,
      [good.split('/').pop()],
    )
    expect(rows).toEqual([
      { numero: '657', destinataire: 'cabinet' },
      { numero: '940', destinataire: 'adherent' },
    ])
    expect((await (await portal.login('estuaire', '940')).get('/courriers')).text).toContain('au barème')
  })

  it.each([
    [{ aRepondreAvant: '' }, 'Indiquez la date limite de réponse.'],
    [{ aRepondreAvant: inDays(-1) }, 'Cette date est passée'],
    [{ numeros: 'personne ne s’appelle ainsi' }, 'Personne ne correspond à cette sélection.'],
    [{ valeurs: 'a;b\n<script>' }, 'commencez par le numéro'],
    [{ valeurs: '657;1\n657;2' }, 'déjà dans la liste'],
    [{ valeurs: '657;1;2;3;4;5;6;7' }, 'six valeurs au plus'],
    [{ modele: '' }, 'Ce choix n’existe pas.'],
    [{ organisme_id: 'x' }, 'Ce champ n’est pas attendu ici.'],
  ] as const)('%j is refused, and nothing is kept', async (changes, sentence) => {
    const count = async () =>
      (await portal.owner.query('select count(*)::int as n from envois_courriers')).rows[0] as unknown
    const before = await count()
    const answer = await prepare('vehicule-bareme', changes)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(sentence)
    expect(checkHtml(answer.text)).toEqual([])
    expect(await count()).toEqual(before)
  })

  it('the model of another organisme does not exist', async () => {
    const answer = await prepare('vehicule-bareme', { modele: await modeleId('vehicule-bareme', 'midi') })
    expect(answer.status).toBe(404)
  })
})
