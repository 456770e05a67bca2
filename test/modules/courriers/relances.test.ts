import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { runTravail } from '../../support/travail.ts'
import { chaqueMatin } from '../../../src/modules/courriers/relances/envoi.ts'
import { publish, questionsOf, sendAnswer } from './courriers.ts'

const DAY = 86_400_000
let now = new Date()
let portal: Portal
let agent: Visitor
let admin: Visitor

beforeAll(async () => {
  portal = await startPortal({ clock: () => now })
  agent = await portal.login('estuaire', 'agent@estuaire.example')
  admin = await portal.login('estuaire', 'admin@estuaire.example')
})

// Only what a test writes is late, and each begins today.
beforeEach(async () => {
  now = new Date()
  await portal.owner.query(
    `update courriers set clos_le = now() where a_repondre_avant is not null and clos_le is null`,
  )
  await portal.owner.query(
    'update reglages_relances set plafond_jour = 60, automatique_depuis = null, automatique_par = null',
  )
})

const later = (days: number) => {
  now = new Date(Date.now() + days * DAY)
}

/** What « Envoyer » does, to the end. */
async function sendAll(): Promise<number> {
  const page = await agent.get('/gestion/relances')
  const nombre = /name="nombre" value="(\d+)"/.exec(page.text)?.[1]
  if (nombre === undefined) return 0
  const answer = await agent.post('/gestion/relances/envoi', { nombre })
  if (answer.status !== 303) throw new Error(`${answer.status} ${answer.text.slice(0, 1500)}`)
  const { rows } = await portal.owner.query<{ id: string }>(
    `select id from travaux where genre = 'courriers.relances' and etat in ('pret', 'en_cours')`,
  )
  return (await runTravail(portal, 'estuaire', rows[0]!.id)).fait
}

async function relancesOf(id: string): Promise<{ rang: number; genre: string }[]> {
  const { rows } = await portal.owner.query<{ rang: number; genre: string }>(
    `select r.rang, c.genre from relances r join courriers c on c.id = r.relance_id where r.courrier_id = $1 order by r.le`,
    [id],
  )
  return rows
}

describe('relances by the rules', () => {
  it('relance 1, relance 2, mise en demeure, each with a new delay, then nothing more', async () => {
    const id = await publish(portal, '940', ['Une ?', 'Deux ?'], 'adherent')
    later(22)
    expect(await sendAll()).toBe(0)
    later(23)
    const preview = await agent.get('/gestion/relances')
    expect(preview.text).toContain('Relance 1')
    expect(preview.text).toContain('Envoyer la relance')
    expect(checkHtml(preview.text)).toEqual([])
    expect(await sendAll()).toBe(1)
    expect(await sendAll()).toBe(0)
    later(44)
    expect(await sendAll()).toBe(0)
    later(45)
    expect(await sendAll()).toBe(1)
    later(69)
    expect(await sendAll()).toBe(0)
    later(70)
    expect(await sendAll()).toBe(1)
    later(200)
    expect(await sendAll()).toBe(0)
    expect(await relancesOf(id)).toEqual([
      { rang: 1, genre: 'relance' },
      { rang: 2, genre: 'relance' },
      { rang: 3, genre: 'mise_en_demeure' },
    ])
    const ines = await portal.login('estuaire', '940')
    const page = await ines.get(`/courriers/${id}`)
    expect(page.text.match(/>(Relance|Mise en demeure) n° C-/g)).toHaveLength(3)
    const letter = /href="\/courriers\/([0-9a-f-]{36})">Mise en demeure n°/.exec(page.text)![1]!
    const text = (await ines.get(`/courriers/${letter}`)).text
    expect(text).toContain('nous vous mettons en demeure')
    expect(text).toContain('Question 2 : Deux ?')
    expect(text).not.toContain('{{')
    expect((await ines.get(`/courriers/${letter}/pdf`)).body.subarray(0, 5).toString()).toBe('%PDF-')
    const sent = await agent.get('/gestion/relances/envoyees')
    expect(sent.text).toContain('DELMASURE')
    expect(checkHtml(sent.text)).toEqual([])
    const journal = await portal.owner.query(
      `select 1 from journal where action = 'courrier.relance' and objet_id = $1 and acteur like 'Maud%'`,
      [id],
    )
    expect(journal.rowCount).toBe(3)
    const mails = await portal.owner.query(
      `select 1 from courriels where modele = 'courrier-recu' and donnees ->> 'lien' = $1`,
      [`/courriers/${letter}`],
    )
    expect(mails.rowCount).toBe(1)
  })

  it('stops when the answer comes, when it is closed, and when the adhérent has left', async () => {
    const answered = await publish(portal, '940', ['Une ?'], 'adherent')
    const closed = await publish(portal, '940', ['Une ?'], 'adherent')
    const left = await publish(portal, '311', ['Une ?'])
    const [q] = await questionsOf(portal, answered)
    await sendAnswer(await portal.login('estuaire', '940'), answered, { [q!]: 'Oui' })
    await agent.post(`/gestion/courriers/${closed}/cloture`)
    await portal.owner.query(`update adherents set perte_qualite_le = current_date where numero = '311'`)
    later(30)
    expect(await sendAll()).toBe(0)
    for (const id of [answered, closed, left]) expect(await relancesOf(id)).toEqual([])
  })

  it('what is asked anew is reminded anew; what a person wrote counts, and none comes within the gap', async () => {
    const id = await publish(portal, '940', ['Une ?'], 'adherent')
    const [q] = await questionsOf(portal, id)
    const relance = { genre: 'relance', texte: 'Merci.', aRepondreAvant: new Date(Date.now() + DAY).toISOString().slice(0, 10), question: q! } // prettier-ignore
    expect((await agent.post(`/gestion/courriers/${id}/relance`, relance)).status).toBe(303)
    later(5)
    expect(await sendAll()).toBe(0)
    // Due by its rule after a gap: held back until seven days have passed since the one that a person wrote.
    await portal.owner.query(`update regles_relances set relance_2_jours = 1 where genre = 'questions_eccv'`)
    const held = await agent.get('/gestion/relances')
    expect(held.text).toContain('Retenues')
    expect(await sendAll()).toBe(0)
    later(8)
    expect(await sendAll()).toBe(1)
    expect((await relancesOf(id)).map((r) => r.rang)).toEqual([1, 2])
    now = new Date()
    await sendAnswer(await portal.login('estuaire', '940'), id, { [q!]: 'Flou' })
    await agent.post(`/gestion/courriers/${id}/relance`, relance)
    later(30)
    expect(await sendAll()).toBe(1)
    expect((await relancesOf(id)).map((r) => r.rang)).toEqual([1, 2, 1])
    await portal.owner.query(`update regles_relances set relance_2_jours = 7 where genre = 'questions_eccv'`)
  })

  it('never more in a day than the cap, the oldest first, and what was not seen is not sent', async () => {
    const ids = []
    for (let i = 0; i < 4; i++) ids.push(await publish(portal, '657', [`Une ${i} ?`]))
    await portal.owner.query('update courriers set a_repondre_avant = a_repondre_avant - 5 where id = $1', [
      ids[3],
    ])
    await portal.owner.query('update reglages_relances set plafond_jour = 2')
    later(24)
    const page = await agent.get('/gestion/relances')
    expect(page.text).toMatch(/4\srelances sont dues/)
    const wrong = await agent.post('/gestion/relances/envoi', { nombre: '4' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('La liste a changé')
    expect(await sendAll()).toBe(2)
    expect(await relancesOf(ids[3]!)).toHaveLength(1)
    expect((await agent.post('/gestion/relances/envoi', { nombre: '2' })).text).toContain('Rien n’est envoyé')
    later(25)
    expect(await sendAll()).toBe(2)
    for (const id of ids) expect(await relancesOf(id)).toHaveLength(1)
  })

  it('two workers at once send each once, and the cap holds', async () => {
    const ids = []
    for (let i = 0; i < 14; i++) ids.push(await publish(portal, '657', [`Une ${i} ?`]))
    await portal.owner.query('update reglages_relances set plafond_jour = 12')
    // A day on which no other test has sent any.
    later(27)
    const { rows } = await portal.owner.query<{ jour: string; organisme: string }>(
      `select ($1::timestamptz at time zone 'Europe/Paris')::date::text as jour, id as organisme from plateforme.organismes where code = 'estuaire'`,
      [now.toISOString()],
    )
    const travaux = await portal.owner.query<{ id: string }>(
      `insert into travaux (organisme_id, genre, titre, donnees) select $1, 'courriers.relances', 'x', $2::jsonb
       from generate_series(1, 3) returning id`,
      [rows[0]!.organisme, JSON.stringify({ jour: rows[0]!.jour })],
    )
    const done = await Promise.all(travaux.rows.map(({ id }) => runTravail(portal, 'estuaire', id)))
    expect(done.map((t) => t.etat)).toEqual(['termine', 'termine', 'termine'])
    expect(done.reduce((sum, t) => sum + t.fait, 0)).toBe(12)
    const counts = await Promise.all(ids.map(async (id) => (await relancesOf(id)).length))
    expect(counts.filter((n) => n === 1)).toHaveLength(12)
    expect(Math.max(...counts)).toBe(1)
    const children = await portal.owner.query<{ n: number }>(
      'select count(*)::int as n from courriers where origine_id = any($1)',
      [ids],
    )
    expect(children.rows[0]!.n).toBe(12)
  })

  it('go by the clock only for an organisme that wants it', async () => {
    const id = await publish(portal, '940', ['Une ?'], 'adherent')
    later(24)
    await chaqueMatin.run(portal.services)
    const alive = async () =>
      (await portal.owner.query<{ id: string; demande_par: string | null }>(
        `select id, demande_par from travaux where genre = 'courriers.relances' and etat = 'pret'`,
      )).rows // prettier-ignore
    expect(await alive()).toEqual([])
    expect((await admin.post('/gestion/relances/regles', reglages({ automatique: 'oui' }))).status).toBe(303)
    await chaqueMatin.run(portal.services)
    await chaqueMatin.run(portal.services)
    const [travail, second] = await alive()
    expect(second).toBeUndefined()
    expect(travail!.demande_par).toBeNull()
    await runTravail(portal, 'estuaire', travail!.id)
    expect(await relancesOf(id)).toHaveLength(1)
  })
})

function reglages(changes: Record<string, string> = {}): Record<string, string> {
  const genres = ['questions_eccv', 'demande_pieces', 'demande_eps']
  return {
    plafond: '60', ecart: '7', texte1: 'Un {{courrier}}', texte2: 'Deux', texte3: 'Trois',
    ...Object.fromEntries(genres.flatMap((g) => [[`${g}_1`, '3'], [`${g}_2`, '7'], [`${g}_3`, '10'], [`${g}_delai`, '15']])),
    ...changes,
  } // prettier-ignore
}

describe('the rules', () => {
  it('are read by the staff and changed by an administrateur, in the journal', async () => {
    const page = await agent.get('/gestion/relances/regles')
    expect(page.text).toContain('Seul un administrateur')
    expect(checkHtml(page.text)).toEqual([])
    expect((await agent.post('/gestion/relances/regles', reglages())).status).toBe(403)
    expect((await admin.post('/gestion/relances/regles', reglages({ questions_eccv_2: '' }))).status).toBe(
      303,
    )
    const { rows } = await portal.owner.query(
      `select r.relance_2_jours from regles_relances r join plateforme.organismes o on o.id = r.organisme_id
       where r.genre = 'questions_eccv' order by o.code`,
    )
    expect(rows).toEqual([{ relance_2_jours: null }, { relance_2_jours: 7 }])
    await admin.post('/gestion/relances/regles', reglages())
  })

  it.each([
    [{ plafond: '0' }, 'de 1 à 5 000'],
    [{ plafond: '99999' }, 'de 1 à 5 000'],
    [{ ecart: '' }, 'de 1 à 90'],
    [{ questions_eccv_1: '-3' }, 'ou rien'],
    [{ questions_eccv_delai: '' }, 'de 1 à 365'],
    [{ texte1: '' }, 'Indiquez le texte de la première relance.'],
    [{ texte3: 'Payez {{montant}}' }, 'La variable {{montant}} n’existe pas.'],
    [{ autre: '1' }, 'Ce champ n’est pas attendu ici.'],
  ] as const)('%j is refused', async (changes, sentence) => {
    const answer = await admin.post('/gestion/relances/regles', reglages(changes))
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(sentence)
    expect(checkHtml(answer.text)).toEqual([])
  })
})
