import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type Portal, startPortal } from '../support/portal.ts'

const CANARY = 'canari-2f9c1b7e'
let portal: Portal

beforeAll(async () => {
  portal = await startPortal()
})

const logged = () => portal.logLines.join('\n')

describe('logs: no secret ever gets there', () => {
  test('not from what browsers send: passwords, tokens in addresses, cookies, authorizations', async () => {
    const visitor = portal.visitor()
    await visitor.get('/connexion')
    await visitor.post('/connexion', {
      login: '657',
      motDePasse: CANARY,
      mot_de_passe: CANARY,
      password: CANARY,
    })
    await visitor.post('/connexion', { login: CANARY }, { authorization: `Bearer ${CANARY}` })
    await visitor.get(`/mot-de-passe-oublie/${CANARY}`)
    await visitor.get(`/activation/${CANARY}`)
    await visitor.get(`/?jeton=${CANARY}`)
    await visitor.get('/', { cookie: `sid=s%3A${CANARY}.x; appareil=${CANARY}` })
    const solene = await portal.login('estuaire', '657')
    await solene.get(`/documents?recherche=${CANARY}`)
    await solene.post(`/nulle-part/${CANARY}`, { iban: CANARY, siret: CANARY })
    expect(portal.logLines.length).toBeGreaterThan(8)
    expect(logged()).not.toContain(CANARY)
    for (const [, value] of solene.cookies) expect(logged()).not.toContain(decodeURIComponent(value))
  })

  test('not from fields of those names, three levels deep', () => {
    const { log } = portal.services
    log.info({ motDePasse: CANARY, jeton: CANARY, siret: CANARY }, 'one')
    log.info({ a: { token: CANARY, b: { cookie: CANARY, c: { secret: CANARY } } } }, 'two')
    expect(logged()).toContain('[caché]')
    expect(logged()).not.toContain(CANARY)
  })

  test('not from errors: neither the values that Postgres repeats nor the connection that broke', async () => {
    const { rows } = await portal.owner.query<{ organisme_id: string }>(
      'select organisme_id from utilisateurs limit 1',
    )
    const insert = `insert into utilisateurs (organisme_id, login, nom, role, structure_id)
      values ($1, $2, 'x', 'permanent', null)`
    const values = [rows[0]!.organisme_id, CANARY]
    await portal.owner.query(insert, values)
    const error = await portal.owner.query(insert, values).catch((caught: unknown) => caught)
    expect((error as { detail: string }).detail).toContain(CANARY)
    Object.assign(error as object, { client: { password: CANARY } })
    portal.services.log.error({ err: error }, 'three')
    expect(logged()).toContain('utilisateurs_login')
    expect(logged()).toContain('"kind":"23505"')
    expect(logged()).not.toContain(CANARY)
  })

  test('a request is one line with its pattern, its number and its status, and no address', async () => {
    portal.logLines.length = 0
    const answer = await portal.visitor().get('/courriels-demo/00000000-0000-4000-8000-000000000000')
    expect(portal.logLines).toHaveLength(1)
    expect(JSON.parse(portal.logLines[0]!)).toMatchObject({
      requestId: answer.headers['x-request-id'],
      method: 'GET',
      route: '/courriels-demo/:id',
      status: 404,
      organisme: 'estuaire',
    })
    expect(logged()).not.toContain('00000000-0000-4000')
  })
})

test('the journal of refusals neither: a link refused before its route still opens something', async () => {
  const token = 'Ab3_-'.repeat(9).slice(0, 43)
  const answer = await portal.visitor().post(`/mot-de-passe-oublie/${token}`, {}, { origin: 'null' })
  expect(answer.status).toBe(403)
  await vi.waitFor(async () => {
    const { rows } = await portal.owner.query<{ objet: string }>(
      `select objet from journal where action = 'refus' and requete = $1`,
      [answer.headers['x-request-id']],
    )
    expect(rows).toEqual([{ objet: '/mot-de-passe-oublie/…' }])
  })
})
