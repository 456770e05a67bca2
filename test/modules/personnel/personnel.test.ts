import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let admin: Visitor

const LISTE = '/gestion/personnel'
const FICHE = {
  civilite: 'Mme',
  prenom: 'Lucile',
  nom: 'Arrizabalaga',
  fonction: 'Chargée d’études',
  role: 'permanent',
  droits: 'tout',
}
const idOf = async (login: string) => (await portal.person('estuaire', login)).id
const pathOf = async (login: string) => `${LISTE}/${await idOf(login)}`

beforeAll(async () => {
  portal = await startPortal()
})

beforeEach(async () => {
  await portal.owner.query('delete from courriels')
  admin = await portal.login('estuaire', 'admin@estuaire.example')
})

async function mails(): Promise<{ modele: string; donnees: Record<string, string> }[]> {
  const { rows } = await portal.owner.query<{ modele: string; donnees: Record<string, string> }>(
    'select modele, donnees from courriels order by cree_le',
  )
  return rows
}

describe('the staff', () => {
  it('is kept by administrateurs, and by nobody else', async () => {
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    expect((await agent.get(LISTE)).status).toBe(403)
    expect((await agent.post(`${LISTE}/nouveau`, { ...FICHE, courriel: 'a@b.example' })).status).toBe(403)
    expect((await agent.get('/')).text).not.toContain(`href="${LISTE}"`)
    for (const path of [
      LISTE,
      `${LISTE}/nouveau`,
      await pathOf('agent@estuaire.example'),
      `${await pathOf('agent@estuaire.example')}/modification`,
    ]) {
      const page = await admin.get(path)
      expect([path, page.status]).toEqual([path, 200])
      expect(checkHtml(page.text)).toEqual([])
    }
    expect((await admin.get(await pathOf('657'))).status).toBe(404)
  })

  it('is invited by a link; a permanent given some work can do that and no more', async () => {
    const answer = await admin.post(`${LISTE}/nouveau`, {
      ...FICHE,
      courriel: 'lucile@estuaire.example',
      droits: 'choisis',
      domaines: ['courriers', 'contenus'],
    })
    expect(answer.status).toBe(303)
    expect((await mails()).map(({ modele }) => modele)).toEqual(['activation'])
    await portal.owner.query(
      `update utilisateurs set active_le = now() where login = 'lucile@estuaire.example'`,
    )
    const lucile = await portal.login('estuaire', 'lucile@estuaire.example')
    expect((await lucile.get('/gestion/courriers')).status).toBe(200)
    for (const path of [
      '/gestion/transferts',
      '/gestion/comptes',
      '/gestion/personnel',
      '/gestion/reglages',
      '/gestion/messages',
    ]) {
      expect([path, (await lucile.get(path)).status]).toEqual([path, 403])
    }
    const home = (await lucile.get('/')).text
    expect(home).toContain('href="/gestion/courriers"')
    expect(home).not.toContain('href="/gestion/transferts"')
    expect(home).not.toContain('href="/gestion/comptes"')
    const twice = await admin.post(`${LISTE}/nouveau`, { ...FICHE, courriel: 'LUCILE@estuaire.example' })
    expect(twice.text).toContain('déjà celle d’un autre compte')
  })

  it('whose rights change is told by mail and signed out; the journal keeps before and after', async () => {
    const lucile = await portal.login('estuaire', 'lucile@estuaire.example')
    const page = `${await pathOf('lucile@estuaire.example')}/modification`
    expect((await admin.post(page, { ...FICHE, droits: 'choisis', domaines: 'demandes' })).status).toBe(303)
    expect((await lucile.get('/')).headers.location).toContain('/connexion')
    expect(await mails()).toEqual([
      { modele: 'compte-securite', donnees: { lien: '/connexion', quoi: 'droits' } },
    ])
    const { rows } = await portal.owner.query<{ detail: unknown }>(
      `select detail from journal where action = 'personnel.droits' order by numero desc limit 1`,
    )
    expect(rows[0]!.detail).toEqual({
      de: { role: 'permanent', domaines: ['courriers', 'contenus'] }, vers: { role: 'permanent', domaines: ['demandes'] },
    }) // prettier-ignore
    expect((await admin.post(page, { ...FICHE, droits: 'choisis', domaines: 'royaume' })).status).toBe(422)
  })

  it('an administrateur cannot change, block or send away himself', async () => {
    const self = await pathOf('admin@estuaire.example')
    const mine = { civilite: 'M.', prenom: 'Gaspard', nom: 'Thévenin', fonction: 'Directeur' }
    const lower = await admin.post(`${self}/modification`, { ...mine, role: 'permanent', droits: 'tout' })
    expect(lower.status).toBe(422)
    expect(lower.text).toContain('un autre administrateur le peut')
    expect((await admin.post(`${self}/blocage`, { motif: 'Un essai' })).status).toBe(422)
    expect((await admin.post(`${self}/depart`, { le: '2026-12-31' })).status).toBe(422)
    expect(
      (
        await admin.post(`${self}/modification`, {
          ...mine,
          fonction: 'Directeur général',
          role: 'administrateur',
        })
      ).status,
    ).toBe(303)
  })

  it('the last administrateur stays, also when two go at the same instant', async () => {
    await admin.post(`${LISTE}/nouveau`, {
      ...FICHE,
      nom: 'Deuxième',
      role: 'administrateur',
      courriel: 'deux@estuaire.example',
    })
    await portal.owner.query(
      `update utilisateurs set active_le = now() where login = 'deux@estuaire.example'`,
    )
    const deux = await portal.login('estuaire', 'deux@estuaire.example')
    const [first, second] = await Promise.all([
      deux.post(`${await pathOf('admin@estuaire.example')}/blocage`, { motif: 'Un essai' }),
      admin.post(`${await pathOf('deux@estuaire.example')}/blocage`, { motif: 'Un essai' }),
    ])
    const { rows } = await portal.owner.query(
      `select from utilisateurs where role = 'administrateur' and bloque_le is null and login like '%@estuaire.example'`,
    )
    expect([first.status, second.status, rows.length]).toContain(303)
    expect(rows).toHaveLength(1)
    await portal.owner.query(`update utilisateurs set bloque_le = null where login like '%@estuaire.example'`)
    await portal.owner.query(
      `update utilisateurs set role = 'permanent' where login = 'deux@estuaire.example'`,
    )
    const admin2 = await portal.login('estuaire', 'admin@estuaire.example')
    expect(
      (await admin2.post(`${await pathOf('agent@estuaire.example')}/blocage`, { motif: 'Un essai' })).status,
    ).toBe(303)
    expect((await admin2.post(`${await pathOf('agent@estuaire.example')}/deblocage`)).status).toBe(303)
  })

  it('leaves at a day: from then on nobody comes in by that account, and it may be undone', async () => {
    const page = await pathOf('agent@estuaire.example')
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    const { rows } = await portal.owner.query<{ demain: string; hui: string }>(
      `select to_char(current_date + 1, 'YYYY-MM-DD') as demain, to_char(current_date, 'YYYY-MM-DD') as hui`,
    )
    expect((await admin.post(`${page}/depart`, { le: rows[0]!.demain })).status).toBe(303)
    expect((await agent.get('/')).status).toBe(200)
    expect((await admin.post(`${page}/retour`)).status).toBe(303)
    expect((await admin.post(`${page}/depart`, { le: rows[0]!.hui })).status).toBe(303)
    expect((await agent.get('/')).headers.location).toContain('/connexion')
    expect((await admin.post(`${page}/retour`)).status).toBe(303)
  })
})

describe('the database, whatever the code does', () => {
  it('lets no permanent make staff, raise himself or anybody, nor an administrateur change himself', async () => {
    const agent = await idOf('agent@estuaire.example')
    const gaspard = await idOf('admin@estuaire.example')
    const asAgent = (query: ReturnType<typeof sql>) =>
      portal.as('estuaire', 'agent@estuaire.example', (db) => db.run(query))
    const asAdmin = (query: ReturnType<typeof sql>) =>
      portal.as('estuaire', 'admin@estuaire.example', (db) => db.run(query))
    const denied = { code: '42501' }
    await expect(
      asAgent(sql`update utilisateurs set role = 'administrateur' where id = ${agent}`),
    ).rejects.toMatchObject(denied)
    await expect(
      asAgent(sql`update utilisateurs set domaines = '{courriers}' where id = ${agent}`),
    ).rejects.toMatchObject(denied)
    await expect(
      asAgent(sql`update utilisateurs set bloque_le = now() where id = ${gaspard}`),
    ).rejects.toMatchObject(denied)
    await expect(
      asAgent(sql`update utilisateurs set courriel = 'moi@x.example' where id = ${gaspard}`),
    ).rejects.toMatchObject(denied)
    await expect(
      asAgent(
        sql`insert into utilisateurs (login, nom, role) values ('pirate@x.example', 'Pirate', 'administrateur')`,
      ),
    ).rejects.toMatchObject(denied)
    await expect(
      asAdmin(sql`update utilisateurs set role = 'permanent' where id = ${gaspard}`),
    ).rejects.toMatchObject(denied)
    await expect(
      asAdmin(sql`update utilisateurs set bloque_le = now() where id = ${gaspard}`),
    ).rejects.toMatchObject({ constraint: 'dernier_administrateur' })
  })
})
