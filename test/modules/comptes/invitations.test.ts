import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bilanOf } from '../../../src/modules/comptes/invitations/bilan.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { runTravail } from '../../support/travail.ts'

let portal: Portal
let agent: Visitor

const PAGE = '/gestion/comptes/invitations'
const ESTUAIRE = `(select id from plateforme.organismes where code = 'estuaire')`
const SANS_COMPTE = `a.organisme_id = ${ESTUAIRE} and (a.perte_qualite_le is null or a.perte_qualite_le > current_date)
  and not exists (select from utilisateurs u where u.organisme_id = a.organisme_id and u.adherent_id = a.id)`

async function rows<T>(text: string): Promise<T[]> {
  return (await portal.owner.query(text)).rows as T[]
}

async function count(text: string): Promise<number> {
  return (await rows<{ n: number }>(`select count(*)::int as n from ${text}`))[0]!.n
}

const joignables = () => count(`adherents a where ${SANS_COMPTE} and a.courriel <> ''`)
const mails = () => count(`courriels where modele = 'activation'`)

/** Asks for all of them. @returns the id of the work */
async function inviteAll(): Promise<string> {
  const asked = await agent.post(`${PAGE}/toutes`)
  expect(asked.status, asked.text.slice(0, 300)).toBe(303)
  return String(asked.headers.location).split('/').at(-1)!
}

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

beforeEach(async () => {
  // As the demo is born: those who were invited by a test have no account again.
  await portal.owner.query(`
    delete from courriels; delete from invitations_ecartees; delete from travaux where genre = 'comptes.inviter';
    update plateforme.organismes set quota_comptes = null;
    delete from acces.jetons j using utilisateurs u where u.id = j.utilisateur_id and u.cree_le > now() - interval '1 hour'
      and u.role = 'adherent' and u.active_le is null;
    delete from acces.secrets x using utilisateurs u where u.id = x.utilisateur_id and u.cree_le > now() - interval '1 hour'
      and u.role = 'adherent' and u.active_le is null;
    delete from utilisateurs where cree_le > now() - interval '1 hour' and role = 'adherent' and active_le is null`)
})

describe('inviting many', () => {
  it('those who are ticked get their link at once', async () => {
    const page = await agent.get(PAGE)
    expect(checkHtml(page.text)).toEqual([])
    const ids = [...page.text.matchAll(/name="adherent" value="([0-9a-f-]{36})"/g)].map(([, id]) => id!)
    expect(ids.length).toBeGreaterThan(5)
    expect((await agent.post(PAGE, { adherent: ids.slice(0, 2) })).status).toBe(303)
    expect((await agent.post(PAGE, { adherent: ids.slice(0, 2) })).status).toBe(303)
    expect(await mails()).toBe(2)
    expect((await agent.post(PAGE)).status).toBe(422)
    const next = await agent.get(`${PAGE}?apres=${ids.at(-2)!}`)
    expect([...next.text.matchAll(/name="adherent" value="([0-9a-f-]{36})"/g)][0]![1]).toBe(ids.at(-1))
    const back = await agent.get(`${PAGE}?avant=${ids.at(-1)!}`)
    expect([...back.text.matchAll(/name="adherent" value="([0-9a-f-]{36})"/g)].at(-1)![1]).toBe(ids.at(-2))
    const csv = await agent.get(`${PAGE}.csv`)
    expect(csv.text.trim().split('\n')).toHaveLength(1 + (await joignables()))
  })

  it('all of them, by a work with its progress, its report, and nobody invited twice', async () => {
    const before = await joignables()
    const preview = await agent.get(`${PAGE}/toutes`)
    expect(preview.text).toContain(`Inviter ${before}\u00a0personnes`)
    expect(checkHtml(preview.text)).toEqual([])
    const id = await inviteAll()
    const running = await agent.get(`${PAGE}/envois/${id}`)
    expect(running.text).toContain('Annuler les invitations')
    const second = await agent.post(`${PAGE}/toutes`)
    expect(second.status).toBe(422)
    expect(second.text).toContain('Des invitations sont déjà en cours')
    const done = await runTravail(portal, 'estuaire', id)
    expect(done).toMatchObject({ etat: 'termine', fait: before, total: before })
    expect(await mails()).toBe(before)
    expect(await joignables()).toBe(0)
    expect(
      await count(
        `journal where action = 'compte.cree' and acteur like 'Maud Lescarret%' and requete = 'comptes.inviter'`,
      ),
    ).toBe(before)
    const again = await agent.post(`${PAGE}/toutes`)
    expect(again.status).toBe(422)
    expect(again.text).toContain('Personne ne peut être invité pour le moment')
    expect((await agent.get(PAGE)).text).toContain('Tous ceux qui ont une adresse ont un compte')
  })

  it('when accounts are counted: says before how many there is room for, and after who was left out and why', async () => {
    const [first, without] = await rows<{ id: string; numero: string; denomination: string }>(
      `select a.id, a.numero, a.denomination from adherents a where ${SANS_COMPTE} and a.courriel <> ''
       order by a.recherche, a.id`,
    )
    await portal.owner.query(`
      update adherents set courriel = '' where id = '${without!.id}';
      insert into utilisateurs (organisme_id, login, nom, role, structure_id)
        select ${ESTUAIRE}, '${first!.numero}', 'Homonyme', 'collaborateur', id from structures
        where numero = 'CNS2' and organisme_id = ${ESTUAIRE};
      update plateforme.organismes set quota_comptes = 3 + (select count(*) from utilisateurs u
        where u.organisme_id = organismes.id and (u.parti_le is null or u.parti_le > current_date)) where code = 'estuaire'`)
    const before = await joignables()
    const preview = await agent.get(`${PAGE}/toutes`)
    expect(preview.text).toContain('Inviter 3\u00a0personnes')
    expect(preview.text).toContain('Il reste 3\u00a0places')
    for (const [n, why] of [
      [before - 4, 'Plus de place'],
      [1, 'Identifiant déjà pris'],
    ] as const)
      expect(preview.text).toContain(`<strong>${n}</strong> – ${why}`)
    const id = await inviteAll()
    const done = await runTravail(portal, 'estuaire', id)
    expect(done.etat).toBe('termine')
    expect(await mails()).toBe(3)
    const sansAdresse = await count(`adherents a where ${SANS_COMPTE} and a.courriel = ''`)
    expect(done.rapport).toEqual({ invites: 3, identifiant: 1, places: before - 4, adresse: sansAdresse })
    const report = await agent.get(`${PAGE}/envois/${id}`)
    expect(checkHtml(report.text)).toEqual([])
    for (const words of ['Plus de place', 'Identifiant déjà pris', 'Pas d’adresse électronique'])
      expect(report.text).toContain(words)
    const csv = await agent.get(`${PAGE}/envois/${id}/ecartes.csv`)
    expect(csv.text.trim().split('\n')).toHaveLength(1 + before - 3 + sansAdresse)
    expect(csv.text).toMatch(new RegExp(`^"${first!.numero}";.*Identifiant déjà pris`, 'm'))
    expect(csv.text).toMatch(new RegExp(`^"${without!.numero}";.*Pas d’adresse électronique`, 'm'))
    // No room at all: refused before it begins, with why.
    const full = await agent.post(`${PAGE}/toutes`)
    expect(full.status).toBe(422)
    expect(full.text).toContain('Il reste 0\u00a0place')
  })

  it('cancelled on its way, it says how many were not reached', async () => {
    const before = await joignables()
    const id = await inviteAll()
    const pause = await agent.post(`/gestion/travaux/${id}/pause`)
    expect([pause.status, pause.headers.location]).toEqual([303, `${PAGE}/envois/${id}`])
    expect((await runTravail(portal, 'estuaire', id)).etat).toBe('en_pause')
    expect((await agent.get(`/gestion/travaux/${id}/annulation`)).text).toContain(
      'les autres ne partiront pas',
    )
    expect((await agent.post(`/gestion/travaux/${id}/annulation`)).status).toBe(303)
    expect((await agent.get(`${PAGE}/envois/${id}`)).text).toContain(
      `<strong>${before}</strong> – Pas encore invités`,
    )
    expect(await mails()).toBe(0)
  })

  it('is the business of the staff of that organisme', async () => {
    const id = await inviteAll()
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.get(`${PAGE}/envois/${id}`)).status).toBe(404)
    expect((await foreign.get(`${PAGE}/envois/${id}/ecartes.csv`)).status).toBe(404)
    expect((await (await portal.login('estuaire', 'CNS1')).post(`${PAGE}/toutes`)).status).toBe(403)
  })

  it('counts its places as the quota does', () => {
    const compte = { joignables: 10, pris: 2, sansAdresse: 4 }
    expect(bilanOf(compte, { prevues: null, prises: 0 })).toMatchObject({ invites: 8, restantes: null })
    expect(bilanOf(compte, { prevues: 20, prises: 15 })).toMatchObject({
      invites: 5,
      ecartes: [
        { raison: 'places', nombre: 3 },
        { raison: 'identifiant', nombre: 2 },
        { raison: 'adresse', nombre: 4 },
      ],
    })
    // The quota was lowered below what there is.
    expect(bilanOf(compte, { prevues: 5, prises: 15 })).toMatchObject({ invites: 0, restantes: 0 })
  })
})
