import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { insertInscription, prochainesFormations } from '../../../src/modules/formations/queries.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let solene: Visitor

beforeAll(async () => {
  portal = await startPortal()
  solene = await portal.login('estuaire', '657')
})

interface Session {
  organisme?: string
  titre?: string
  places?: number
  /** Postgres interval from now. */
  dans?: string
}

/** A page with ordinary spaces, as the sentences below are typed. */
async function read(who: Visitor, path: string): Promise<string> {
  return (await who.get(path)).text.replace(/[\u00a0\u202f]/g, ' ')
}

async function insertSession({
  organisme = 'estuaire',
  titre = 'Séance',
  places = 5,
  dans = '10 days',
}: Session = {}) {
  const { rows } = await portal.owner.query<{ id: string }>(
    `insert into formations (organisme_id, titre, lieu, debut, fin, duree_minutes, places, publiee_le)
     select id, $2, 'Ici', now() + $3::interval, now() + $3::interval + interval '3 hours', 180, $4, now()
     from plateforme.organismes where code = $1 returning id`,
    [organisme, titre, dans, places],
  )
  return rows[0]!.id
}

/** As the owner: the counter of the session beside what is really enrolled. */
async function enrolled(id: string): Promise<{ inscrits: number; lignes: number }> {
  const { rows } = await portal.owner.query<{ inscrits: number; lignes: number }>(
    `select inscrits, (select count(*)::int from inscriptions i where i.formation_id = f.id and i.annulee_le is null
         and i.attente_depuis is null) as lignes
     from formations f where id = $1`,
    [id],
  )
  return rows[0]!
}

/** Members of the estuaire with a log-in, beside the cast. */
async function insertMembers(count: number): Promise<string[]> {
  const logins = Array.from(
    { length: count },
    (_, i) => `7${String(i).padStart(3, '0')}-${randomUUID().slice(0, 4)}`,
  )
  for (const login of logins) {
    await portal.owner.query(
      `with o as (select id from plateforme.organismes where code = 'estuaire'),
         a as (insert into adherents (organisme_id, numero, denomination, adhesion_le)
           select id, $1, 'ESSAI ' || $1, current_date from o returning organisme_id, id)
       insert into utilisateurs (organisme_id, login, nom, role, adherent_id) select organisme_id, $1, 'Essai', 'adherent', id from a`,
      [login],
    )
  }
  return logins
}

describe('F11: formations', () => {
  it('F11: lists what is to come with date, place, duration, places and my state', async () => {
    const page = await read(solene, '/formations')
    expect(page).toContain('La déclaration 2035 pas à pas')
    expect(page).toMatch(/pastille-succes">inscrit</)
    expect(page).toMatch(/pastille-alerte">complet</)
    expect(page).toContain('8 places sur 12')
    expect(page).toContain('3 h 30')
    expect(page).not.toContain('Bien commencer avec le portail')
    expect(page.indexOf('choisir sa plateforme')).toBeLessThan(page.indexOf('La déclaration 2035'))
    expect(checkHtml(page)).toEqual([])
  })

  it('F11: lists where I am enrolled, past sessions too', async () => {
    const page = await solene.get('/formations?vue=inscrit')
    expect(page.text).toContain('Bien commencer avec le portail')
    expect(page.text).toContain('La déclaration 2035 pas à pas')
    expect(page.text).not.toContain('Embaucher son premier salarié')
  })

  it('enrols me, says so, counts one place less, and writes the journal', async () => {
    const id = await insertSession()
    const done = await solene.post(`/formations/${id}/inscription`)
    expect(done).toMatchObject({ status: 303, headers: { location: `/formations/${id}` } })
    const page = await read(solene, `/formations/${id}`)
    expect(page).toContain('Votre place est retenue')
    expect(page).toContain('4 places sur 5')
    expect(page).toContain('Annuler mon inscription')
    expect(page).not.toContain('M’inscrire')
    expect(checkHtml(page)).toEqual([])
    expect(await enrolled(id)).toEqual({ inscrits: 1, lignes: 1 })
    const { rows } = await portal.owner.query(
      `select action, acteur from journal where objet_id = $1`, [id]) // prettier-ignore
    expect(rows).toEqual([{ action: 'formations.enrol', acteur: 'Solène Carriveau (657)' }])
  })

  it('enrols once, however often I ask', async () => {
    const id = await insertSession({ places: 1 })
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => solene.post(`/formations/${id}/inscription`)),
    )
    expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303, 303])
    expect(await enrolled(id)).toEqual({ inscrits: 1, lignes: 1 })
  })

  it('enrols once when two requests have both read that I was not', async () => {
    const id = await insertSession({ places: 1 })
    const { adherentId } = await portal.person('estuaire', '657')
    const twice = [1, 2].map(() =>
      portal.as('estuaire', '657', (db) => insertInscription(db, id, adherentId!)),
    )
    await Promise.all(twice)
    expect(await enrolled(id)).toEqual({ inscrits: 1, lignes: 1 })
  })

  it('gives the last place to one of ten who ask at once; the others wait, each at his rank', async () => {
    const id = await insertSession({ places: 1 })
    const logins = await insertMembers(10)
    const people = await Promise.all(logins.map((login) => portal.login('estuaire', login)))
    const answers = await Promise.all(people.map((person) => person.post(`/formations/${id}/inscription`)))
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 303))
    expect(await enrolled(id)).toEqual({ inscrits: 1, lignes: 1 })
    const pages = await Promise.all(people.map((person) => read(person, `/formations/${id}`)))
    const ranks = pages.map(
      (page) => /Vous êtes (\d+)e? ?(?:er)? sur la liste d’attente|prochain sur la liste/.exec(page)?.[1],
    )
    expect(pages.filter((page) => page.includes('Votre inscription est enregistrée'))).toHaveLength(1)
    expect(pages.filter((page) => page.includes('liste d’attente')).length).toBeGreaterThanOrEqual(9)
    expect(new Set(ranks).size).toBe(9)
  })

  it('lets Postgres itself refuse one person too many', async () => {
    const id = await insertSession({ places: 1 })
    await solene.post(`/formations/${id}/inscription`)
    await portal.owner.query(
      `insert into inscriptions (organisme_id, formation_id, adherent_id, inscrit_par)
       select u.organisme_id, $1, u.adherent_id, u.id from utilisateurs u join plateforme.organismes o
         on o.id = u.organisme_id where u.login = '940' and o.code = 'estuaire'`,
      [id],
    )
    await expect(
      portal.owner.query('update inscriptions set attente_depuis = null where formation_id = $1', [id]),
    ).rejects.toMatchObject({ constraint: 'formations_places' })
  })

  it('gives the place back when I cancel, and keeps the trace', async () => {
    const id = await insertSession({ places: 1 })
    await solene.post(`/formations/${id}/inscription`)
    expect((await solene.post(`/formations/${id}/annulation`)).status).toBe(303)
    expect((await solene.get(`/formations/${id}`)).text).toContain('Votre place est rendue')
    expect(await enrolled(id)).toEqual({ inscrits: 0, lignes: 0 })
    const { rows } = await portal.owner.query(
      `select annulee_par is not null as par from inscriptions where formation_id = $1`, [id]) // prettier-ignore
    expect(rows).toEqual([{ par: true }])
    expect((await solene.post(`/formations/${id}/annulation`)).status).toBe(303)
    expect((await solene.post(`/formations/${id}/inscription`)).status).toBe(303)
    expect(await enrolled(id)).toEqual({ inscrits: 1, lignes: 1 })
  })

  it('no longer cancels on the day itself', async () => {
    const id = await insertSession({ dans: '10 days' })
    await solene.post(`/formations/${id}/inscription`)
    await portal.owner.query(
      `update formations set debut = (app.aujourdhui() + time '23:59') at time zone 'Europe/Paris',
         fin = now() + interval '2 days' where id = $1`, [id]) // prettier-ignore
    const page = await solene.get(`/formations/${id}`)
    expect(page.text).not.toContain('Annuler mon inscription')
    const refused = await solene.post(`/formations/${id}/annulation`)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('jusqu’à la veille')
    expect(await enrolled(id)).toEqual({ inscrits: 1, lignes: 1 })
  })

  it('no longer enrols when it has begun', async () => {
    const id = await insertSession({ dans: '-1 hour' })
    const refused = await solene.post(`/formations/${id}/inscription`)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('déjà commencé')
    expect(await enrolled(id)).toEqual({ inscrits: 0, lignes: 0 })
  })

  it('is read by a cabinet, which does not enrol (F64)', async () => {
    const id = await insertSession()
    const cabinet = await portal.login('estuaire', 'CNS1')
    const page = await cabinet.get(`/formations/${id}`)
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('M’inscrire')
    expect((await cabinet.post(`/formations/${id}/inscription`)).status).toBe(403)
    expect(await enrolled(id)).toEqual({ inscrits: 0, lignes: 0 })
  })

  it('gives a calendar file for my diary', async () => {
    const id = await insertSession({ titre: 'TVA, IS; et le reste' })
    const answer = await solene.get(`/formations/${id}/calendrier.ics`)
    expect(answer.headers['content-type']).toBe('text/calendar; charset=utf-8')
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="?formation-\d{4}-\d\d-\d\d\.ics"?$/,
    )
    expect(answer.text).toContain('SUMMARY:TVA\\, IS\\; et le reste')
  })

  it.each([
    ['get', ''],
    ['get', '/calendrier.ics'],
    ['post', '/inscription'],
    ['post', '/annulation'],
  ] as const)(
    'answers 404 to %s /formations/:id%s of another organisme, and changes nothing',
    async (method, tail) => {
      const id = await insertSession({ organisme: 'midi' })
      const answer = await solene[method](`/formations/${id}${tail}`)
      expect(answer.status).toBe(404)
      expect(await enrolled(id)).toEqual({ inscrits: 0, lignes: 0 })
    },
  )

  it('shows nobody who else is enrolled', async () => {
    const id = await insertSession()
    await solene.post(`/formations/${id}/inscription`)
    const rows = await portal.as('estuaire', '940', (db) =>
      db.many(sql`select id from inscriptions where formation_id = ${id}`),
    )
    expect(rows).toEqual([])
    expect(await enrolled(id)).toEqual({ inscrits: 1, lignes: 1 })
  })

  it('reads on page by page, forward and back', async () => {
    await portal.owner.query(
      `insert into formations (organisme_id, titre, lieu, debut, fin, duree_minutes, places, publiee_le)
       select id, 'Atelier ' || n, 'Ici', date_trunc('hour', now()) + interval '200 days' + (n / 4) * interval '1 day',
         now() + interval '300 days', 60, 5, now()
       from plateforme.organismes, generate_series(1, 70) as n where code = 'midi'`,
    )
    const marius = await portal.login('midi', '657')
    const walk = async (start: string, rel: string) => {
      const pages: string[][] = []
      for (let path: string | undefined = start; path !== undefined && pages.length < 9;) {
        const { text } = await marius.get(path)
        pages.push([...text.matchAll(/href="\/formations\/([0-9a-f-]{36})"/g)].map((match) => match[1]!))
        path = new RegExp(`rel="${rel}" href="([^"]+)"`).exec(text)?.[1]?.replaceAll('&amp;', '&')
        if (path !== undefined) last = path
      }
      return pages
    }
    let last = ''
    const forward = await walk('/formations', 'next')
    const { rows } = await portal.owner.query<{ n: number }>(
      `select count(*)::int as n from formations f join plateforme.organismes o on o.id = f.organisme_id
       where o.code = 'midi' and f.fin > now()`,
    )
    expect(forward.map((ids) => ids.length)).toEqual([30, 30, rows[0]!.n - 60])
    expect(new Set(forward.flat()).size).toBe(rows[0]!.n)
    const back = await walk(last, 'prev')
    expect(back).toEqual([...forward].reverse())
  })

  it('gives the home page its sessions in one round trip', async () => {
    await portal.as('estuaire', '657', async (db) => {
      const sessions = await prochainesFormations(db, 3)
      expect(sessions).toHaveLength(3)
      expect(sessions.some((session) => session.inscrit)).toBe(true)
      expect(db.roundTrips()).toBe(1)
    })
  })
})
