import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Answer, type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let cabinet: Visitor
let organismeId: string
let structureId: string

beforeAll(async () => {
  portal = await startPortal()
  const cns1 = await portal.person('estuaire', 'CNS1')
  organismeId = cns1.organismeId
  structureId = cns1.structureId!
})

beforeEach(async () => {
  cabinet = await portal.login('estuaire', 'CNS1')
  await portal.owner.query('delete from courriels')
})

const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(new Date())
const inDays = (n: number) => new Date(Date.parse(today()) + n * 86_400_000).toISOString().slice(0, 10)
const idOf = async (login: string) => (await portal.person('estuaire', login)).id

let serial = 500

/** Somebody with new dossiers of the firm, logged in. */
async function newcomer(
  dossiers: number,
): Promise<{ id: string; login: string; path: string; dossiers: string[] }> {
  const login = `COL${serial++}`
  const { rows } = await portal.owner.query<{ id: string }>(
    `insert into utilisateurs (organisme_id, login, courriel, nom, prenom, role, structure_id, active_le)
     values ($1, $2, $3, $4, 'Éloi', 'collaborateur', $5, now()) returning id`,
    [organismeId, login, `${login}@vauquelin.example`, `Partant ${login}`, structureId],
  )
  const id = rows[0]!.id
  const made = await portal.owner.query<{ id: string }>(
    `insert into adherents (organisme_id, numero, denomination, adhesion_le, structure_id)
     select $1, $2::text || '0' || n, 'DOSSIER ' || n || ' DE ' || $2::text, '2020-01-01', $3 from generate_series(1, $4::int) n
     returning id`,
    [organismeId, login.slice(3), structureId, dossiers],
  )
  const ids = made.rows.map((row) => row.id)
  await portal.owner.query(
    `insert into affectations (organisme_id, adherent_id, utilisateur_id)
     select $1, id, $2 from unnest($3::uuid[]) as t (id)`,
    [organismeId, id, ids],
  )
  return { id, login, path: `/collaborateurs/${id}`, dossiers: ids }
}

/** A published courrier with one question about that dossier; gives courrier and question. */
async function courrier(adherentId: string): Promise<{ id: string; question: string }> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `insert into courriers (organisme_id, adherent_id, structure_id, destinataire, genre, objet, a_repondre_avant)
     values ($1, $2, $3, 'cabinet', 'questions_eccv', 'Questions du départ', current_date + 30) returning id`,
    [organismeId, adherentId, structureId],
  )
  const id = rows[0]!.id
  const q = await portal.owner.query<{ id: string }>(
    `insert into courrier_questions (organisme_id, courrier_id, ordre, texte) values ($1, $2, 1, 'Pourquoi ?') returning id`,
    [organismeId, id],
  )
  await portal.owner.query(`update courriers set numero = 'Q-' || id, publie_le = now() where id = $1`, [id])
  return { id, question: q.rows[0]!.id }
}

async function held(id: string): Promise<string[]> {
  const { rows } = await portal.owner.query<{ adherent_id: string }>(
    'select adherent_id from affectations where utilisateur_id = $1 and jusqu_a is null order by 1',
    [id],
  )
  return rows.map((row) => row.adherent_id)
}

const seen = (page: Answer) => /name="vu" value="([^"]+)"/.exec(page.text)![1]!

async function leftOn(id: string): Promise<string | null> {
  const { rows } = await portal.owner.query<{ le: string | null }>(
    'select parti_le::text as le from utilisateurs where id = $1',
    [id],
  )
  return rows[0]!.le
}

describe('a departure', () => {
  it('F76: shows beforehand every dossier, draft and waiting answer, and to whom each goes; then does it all', async () => {
    const eloi = await newcomer(3)
    const [capucine, armel] = await Promise.all([idOf('COL14'), idOf('COL7')])
    const [one, two] = await Promise.all(eloi.dossiers.slice(0, 2).map(courrier))
    const visitor = await portal.login('estuaire', eloi.login)
    await portal.owner.query(
      `insert into brouillons (organisme_id, courrier_id, structure_id, textes, cree_par, modifie_par, modifie_nom)
       values ($1, $2, $3, $4, $5, $5, 'Éloi')`,
      [organismeId, one!.id, structureId, { [one!.question]: 'Commencé' }, eloi.id],
    )
    await portal.owner.query(
      `insert into reponses (organisme_id, courrier_id, adherent_id, structure_id, dossier, auteur_id, auteur_nom)
       values ($1, $2, $3, $4, 'Dossier deux', $5, 'Éloi')`,
      [organismeId, two!.id, eloi.dossiers[1], structureId, eloi.id],
    )

    const page = await cabinet.get(`${eloi.path}/depart?vers=${capucine}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain('3\u00a0dossiers')
    expect(page.text).toContain('1\u00a0brouillon de réponse')
    expect(page.text).toContain('suit le dossier')
    expect(page.text).toContain('1\u00a0réponse à valider')
    expect(page.text).toContain('rejetée, elle suit le dossier')
    expect(page.text).toContain('Aucune suppléance, donnée ou reçue.')
    expect(page.text.match(new RegExp(`value="${capucine}" selected`, 'g'))).toHaveLength(4)
    expect(checkHtml(page.text)).toEqual([])
    expect(await leftOn(eloi.id)).toBeNull()

    const answer = await cabinet.post(`${eloi.path}/depart`, {
      vu: seen(page),
      le: today(),
      vers: capucine,
      [`dossier-${eloi.dossiers[0]}`]: armel,
      [`dossier-${eloi.dossiers[1]}`]: capucine,
      [`dossier-${eloi.dossiers[2]}`]: '',
    })
    expect(answer.status, answer.text.slice(0, 300)).toBe(303)
    expect(await held(eloi.id)).toEqual([])
    expect(await held(armel)).toContain(eloi.dossiers[0])
    expect(await held(capucine)).toContain(eloi.dossiers[1])
    expect(await leftOn(eloi.id)).toBe(today())
    expect((await cabinet.get('/affectations')).text).toContain(`DOSSIER 3 DE ${eloi.login.slice(3)}`)
    // A session still open yesterday is worth nothing today.
    expect((await visitor.get('/')).status).toBe(303)
    expect((await visitor.post(`/courriers/${one!.id}/reponse`, {})).status).toBe(403)
    // The draft is where its dossier is; the answer waits under his name.
    const next = await portal.login('estuaire', 'COL7')
    expect((await next.get(`/courriers/${one!.id}/reponse`)).text).toContain('Commencé')
    expect((await cabinet.get('/supervision/validations')).text).toContain('Dossier deux')
    // Nobody is deleted.
    const list = (await cabinet.get('/collaborateurs')).text
    expect(list).toMatch(new RegExp(`Partant ${eloi.login}[^]{0,300}\\[départ le`))
    const { rows } = await portal.owner.query(
      `select action, objet_id, detail from journal where action = 'collaborateur.depart' order by numero desc limit 1`,
    )
    expect(rows).toEqual([
      { action: 'collaborateur.depart', objet_id: eloi.id, detail: { le: today(), confies: 2, libres: 1 } },
    ])
  })

  it('tells who has the dossier now, not who has left, that his answer was rejected', async () => {
    const eloi = await newcomer(1)
    const armel = await idOf('COL7')
    const { id } = await courrier(eloi.dossiers[0]!)
    const { rows } = await portal.owner.query<{ id: string }>(
      `insert into reponses (organisme_id, courrier_id, adherent_id, structure_id, dossier, auteur_id, auteur_nom)
       values ($1, $2, $3, $4, 'Un dossier', $5, 'Éloi') returning id`,
      [organismeId, id, eloi.dossiers[0], structureId, eloi.id],
    )
    const page = await cabinet.get(`${eloi.path}/depart`)
    await cabinet.post(`${eloi.path}/depart`, { vu: seen(page), le: today(), vers: armel })
    const rejet = await cabinet.post(`/supervision/validations/${rows[0]!.id}/rejet`, {
      motif: 'Une pièce manque.',
    })
    expect(rejet.status).toBe(303)
    const mails = await portal.owner.query(
      `select destinataire_id from courriels where modele = 'reponse-rejetee' and cle like '%' || $1 || '%'`,
      [rows[0]!.id],
    )
    expect(mails.rows).toEqual([{ destinataire_id: armel }])
  })

  it('is all or nothing: one receiver who cannot, and nothing has moved', async () => {
    const eloi = await newcomer(2)
    const visitor = await portal.login('estuaire', eloi.login)
    const muguette = await idOf('COL4')
    const page = await cabinet.get(`${eloi.path}/depart`)
    const answer = await cabinet.post(`${eloi.path}/depart`, {
      vu: seen(page),
      le: today(),
      vers: await idOf('COL14'),
      [`dossier-${eloi.dossiers[1]}`]: muguette,
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('ne peut pas recevoir de dossier')
    expect(await held(eloi.id)).toHaveLength(2)
    expect(await leftOn(eloi.id)).toBeNull()
    expect((await visitor.get('/')).status).toBe(200)
  })

  it('that fails midway in the database rolls all back', async () => {
    const eloi = await newcomer(2)
    await portal.owner.query(`create function refuser() returns trigger language plpgsql as $$
      begin raise exception 'broken on purpose'; end $$;
      create trigger refuser before update of parti_le on utilisateurs for each row execute function refuser()`)
    const page = await cabinet.get(`${eloi.path}/depart`)
    const vers = await idOf('COL14')
    const answer = await cabinet.post(`${eloi.path}/depart`, { vu: seen(page), le: today(), vers })
    await portal.owner.query('drop trigger refuser on utilisateurs; drop function refuser()')
    expect(answer.status).toBe(500)
    expect(await held(eloi.id)).toHaveLength(2)
    expect(await leftOn(eloi.id)).toBeNull()
  })

  it('is not carried out on what the page did not show: a dossier given meanwhile', async () => {
    const eloi = await newcomer(1)
    const page = await cabinet.get(`${eloi.path}/depart`)
    const { rows } = await portal.owner.query<{ id: string }>(
      `insert into adherents (organisme_id, numero, denomination, adhesion_le, structure_id)
       values ($1, '99${serial}', 'ARRIVÉ ENTRE-TEMPS', '2020-01-01', $2) returning id`,
      [organismeId, structureId],
    )
    const given = await cabinet.post(`/affectations/${rows[0]!.id}`, { de: '', collaborateur: eloi.id })
    expect(given.status).toBe(303)
    const answer = await cabinet.post(`${eloi.path}/depart`, { vu: seen(page), le: today(), vers: '' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('a changé entre-temps')
    expect(answer.text).toContain('ARRIVÉ ENTRE-TEMPS')
    expect(checkHtml(answer.text)).toEqual([])
    expect(await held(eloi.id)).toHaveLength(2)
  })

  it('entered by two at the same instant happens once', async () => {
    const eloi = await newcomer(3)
    const jeremie = await portal.login('estuaire', 'COL16')
    const vu = seen(await cabinet.get(`${eloi.path}/depart`))
    const [capucine, armel] = await Promise.all([idOf('COL14'), idOf('COL7')])
    const answers = await Promise.all([
      cabinet.post(`${eloi.path}/depart`, { vu, le: today(), vers: capucine }),
      jeremie.post(`${eloi.path}/depart`, { vu, le: today(), vers: armel }),
    ])
    expect(answers.map((a) => a.status).sort()).toEqual([303, 422])
    const { rows } = await portal.owner.query<{ n: number }>(
      'select count(*)::int as n from affectations where adherent_id = any($1) and jusqu_a is null',
      [eloi.dossiers],
    )
    expect(rows[0]!.n).toBe(3)
  })

  it('of two, each handing over to the other at the same instant, never waits for ever', async () => {
    const [a, b] = [await newcomer(2), await newcomer(2)]
    const [va, vb] = [
      seen(await cabinet.get(`${a.path}/depart`)),
      seen(await cabinet.get(`${b.path}/depart`)),
    ]
    const jeremie = await portal.login('estuaire', 'COL16')
    const answers = await Promise.all([
      cabinet.post(`${a.path}/depart`, { vu: va, le: today(), vers: b.id }),
      jeremie.post(`${b.path}/depart`, { vu: vb, le: today(), vers: a.id }),
    ])
    expect(answers.map((one) => one.status).sort()).toEqual([303, 422])
  })

  it('at a day to come: the dossiers pass now, the log-in lasts until the day before', async () => {
    const eloi = await newcomer(1)
    const visitor = await portal.login('estuaire', eloi.login)
    const vu = seen(await cabinet.get(`${eloi.path}/depart`))
    const answer = await cabinet.post(`${eloi.path}/depart`, {
      vu,
      le: inDays(10),
      vers: await idOf('COL14'),
    })
    expect(answer.status).toBe(303)
    expect(await held(eloi.id)).toEqual([])
    expect((await visitor.get('/')).status).toBe(200)
    expect((await cabinet.get('/collaborateurs')).text).toMatch(
      new RegExp(`${eloi.login}[^]{0,300}Départ prévu le`),
    )
    const { rows } = await portal.owner.query<{ id: string }>(`select id from adherents where numero = '688'`)
    const given = await cabinet.post('/affectations', { dossier: rows[0]!.id, collaborateur: eloi.id })
    expect(given.status).toBe(422)
    await portal.owner.query('update utilisateurs set parti_le = current_date where id = $1', [eloi.id])
    expect((await visitor.get('/')).status).toBe(303)
  })

  it('entered by mistake is taken back: he logs in again, the dossiers stay where they went', async () => {
    const eloi = await newcomer(1)
    const vu = seen(await cabinet.get(`${eloi.path}/depart`))
    await cabinet.post(`${eloi.path}/depart`, { vu, le: today(), vers: await idOf('COL14') })
    expect((await cabinet.post(`${eloi.path}/modification`, { prenom: 'A', nom: 'B' })).status).toBe(422)
    expect((await cabinet.post(`${eloi.path}/retour`)).status).toBe(303)
    expect(await leftOn(eloi.id)).toBeNull()
    expect(await held(eloi.id)).toEqual([])
    expect((await (await portal.login('estuaire', eloi.login)).get('/')).status).toBe(200)
    expect((await cabinet.post(`${eloi.path}/retour`)).status).toBe(422)
  })

  it('ends the suppléances that name him', async () => {
    const eloi = await newcomer(0)
    const jeremie = await idOf('COL16')
    await portal.owner.query(
      `insert into suppleances (organisme_id, structure_id, titulaire_id, suppleant_id, du, au, cree_par)
       values ($1, $2, $3, $4, current_date - 1, current_date + 9, $3)`,
      [organismeId, structureId, jeremie, eloi.id],
    )
    const page = await cabinet.get(`${eloi.path}/depart`)
    expect(page.text).toContain('à la place de Jérémie Aubrespin')
    expect(page.text).toContain('la validation revient à Jérémie Aubrespin')
    // One that came after the page was read is not ended unseen.
    const late = await portal.owner.query<{ id: string }>(
      `insert into suppleances (organisme_id, structure_id, titulaire_id, suppleant_id, du, au, cree_par)
       values ($1, $2, $3, $4, current_date + 2, current_date + 3, $3) returning id`,
      [organismeId, structureId, jeremie, eloi.id],
    )
    const refused = await cabinet.post(`${eloi.path}/depart`, { vu: seen(page), le: today(), vers: '' })
    expect(refused.text).toContain('a changé entre-temps')
    await portal.owner.query('delete from suppleances where id = $1', [late.rows[0]!.id])
    await cabinet.post(`${eloi.path}/depart`, { vu: seen(page), le: today(), vers: '' })
    const { rows } = await portal.owner.query<{ finie: boolean }>(
      'select terminee_le is not null as finie from suppleances where suppleant_id = $1',
      [eloi.id],
    )
    expect(rows).toEqual([{ finie: true }])
  })

  it('wants a day that exists and is near, and takes no field that the page does not have', async () => {
    const eloi = await newcomer(1)
    const vu = seen(await cabinet.get(`${eloi.path}/depart`))
    for (const fields of [
      { le: '' },
      { le: '2026-02-30' },
      { le: '1999-01-01' },
      { le: today(), parti_par: 'x' },
      { le: today(), [`dossier-${eloi.dossiers[0]}`]: 'x' },
      { le: today(), [`dossier-${eloi.dossiers[0]}`]: eloi.id },
    ])
      expect([
        fields,
        (await cabinet.post(`${eloi.path}/depart`, { vu, vers: '', ...fields })).status,
      ]).toEqual([fields, 422])
    expect(await leftOn(eloi.id)).toBeNull()
  })
})

describe('his dossiers', () => {
  it('F82: are taken from him, one or many, and given to another in the same act', async () => {
    const eloi = await newcomer(3)
    const capucine = await idOf('COL14')
    const path = `${eloi.path}/dossiers`
    expect((await cabinet.get(path)).text).toContain('Dossiers (3)')
    const [a, b, c] = eloi.dossiers as [string, string, string]
    expect((await cabinet.post(path, { dossier: [a, b], vers: capucine })).status).toBe(303)
    expect((await cabinet.post(path, { dossier: c, vers: 'personne' })).status).toBe(303)
    expect(await held(eloi.id)).toEqual([])
    expect(await held(capucine)).toEqual(expect.arrayContaining([a, b]))
    const late = await cabinet.post(path, { dossier: a, vers: 'personne' })
    expect(late.status).toBe(422)
    expect(late.text).toContain('entre-temps')
    expect((await cabinet.post(path, { vers: capucine })).text).toContain('Cochez au moins un dossier')
    const page = await cabinet.get(`${eloi.path}/historique`)
    expect(page.text.match(/DOSSIER \d DE/g)!.length).toBeGreaterThanOrEqual(3)
    expect(checkHtml(page.text)).toEqual([])
  })

  it('3: taken away while he types, his post finds nothing and writes nothing', async () => {
    const eloi = await newcomer(1)
    const { id } = await courrier(eloi.dossiers[0]!)
    const visitor = await portal.login('estuaire', eloi.login)
    expect((await visitor.get(`/courriers/${id}/reponse`)).status).toBe(200)
    await cabinet.post(`${eloi.path}/dossiers`, { dossier: eloi.dossiers, vers: 'personne' })
    expect((await visitor.post(`/courriers/${id}/reponse`, {})).status).toBe(404)
    const { rows } = await portal.owner.query('select from brouillons where courrier_id = $1', [id])
    expect(rows).toEqual([])
  })
})
