import { beforeAll, expect, test } from 'vitest'
import { type Portal, startPortal } from '../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

test('a visitor is sent to the log-in page and comes back to the page that he wanted', async () => {
  const answer = await portal.visitor().get('/profil')
  expect(answer.status).toBe(303)
  expect(answer.headers.location).toBe('/connexion?retour=%2Fprofil')
})

test('F14: a person who is logged in sees the home page in the frame of the organisme', async () => {
  const solene = await portal.login('estuaire', '657')
  const answer = await solene.get('/')
  expect(answer.status).toBe(200)
  expect(answer.text).toContain('OMGA de l’Estuaire')
  expect(answer.text).toContain('Solène Carriveau')
})

test('the session of one organisme opens nothing on the host of another', async () => {
  const solene = await portal.login('estuaire', '657')
  const answer = await solene.get('/', { host: `midi.localhost:${portal.port}` })
  expect(answer.status).toBe(303)
})

test('an unknown host gets a plain 421 page that names no organisme', async () => {
  const answer = await portal.visitor().get('/', { host: 'ailleurs.example' })
  expect(answer.status).toBe(421)
  expect(answer.text).not.toContain('Estuaire')
})

test('an address that does not exist is a French 404 with the number of the request', async () => {
  const solene = await portal.login('estuaire', '657')
  const answer = await solene.get('/nulle-part')
  expect(answer.status).toBe(404)
  expect(answer.text).toContain(answer.headers['x-request-id'])
})

test('methods other than GET, HEAD and POST are refused', async () => {
  const { status } = await portal.visitor().get('/', { 'x-http-method-override': 'DELETE' })
  expect(status).toBe(303)
})

test('a visitor who only reads a public page is given no session and no cookie', async () => {
  const answer = await portal.visitor().get('/mentions-legales')
  expect(answer.status).toBe(200)
  expect(answer.headers['set-cookie']).toBeUndefined()
})

test('the logo and the colours of an organisme are those of its host', async () => {
  const estuaire = await portal.visitor().get('/logo.png')
  const midi = await portal.visitor('midi').get('/logo.png')
  expect([estuaire.status, estuaire.headers['content-type']]).toEqual([200, 'image/png'])
  expect(estuaire.body.subarray(1, 4).toString()).toBe('PNG')
  expect(midi.body.equals(estuaire.body)).toBe(false)
  expect((await portal.visitor('plateforme').get('/logo.png')).status).toBe(404)
  expect((await portal.visitor('midi').get('/theme.css')).text).not.toBe(
    (await portal.visitor().get('/theme.css')).text,
  )
})
