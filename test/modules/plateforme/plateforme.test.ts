import { beforeAll, expect, test } from 'vitest'
import { listOrganismes } from '../../../src/modules/plateforme/queries.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

test('the operator sees every organisme with its counts', async () => {
  const alix = await portal.login('plateforme', 'operateur@parvis.example')
  const page = await alix.get('/plateforme')
  expect(page.status).toBe(200)
  for (const name of ['OMGA de l’Estuaire', 'AGA du Midi', 'Sillage Logiciels']) expect(page.text).toContain(name)
})

test('the operator sees the name of no member, and no row of any organisme', async () => {
  const alix = await portal.login('plateforme', 'operateur@parvis.example')
  expect((await alix.get('/plateforme')).text).not.toContain('CARRIVEAU')
  // Her own host has no such module; on an organisme's host her session is nobody's.
  expect((await alix.get('/gestion/adherents')).status).toBe(404)
  expect((await alix.get('/gestion/adherents', { host: `midi.localhost:${portal.port}` })).status).toBe(303)
})

test('nobody else gets the counts, not even through the function', async () => {
  const agent = await portal.login('estuaire', 'admin@estuaire.example')
  expect((await agent.get('/plateforme')).status).toBe(403)
  expect(await portal.as('estuaire', 'admin@estuaire.example', listOrganismes)).toEqual([])
})
