import { beforeAll, expect, test } from 'vitest'
import { type Portal, startPortal } from '../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

const refusals = async (role: string) =>
  (await portal.owner.query(`select 1 from journal where action = 'refus' and role = $1`, [role])).rowCount!

test('a visitor who is refused again and again does not fill the journal; whoever is logged in leaves every trace', async () => {
  const visitor = portal.visitor()
  for (let i = 0; i < 70; i++) expect((await visitor.post('/transferts')).status).toBe(403)
  const solene = await portal.login('estuaire', '657')
  for (let i = 0; i < 45; i++) expect((await solene.get('/gestion/journal')).status).toBe(403)
  await expect.poll(() => refusals('adherent'), { timeout: 10_000 }).toBe(45)
  const kept = await refusals('anonyme')
  expect(kept).toBeGreaterThanOrEqual(30)
  // Twice thirty when a new minute has begun meanwhile.
  expect(kept).toBeLessThanOrEqual(60)
})
