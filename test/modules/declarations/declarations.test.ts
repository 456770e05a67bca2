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
