import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEMO } from '../../../src/kernel/config.ts'
import { sql } from '../../../src/kernel/sql.ts'
import { modules } from '../../../src/modules.ts'
import { crawl } from '../../support/crawl.ts'
import { everything } from '../../support/everything.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor

const pathOf = async (login: string) => `/gestion/comptes/${(await portal.person('estuaire', login)).id}`
const motif = 'Elle ne trouve pas son attestation'

beforeAll(async () => {
  portal = await startPortal()
})

beforeEach(async () => {
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

/** The agent looks at the portal as that person. */
async function look(login: string, who = agent): Promise<Visitor> {
  await portal.owner.query('delete from acces.tentatives')
  const answer = await who.post(`${await pathOf(login)}/voir-comme`, { motif, motDePasse: DEMO.password })
  expect([answer.status, answer.headers.location], answer.text.slice(0, 300)).toEqual([303, '/'])
  await who.get('/') // the new session has a new token
  return who
}

async function journal(action: string): Promise<Record<string, unknown>[]> {
  const { rows } = await portal.owner.query<Record<string, unknown>>(
    'select acteur, role, action, objet_id, adherent_id, detail from journal where action = $1 order by numero',
    [action],
  )
  return rows
}

describe('« voir comme »', () => {
  it('wants a reason and the password, a member of this organisme, and the right', async () => {
    const page = `${await pathOf('657')}/voir-comme`
    expect((await agent.post(page, { motif, motDePasse: 'autre' })).status).toBe(422)
    expect((await agent.post(page, { motif: ' ', motDePasse: DEMO.password })).status).toBe(422)
    const colleague = `${await pathOf('admin@estuaire.example')}/voir-comme`
    expect((await agent.post(colleague, { motif, motDePasse: DEMO.password })).status).toBe(404)
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.post(page, { motif, motDePasse: DEMO.password })).status).toBe(404)
    await portal.owner.query(
      `update utilisateurs set domaines = '{courriers}' where login = 'agent@estuaire.example'`,
    )
    expect((await agent.get(page)).status).toBe(403)
    await portal.owner.query(`update utilisateurs set domaines = null where login = 'agent@estuaire.example'`)
    const { rows } = await portal.owner.query('select from vues_comme')
    expect(rows).toHaveLength(0)
  })

  it('shows the portal of the member with a banner, tells him by mail and in his profile, and ends at « Quitter »', async () => {
    const eyes = await look('657')
    const home = await eyes.get('/')
    expect(home.text).toContain('Avancement des travaux')
    expect(home.text).toContain('vous voyez le portail comme')
    expect(home.text).toMatch(/Encore (29|30)\u00a0minutes/)
    expect(checkHtml(home.text)).toEqual([])
    const person = await portal.person('estuaire', '657')
    const { rows: mails } = await portal.owner.query(
      `select donnees from courriels where modele = 'compte-securite' and destinataire_id = $1`, [person.id]) // prettier-ignore
    expect(mails).toEqual([{ donnees: { lien: '/profil', quoi: 'vue' } }])
    expect((await eyes.get('/gestion/adherents')).status).toBe(403)
    expect((await eyes.get('/profil')).status).toBe(403)
    expect((await eyes.get('/introuvable')).text).toContain('vous voyez le portail comme')

    const out = await eyes.post('/voir-comme/fin')
    expect([out.status, out.headers.location]).toEqual([303, await pathOf('657')])
    const back = await eyes.get('/gestion/adherents')
    expect(back.status).toBe(200)
    expect(back.text).not.toContain('vous voyez le portail comme')
    const solene = await portal.login('estuaire', '657')
    const profil = await solene.get('/profil')
    expect(profil.text).toContain('Maud Lescarret')
    expect(profil.text).toContain(motif)
    expect(checkHtml(profil.text)).toEqual([])
  })

  it('leaves in the journal who looked, as whom and at what, never under the name of the member', async () => {
    const eyes = await look('657')
    await eyes.get('/documents')
    const person = await portal.person('estuaire', '657')
    const page = (await journal('voir-comme.page')).at(-1)!
    expect(page).toMatchObject({
      acteur: 'Maud Lescarret (agent@estuaire.example)', role: 'permanent', adherent_id: person.adherentId,
      detail: { comme: '657', page: '/documents' },
    }) // prettier-ignore
    const start = (await journal('voir-comme.debut')).at(-1)!
    expect(start).toMatchObject({ objet_id: person.id, detail: { motif, comme: '657' } })
    await eyes.post('/courriers/00000000-0000-4000-8000-000000000000/reponse')
    const refused = (await journal('refus')).at(-1)!
    expect(refused).toMatchObject({ role: 'permanent', detail: { comme: '657' } })
  })

  it('refuses every act of the portal: 403, and no table has changed', async () => {
    for (const login of ['657', 'COL14']) {
      agent = await portal.login('estuaire', 'agent@estuaire.example')
      const eyes = await look(login)
      const before = await everything(portal.owner)
      const acts = modules.flatMap((m) => m.routes).filter((r) => r.method === 'POST' && r.endsView !== true)
      expect(acts.length).toBeGreaterThan(80)
      // Some at a time: the walk is long.
      for (let at = 0; at < acts.length; at += 12) {
        await Promise.all(
          acts.slice(at, at + 12).map(async (act) => {
            const path = act.path.replace(/:(\w+)/g, (_all, name: string) => {
              const words = act.words?.[name]
              return words instanceof RegExp ? 'x'.repeat(43) : (words?.[0] ?? crypto.randomUUID())
            })
            expect([act.path, (await eyes.post(path)).status]).toEqual([act.path, 403])
          }),
        )
      }
      expect(await everything(portal.owner)).toBe(before)
    }
  }, 60_000)

  it.each(['657', 'CNS1'])(
    'walks every page that %s can reach, and writes nothing',
    async (login) => {
      const eyes = await look(login)
      const before = await everything(portal.owner)
      const seen = await crawl(eyes, 100)
      const wrong = seen.filter(
        ({ status, path }) =>
          status !== 200 && status !== 303 && !(status === 403 && path.startsWith('/profil')),
      )
      expect(wrong).toEqual([])
      expect(seen.length).toBeGreaterThan(20)
      expect(await everything(portal.owner)).toBe(before)
    },
    60_000,
  )

  it('does not mark a document as read, nor show a draft or an answer that waits for a validation', async () => {
    const { rows: drafts } = await portal.owner.query(`select from brouillons`)
    const { rows: waiting } = await portal.owner.query<{ id: string }>(
      `select id from reponses where transmise_le is null and structure_id is not null limit 1`,
    )
    expect(drafts.length).toBeGreaterThan(0)
    const eyes = await look('CNS1')
    expect((await eyes.get(`/supervision/validations/${waiting[0]!.id}`)).status).toBe(404)
    expect(
      (await (await portal.login('estuaire', 'CNS1')).get(`/supervision/validations/${waiting[0]!.id}`))
        .status,
    ).toBe(200)
  })

  it('is refused by the database itself, whatever the code does', async () => {
    const person = await portal.person('estuaire', '657')
    const context = {
      organismeId: person.organismeId, role: 'adherent' as const, utilisateurId: person.id,
      adherentId: person.adherentId, vueComme: crypto.randomUUID(),
    } // prettier-ignore
    await expect(
      portal.database.inOrganisme(context, (db) =>
        db.one(sql`update utilisateurs set courriel = 'x@x.example' where id = ${person.id} returning id`),
      ),
    ).rejects.toThrow('read only')
    await expect(
      portal.database.onlooking('vue').acces.many(sql`delete from acces.sessions returning empreinte`),
    ).rejects.toThrow('read only')
  })

  it('is over after thirty minutes, when the right is taken back and at log-out: the session is its owner’s again', async () => {
    const eyes = await look('657')
    await portal.owner.query(
      `update vues_comme set ouverte_le = ouverte_le - interval '1 hour', expire_le = expire_le - interval '1 hour'`,
    )
    expect((await eyes.post('/coordonnees/courriel', { courriel: 'a@b.example' })).status).toBe(403)
    const after = await eyes.get('/gestion/adherents')
    expect(after.status).toBe(200)

    await look('657', eyes)
    await portal.owner.query(
      `update utilisateurs set domaines = '{courriers}' where login = 'agent@estuaire.example'`,
    )
    const home = await eyes.get('/')
    expect([home.status, home.headers.location]).toEqual([303, '/'])
    expect((await eyes.get('/')).text).not.toContain('vous voyez le portail comme')
    await portal.owner.query(`update utilisateurs set domaines = null where login = 'agent@estuaire.example'`)

    await look('657', eyes)
    expect((await eyes.post('/deconnexion')).headers.location).toBe('/connexion')
    expect((await eyes.get('/')).headers.location).toContain('/connexion')
    const { rows } = await portal.owner.query(
      'select from vues_comme where terminee_le is null and expire_le > now()',
    )
    expect(rows).toHaveLength(0)
  })

  it('ends with the session of whoever looks: blocked, he sees nothing more', async () => {
    const eyes = await look('657')
    await portal.owner.query(
      `update utilisateurs set bloque_le = now() where login = 'agent@estuaire.example'`,
    )
    expect((await eyes.get('/')).headers.location).toContain('/connexion')
    await portal.owner.query(
      `update utilisateurs set bloque_le = null where login = 'agent@estuaire.example'`,
    )
  })
})
