import { setTimeout as sleep } from 'node:timers/promises'
import { Secret, TOTP } from 'otpauth'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  CHEAP,
  codeNow,
  elsewhere,
  errorsOf,
  forgetTries,
  isIn,
  logIn,
  mailsCaught,
  setUpSecondFactor,
} from '../../support/connexion.ts'
import { checkHtml } from '../../support/html.ts'
import { type Answer, type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let secret: string
let codes: string[]

beforeAll(async () => {
  portal = await startPortal({ env: CHEAP })
  await portal.startWorker()
  const visitor = portal.visitor()
  await logIn(visitor, 'CNS1')
  const made = await setUpSecondFactor(visitor)
  secret = made.secret
  codes = made.codes
})
beforeEach(async () => {
  await forgetTries(portal)
  await portal.owner.query('update acces.secrets set totp_dernier_pas = 0')
})

/** CNS1 after the password. */
async function afterPassword(retour = ''): Promise<Visitor> {
  const visitor = portal.visitor()
  const answer = await logIn(visitor, 'CNS1', undefined, { fields: { retour } })
  expect(answer.headers.location).toBe('/connexion/second-facteur')
  await visitor.get('/connexion/second-facteur')
  return visitor
}

function send(visitor: Visitor, fields: Record<string, string>): Promise<Answer> {
  return visitor.post('/connexion/second-facteur', fields, { 'x-forwarded-for': elsewhere() })
}

describe('after the password', () => {
  it('nobody is signed in before the code, and with it where he wanted to go', async () => {
    const visitor = await afterPassword('/actualites')
    expect(await isIn(visitor)).toBe(false)
    const page = await visitor.get('/connexion/second-facteur')
    expect(checkHtml(page.text)).toEqual([])
    const before = visitor.cookies.get('sid')
    const answer = await send(visitor, { code: await codeNow(secret) })
    expect(answer.headers.location).toBe('/actualites')
    expect(visitor.cookies.get('sid')).not.toBe(before)
    expect(await isIn(visitor)).toBe(true)
  })

  it('the session that was there before the password knows nothing of the code', async () => {
    const visitor = portal.visitor()
    await visitor.get('/connexion')
    const thief = portal.visitor()
    thief.cookies.set('sid', visitor.cookies.get('sid')!)
    await visitor.post('/connexion', { identifiant: 'CNS1', motDePasse: 'parvis-demo-2026' })
    expect((await thief.get('/connexion/second-facteur')).headers.location).toBe('/connexion')
  })

  it('without the password there is no code to give', async () => {
    const visitor = portal.visitor()
    expect((await visitor.get('/connexion/second-facteur')).headers.location).toBe('/connexion')
    await visitor.get('/connexion')
    const answer = await send(visitor, { code: await codeNow(secret) })
    expect(answer.headers.location).toBe('/connexion')
    expect(await isIn(visitor)).toBe(false)
  })

  it('abuse 21: a code serves once, even sent twice at the same instant', async () => {
    const [one, two] = [await afterPassword(), await afterPassword()]
    const code = await codeNow(secret)
    const answers = await Promise.all([send(one, { code }), send(two, { code })])
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
    const three = await afterPassword()
    expect((await send(three, { code })).status).toBe(422)
  })

  it('abuse 21: a code of the step before or after is refused', async () => {
    const visitor = await afterPassword()
    await codeNow(secret) // away from the end of a step
    const totp = new TOTP({ secret: Secret.fromBase32(secret.replace(/\s/g, '')) })
    for (const shift of [-30_000, 30_000]) {
      const answer = await send(visitor, { code: totp.generate({ timestamp: Date.now() + shift }) })
      expect(answer.status).toBe(422)
      expect(errorsOf(answer)).toContain('Attendez que l’application en affiche un nouveau')
    }
  })

  it('abuse 21: after five wrong codes one goes back to the password, and the sixth is not looked at', async () => {
    const visitor = await afterPassword()
    for (let i = 0; i < 4; i++) expect((await send(visitor, { code: '000000' })).status).toBe(422)
    const fifth = await send(visitor, { code: '000000' })
    expect(fifth.headers.location).toBe('/connexion')
    expect((await visitor.get('/connexion')).text).toContain('Trop de codes faux.')
    expect((await visitor.get('/connexion')).text, 'said once').not.toContain('Trop de codes faux.')
    expect((await send(visitor, { code: await codeNow(secret) })).headers.location).toBe('/connexion')
    const again = await afterPassword()
    const sixth = await send(again, { code: await codeNow(secret) })
    expect(sixth.headers.location).toBe('/connexion')
    expect(await isIn(again)).toBe(false)
    await portal.owner.query(`update acces.tentatives set bloque_jusqu_a = now() where cle like 'code:%'`)
    const later = await afterPassword()
    await portal.owner.query('update acces.secrets set totp_dernier_pas = 0')
    expect((await send(later, { code: await codeNow(secret) })).status).toBe(303)
  })

  it('ten minutes after the password it is too late', async () => {
    const slow = await startPortal({ env: CHEAP })
    let ahead = 0
    slow.services.clock = () => new Date(Date.now() + ahead)
    const visitor = slow.visitor()
    await logIn(visitor, 'CNS1')
    const made = await setUpSecondFactor(visitor)
    await slow.owner.query('update acces.secrets set totp_dernier_pas = 0')
    const late = slow.visitor()
    await logIn(late, 'CNS1')
    await late.get('/connexion/second-facteur')
    ahead = 11 * 60_000
    expect((await send(late, { code: await codeNow(made.secret) })).headers.location).toBe('/connexion')
    expect((await late.get('/connexion')).text).toContain('Plus de dix minutes')
  })

  it('a person who is blocked between the two steps does not come in', async () => {
    const visitor = await afterPassword()
    const code = await codeNow(secret)
    await portal.owner.query(`update utilisateurs set bloque_le = now() where login = 'CNS1'`)
    expect((await send(visitor, { code })).headers.location).toBe('/connexion')
    await portal.owner.query(`update utilisateurs set bloque_le = null where login = 'CNS1'`)
    expect(await isIn(visitor)).toBe(false)
  })
})

describe('recovery codes', () => {
  it('ten of them, shown once, and only hashes are kept', async () => {
    expect(codes).toHaveLength(10)
    const { rows } = await portal.owner.query<{ texte: string; totp_secret: string }>(
      `select codes_de_secours::text as texte, totp_secret from acces.secrets where totp_confirme_le is not null`,
    )
    expect(rows[0]!.texte.match(/\$argon2id\$/g)).toHaveLength(10)
    for (const code of codes) expect(rows[0]!.texte).not.toContain(code.replaceAll('-', '').slice(1))
    expect(rows[0]!.totp_secret).toMatch(/^demo\./)
    expect(rows[0]!.totp_secret).not.toContain(secret.replace(/\s/g, ''))
  })

  it('each replaces the telephone once, as people type it, and its owner is told', async () => {
    const visitor = await afterPassword()
    const page = await visitor.get('/connexion/second-facteur?secours=oui')
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('Un de vos codes de secours')
    const typed = ` ${codes[3]!.toLowerCase().replaceAll('-', ' ').replace(/0/g, 'o').replace(/1/g, 'l')} `
    expect((await send(visitor, { secours: typed })).status).toBe(303)
    expect((await visitor.get('/')).text.replaceAll('\u00a0', ' ')).toContain(
      'Vous avez utilisé un code de secours : il vous en reste 9.',
    )
    await mailsCaught(portal, 'estuaire', 'Un code de secours a été utilisé', 1)

    const again = await afterPassword()
    const refused = await send(again, { secours: codes[3]! })
    expect(refused.status).toBe(422)
    expect(errorsOf(refused)).toContain('il a déjà servi')
    expect(refused.text, 'the same form comes back').toContain('name="secours"')
    const answers = await Promise.all([
      send(again, { secours: codes[4]! }),
      send(await afterPassword(), { secours: codes[4]! }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
  })
})

describe('a role that the organisme wants guarded', () => {
  it('is led to set a second factor up before anything else, and nothing else opens', async () => {
    await portal.owner.query(
      `update plateforme.organismes set reglages = '{"secondFacteurPour": ["collaborateur"]}' where code = 'estuaire'`,
    )
    await sleep(5100) // organismes are read again every five seconds
    const visitor = portal.visitor()
    expect((await logIn(visitor, 'COL14')).headers.location).toBe('/')
    for (const path of ['/', '/profil', '/actualites', '/profil/mot-de-passe']) {
      expect((await visitor.get(path)).headers.location, path).toBe('/profil/second-facteur')
    }
    expect((await visitor.post('/profil/sessions/fin')).headers.location).toBe('/profil/second-facteur')
    const page = await visitor.get('/profil/second-facteur')
    expect(page.text).toContain('Votre organisme demande')
    expect(checkHtml(page.text)).toEqual([])
    const made = await setUpSecondFactor(visitor)
    expect(made.answer.status).toBe(200)
    expect(made.codes).toHaveLength(10)
    expect(await isIn(visitor)).toBe(true)
    await visitor.get('/profil')
    expect((await visitor.get('/profil/second-facteur/retrait')).text).toContain(
      'elle ne peut pas être retirée',
    )
    const answer = await visitor.post('/profil/second-facteur/retrait', { motDePasse: 'parvis-demo-2026' })
    expect(answer.status).toBe(422)
    expect((await logIn(portal.visitor(), 'COL14')).headers.location).toBe('/connexion/second-facteur')

    const solene = portal.visitor()
    await logIn(solene, '657')
    expect(await isIn(solene), 'other roles go on as before').toBe(true)
  })

  it('who is signed in already is led there too, and may leave', async () => {
    const armel = await portal.login('estuaire', 'COL7')
    expect((await armel.get('/')).headers.location).toBe('/profil/second-facteur')
    await armel.get('/profil/second-facteur')
    expect((await armel.post('/deconnexion')).headers.location).toBe('/connexion')
  })
})
