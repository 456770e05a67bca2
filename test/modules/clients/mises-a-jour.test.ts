import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { siretOf } from '../../../seeds/siret.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

const BASE = '/clients/mises-a-jour'
const STAFF = '/gestion/mises-a-jour-clients'

let portal: Portal
let cabinet: Visitor
let agent: Visitor

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

beforeEach(async () => {
  await portal.owner.query('delete from mouvements_clients')
  await portal.owner.query('delete from listes_clients')
  cabinet = await portal.login('estuaire', 'CNS1')
})

async function row<T>(text: string, values: unknown[] = []): Promise<T> {
  return (await portal.owner.query(text, values)).rows[0] as T
}
const count = async (where = 'true') =>
  (await row<{ n: number }>(`select count(*)::int as n from mouvements_clients where ${where}`)).n
const adherent = (numero: string) =>
  row<{ id: string; siret: string; structure_id: string | null; perte_qualite_le: unknown }>(
    `select a.* from adherents a join plateforme.organismes o on o.id = a.organisme_id
     where o.code = 'estuaire' and a.numero = $1`,
    [numero],
  )

const NEW = {
  numero: '',
  nom: 'BRISEFER Anatole',
  siret: siretOf(900),
  profession: 'Ébéniste',
  le: '2026-11-01',
}
const add = (fields: Record<string, string> = {}) => cabinet.post(`${BASE}/arrivee`, { ...NEW, ...fields })
const leave = (numero: string, raison = 'changement') =>
  cabinet.post(`${BASE}/depart`, { numero, raison, le: '2026-11-30', precision: '' })
const idOf = async (nom: string) =>
  (await row<{ id: string }>('select id from mouvements_clients where nom = $1', [nom])).id

async function sendAll(): Promise<string> {
  const answer = await cabinet.post(`${BASE}/envoi`)
  expect(answer.status, answer.text.slice(0, 300)).toBe(303)
  return String(answer.headers.location).split('/').at(-1)!
}

describe('Liste des clients', () => {
  it('F53, F54: shows « NOM (adh. n° X), PROFESSION » by name, the buttons, the two zones', async () => {
    const { text } = await cabinet.get(BASE)
    expect(checkHtml(text)).toEqual([])
    expect(text).toContain('ABADISSE Lucien</a> (adh. n° 12), AGENT COMMERCIAL')
    const names = [...text.matchAll(/\/clients\/[0-9a-f-]{36}">([^<]+)</g)].map((m) => m[1]!)
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'fr')))
    for (const words of [
      'Ajouter un client',
      'Enlever un client',
      'Imprimer la liste',
      'Nouveaux clients',
      'Départs clients',
    ])
      expect(text).toContain(words)
    expect(text).not.toContain('Envoyer les mises à jour</a>')
  })

  it('F55: a client who comes waits, is edited and withdrawn before sending', async () => {
    expect((await add()).status).toBe(303)
    expect((await cabinet.get(BASE)).text).toContain('BRISEFER Anatole')
    const id = await idOf('BRISEFER Anatole')
    const form = await cabinet.get(`${BASE}/arrivee/${id}`)
    expect(form.text).toContain('value="Ébéniste"')
    expect(checkHtml(form.text)).toEqual([])
    await cabinet.post(`${BASE}/arrivee/${id}`, { ...NEW, profession: 'Luthier' })
    expect((await cabinet.get(BASE)).text).toContain('Luthier')
    expect((await cabinet.post(`${BASE}/lignes/${id}/retrait`)).status).toBe(303)
    expect(await count()).toBe(0)
  })

  it('F52, F54: a client who goes waits with his reason; he is still in the list until the organisme accepts', async () => {
    expect((await leave('657', 'cessation')).status).toBe(303)
    const { text } = await cabinet.get(BASE)
    expect(text).toContain('Cessation d’activité')
    expect(checkHtml(text)).toEqual([])
    expect((await leave('657')).text).toContain('déjà parmi vos mises à jour')
    expect((await leave('801')).text).toContain('Aucun client de votre liste ne porte le n°')
    expect(await count()).toBe(1)
  })

  it('a SIRET with a wrong key is refused at once, and nothing typed is lost', async () => {
    const answer = await add({ siret: '00000001800011' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('sa clé de contrôle ne correspond pas')
    expect(answer.text).toContain('value="BRISEFER Anatole"')
    expect(checkHtml(answer.text)).toEqual([])
    expect((await add({ siret: '123' })).text).toContain('il y en a 3 ici')
  })

  it('a double is refused at once: a client of the list, or one who waits already', async () => {
    const known = await adherent('657')
    expect((await add({ siret: known.siret })).text).toContain(
      'celui d’un client de votre liste, l’adhérent n°\u00a0657',
    )
    expect((await add({ numero: '12', nom: 'ABADISSE Lucien' })).text).toContain(
      'Ce numéro est celui d’un client de votre liste',
    )
    await add()
    expect((await add({ nom: 'AUTRE Nom' })).text).toContain('déjà parmi vos mises à jour')
    await sendAll()
    expect((await add()).text).toContain('envoyées et pas encore traitées')
    expect(await count()).toBe(1)
  })

  it('a client of another firm: said in words, without telling which; kept when he is confirmed', async () => {
    const other = await adherent('801')
    const answer = await add({ nom: 'PESQUIDOUX Aurore', siret: other.siret })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('déjà suivi par un autre cabinet')
    expect(answer.text).not.toContain('Pradeau')
    expect(answer.text).not.toContain('CNS2')
    expect(checkHtml(answer.text)).toEqual([])
    expect((await add({ nom: 'PESQUIDOUX Aurore', siret: other.siret, confirme: '1' })).status).toBe(303)
    expect(await count('venant_d_ailleurs')).toBe(1)
  })

  it('numbers cannot be tried out: under a wrong name, a number of another firm is one that nobody has', async () => {
    const known = await add({ numero: '801' })
    const unknown = await add({ numero: '98765' })
    expect(known.text).toContain('Aucun adhérent n°\u00a0801 ne porte ce nom')
    expect(unknown.text).toContain('Aucun adhérent n°\u00a098765 ne porte ce nom')
    expect((await add({ numero: '801', nom: 'aurore pesquidoux' })).text).toContain(
      'déjà suivi par un autre cabinet',
    )
  })

  it('the wall: another firm sees nothing of it and cannot touch it', async () => {
    await add()
    const id = await idOf('BRISEFER Anatole')
    const liste = await sendAll()
    const other = await portal.login('estuaire', 'CNS2')
    expect((await other.get(BASE)).text).not.toContain('BRISEFER')
    expect((await other.get(`${BASE}/arrivee/${id}`)).status).toBe(404)
    expect((await other.get(`${BASE}/envois/${liste}`)).status).toBe(404)
    expect((await other.get(`${BASE}/envois/${liste}/recepisse`)).status).toBe(404)
    expect((await other.post(`${BASE}/lignes/${id}/retrait`)).status).toBe(404)
    expect((await cabinet.post(`${BASE}/lignes/${id}/retrait`)).status).toBe(404) // sent: it stays
    expect(await count()).toBe(1)
  })
})

describe('a pasted list', () => {
  const lines = (n: number) =>
    [
      'n° ; nom ; siret ; profession',
      ...Array.from({ length: n }, (_, i) => ` ; ÉLÈVE n°${i} ; ${siretOf(1000 + i)} ; Métier`),
    ].join('\r\n')

  it('adds 5,000 lines at once, and nothing the second time', async () => {
    const text = lines(5000)
    const start = performance.now()
    const first = await cabinet.post(`${BASE}/collage`, { lignes: text })
    expect(first.status, first.text.slice(0, 300)).toBe(303)
    expect(performance.now() - start).toBeLessThan(15_000)
    expect(await count()).toBe(5000)
    const second = await cabinet.post(`${BASE}/collage`, { lignes: text })
    expect(second.status).toBe(303)
    expect((await cabinet.get(BASE)).text).toContain('Rien de nouveau dans ce collage')
    expect(await count()).toBe(5000)
    const sent = await cabinet.post(`${BASE}/envoi`)
    expect(sent.status, sent.text.slice(0, 300)).toBe(303)
    expect(await count('liste_id is null')).toBe(0)
    await cabinet.post(`${BASE}/collage`, { lignes: text })
    expect(await count()).toBe(5000)
    const id = (await row<{ id: string }>('select id from listes_clients')).id
    const accepted = await agent.post(`${STAFF}/${id}/acceptation`)
    expect(accepted.status, portal.logLines.slice(-3).join('')).toBe(303)
    await cabinet.post(`${BASE}/collage`, { lignes: text })
    expect(await count()).toBe(5000)
    expect((await cabinet.get('/clients')).text).toContain('5\u202f012\u00a0clients')
    await portal.owner.query(
      `update adherents set structure_id = null, siret = '' where denomination like 'ÉLÈVE%'`,
    )
  }, 120_000)

  it('keeps nothing while a line is wrong, and tells each fault with its line', async () => {
    const other = await adherent('801')
    const mine = await adherent('657')
    const text = [
      `;Un ; ${siretOf(900)} ; Métier`,
      `;Deux ; 00000001800011 ; Métier`,
      `trois`,
      `;Quatre ; ${other.siret} ; Métier`,
      `657;CARRIVEAU Solène;${mine.siret};Métier`,
    ].join('\n')
    const answer = await cabinet.post(`${BASE}/collage`, { lignes: text })
    expect(answer.status).toBe(422)
    expect(checkHtml(answer.text)).toEqual([])
    expect(answer.text).toContain('Ligne 2\u00a0: le SIRET 00000001800011 n’est pas valide')
    expect(answer.text).toContain('Ligne 3\u00a0: il manque des colonnes')
    expect(answer.text).toContain('Ligne 4\u00a0: ce client est déjà suivi par un autre cabinet')
    expect(answer.text).not.toContain('Ligne 5')
    expect(answer.text).toContain(';Un ;')
    expect(await count()).toBe(0)
  })
})

describe('Envoyer les mises à jour', () => {
  it('F55, F56: one act: number, récépissé, mail to the organisme, its line among the messages sent', async () => {
    await portal.owner.query('delete from courriels')
    await add()
    await leave('702')
    const ask = await cabinet.get(`${BASE}/envoi`)
    expect(checkHtml(ask.text)).toEqual([])
    const id = await sendAll()
    const page = await cabinet.get(`${BASE}/envois/${id}`)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toMatch(/L-\d{4}-\d{6}/)
    const pdf = await cabinet.get(`${BASE}/envois/${id}/recepisse`)
    expect(pdf.headers['content-type']).toBe('application/pdf')
    expect(pdf.body.subarray(0, 5).toString()).toBe('%PDF-')
    const mail = await row<{ modele: string; destinataire: string; donnees: object }>(
      'select * from courriels',
    )
    expect(mail).toMatchObject({
      modele: 'liste-clients-recue',
      destinataire: 'contact@estuaire.example',
      donnees: { code: 'CNS 1' },
    })
    expect(JSON.stringify(mail)).not.toContain('BRISEFER')
    const sent = await cabinet.get('/messages')
    expect(sent.text).toContain('[EXTRANET] Mise à jour liste clients [CNS 1]')
  })

  it('two people who send at the same instant: one list, the other is told so', async () => {
    await add()
    const [supervisor] = await Promise.all([portal.login('estuaire', 'COL16')])
    const answers = await Promise.all([cabinet.post(`${BASE}/envoi`), supervisor.post(`${BASE}/envoi`)])
    expect(answers.map((a) => a.status).sort()).toEqual([303, 422])
    expect((await row<{ n: number }>('select count(*)::int as n from listes_clients')).n).toBe(1)
  })

  it('accepted: creates, moves and ends, all in one act, with its mail', async () => {
    const other = await adherent('803')
    await add()
    await add({ nom: 'ROUMEGOUX Thaïs', siret: other.siret, confirme: '1' })
    await leave('657')
    await leave('515', 'retraite')
    const id = await sendAll()
    const page = await agent.get(`${STAFF}/${id}`)
    expect(checkHtml(page.text)).toEqual([])
    expect((await agent.post(`${STAFF}/${id}/acceptation`)).status).toBe(303)
    const mine = (await portal.person('estuaire', 'CNS1')).structureId
    expect((await adherent('803')).structure_id).toBe(mine)
    expect((await adherent('657')).structure_id).toBeNull()
    expect(await adherent('515')).toMatchObject({ structure_id: mine })
    expect((await adherent('515')).perte_qualite_le).not.toBeNull()
    const created = await row<{ numero: string }>(
      `select * from adherents where denomination = 'BRISEFER Anatole'`,
    )
    expect(Number(created.numero)).toBeGreaterThan(900)
    const open = await row<{ n: number }>(
      `select count(*)::int as n from affectations where jusqu_a is null and adherent_id = any($1)`,
      [[(await adherent('657')).id]],
    )
    expect(open.n).toBe(0)
    const again = await agent.post(`${STAFF}/${id}/acceptation`)
    expect(again.status).toBe(422)
    expect(again.text).toContain('déjà été acceptée par Maud Lescarret')
    expect((await cabinet.get(`/clients/${(await adherent('657')).id}`)).status).toBe(404)
    expect(
      (await row<{ modele: string }>(`select modele from courriels where modele = 'liste-clients-traitee'`))
        .modele,
    ).toBeTruthy()
  })

  it('refused with a reason: no fiche changes, the reason is read by the firm', async () => {
    await leave('12')
    const id = await sendAll()
    expect((await agent.post(`${STAFF}/${id}/refus`, { motif: '' })).status).toBe(422)
    expect((await agent.post(`${STAFF}/${id}/refus`, { motif: 'Merci de joindre son accord.' })).status).toBe(
      303,
    )
    expect((await adherent('12')).structure_id).not.toBeNull()
    expect((await cabinet.get(`${BASE}/envois/${id}`)).text).toContain('Merci de joindre son accord.')
    expect((await agent.get('/gestion/demandes?genre=liste-clients&etat=traitees')).text).toContain('Refusée')
    expect((await leave('12')).status).toBe(303)
  })

  it('a firm cannot decide its own list, nor change its clients past the request, even in SQL', async () => {
    await leave('12')
    const id = await sendAll()
    expect((await cabinet.post(`${STAFF}/${id}/acceptation`)).status).toBe(403)
    const { sql } = await import('../../../src/kernel/sql.ts')
    const touched = await portal.as('estuaire', 'CNS1', async (db) => [
      await db.run(sql`update listes_clients set acceptee_le = now(), decide_par = app.utilisateur_id()`),
      await db.run(sql`update adherents set perte_qualite_le = current_date`),
      await db.run(sql`update mouvements_clients set traite_le = now()`),
      await db.run(sql`delete from mouvements_clients`),
    ])
    expect(touched).toEqual([0, 0, 0, 0])
  })
})
