import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  CHEAP,
  elsewhere,
  errorsOf,
  forgetTries,
  isIn,
  logIn,
  mailsCaught,
  setUpSecondFactor,
  solved,
  waitOver,
} from '../../support/connexion.ts'
import { type Answer, type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
const WRONG = 'ce n’est pas le bon'

beforeAll(async () => {
  portal = await startPortal({ env: CHEAP })
  await portal.startWorker()
})
beforeEach(async () => {
  await forgetTries(portal)
  await portal.owner.query('delete from acces.appareils')
})

const statuses = (answers: Answer[]) => answers.map((answer) => answer.status)

describe('wrong passwords', () => {
  it('twelve in a row: five are looked at, the others wait, and so does the right one', async () => {
    const answers: Answer[] = []
    for (let i = 0; i < 12; i++) answers.push(await logIn(portal.visitor(), '657', WRONG))
    expect(statuses(answers)).toEqual([...Array<number>(5).fill(422), ...Array<number>(7).fill(429)])
    expect(errorsOf(answers[3]!)).toContain('Encore un essai, puis il faudra attendre une minute.')
    expect(errorsOf(answers[4]!)).toContain('Vous pourrez recommencer dans 1 minute.')
    expect(errorsOf(answers[5]!)).toMatch(
      /^Trop d’essais ont échoué depuis un appareil que nous ne connaissons pas\. Attendez (1 minute|\d+ secondes), ou demandez un nouveau mot de passe\.$/,
    )
    expect(Number(answers[5]!.headers['retry-after'])).toBeGreaterThan(50)
    const right = await logIn(portal.visitor(), '657')
    expect(right.status).toBe(429)
    await waitOver(portal)
    expect((await logIn(portal.visitor(), '657')).status).toBe(303)
  })

  it('are counted alike for a log-in that nobody has', async () => {
    const answers: Answer[] = []
    for (let i = 0; i < 7; i++) answers.push(await logIn(portal.visitor(), '987654', WRONG))
    expect(statuses(answers)).toEqual([422, 422, 422, 422, 422, 429, 429])
    const known: Answer[] = []
    for (let i = 0; i < 7; i++) known.push(await logIn(portal.visitor(), '657', WRONG))
    expect(answers.map(errorsOf).map(sameSeconds)).toEqual(known.map(errorsOf).map(sameSeconds))
  })
  const sameSeconds = (text: string) => text.replace(/\d+ (secondes|minutes?)/, 'n')

  it('the number and the e-mail address of one account are one counter', async () => {
    for (let i = 0; i < 3; i++) await logIn(portal.visitor(), '657', WRONG)
    for (let i = 0; i < 2; i++) await logIn(portal.visitor(), 'solene.carriveau@atelier.example', WRONG)
    expect((await logIn(portal.visitor(), '657')).status).toBe(429)
  })

  it('sent all at once, no more than five are looked at', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => logIn(portal.visitor(), '657', WRONG)))
    expect(statuses(answers).filter((status) => status === 422)).toHaveLength(5)
    expect(statuses(answers).filter((status) => status === 429)).toHaveLength(25)
  })

  it('the wait doubles from one minute to fifteen', async () => {
    for (let i = 0; i < 4; i++) await logIn(portal.visitor(), '657', WRONG)
    const waits: number[] = []
    for (let i = 0; i < 7; i++) {
      await waitOver(portal)
      await logIn(portal.visitor(), '657', WRONG)
      const { rows } = await portal.owner.query<{ s: number }>(
        `select round(extract(epoch from bloque_jusqu_a - derniere))::int as s from acces.tentatives
         where cle like 'compte:%'`,
      )
      waits.push(rows[0]!.s)
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900, 900])
  })

  it('the clock is that of the database: an application that runs ahead frees nobody', async () => {
    const ahead = await startPortal({ env: CHEAP, clock: () => new Date(Date.now() + 36 * 3_600_000) })
    for (let i = 0; i < 5; i++) await logIn(ahead.visitor(), '657', WRONG)
    expect((await logIn(ahead.visitor(), '657')).status).toBe(429)
  })

  it('abuse 17: 200 from 50 addresses are stopped at five, and the owner’s known device still signs in', async () => {
    const owner = portal.visitor()
    await logIn(owner, '657')
    await owner.get('/profil')
    await owner.post('/deconnexion')
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const stranger = portal.visitor()
        await stranger.get('/connexion')
        const from = { 'x-forwarded-for': `198.51.${100 + i}.7` }
        const send = () => stranger.post('/connexion', { identifiant: '657', motDePasse: WRONG }, from)
        return [await send(), await send(), await send(), await send()]
      }),
    ).then((lists) => lists.flat())
    expect(answers).toHaveLength(200)
    expect(statuses(answers).filter((status) => status !== 429)).toHaveLength(5)
    expect((await logIn(portal.visitor(), '657')).status).toBe(429)
    expect((await logIn(owner, '657')).status).toBe(303)
    expect(await isIn(owner)).toBe(true)
  })

  it('a known device has its own counter, and its wrong passwords are stopped too', async () => {
    const owner = portal.visitor()
    await logIn(owner, '657')
    await owner.get('/profil')
    await owner.post('/deconnexion')
    for (let i = 0; i < 5; i++) expect((await logIn(owner, '657', WRONG)).status).toBe(422)
    expect((await logIn(owner, '657')).status).toBe(429)
    expect((await logIn(portal.visitor(), '657')).status).toBe(303)
  })

  it('the device of one account is a stranger to another', async () => {
    const visitor = portal.visitor()
    await logIn(visitor, '940')
    await visitor.get('/profil')
    await visitor.post('/deconnexion')
    for (let i = 0; i < 5; i++) await logIn(portal.visitor(), '657', WRONG)
    expect((await logIn(visitor, '657')).status).toBe(429)
  })

  it('at the tenth in a day the owner gets a mail, once', async () => {
    for (let i = 0; i < 12; i++) {
      await waitOver(portal)
      await logIn(portal.visitor(), 'COL7', WRONG)
    }
    const told = async () => {
      const mails = await mailsCaught(portal, 'estuaire', 'Des connexions ont été refusées', 1)
      return mails.filter((mail) => mail.a === 'a.lagrevol@vauquelin.example').length
    }
    await expect.poll(told, { timeout: 5000 }).toBe(1)
    const { rows } = await portal.owner.query(`select 1 from courriels where modele = 'connexion-bloquee'
      and destinataire = 'a.lagrevol@vauquelin.example'`)
    expect(rows).toHaveLength(1)
  })

  it('after twenty-five in a day only a new password opens the account, unless a second factor guards it', async () => {
    const guarded = portal.visitor()
    await logIn(guarded, 'COL14')
    await setUpSecondFactor(guarded)
    await portal.owner.query('delete from acces.appareils')
    for (const login of ['COL14', '657']) {
      for (let i = 0; i < 25; i++) {
        await waitOver(portal)
        await logIn(portal.visitor(), login, WRONG)
      }
    }
    const shut = await logIn(portal.visitor(), '657')
    expect(shut.status).toBe(429)
    expect(Number(shut.headers['retry-after'])).toBeGreaterThan(23 * 3600)
    expect(errorsOf(shut)).toContain('24 heures')
    await portal.owner.query(`update acces.tentatives set bloque_jusqu_a = now() - interval '1 second'
      where bloque_jusqu_a < now() + interval '1 hour'`)
    expect((await logIn(portal.visitor(), '657')).status).toBe(429)
    const slowed = await logIn(portal.visitor(), 'COL14')
    expect(slowed.headers.location).toBe('/connexion/second-facteur')
    await portal.owner.query(`update acces.tentatives set depuis = depuis - interval '25 hours',
      bloque_jusqu_a = bloque_jusqu_a - interval '25 hours'`)
    expect((await logIn(portal.visitor(), '657')).status).toBe(303)
  })
})

describe('one address', () => {
  it('abuse 18: one wrong password on each of 500 numbers is stopped at ten a minute, and the journal raises an alert', async () => {
    const ip = elsewhere()
    const visitor = portal.visitor()
    await visitor.get('/connexion')
    const send = (n: number) =>
      visitor.post(
        '/connexion',
        { identifiant: String(50_000 + n), motDePasse: WRONG },
        { 'x-forwarded-for': ip },
      )
    const answers: Answer[] = []
    for (let i = 0; i < 500; i += 50) {
      answers.push(...(await Promise.all(Array.from({ length: 50 }, (_, k) => send(i + k)))))
    }
    expect(statuses(answers).filter((status) => status !== 429).length).toBeLessThanOrEqual(10)
    // Among the first, some come before the others are counted, and are only asked for a proof of work.
    const refused = answers.findLast((answer) => answer.status === 429)!
    expect(errorsOf(refused)).toMatch(/^Trop d’essais depuis votre réseau\. Attendez /)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    const reseau = ip.replace(/9$/, '0/24')
    const { rows } = await portal.owner.query<{ detail: unknown }>(
      `select detail from journal where action = 'alerte.bourrage' and detail ->> 'reseau' = $1`,
      [reseau],
    )
    expect(rows).toEqual([{ detail: { reseau, echecs: 100 } }])
    expect(portal.logLines.filter((line) => line.includes('bourrage') && line.includes(reseau))).toHaveLength(
      1,
    )
  })

  it('good log-ins do not count: an office of twenty comes in at nine', async () => {
    const ip = elsewhere()
    for (let i = 0; i < 20; i++) {
      const login = ['657', '940', 'CNS1', 'COL14'][i % 4]!
      expect((await logIn(portal.visitor(), login, undefined, { ip })).status).toBe(303)
    }
  })

  it('the limit is shared by log-in, forgotten password and codes', async () => {
    const ip = elsewhere()
    const visitor = portal.visitor()
    await visitor.get('/connexion')
    const from = { 'x-forwarded-for': ip }
    for (let i = 0; i < 3; i++) await visitor.post('/mot-de-passe-oublie', { identifiant: '1' }, from)
    for (let i = 0; i < 3; i++) await visitor.post('/connexion', { identifiant: '1', motDePasse: 'x' }, from)
    for (let i = 0; i < 4; i++) await visitor.post('/connexion/second-facteur', { code: '000000' }, from)
    expect((await visitor.post('/connexion', { identifiant: '1', motDePasse: 'x' }, from)).status).toBe(429)
    expect(
      (
        await visitor.post(
          '/connexion',
          { identifiant: '1', motDePasse: 'x' },
          { 'x-forwarded-for': elsewhere() },
        )
      ).status,
    ).toBe(422)
  })
})

describe('F126: « Je ne suis pas un robot »', () => {
  const asks = ({ text }: Answer) => text.includes('data-defi=')

  it('is asked on the log-in page only after repeated failures, and accepts the work of the browser', async () => {
    const visitor = portal.visitor()
    expect(asks(await visitor.get('/connexion'))).toBe(false)
    expect(asks(await logIn(visitor, '657', WRONG))).toBe(false)
    expect(asks(await logIn(visitor, '657', WRONG))).toBe(false)
    expect(asks(await logIn(visitor, '657', WRONG))).toBe(true)
    const defi = await solved(visitor)
    expect((await logIn(visitor, '657', undefined, { fields: { defi } })).status).toBe(303)
    await visitor.get('/profil')
    await visitor.post('/deconnexion')
    expect(asks(await visitor.get('/connexion'))).toBe(false)
  })

  it('is asked of everybody in a network where log-ins fail over and over', async () => {
    const ip = elsewhere()
    for (let i = 0; i < 10; i++) await logIn(portal.visitor(), `8${i}`, WRONG, { ip })
    expect(
      asks(await portal.visitor().get('/connexion', { 'x-forwarded-for': ip.replace(/9$/, '77') })),
    ).toBe(true)
    expect(asks(await portal.visitor().get('/connexion', { 'x-forwarded-for': elsewhere() }))).toBe(false)
  })

  it('a solution serves once, in its organisme, unchanged', async () => {
    const visitor = portal.visitor()
    await visitor.get('/mot-de-passe-oublie')
    const send = (who: typeof visitor, defi: string) =>
      who.post('/mot-de-passe-oublie', { identifiant: '657', defi }, { 'x-forwarded-for': elsewhere() })
    const defi = await solved(visitor)
    expect((await send(visitor, defi)).status).toBe(303)
    const replay = await send(visitor, defi)
    expect(replay.status).toBe(422)
    expect(errorsOf(replay)).toContain('n’est plus valable')

    const foreign = portal.visitor('midi')
    await foreign.get('/mot-de-passe-oublie')
    expect((await send(foreign, await solved(visitor))).status).toBe(422)

    const easier = JSON.parse(Buffer.from(await solved(visitor), 'base64').toString()) as {
      challenge: { parameters: { cost: number } }
    }
    easier.challenge.parameters.cost = 1
    expect((await send(visitor, Buffer.from(JSON.stringify(easier)).toString('base64'))).status).toBe(422)
    for (const nonsense of [
      'x',
      'e30=',
      Buffer.from(
        '{"challenge":{"parameters":{},"signature":"zz"},"solution":{"counter":1,"derivedKey":"zz"}}',
      ).toString('base64'),
    ]) {
      expect((await send(visitor, nonsense)).status).toBe(422)
    }
  })

  it('without JavaScript the form is accepted, three times in a quarter of an hour', async () => {
    const ip = elsewhere()
    const visitor = portal.visitor()
    await visitor.get('/mot-de-passe-oublie')
    const send = () =>
      visitor.post('/mot-de-passe-oublie', { identifiant: '940', defi: '' }, { 'x-forwarded-for': ip })
    expect(statuses([await send(), await send(), await send()])).toEqual([303, 303, 303])
    const fourth = await send()
    expect(fourth.status).toBe(429)
    expect(errorsOf(fourth)).toMatch(/Activez JavaScript, ou attendez 15 minutes/)
    const withWork = { identifiant: '940', defi: await solved(visitor) }
    expect((await visitor.post('/mot-de-passe-oublie', withWork, { 'x-forwarded-for': ip })).status).toBe(303)
  })
})
