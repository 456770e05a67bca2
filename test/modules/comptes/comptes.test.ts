import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEMO } from '../../../src/kernel/config.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor
let admin: Visitor

const LISTE = '/gestion/comptes'
const motif = 'Vue au guichet, pièce d’identité'
const motDePasse = DEMO.password

beforeAll(async () => {
  portal = await startPortal()
})

beforeEach(async () => {
  await portal.owner.query('delete from courriels')
  await portal.owner.query('delete from acces.tentatives')
  agent = await portal.login('estuaire', 'agent@estuaire.example')
  admin = await portal.login('estuaire', 'admin@estuaire.example')
})

const idOf = async (login: string) => (await portal.person('estuaire', login)).id
const pathOf = async (login: string) => `${LISTE}/${await idOf(login)}`

async function mails(): Promise<{ modele: string; donnees: Record<string, string> }[]> {
  const { rows } = await portal.owner.query<{ modele: string; donnees: Record<string, string> }>(
    'select modele, donnees from courriels order by cree_le, cle',
  )
  return rows
}

describe('the list of accounts', () => {
  it('holds members and the people of cabinets, never the staff, and finds them by words, role and state', async () => {
    const all = await agent.get(LISTE)
    expect(checkHtml(all.text)).toEqual([])
    for (const login of ['657', 'CNS1', 'COL14']) expect(all.text).toContain(await pathOf(login))
    expect(all.text).not.toContain(await pathOf('agent@estuaire.example'))
    const found = await agent.get(`${LISTE}?mots=carriveau+SOLENE`)
    expect(found.text).toContain(await pathOf('657'))
    expect(found.text).not.toContain(await pathOf('940'))
    expect((await agent.get(`${LISTE}?role=cabinet`)).text).not.toContain(await pathOf('657'))
    expect((await agent.get(`${LISTE}?etat=parti`)).text).toContain(await pathOf('COL4'))
    expect((await agent.get(`${LISTE}?etat=bloque`)).text).toContain('Aucun compte ne correspond')
    expect((await agent.get(`${LISTE}?facteur=avec`)).text).not.toContain(await pathOf('657'))
  })

  it('leaves as a table with the filters of the page, to whoever has just given his password', async () => {
    const csv = await agent.get(`${LISTE}.csv?role=cabinet`)
    expect(csv.text).toContain('"CNS1"')
    expect(csv.text).not.toContain('"657"')
    await portal.owner.query(`update acces.sessions set donnees = donnees::jsonb - 'confirmeLe'`)
    const asked = await agent.get(`${LISTE}.csv`)
    expect([asked.status, String(asked.headers.location).split('?')[0]]).toEqual([303, '/confirmation'])
  })

  it.each(['nom', 'login', 'connexion'])(
    'pages through everybody once, sorted by %s both ways',
    async (tri) => {
      const { rows: organisme } = await portal.owner.query<{ id: string }>(
        `select id from plateforme.organismes where code = 'estuaire'`,
      )
      await portal.owner.query(`insert into utilisateurs (organisme_id, login, nom, role, structure_id, derniere_connexion_le)
      select $1, 'T' || n, 'Témoin ' || (n % 7), 'collaborateur', (select id from structures where numero = 'CNS2'),
        case when n % 3 = 0 then null else now() - n * interval '1 hour' end
      from generate_series(1, 120) n on conflict do nothing`, [organisme[0]!.id]) // prettier-ignore
      const { rows } = await portal.owner.query<{ n: number }>(
        `select count(*)::int as n from utilisateurs where organisme_id = $1 and role in ('adherent','cabinet','superviseur','collaborateur')`,
        [organisme[0]!.id],
      )
      for (const sens of ['asc', 'desc']) {
        const seen: string[] = []
        let next: string | undefined = `${LISTE}?tri=${tri}&sens=${sens}`
        while (next !== undefined) {
          const { text } = await agent.get(next)
          seen.push(...[...text.matchAll(/href="\/gestion\/comptes\/([0-9a-f-]{36})"/g)].map(([, id]) => id!))
          next = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replace(/&amp;/g, '&')
        }
        expect(seen).toHaveLength(rows[0]!.n)
        expect(new Set(seen).size).toBe(rows[0]!.n)
      }
    },
  )

  it('is closed to a permanent who was given other work, with the menu entry', async () => {
    await portal.owner.query(
      `update utilisateurs set domaines = '{courriers}' where login = 'agent@estuaire.example'`,
    )
    expect((await agent.get(LISTE)).status).toBe(403)
    const home = await agent.get('/')
    expect(home.text).not.toContain('href="/gestion/comptes"')
    expect(home.text).toContain('href="/gestion/courriers"')
    expect((await admin.get(LISTE)).status).toBe(200)
    await portal.owner.query(`update utilisateurs set domaines = null where login = 'agent@estuaire.example'`)
  })
})

describe('an account', () => {
  it('of a cabinet is made with its number, and activated by the link alone', async () => {
    const { rows } = await portal.owner.query<{ id: string }>(
      `insert into structures (organisme_id, nature, numero, nom) select id, 'cabinet', 'CNS9', 'Cabinet Neuvième'
       from plateforme.organismes where code = 'estuaire' returning id`,
    )
    expect(rows).toHaveLength(1)
    const wrong = await agent.post(`${LISTE}/nouveau`, {
      genre: 'cabinet',
      numero: 'CNS99',
      courriel: 'a@b.example',
    })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Aucun cabinet ne porte ce numéro')
    const made = await agent.post(`${LISTE}/nouveau`, {
      genre: 'cabinet',
      numero: 'cns9',
      courriel: 'neuf@cabinet.example',
    })
    expect(made.headers.location).toBe(await pathOf('CNS9'))
    const [mail] = await mails()
    expect(mail).toMatchObject({ modele: 'activation' })
    expect(JSON.stringify(mail)).not.toMatch(/motDePasse|password/i)
    const again = await agent.post(`${LISTE}/nouveau`, {
      genre: 'cabinet',
      numero: 'CNS9',
      courriel: 'autre@cabinet.example',
    })
    expect(again.text).toContain('Ce cabinet a déjà un compte')
  })

  it('that waits gets another address and another link; the first one is dead', async () => {
    await agent.post(`${LISTE}/nouveau`, {
      genre: 'adherent',
      numero: '402',
      courriel: 'faux@barreau.example',
    })
    const compte = await pathOf('402')
    expect((await agent.post(`${compte}/courriel`, { courriel: 'vrai@barreau.example' })).status).toBe(303)
    const [first, second] = await mails()
    expect((await portal.visitor().get(first!.donnees.lien!)).text).not.toContain('name="nouveau"')
    expect((await portal.visitor().get(second!.donnees.lien!)).text).toContain('name="nouveau"')
    const active = await agent.post(`${await pathOf('657')}/courriel`, { courriel: 'x@y.example' })
    expect(active.status).toBe(422)
    expect(active.text).toContain('son titulaire change lui-même')
  })

  it('that waits is reminded with others in one act; those in use are left alone', async () => {
    const [waiting, used] = [await idOf('402'), await idOf('657')]
    expect((await agent.get(`${LISTE}?etat=invite`)).text).toContain(`value="${waiting}"`)
    expect((await agent.post(`${LISTE}/relance`, { compte: [waiting, used] })).status).toBe(303)
    expect((await mails()).map(({ modele }) => modele)).toEqual(['activation'])
    expect((await agent.post(`${LISTE}/relance`)).status).toBe(422)
  })

  it('blocked wants a reason, which the journal keeps and the mail does not; its owner is told of each step', async () => {
    const compte = await pathOf('940')
    expect((await agent.post(`${compte}/blocage`)).status).toBe(422)
    await agent.post(`${compte}/blocage`, { motif: 'Compte prêté à un tiers' })
    await agent.post(`${compte}/deblocage`)
    await portal.login('estuaire', '940')
    await agent.post(`${compte}/sessions`)
    expect((await mails()).map(({ donnees }) => donnees.quoi)).toEqual(['bloque', 'debloque', 'sessions'])
    expect(JSON.stringify(await mails())).not.toContain('tiers')
    const page = await agent.get(compte)
    expect(page.text).toContain('Compte prêté à un tiers')
    expect(checkHtml(page.text)).toEqual([])
    const { rows } = await portal.owner.query('select from acces.sessions where utilisateur_id = $1', [
      await idOf('940'),
    ])
    expect(rows).toHaveLength(0)
  })

  it('of the staff, or of another organisme, does not exist here', async () => {
    expect((await admin.get(await pathOf('agent@estuaire.example'))).status).toBe(404)
    expect((await admin.post(`${await pathOf('agent@estuaire.example')}/blocage`, { motif })).status).toBe(
      404,
    )
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.get(await pathOf('657'))).status).toBe(404)
    expect((await foreign.post(`${LISTE}/relance`, { compte: await idOf('402') })).status).toBe(404)
  })
})

describe('a second factor is taken away by two people', () => {
  const factorOf = async (login: string) => {
    const { rows } = await portal.owner.query<{ on: boolean }>(
      'select totp_confirme_le is not null as on from acces.secrets where utilisateur_id = $1', [await idOf(login)]) // prettier-ignore
    return rows[0]!.on
  }
  const give = async (login: string) =>
    portal.owner.query(`update acces.secrets set totp_secret = 'x', totp_confirme_le = now() where utilisateur_id = $1`, [await idOf(login)]) // prettier-ignore
  const asked = async () =>
    (
      await portal.owner.query<{ id: string }>(
        'select id from retraits_second_facteur order by demande_le desc limit 1',
      )
    ).rows[0]!.id

  it('one asks with a reason and the password, another one confirms, and the owner hears of both', async () => {
    await give('657')
    const compte = await pathOf('657')
    expect((await agent.post(`${compte}/second-facteur`, { motif, motDePasse: 'faux' })).status).toBe(422)
    expect((await agent.post(`${compte}/second-facteur`, { motif, motDePasse })).status).toBe(303)
    expect((await agent.post(`${compte}/second-facteur`, { motif, motDePasse })).text).toContain(
      'déjà demandé',
    )
    const retrait = `${LISTE}/retraits/${await asked()}`
    const self = await agent.post(retrait, { motDePasse })
    expect(self.status).toBe(422)
    expect(self.text).toContain('une autre personne doit le confirmer')
    expect(await factorOf('657')).toBe(true)

    const member = await portal.login('estuaire', '657')
    expect((await admin.get(`${LISTE}/retraits`)).text).toContain(retrait)
    expect((await admin.get(retrait)).text).toContain(motif)
    expect((await admin.post(retrait, { motDePasse })).status).toBe(303)
    expect(await factorOf('657')).toBe(false)
    expect((await member.get('/')).headers.location).toContain('/connexion')
    expect((await mails()).map(({ donnees }) => donnees.quoi)).toEqual(['retrait', 'retire'])
    expect((await admin.post(retrait, { motDePasse })).status).toBe(404)
  })

  it('the database holds it: never the same person twice, never one’s own', async () => {
    await give('940')
    await agent.post(`${await pathOf('940')}/second-facteur`, { motif, motDePasse })
    const id = await asked()
    await expect(
      portal.owner.query(
        'update retraits_second_facteur set confirme_par = demande_par, confirme_le = now() where id = $1',
        [id],
      ),
    ).rejects.toMatchObject({ constraint: 'retraits_deux_personnes' })
    await expect(
      portal.owner.query(
        'update retraits_second_facteur set confirme_par = utilisateur_id, confirme_le = now() where id = $1',
        [id],
      ),
    ).rejects.toMatchObject({ constraint: 'retraits_pas_le_sien' })
  })

  it('falls after a day, and may be asked again', async () => {
    const id = await asked()
    await portal.owner.query(
      `update retraits_second_facteur set demande_le = now() - interval '2 days', expire_le = now() - interval '1 day' where id = $1`,
      [id],
    )
    expect((await admin.post(`${LISTE}/retraits/${id}`, { motDePasse })).status).toBe(404)
    expect(await factorOf('940')).toBe(true)
    expect((await admin.post(`${await pathOf('940')}/second-facteur`, { motif, motDePasse })).status).toBe(
      303,
    )
    expect((await agent.post(`${LISTE}/retraits/${await asked()}/refus`)).status).toBe(303)
    expect(await factorOf('940')).toBe(true)
  })

  it('that of the staff is asked for by an administrateur only', async () => {
    await give('admin@estuaire.example')
    const compte = await pathOf('admin@estuaire.example')
    expect((await agent.get(`${compte}/second-facteur`)).status).toBe(403)
    expect((await agent.post(`${compte}/second-facteur`, { motif, motDePasse })).status).toBe(403)
    await portal.owner.query(`update acces.secrets set totp_confirme_le = null where utilisateur_id = $1`, [
      await idOf('admin@estuaire.example'),
    ])
  })
})
