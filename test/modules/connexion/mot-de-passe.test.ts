import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CaughtMail, caughtMails, listCaught } from '../../../src/kernel/mail/caught.ts'
import { createActivation, revokeActivation } from '../../../src/kernel/auth/activation.ts'
import {
  CHEAP,
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
const NEW = 'quatre lampes vertes au grenier'
const FORGOTTEN = 'Choisir un nouveau mot de passe'

beforeAll(async () => {
  portal = await startPortal({ env: CHEAP })
  await portal.startWorker()
})
beforeEach(() => forgetTries(portal))

async function ask(identifiant: string, organisme = 'estuaire', headers = {}): Promise<Answer> {
  const visitor = portal.visitor(organisme)
  await visitor.get('/mot-de-passe-oublie')
  return visitor.post('/mot-de-passe-oublie', { identifiant }, { 'x-forwarded-for': elsewhere(), ...headers })
}

async function mailsTo(address: string): Promise<CaughtMail[]> {
  const mails = await listCaught(caughtMails(portal.services.config), 'estuaire')
  return mails.filter((mail) => mail.a === address && mail.objet === FORGOTTEN)
}

/** Asks for a new password and gives the path of the link that was mailed. */
async function askedLink(identifiant: string): Promise<string> {
  const { rows } = await portal.owner.query<{ courriel: string }>(
    `select u.courriel from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
     where o.code = 'estuaire' and u.login = $1`,
    [identifiant],
  )
  const { courriel } = rows[0]!
  const before = (await mailsTo(courriel)).length
  await portal.owner.query(`update acces.jetons set cree_le = cree_le - interval '2 hours'`)
  await ask(identifiant)
  await expect.poll(async () => (await mailsTo(courriel)).length, { timeout: 10_000 }).toBe(before + 1)
  return pathOf((await mailsTo(courriel))[0]!)
}

async function choose(
  visitor: Visitor,
  path: string,
  nouveau = NEW,
  more: Record<string, string> = {},
): Promise<Answer> {
  await visitor.get('/mot-de-passe-oublie')
  return visitor.post(path, { nouveau, confirmation: nouveau, ...more }, { 'x-forwarded-for': elsewhere() })
}

const main = ({ text }: Answer) => text.slice(text.indexOf('<main'), text.indexOf('</main>'))

describe('F5, F127: a forgotten password', () => {
  it('the form asks for the number or the address and is sent by « Soumettre la demande »', async () => {
    const page = await portal.visitor().get('/mot-de-passe-oublie')
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('N° ou adresse électronique')
    expect(page.text).toContain('Soumettre la demande')
    expect(page.text).toContain('Je ne suis pas un robot')
    expect((await portal.visitor('sillage').get('/mot-de-passe-oublie')).text).toContain(
      'Adresse électronique',
    )
  })

  it('a link by mail, a new password, and every session is over', async () => {
    const elsewhereOpen = portal.visitor()
    await logIn(elsewhereOpen, '657')
    const path = await askedLink('657')
    expect(path).toMatch(/^\/mot-de-passe-oublie\/[A-Za-z0-9_-]{43}$/)
    const hashed = createHash('sha256').update(path.slice(-43)).digest()
    const { rows } = await portal.owner.query('select donnees from acces.jetons where empreinte = $1', [
      hashed,
    ])
    expect(rows, 'only the hash of the link is kept').toEqual([{ donnees: {} }])

    const visitor = portal.visitor()
    const form = await visitor.get(path)
    expect(checkHtml(form.text)).toEqual([])
    expect(form.text).toContain('Solène Carriveau')
    expect((await visitor.get(path)).status, 'reading the link uses nothing up').toBe(200)
    const done = await choose(visitor, path)
    expect(done.headers.location).toBe('/connexion')
    expect((await visitor.get('/connexion')).text).toContain('Votre mot de passe est changé')
    expect(await isIn(visitor), 'it signs nobody in').toBe(false)
    expect(await isIn(elsewhereOpen)).toBe(false)
    expect((await logIn(portal.visitor(), '657')).status).toBe(422)
    expect((await logIn(portal.visitor(), '657', NEW)).status).toBe(303)
    const [notice] = await mailsCaught(portal, 'estuaire', 'Votre mot de passe a été changé', 1)
    expect(notice!.a).toBe('solene.carriveau@atelier.example')

    const twice = await visitor.get(path)
    expect(twice.text).toContain('Ce lien a déjà servi.')
    expect(errorsOf(await choose(visitor, path, 'une autre phrase bien longue'))).toContain(
      'Ce lien a déjà servi.',
    )
  })

  it('two browsers that send the same link at once: one password is set', async () => {
    const path = await askedLink('940')
    const visitors = [portal.visitor(), portal.visitor()] as const
    await Promise.all(visitors.map((visitor) => visitor.get(path)))
    const answers = await Promise.all(
      visitors.map((visitor, i) => {
        const nouveau = `${NEW} numéro ${i}`
        return visitor.post(path, { nouveau, confirmation: nouveau }, { 'x-forwarded-for': elsewhere() })
      }),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
  })

  it('a newer link, a new password and time close it, and the page says so', async () => {
    const first = await askedLink('CNS1')
    const second = await askedLink('CNS1')
    expect((await portal.visitor().get(first)).text).toContain('Ce lien a expiré')
    await portal.owner.query(
      `update acces.jetons set expire_le = now() - interval '1 day' where expire_le > now()`,
    )
    const closed = await portal.visitor().get(second)
    expect(closed.text).toContain('Ce lien a expiré depuis hier.')
    expect(closed.text).toContain('En demander un autre')
    expect(checkHtml(closed.text)).toEqual([])
    const third = await askedLink('CNS1')
    await portal.owner.query(`update acces.secrets set version = version + 1
      where utilisateur_id in (select id from utilisateurs where login = 'CNS1')`)
    expect((await portal.visitor().get(third)).text).toContain('le mot de passe a changé depuis')
    expect((await choose(portal.visitor(), third)).status).toBe(422)
  })

  it('thirty minutes, once, and in its own organisme', async () => {
    const path = await askedLink('COL7')
    const { rows } = await portal.owner.query<{
      m: number
    }>(`select round(extract(epoch from expire_le - cree_le) / 60)::int as m
      from acces.jetons where usage = 'mot_de_passe' order by cree_le desc limit 1`)
    expect(rows[0]!.m).toBe(30)
    expect((await portal.visitor('midi').get(path)).status).toBe(404)
    expect((await portal.visitor().get('/mot-de-passe-oublie/trop-court')).status).toBe(404)
    expect((await portal.visitor().get(`/mot-de-passe-oublie/${'x'.repeat(43)}`)).status).toBe(404)
    expect((await portal.visitor().get(path.replace('/mot-de-passe-oublie/', '/activation/'))).status).toBe(
      404,
    )
  })

  it('a bad choice is explained, and the link still serves', async () => {
    const path = await askedLink('COL7')
    const visitor = portal.visitor()
    const short = await choose(visitor, path, 'court')
    expect(short.status).toBe(422)
    expect(errorsOf(short).replaceAll('\u00a0', ' ')).toContain('5 caractères : il en faut au moins 12')
    const differs = await choose(visitor, path, NEW, { confirmation: 'autre chose' })
    expect(errorsOf(differs)).toContain('Les deux mots de passe ne sont pas les mêmes.')
    expect((await choose(visitor, path, NEW, { role: 'administrateur' })).status).toBe(422)
    expect((await choose(visitor, path)).status).toBe(303)
  })

  it('abuse 20: words that everybody around can guess make no password', async () => {
    const path = await askedLink('COL7')
    for (const guess of [
      'Estuaire-Libourne-2026',
      'Lagrevol.Vauquelin.CNS1',
      'motdepasse2026!',
      'Password123456',
    ]) {
      expect((await choose(portal.visitor(), path, guess)).status, guess).toBe(422)
    }
  })

  it('three an hour for one account, even asked for at once, and nobody learns it', async () => {
    const pages = await Promise.all(Array.from({ length: 6 }, () => ask('COL14')))
    expect(new Set(pages.map((page) => `${page.status} ${page.headers.location as string}`)).size).toBe(1)
    const left = async () =>
      (
        await portal.owner.query(
          `select 1 from graphile_worker.jobs where task_identifier in ('connexion.oubli', 'courriels.envoyer')`,
        )
      ).rowCount
    await expect.poll(left, { timeout: 10_000 }).toBe(0)
    expect(await mailsTo('c.marchandeau@vauquelin.example')).toHaveLength(3)
  })

  it('an account shut by wrong passwords opens with the new one', async () => {
    for (let i = 0; i < 6; i++) await logIn(portal.visitor(), 'CNS2', 'faux')
    expect((await logIn(portal.visitor(), 'CNS2')).status).toBe(429)
    await choose(portal.visitor(), await askedLink('CNS2'), 'seize lampes vertes au grenier')
    expect((await logIn(portal.visitor(), 'CNS2', 'seize lampes vertes au grenier')).status).toBe(303)
  })

  it('never skips the second factor', async () => {
    const visitor = portal.visitor()
    await logIn(visitor, 'COL3')
    await setUpSecondFactor(visitor)
    await choose(portal.visitor(), await askedLink('COL3'))
    const answer = await logIn(portal.visitor(), 'COL3', NEW)
    expect(answer.headers.location).toBe('/connexion/second-facteur')
  })

  it('abuse 15: the link holds the host of the organisme, whatever the request said', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const req = request(
        { port: portal.port, path: '/mot-de-passe-oublie', headers: { host: 'evil.test' } },
        (res) => {
          res.resume()
          resolve(res.statusCode ?? 0)
        },
      )
      req.on('error', reject)
      req.end()
    })
    expect(status).toBe(421)
    expect(
      (await ask('admin@estuaire.example', 'estuaire', { 'x-forwarded-host': 'evil.test' })).status,
    ).toBe(421)
    await ask('admin@estuaire.example', 'estuaire', {
      forwarded: 'host=evil.test',
      'x-original-host': 'evil.test',
    })
    await expect
      .poll(async () => (await mailsTo('admin@estuaire.example')).length, { timeout: 10_000 })
      .toBe(1)
    const [mail] = await mailsTo('admin@estuaire.example')
    expect(new URL(mail!.lien!).host).toBe(`localhost:${portal.port}`)
  })

  it('abuse 14: the same answer and the same work for unknown, known, gone, and guarded by a second factor', async () => {
    const answers: Answer[] = []
    for (const who of ['987654', 'agent@estuaire.example', 'COL4', 'COL3', 'personne@ailleurs.example']) {
      const before = await portal.owner.query('select count(*)::int as n from acces.jetons')
      const visitor = portal.visitor()
      await visitor.get('/mot-de-passe-oublie')
      const first = await visitor.post(
        '/mot-de-passe-oublie',
        { identifiant: who },
        { 'x-forwarded-for': elsewhere() },
      )
      answers.push(first)
      const page = await visitor.get(first.headers.location as string)
      expect(main(page)).toContain('Si un compte correspond à ce que vous avez indiqué')
      answers.push(page)
      expect(before.rowCount).toBe(1)
    }
    const posts = answers.filter((_, i) => i % 2 === 0)
    const pages = answers.filter((_, i) => i % 2 === 1)
    expect(
      new Set(
        posts.map((answer) => `${answer.status} ${answer.headers.location as string} ${answer.body.length}`),
      ).size,
    ).toBe(1)
    expect(new Set(pages.map(main)).size).toBe(1)
    expect(new Set(pages.map((page) => page.body.length)).size).toBe(1)
  })
})

describe('activation of an account', () => {
  /** A new collaborateur of CNS1, without password. */
  async function newcomer(login: string): Promise<string> {
    const { organismeId, structureId } = await portal.person('estuaire', 'CNS1')
    const { rows } = await portal.owner.query<{ id: string }>(
      `insert into utilisateurs (organisme_id, login, courriel, nom, prenom, role, structure_id)
       values ($1, $2, $3, 'Peyrelongue', 'Aliénor', 'collaborateur', $4) returning id`,
      [organismeId, login, `${login.toLowerCase()}@vauquelin.example`, structureId],
    )
    return rows[0]!.id
  }
  const invite = (id: string) =>
    portal.as('estuaire', 'agent@estuaire.example', (db) => createActivation(db, id))

  it('the person chooses the password; no password ever travels by mail', async () => {
    const id = await newcomer('COL50')
    const path = await invite(id)
    expect((await logIn(portal.visitor(), 'COL50', '')).status).toBe(422)
    const visitor = portal.visitor()
    const page = await visitor.get(path)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('Aliénor Peyrelongue')
    expect(page.text).toContain('COL50')
    expect(page.text).toContain('Au moins 12 caractères')
    expect((await choose(visitor, path)).headers.location).toBe('/connexion')
    const { rows } = await portal.owner.query<{ actif: boolean }>(
      'select active_le is not null as actif from utilisateurs where id = $1',
      [id],
    )
    expect(rows[0]!.actif).toBe(true)
    expect((await logIn(portal.visitor(), 'COL50', NEW)).status).toBe(303)
    expect((await portal.visitor().get(path)).text).toContain('Ce lien a déjà servi.')
  })

  it('lives 72 hours, and « mot de passe oublié » sends a fresh one to whoever never activated', async () => {
    const id = await newcomer('COL51')
    const path = await invite(id)
    const { rows } = await portal.owner.query<{ h: number }>(
      `select round(extract(epoch from expire_le - cree_le) / 3600)::int as h from acces.jetons where utilisateur_id = $1`,
      [id],
    )
    expect(rows[0]!.h).toBe(72)
    await portal.owner.query(`update acces.jetons set expire_le = now() where utilisateur_id = $1`, [id])
    expect((await portal.visitor().get(path)).text).toContain('Ce lien a expiré')
    await ask('COL51')
    const [mail] = await mailsCaught(portal, 'estuaire', 'Activer votre accès à l’extranet', 1)
    expect((await choose(portal.visitor(), pathOf(mail!))).status).toBe(303)
  })

  it('abuse 16: refused to somebody else who is signed in, with a changed role, and after revocation', async () => {
    const id = await newcomer('COL52')
    const path = await invite(id)
    const other = portal.visitor()
    await logIn(other, '940', undefined)
    const armel = await portal.login('estuaire', 'COL7')
    const asOther = await choose(armel, path)
    expect(asOther.status).toBe(422)
    expect(errorsOf(asOther)).toContain('Ce lien est celui de quelqu’un d’autre')
    expect((await armel.get(path)).text).toContain('déconnectez-vous avant de l’utiliser')

    expect((await choose(portal.visitor(), path, NEW, { role: 'permanent' })).status).toBe(422)

    await portal.owner.query(`update utilisateurs set role = 'superviseur' where id = $1`, [id])
    expect(errorsOf(await choose(portal.visitor(), path))).toContain(
      'Votre accès a été modifié depuis l’envoi',
    )
    await portal.owner.query(`update utilisateurs set role = 'collaborateur' where id = $1`, [id])

    await portal.as('estuaire', 'agent@estuaire.example', (db) => revokeActivation(db, id))
    expect((await choose(portal.visitor(), path)).status).toBe(422)
    const { rows } = await portal.owner.query<{ mot_de_passe: string | null }>(
      'select mot_de_passe from acces.secrets where utilisateur_id = $1',
      [id],
    )
    expect(rows[0]!.mot_de_passe).toBeNull()
  })

  it('nobody makes one for a person whom he does not see', async () => {
    const { id } = await portal.person('estuaire', '940')
    await expect(portal.as('midi', 'agent@midi.example', (db) => createActivation(db, id))).rejects.toThrow(
      'utilisateur',
    )
    await expect(portal.as('estuaire', '657', (db) => createActivation(db, id))).rejects.toThrow(
      'utilisateur',
    )
  })
})
