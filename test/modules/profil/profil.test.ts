import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CaughtMail, caughtMails, listCaught } from '../../../src/kernel/mail/caught.ts'
import {
  CHEAP,
  codeNow,
  elsewhere,
  errorsOf,
  forgetTries,
  isIn,
  logIn,
  mailsCaught,
  pathOf,
  setUpSecondFactor,
} from '../../support/connexion.ts'
import { checkHtml } from '../../support/html.ts'
import { type Answer, type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
const DEMO = 'parvis-demo-2026'
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'

beforeAll(async () => {
  portal = await startPortal({ env: CHEAP })
  await portal.startWorker()
})
beforeEach(() => forgetTries(portal))

async function signedIn(login: string, motDePasse = DEMO): Promise<Visitor> {
  const visitor = portal.visitor()
  expect((await logIn(visitor, login, motDePasse)).status).toBe(303)
  await visitor.get('/profil')
  return visitor
}

function change(
  visitor: Visitor,
  motDePasse: string,
  nouveau: string,
  confirmation = nouveau,
): Promise<Answer> {
  return visitor.post(
    '/profil/mot-de-passe',
    { motDePasse, nouveau, confirmation },
    { 'x-forwarded-for': elsewhere() },
  )
}

describe('F129, F130: Mon profil', () => {
  it('says who I am, where my mails go, and when I came last', async () => {
    const first = await signedIn('657')
    const page = await first.get('/profil')
    expect(checkHtml(page.text)).toEqual([])
    for (const word of ['Solène Carriveau', '657', 'solene.carriveau@atelier.example', 'C’est la première']) {
      expect(page.text).toContain(word)
    }
    const second = await signedIn('657')
    expect((await second.get('/profil')).text).toMatch(/Le \d\d\/\d\d\/\d{4} à \d/)
  })

  it.each(['CNS1', 'COL14', 'agent@estuaire.example'])('opens for %s too', async (login) => {
    const visitor = await portal.login('estuaire', login)
    for (const path of ['/profil', '/profil/courriel', '/profil/mot-de-passe', '/profil/second-facteur']) {
      const page = await visitor.get(path)
      expect(page.status, path).toBe(200)
      expect(checkHtml(page.text), path).toEqual([])
    }
  })
})

describe('F26: « Changer votre mot de passe »', () => {
  it('asks for the current one, and is saved by « Enregistrer les informations »', async () => {
    const visitor = await signedIn('940')
    const form = await visitor.get('/profil/mot-de-passe')
    expect(form.text).toContain('Changer votre mot de passe')
    expect(form.text).toContain('Enregistrer les informations')
    const wrong = await change(visitor, 'faux', 'quatre lampes vertes au grenier')
    expect(wrong.status).toBe(422)
    expect(errorsOf(wrong)).toContain('Ce n’est pas votre mot de passe actuel.')
    expect(errorsOf(await change(visitor, DEMO, DEMO)).replaceAll('\u00a0', ' ')).toContain(
      'C’est déjà votre mot de passe',
    )
    expect((await change(visitor, DEMO, 'quatre lampes vertes au grenier')).headers.location).toBe('/profil')
    expect((await visitor.get('/profil')).text).toContain('Votre mot de passe est changé.')
    await mailsCaught(portal, 'estuaire', 'Votre mot de passe a été changé', 1)
    expect((await logIn(portal.visitor(), '940')).status).toBe(422)
  })

  it('abuse 24: the other browser is out at its next request, this one stays in with a new session', async () => {
    const here = await signedIn('CNS2')
    const there = await signedIn('CNS2')
    const sid = here.cookies.get('sid')!
    expect((await change(here, DEMO, 'seize lampes vertes au grenier')).status).toBe(303)
    expect(await isIn(here)).toBe(true)
    expect(here.cookies.get('sid')).not.toBe(sid)
    expect((await there.get('/profil')).headers.location).toBe('/connexion?retour=%2Fprofil')
    here.cookies.set('sid', sid)
    expect(await isIn(here)).toBe(false)
  })

  it.each([
    ['sixty-four characters', 'Le vieux phare veille sur la lande et les moutons blancs du soir'],
    ['emoji', '🦊🌲🎻🐙🧀🪗🚲🎈🎲🎯🧩🪁'],
    ['accents in one sign (NFC)', 'Épinglé à l’été près du chêne'.normalize('NFC')],
    ['accents in two signs (NFD)', 'Épinglé à l’été près du chêne'.normalize('NFD')],
    ['blanks at both ends', '  quatre lampes vertes au grenier  '],
    ['128 signs', 'tartine volcan hublot zeste '.repeat(5).slice(0, 128)],
  ])('abuse 19: %s: accepted as typed, and signs in again', async (_what, nouveau) => {
    await portal.owner.query(
      `update acces.secrets s set mot_de_passe = (select mot_de_passe from acces.secrets x join utilisateurs u
         on u.id = x.utilisateur_id where u.login = 'admin@estuaire.example')
       from utilisateurs u where u.id = s.utilisateur_id and u.login = 'COL14'`,
    )
    const visitor = await signedIn('COL14')
    const answer = await change(visitor, DEMO, nouveau)
    expect(answer.status, errorsOf(answer)).toBe(303)
    expect((await logIn(portal.visitor(), 'COL14', nouveau)).status).toBe(303)
    for (const other of [nouveau.trim(), nouveau.normalize('NFC'), nouveau.normalize('NFD')]) {
      if (other !== nouveau) expect((await logIn(portal.visitor(), 'COL14', other)).status).toBe(422)
    }
  })

  it('abuse 20: refuses context words, known and short ones, by role', async () => {
    const visitor = await signedIn('COL7')
    for (const guess of [
      'Estuaire-Libourne-2026',
      'Armel.Lagrevol.COL7',
      'motdepasse2026',
      'azertyuiop2026',
      'court',
    ]) {
      expect((await change(visitor, DEMO, guess)).status, guess).toBe(422)
    }
    expect(
      errorsOf(await change(visitor, DEMO, 'Estuaire-Libourne-2026')).replaceAll('\u00a0', ' '),
    ).toContain('« Estuaire » et « Libourne », que votre entourage peut deviner')
    await forgetTries(portal)
    const cabinet = await signedIn('CNS1')
    const answer = await change(cabinet, DEMO, 'zeste de hublot')
    expect(errorsOf(answer).replaceAll('\u00a0', ' ')).toContain('15 caractères : il en faut au moins 16')
    expect((await change(visitor, DEMO, 'zeste de hublot')).status).toBe(303)
  })

  it('five wrong current passwords and it waits', async () => {
    const visitor = await signedIn('COL16')
    for (let i = 0; i < 5; i++)
      expect((await change(visitor, 'faux', 'quatre lampes vertes')).status).toBe(422)
    const sixth = await change(visitor, DEMO, 'quatre lampes vertes')
    expect(sixth.status).toBe(429)
    expect(errorsOf(sixth)).toContain('Trop de mots de passe faux.')
  })
})

describe('F130: the e-mail address', () => {
  async function mailsTo(address: string): Promise<CaughtMail[]> {
    const mails = await listCaught(caughtMails(portal.services.config), 'estuaire')
    return mails.filter((mail) => mail.a === address)
  }
  const courrielOf = async (login: string) =>
    (
      await portal.owner.query<{ courriel: string; login: string }>(
        `select u.courriel, u.login from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
         where o.code = 'estuaire' and u.id = $1`,
        [(await portal.person('estuaire', login)).id],
      )
    ).rows[0]!

  it('abuse 13: changes only by the link at the new address, and the old one is told', async () => {
    const visitor = await signedIn('COL14', '  quatre lampes vertes au grenier  ').catch(() =>
      signedIn('657'),
    )
    expect(visitor).toBeDefined()
    const solene = await signedIn('657')
    const wanted = 'solene@nouvelle-adresse.example'
    const answer = await solene.post('/profil/courriel', { courriel: wanted, motDePasse: DEMO })
    expect(answer.headers.location).toBe('/profil')
    expect((await courrielOf('657')).courriel).toBe('solene.carriveau@atelier.example')
    const waiting = await solene.get('/profil')
    expect(waiting.text).toContain('attend d’être confirmée')
    expect(checkHtml(waiting.text)).toEqual([])

    await expect.poll(async () => (await mailsTo(wanted)).length, { timeout: 10_000 }).toBe(1)
    const path = pathOf((await mailsTo(wanted))[0]!)
    const reader = portal.visitor()
    const page = await reader.get(path)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain(wanted)
    expect((await courrielOf('657')).courriel, 'reading the link changes nothing').toBe(
      'solene.carriveau@atelier.example',
    )
    expect((await reader.post(path)).headers.location).toBe('/connexion')
    expect((await courrielOf('657')).courriel).toBe(wanted)
    await expect
      .poll(async () => (await mailsTo('solene.carriveau@atelier.example')).map((mail) => mail.objet), {
        timeout: 10_000,
      })
      .toContain('Votre adresse électronique a été changée')
    expect((await reader.get(path)).text).toContain('Ce lien a déjà servi.')
    expect((await logIn(portal.visitor(), wanted)).status).toBe(303)
  })

  it('wants the password, an address, and another one than today’s', async () => {
    const solene = await signedIn('657')
    const send = (courriel: string, motDePasse: string) =>
      solene.post('/profil/courriel', { courriel, motDePasse }, { 'x-forwarded-for': elsewhere() })
    expect(errorsOf(await send('nouvelle@atelier.example', 'faux'))).toContain(
      'pas votre mot de passe actuel',
    )
    expect((await send('deux@a.example, trois@b.example', DEMO)).status).toBe(422)
    expect(errorsOf(await send((await courrielOf('657')).courriel, DEMO))).toContain(
      'C’est déjà votre adresse',
    )
  })

  it('who logs in with the address logs in with the new one, unless it is somebody’s already', async () => {
    for (const [wanted, works] of [
      ['admin@estuaire.example', false],
      ['maud@estuaire.example', true],
    ] as const) {
      const maud = await signedIn('agent@estuaire.example')
      await maud.post(
        '/profil/courriel',
        { courriel: wanted, motDePasse: DEMO },
        { 'x-forwarded-for': elsewhere() },
      )
      await expect
        .poll(
          async () => (await mailsTo(wanted)).filter((mail) => mail.objet.startsWith('Confirmer')).length,
          { timeout: 10_000 },
        )
        .toBe(1)
      const path = pathOf((await mailsTo(wanted)).find((mail) => mail.objet.startsWith('Confirmer'))!)
      await maud.get(path)
      const answer = await maud.post(path, {}, { 'x-forwarded-for': elsewhere() })
      expect(answer.status).toBe(works ? 303 : 422)
      expect((await logIn(portal.visitor(), 'agent@estuaire.example')).status).toBe(works ? 422 : 303)
    }
    expect((await logIn(portal.visitor(), 'maud@estuaire.example')).status).toBe(303)
  })
})

describe('my sessions', () => {
  it('are listed with their device, address and time, this one marked, and end one by one', async () => {
    await portal.owner.query('delete from acces.sessions')
    const here = await signedIn('657')
    const there = portal.visitor()
    await there.get('/connexion')
    await there.post(
      '/connexion',
      { identifiant: '657', motDePasse: DEMO },
      { 'x-forwarded-for': '198.51.100.77', 'user-agent': FIREFOX },
    )
    const { text } = await here.get('/profil')
    expect(text).toContain('Firefox sur Windows')
    expect(text).toContain('198.51.100.77')
    expect(text.match(/cette session/g)).toHaveLength(1)
    const [, id] = /\/profil\/sessions\/([0-9a-f-]{36})\/fin/.exec(text)!
    const ines = await portal.login('estuaire', '940')
    expect((await ines.post(`/profil/sessions/${id!}/fin`)).status).toBe(404)
    expect(await isIn(there)).toBe(true)
    expect((await here.post(`/profil/sessions/${id!}/fin`)).headers.location).toBe('/profil')
    expect(await isIn(there)).toBe(false)
    expect(await isIn(here)).toBe(true)
  })

  it('all the others end at once', async () => {
    const here = await signedIn('657')
    const others = [await signedIn('657'), await signedIn('657')]
    await here.post('/profil/sessions/fin')
    expect(await isIn(here)).toBe(true)
    for (const other of others) expect(await isIn(other)).toBe(false)
  })

  it('a new device is told by mail, a known one is not', async () => {
    await portal.owner.query('delete from acces.appareils')
    const usual = await signedIn('CNS1')
    await usual.post('/deconnexion')
    await logIn(usual, 'CNS1')
    await signedIn('CNS1')
    const told = async () => {
      const mails = await mailsCaught(portal, 'estuaire', 'Connexion depuis un nouvel appareil', 1)
      return mails.filter((mail) => mail.a === 'direction@vauquelin.example').length
    }
    await expect.poll(told, { timeout: 10_000 }).toBe(1)
    const { rows } = await portal.owner.query(`select 1 from courriels where modele = 'nouvel-appareil'
      and destinataire = 'direction@vauquelin.example'`)
    expect(rows).toHaveLength(1)
  })
})

describe('the second factor in the profile', () => {
  it('is set up with a code that proves the telephone, and its codes are shown once', async () => {
    const visitor = await signedIn('COL3')
    const other = await signedIn('COL3')
    const page = await visitor.get('/profil/second-facteur')
    expect(page.text).toContain('data:image/svg+xml;base64,')
    expect(checkHtml(page.text)).toEqual([])
    const wrong = await visitor.post('/profil/second-facteur', { code: '000000', motDePasse: DEMO })
    expect(wrong.status).toBe(422)
    const secret = (text: string) => /marche-cle">([A-Z2-7 ]+)</.exec(text)?.[1]
    expect(secret(wrong.text), 'the same key is shown again').toBe(secret(page.text))
    const { codes, answer } = await setUpSecondFactor(visitor)
    expect(checkHtml(answer.text)).toEqual([])
    expect(codes).toHaveLength(10)
    expect(await isIn(other), 'other sessions are over').toBe(false)
    const after = await visitor.get('/profil')
    expect(after.text.replaceAll('\u00a0', ' ')).toContain('10 codes de secours encore valables')
    expect(after.text).not.toContain(codes[0]!)
    await mailsCaught(portal, 'estuaire', 'La validation en deux étapes est en place', 1)
  })

  it('new codes void the old ones, and taking it away wants the password', async () => {
    await portal.owner.query(`update acces.secrets set totp_confirme_le = null`)
    const visitor = await signedIn('COL3')
    const { secret, codes: old } = await setUpSecondFactor(visitor)
    await visitor.get('/profil')
    const fresh = await visitor.post('/profil/second-facteur/codes', { motDePasse: DEMO })
    const codes = [...fresh.text.matchAll(/<li><code>([0-9A-Z-]{14})<\/code>/g)].map((match) => match[1]!)
    expect(codes).toHaveLength(10)
    const login = portal.visitor()
    await logIn(login, 'COL3')
    await login.get('/connexion/second-facteur')
    const send = (secours: string) =>
      login.post('/connexion/second-facteur', { secours }, { 'x-forwarded-for': elsewhere() })
    expect((await send(old[0]!)).status).toBe(422)
    expect((await send(codes[0]!)).status).toBe(303)

    expect((await visitor.post('/profil/second-facteur/retrait', { motDePasse: 'faux' })).status).toBe(422)
    expect(
      (await visitor.post('/profil/second-facteur/retrait', { motDePasse: DEMO })).headers.location,
    ).toBe('/profil')
    expect((await logIn(portal.visitor(), 'COL3')).headers.location).toBe('/')
    expect(await codeNow(secret)).toMatch(/^\d{6}$/)
  })
})
