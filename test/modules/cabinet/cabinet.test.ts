import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let cabinet: Visitor
let agent: Visitor

beforeAll(async () => {
  portal = await startPortal()
  cabinet = await portal.login('estuaire', 'CNS1')
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

const structure = async () =>
  (
    await portal.owner.query<{ siret: string; profession: string; telephones: string[] }>(
      'select * from structures where id = $1',
      [(await portal.person('estuaire', 'CNS1')).structureId],
    )
  ).rows[0]!
const pending = async (zone: string) =>
  (
    await portal.owner.query<{ id: string }>(
      'select id from modifications where structure_id is not null and zone = $1 and close_le is null',
      [zone],
    )
  ).rows[0]?.id

describe('Données personnelles du cabinet', () => {
  it('F21 to F26: title, zones with their pencil, what is pending with its value, the link to the password', async () => {
    const { text } = await cabinet.get('/cabinet')
    expect(checkHtml(text)).toEqual([])
    expect(text).toContain('Données personnelles du Cabinet Vauquelin &amp; Associés (CNS 1)')
    for (const words of [
      'SIRET',
      'Profession',
      'Statut juridique',
      'Adresse professionnelle',
      'Téléphones',
      'Changer votre mot de passe',
    ])
      expect(text).toContain(words)
    expect(text).not.toContain('Adresse personnelle')
    expect(text.match(/title="La zone peut être modifiée"/g)).toHaveLength(6)
    expect(text).toContain('mise à jour en cours de traitement')
    expect(text).toContain('06\u00a000\u00a000\u00a001\u00a008')
  })

  it('F25: an edit is a request that the organisme accepts; until then the fiche stays', async () => {
    const form = await cabinet.get('/cabinet/profession')
    expect(checkHtml(form.text)).toEqual([])
    expect(form.text).not.toContain('profession2')
    expect((await cabinet.post('/cabinet/profession', { profession1: 'Conseil et expertise' })).status).toBe(
      303,
    )
    expect((await structure()).profession).toBe('Expertise comptable')
    const id = await pending('profession')
    expect((await agent.get('/gestion/demandes?genre=coordonnees')).text).toContain('Cabinet Vauquelin')
    const page = await agent.get(`/gestion/modifications/${id}`)
    expect(checkHtml(page.text)).toEqual([])
    const actuelle = /name="actuelle" value="([^"]*)"/.exec(page.text)![1]!.replaceAll('&quot;', '"')
    const answer = await agent.post(`/gestion/modifications/${id}/acceptation`, { actuelle })
    expect(answer.status, answer.text.slice(0, 400)).toBe(303)
    expect((await structure()).profession).toBe('Conseil et expertise')
    expect((await cabinet.get('/cabinet')).text).toContain('Acceptée')
    const { rows } = await portal.owner.query(
      `select donnees from courriels where modele = 'mise-a-jour-traitee'`,
    )
    expect(rows[0]).toMatchObject({ donnees: { lien: '/cabinet' } })
  })

  it('F25: refused, its author reads why; withdrawn, nothing changes', async () => {
    await cabinet.post('/cabinet/courriel', { courriel: 'accueil@vauquelin.example' })
    const refused = await pending('courriel')
    await agent.post(`/gestion/modifications/${refused}/refus`, { motif: 'Adresse inconnue.' })
    expect((await cabinet.get('/cabinet')).text).toContain('Adresse inconnue.')
    const waiting = await pending('telephones')
    expect((await cabinet.post(`/cabinet/demandes/${waiting}/retrait`)).status).toBe(303)
    expect(await pending('telephones')).toBeUndefined()
  })

  it('a SIRET with a wrong key is refused beside its field', async () => {
    const answer = await cabinet.post('/cabinet/siret', { siret: '00000001800011' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('sa clé de contrôle ne correspond pas')
  })

  it('a collaborateur reads and asks for nothing, by form or in SQL; another firm sees nothing', async () => {
    const collaborateur = await portal.login('estuaire', 'COL14')
    const page = await collaborateur.get('/cabinet')
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('La zone peut être modifiée')
    expect((await collaborateur.post('/cabinet/siret', { siret: '00000001800010' })).status).toBe(403)
    const insert = portal.as('estuaire', 'COL14', (db) =>
      db.run(sql`insert into modifications (structure_id, zone, avant, apres, demande_par)
        values (app.structure_id(), 'siret', '{}', '{x}', app.utilisateur_id())`),
    )
    await expect(insert).rejects.toThrow(/row-level security/)
    await cabinet.post('/cabinet/courriel', { courriel: 'nouvelle@vauquelin.example' })
    const id = await pending('courriel')
    const other = await portal.login('estuaire', 'CNS2')
    expect((await other.post(`/cabinet/demandes/${id}/retrait`)).status).toBe(404)
    expect((await other.get('/cabinet')).text).not.toContain('nouvelle@vauquelin.example')
  })

  it('a firm cannot write its fiche past the request, even in SQL (abuse 12)', async () => {
    const write = portal.as('estuaire', 'CNS1', (db) =>
      db.run(sql`update structures set siret = '00000001800010'`),
    )
    await expect(write).rejects.toThrow(/asks for changes|permission denied/)
  })
})
