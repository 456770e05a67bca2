import { beforeAll, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

it('F80: lists client, form, millésime, date, sender and the status at each recipient, the newest first', async () => {
  const cabinet = await portal.login('estuaire', 'CNS1')
  const { text } = await cabinet.get('/declarations')
  expect(checkHtml(text)).toEqual([])
  for (const words of [
    'Formulaire',
    'Millésime',
    'Transmise le',
    'Expéditeur',
    'DGFiP',
    'rejet total',
    'SIRET inconnu de la DGFiP.',
  ])
    expect(text).toContain(words)
  expect(text.indexOf('3310-CA3')).toBeLessThan(text.indexOf('2035'))
})

it('F80: filters by status and finds by client', async () => {
  const cabinet = await portal.login('estuaire', 'CNS1')
  const rejected = (await cabinet.get('/declarations?filtre=rejetees')).text
  expect(rejected).toContain('ABADISSE')
  expect(rejected).not.toContain('MONTAUZIER')
  expect((await cabinet.get('/declarations?nom=montauzier')).text).toContain('MONTAUZIER')
  expect((await cabinet.get('/declarations?filtre=acceptees&nom=fournil')).text).toContain(
    'Aucune liasse ne correspond',
  )
})

it('a collaborateur sees those of his clients, another firm none', async () => {
  const collaborateur = (await (await portal.login('estuaire', 'COL7')).get('/declarations')).text
  expect(collaborateur).toContain('MONTAUZIER')
  expect(collaborateur).not.toContain('ABADISSE')
  const other = (await (await portal.login('estuaire', 'CNS2')).get('/declarations')).text
  expect(other).toContain('Aucune liasse télétransmise')
})

it('F80: an adhérent follows his own, and nobody else’s', async () => {
  const seen = (await (await portal.login('estuaire', '657')).get('/declarations')).text
  expect(checkHtml(seen)).toEqual([])
  expect(seen).toContain('Mes télédéclarations')
  expect(seen).toMatch(/dépôt D\d{4}-40112/)
  for (const other of ['SIRET inconnu', '3310-CA3', 'ABADISSE']) expect(seen).not.toContain(other)
  for (const [organisme, login] of [
    ['estuaire', '940'],
    ['midi', '657'],
  ] as const)
    expect((await (await portal.login(organisme, login)).get('/declarations')).text).toContain(
      'Aucune liasse télétransmise',
    )
})

it('F80: those of one adhérent are on his fiche for the staff, and in his tab for his firm', async () => {
  const { rows } = await portal.owner.query<{ id: string }>(
    `select a.id from adherents a join plateforme.organismes o on o.id = a.organisme_id where o.code = 'estuaire' and a.numero = '12'`,
  )
  const adherentId = rows[0]!.id
  const agent = await portal.login('estuaire', 'agent@estuaire.example')
  const cabinet = await portal.login('estuaire', 'CNS1')
  for (const [who, path] of [
    [agent, `/gestion/adherents/${adherentId}/declarations`],
    [cabinet, `/clients/${adherentId}/declarations`],
  ] as const) {
    const page = await who.get(path)
    expect([path, page.status]).toEqual([path, 200])
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('SIRET inconnu de la DGFiP.')
    expect(page.text).not.toContain('3310-CA3')
  }
  const midi = await portal.login('midi', 'agent@midi.example')
  expect((await midi.get(`/gestion/adherents/${adherentId}/declarations`)).status).toBe(404)
})
