import { beforeAll, describe, expect, it } from 'vitest'
import { gestionAccueil } from '../../../src/modules/gestion/queries.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal

beforeAll(async () => {
  portal = await startPortal()
})

describe('the home of the staff', () => {
  it('counts what waits in the demo world, and reads its page in one round trip', async () => {
    const { trips } = await portal.as('estuaire', 'agent@estuaire.example', async (db) => {
      await gestionAccueil(db)
      return { trips: db.roundTrips() }
    })
    expect(trips).toBe(1)
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    const { text } = await agent.get('/')
    const shown = (url: string) =>
      Number(
        new RegExp(`class="tuile" href="${url.replace('?', '[?]')}"[^]*?tuile-compte">(\\d+)<`).exec(
          text,
        )?.[1],
      )
    const count = async (table: string) =>
      (
        await portal.owner.query<{ n: number }>(
          `select count(*)::int as n from ${table} and organisme_id = (select id from plateforme.organismes where code = 'estuaire')`,
        )
      ).rows[0]!.n
    expect(shown('/gestion/demandes?genre=coordonnees')).toBe(
      await count('modifications where close_le is null'),
    )
    expect(shown('/gestion/demandes?genre=compte')).toBe(
      await count('demandes_de_compte where close_le is null'),
    )
    expect(shown('/gestion/demandes?genre=transfert')).toBe(
      await count('transferts where decide_par is null'),
    )
    expect(shown('/gestion/courriers?etat=a-traiter')).toBe(
      await count('courriers where repondu_le is not null and clos_le is null'),
    )
    expect(shown('/gestion/demandes')).toBe(await count(`demandes where etat = 'attente'`))
  })

  it('is never empty: a permanent who was given one thing finds it there', async () => {
    const restrict = (domaines: string[] | null) =>
      portal.owner.query(`update utilisateurs set domaines = $1 where login = 'agent@midi.example'`, [
        domaines,
      ])
    await restrict(['suivi'])
    const { text } = await (await portal.login('midi', 'agent@midi.example')).get('/')
    await restrict(null)
    expect(text).toContain('class="tuile tuile-vide" href="/gestion/suivi/echeances"')
    expect(text).toContain('class="tuile tuile-vide" href="/gestion/adherents"')
    expect(text).not.toContain('href="/gestion/demandes"')
    expect(checkHtml(text)).toEqual([])
  })

  it('shows each number as a link to the list that it counts, and the documents published last', async () => {
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    const page = await agent.get('/')
    expect(page.status).toBe(200)
    for (const list of [
      '/gestion/demandes',
      '/gestion/demandes?genre=transfert',
      '/gestion/demandes?genre=message',
    ]) {
      expect(page.text).toContain(`class="tuile" href="${list}"`)
    }
    const { rows } = await portal.owner.query<{ id: string }>(
      `select d.id from documents d join plateforme.organismes o on o.id = d.organisme_id
       where o.code = 'estuaire' and publie_le is not null and remplace_le is null and retire_le is null
       order by publie_le desc, d.id desc limit 1`,
    )
    expect(page.text).toContain(`/gestion/documents/${rows[0]!.id}`)
    expect(checkHtml(page.text)).toEqual([])
  })

  it('says in words that nothing waits', async () => {
    await portal.owner.query('delete from modifications; delete from demandes_de_compte')
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    const page = await agent.get('/')
    expect(page.text).toContain('Aucune mise à jour en attente')
    expect(page.text).toContain('Aucune demande de compte')
  })

  it('of an éditeur shows what an éditeur has', async () => {
    const support = await portal.login('sillage', 'support@sillage.example')
    const page = await support.get('/')
    expect(page.status).toBe(200)
    expect(page.text).toContain('/gestion/demandes?genre=compte')
    expect(page.text).not.toContain('genre=coordonnees')
    expect(checkHtml(page.text)).toEqual([])
  })
})
