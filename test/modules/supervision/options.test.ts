import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEMO } from '../../../src/kernel/config.ts'
import { sql } from '../../../src/kernel/sql.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let cabinet: Visitor
let structure: string

beforeAll(async () => {
  portal = await startPortal()
  structure = (await portal.person('estuaire', 'CNS1')).structureId!
})

beforeEach(async () => {
  cabinet = await portal.login('estuaire', 'CNS1')
  await portal.owner.query('delete from courriels')
  await portal.owner.query(
    `update structures set supervision_depuis = now(), comptes_depuis = now(), portefeuille_partage_depuis = null
     where id = $1`,
    [structure],
  )
})

async function options(): Promise<{ s: boolean; c: boolean; p: boolean }> {
  const { rows } = await portal.owner.query<{ s: boolean; c: boolean; p: boolean }>(
    `select supervision_depuis is not null as s, comptes_depuis is not null as c,
       portefeuille_partage_depuis is not null as p from structures where id = $1`,
    [structure],
  )
  return rows[0]!
}

const waiting = async () =>
  (
    await portal.owner.query<{ n: number }>(
      `select count(*)::int as n from reponses where structure_id = $1 and transmise_le is null and rejetee_le is null`,
      [structure],
    )
  ).rows[0]!.n

async function logIn(login: string): Promise<number> {
  const visitor = portal.visitor()
  await visitor.get('/connexion')
  const fields = { statut: 'cabinet', identifiant: login, motDePasse: DEMO.password }
  return (await visitor.post('/connexion', fields)).status
}

describe('the options of the cabinet', () => {
  it('F68 F72: are shown in the words of the guide, with the menu of the guide', async () => {
    const page = await cabinet.get('/supervision')
    expect(page.status).toBe(200)
    for (const text of [
      'Superviser les réponses de mes collaborateurs avant envoi ?',
      'Activer les comptes de vos collaborateurs ?',
      'Chaque collaborateur pourra s’authentifier directement sur la page d’accueil.',
      'Gestion collaborateur', 'Gestion dossiers', 'Validation des réponses',
    ]) expect(page.text).toContain(text) // prettier-ignore
    expect(checkHtml(page.text)).toEqual([])
  })

  it('F74: the log-in of the cabinet keeps its own password, and is led to change it', async () => {
    expect((await cabinet.get('/supervision')).text).toContain('href="/profil/mot-de-passe"')
    expect((await cabinet.get('/profil/mot-de-passe')).status).toBe(200)
  })

  it('each is changed on a page that says before what happens, and posting once is enough', async () => {
    for (const option of ['reponses', 'comptes', 'portefeuille']) {
      const page = await cabinet.get(`/supervision/${option}`)
      expect(page.status).toBe(200)
      expect(page.text).toContain('Si vous répondez')
      expect(checkHtml(page.text)).toEqual([])
    }
    expect(await options()).toEqual({ s: true, c: true, p: false })
    const again = await cabinet.post('/supervision/reponses', { valeur: 'oui' })
    expect(again.status).toBe(422)
    expect(again.text).toContain('déjà sur « Oui »')
    expect((await cabinet.post('/supervision/reponses', { valeur: 'peut-être' })).status).toBe(422)
    expect(
      (await cabinet.post('/supervision/reponses', { valeur: 'non', structure_id: structure })).status,
    ).toBe(422)
    expect(await options()).toEqual({ s: true, c: true, p: false })
  })

  it('F68: switched off, what waits is counted before, and stays in the queue: nothing leaves unread', async () => {
    const before = await waiting()
    expect(before).toBeGreaterThan(0)
    const page = await cabinet.get('/supervision/reponses')
    expect(page.text).toMatch(new RegExp(`${before}\u00a0réponses? atten(d|dent)`))
    const answer = await cabinet.post('/supervision/reponses', { valeur: 'non' })
    expect(answer.headers.location).toBe('/supervision')
    expect(await options()).toMatchObject({ s: false })
    expect(await waiting()).toBe(before)
    expect((await cabinet.get('/supervision/validations')).status).toBe(200)
    const { rows } = await portal.owner.query(
      'select action, objet_id from journal order by numero desc limit 1',
    )
    expect(rows).toEqual([{ action: 'supervision.reponses.non', objet_id: structure }])
  })

  it('F72: accounts switched off, every collaborateur is out at once and cannot come in; on again, they are back', async () => {
    const capucine = await portal.login('estuaire', 'COL14')
    const jeremie = await portal.login('estuaire', 'COL16')
    const foreign = await portal.login('midi', 'COL14')
    expect((await capucine.get('/')).status).toBe(200)
    expect((await cabinet.get('/supervision/comptes')).text).toMatch(/sessions? ouvertes?/)
    expect((await cabinet.post('/supervision/comptes', { valeur: 'non' })).status).toBe(303)
    expect((await capucine.get('/')).status).toBe(303)
    expect((await jeremie.get('/')).status).toBe(303)
    expect((await foreign.get('/')).status).toBe(200)
    expect(await logIn('COL14')).toBe(422)
    expect(await logIn('COL16')).toBe(422)
    expect(await logIn('CNS1')).toBe(303)
    // A session that would have been kept somewhere is worth nothing either.
    const kept = await portal.login('estuaire', 'COL14')
    expect((await kept.get('/')).status).toBe(303)
    expect((await cabinet.post('/supervision/comptes', { valeur: 'oui' })).status).toBe(303)
    expect(await logIn('COL14')).toBe(303)
  })

  it('F73: accounts switched on, those who never had a password are mailed a link, and no password', async () => {
    await portal.owner.query('update structures set comptes_depuis = null where id = $1', [structure])
    const { organismeId } = await portal.person('estuaire', 'CNS1')
    await portal.owner.query(
      `insert into utilisateurs (organisme_id, login, courriel, nom, role, structure_id)
       values ($1, 'COL70', 'col70@vauquelin.example', 'Neuve', 'collaborateur', $2),
         ($1, 'COL71', '', 'Sans adresse', 'collaborateur', $2)`,
      [organismeId, structure],
    )
    expect((await cabinet.get('/supervision/comptes')).text).toContain('1\u00a0collaborateur reçoit')
    await cabinet.post('/supervision/comptes', { valeur: 'oui' })
    const { rows } = await portal.owner.query<{
      modele: string
      destinataire: string
      donnees: { lien: string }
    }>('select modele, destinataire, donnees from courriels')
    expect(rows).toMatchObject([{ modele: 'activation', destinataire: 'col70@vauquelin.example' }])
    expect((await portal.visitor().get(rows[0]!.donnees.lien)).text).toContain('name="nouveau"')
  })

  it('a cabinet chooses whether its collaborateurs see all its clients or only theirs', async () => {
    const armel = await portal.login('estuaire', 'COL7')
    const solene = `/clients/${(await portal.person('estuaire', '657')).adherentId}`
    expect((await armel.get(solene)).status).toBe(404)
    await cabinet.post('/supervision/portefeuille', { valeur: 'oui' })
    expect((await armel.get(solene)).status).toBe(200)
    await cabinet.post('/supervision/portefeuille', { valeur: 'non' })
    expect((await armel.get(solene)).status).toBe(404)
  })

  it('two people who answer at the same instant change it once', async () => {
    const jeremie = await portal.login('estuaire', 'COL16')
    const answers = await Promise.all(
      [cabinet, jeremie].map((who) => who.post('/supervision/reponses', { valeur: 'non' })),
    )
    expect(answers.map((a) => a.status).sort()).toEqual([303, 422])
  })
})

describe('who may', () => {
  it('a superviseur supervises, and leaves the accounts to the cabinet, his own being one of them', async () => {
    const jeremie = await portal.login('estuaire', 'COL16')
    const page = await jeremie.get('/supervision')
    expect(page.text).toContain('Se change avec le compte CNS1')
    expect(page.text).not.toContain('href="/supervision/comptes"')
    expect((await jeremie.get('/supervision/comptes')).status).toBe(403)
    expect((await jeremie.post('/supervision/comptes', { valeur: 'non' })).status).toBe(403)
    expect((await jeremie.post('/supervision/reponses', { valeur: 'non' })).status).toBe(303)
  })

  it('a collaborateur, an adhérent and the staff do not: 403, and the database refuses a collaborateur too', async () => {
    for (const login of ['COL14', '657', 'agent@estuaire.example']) {
      const who = await portal.login('estuaire', login)
      for (const path of ['', '/reponses', '/comptes', '/portefeuille']) {
        expect([login, path, (await who.get(`/supervision${path}`)).status]).toEqual([login, path, 403])
      }
      expect((await who.post('/supervision/portefeuille', { valeur: 'oui' })).status).toBe(403)
    }
    await portal.as('estuaire', 'COL14', async (db) => {
      expect(await db.run(sql`update structures set portefeuille_partage_depuis = now()`)).toBe(0)
      expect(await db.run(sql`update structures set supervision_depuis = null`)).toBe(0)
    })
    expect(await options()).toEqual({ s: true, c: true, p: false })
  })

  it('no cabinet touches another: the act is always on its own row', async () => {
    const other = await portal.login('estuaire', 'CNS2')
    await other.post('/supervision/portefeuille', { valeur: 'oui' })
    expect(await options()).toMatchObject({ p: false })
  })
})
