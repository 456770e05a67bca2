import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { publish, questionsOf, sendAnswer } from './courriers.ts'

let now = new Date()
let portal: Portal
let maud: Visitor
let gaspard: Visitor
let ines: Visitor

beforeAll(async () => {
  portal = await startPortal({ clock: () => now })
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  gaspard = await portal.login('estuaire', 'admin@estuaire.example')
  ines = await portal.login('estuaire', '940')
})
beforeEach(async () => {
  now = new Date()
  await portal.owner.query('delete from courrier_prises')
  await portal.owner.query(
    'update courriers set clos_le = now() where repondu_le is not null and clos_le is null',
  )
})

/** Courriers that have been answered, oldest first. */
async function answered(n: number): Promise<string[]> {
  const ids = []
  for (let i = 0; i < n; i++) {
    const id = await publish(portal, '940', [`Question ${i} ?`, 'Et encore ?'], 'adherent')
    const [q1, q2] = await questionsOf(portal, id)
    await sendAnswer(ines, id, { [q1!]: `Réponse ${i}`, [q2!]: 'Oui' })
    ids.push(id)
  }
  return ids
}

const next = async (who: Visitor, filters: Record<string, string> = {}) =>
  idIn(String((await who.post('/gestion/courriers/traitement', filters)).headers.location))
const idIn = (path: string) => /\/gestion\/courriers\/([0-9a-f-]{36})\/traitement/.exec(path)?.[1]
const treat = (who: Visitor, id: string, fields: Record<string, string>) =>
  who.post(`/gestion/courriers/${id}/traitement`, fields)

describe('working through answers', () => {
  it('goes only through what the list showed, by name too', async () => {
    const [id] = await answered(1)
    expect(await next(maud, { nom: 'carriveau' })).toBeUndefined()
    expect(await next(maud, { nom: 'delmasure' })).toBe(id)
    const list = await maud.get('/gestion/courriers?etat=a-traiter&nom=delmasure')
    expect(list.text).toContain('name="nom" value="delmasure"')
  })

  it('goes from one to the next, counts, closes what is accepted, and says when it is over', async () => {
    const ids = await answered(3)
    expect(await next(maud)).toBe(ids[0])
    const first = await maud.get(`/gestion/courriers/${ids[0]!}/traitement`)
    expect(first.text).toContain('1 sur 3')
    expect(first.text).toContain('Réponse 0')
    expect(checkHtml(first.text)).toEqual([])
    const second = await treat(maud, ids[0]!, { geste: 'tout' })
    expect(idIn(String(second.headers.location))).toBe(ids[1])
    expect((await maud.get(String(second.headers.location))).text).toContain('2 sur 3')
    // Passed: it waits still, and the third is shown as the third.
    const third = await treat(maud, ids[1]!, { geste: 'passer' })
    expect(idIn(String(third.headers.location))).toBe(ids[2])
    expect((await maud.get(String(third.headers.location))).text).toContain('3 sur 3')
    const over = await treat(maud, ids[2]!, { geste: 'clore' })
    expect(over.headers.location).toBe('/gestion/courriers?etat=a-traiter')
    expect((await maud.get(String(over.headers.location))).text).toContain('Vous êtes au bout de la liste.')
    const { rows } = await portal.owner.query<{ id: string }>(
      'select id from courriers where id = any($1) and clos_le is null',
      [ids],
    )
    expect(rows.map((r) => r.id)).toEqual([ids[1]])
    expect(await next(maud)).toBe(ids[1])
  })

  it('accepts some, asks others again in one letter, and keeps what was decided for later', async () => {
    const [id] = await answered(1)
    const [q1, q2] = await questionsOf(portal, id!)
    expect((await treat(maud, id!, {})).text).toContain('Choisissez ce que vous acceptez')
    const kept = await treat(maud, id!, { geste: 'suivant', [`decision-${q1!}`]: 'accepter' })
    expect(kept.status).toBe(303)
    const vague = await treat(maud, id!, { geste: 'suivant', [`decision-${q2!}`]: 'redemander', aRepondreAvant: '2050-01-01' }) // prettier-ignore
    expect(vague.status).toBe(422)
    expect(vague.text).toContain('Dites ce qui manque')
    expect(checkHtml(vague.text)).toEqual([])
    const past = { geste: 'suivant', [`decision-${q2!}`]: 'redemander', [`motif-${q2!}`]: 'La date ?', aRepondreAvant: '2020-01-01' } // prettier-ignore
    expect((await treat(maud, id!, past)).text).toContain('Cette date est passée')
    expect((await treat(maud, id!, { ...past, aRepondreAvant: '2050-13-01' })).text).toContain(
      'Indiquez la nouvelle',
    )
    expect((await treat(maud, id!, { ...past, aRepondreAvant: '2050-01-01' })).status).toBe(303)
    const page = await ines.get(`/courriers/${id!}/reponse`)
    expect(page.text).toContain('La date ?')
    expect(page.text).not.toContain(`name="texte-${q1!}"`)
    const letters = await portal.owner.query<{ corps: string }>(
      'select corps from courriers where origine_id = $1',
      [id],
    )
    expect(letters.rows).toHaveLength(1)
    expect(letters.rows[0]!.corps).toContain('Question 2 : Et encore ?\nLa date ?')
    const mails = await portal.owner.query(
      `select 1 from courriels where donnees ->> 'lien' in (select '/courriers/' || id from courriers where origine_id = $1)`,
      [id],
    )
    expect(mails.rowCount).toBe(1)
  })

  it('two at once never take the same one, and one learns who has it', async () => {
    const ids = await answered(4)
    const taken = await Promise.all([next(maud), next(gaspard), next(maud), next(gaspard)])
    const byMaud = new Set([taken[0], taken[2]])
    expect([taken[1], taken[3]].some((id) => byMaud.has(id))).toBe(false)
    const mine = taken[0]!
    const seen = await gaspard.get(`/gestion/courriers/${mine}/traitement`)
    expect(seen.text).toContain('Maud Lescarret traite ce courrier')
    expect(seen.text).not.toContain('Tout accepter')
    expect(checkHtml(seen.text)).toEqual([])
    expect((await gaspard.get('/gestion/courriers?etat=a-traiter')).text).toContain(
      'Maud Lescarret s’en occupe',
    )
    const refused = await treat(gaspard, mine, { geste: 'tout' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Rien n’a été changé')
    // A claim ends by itself.
    now = new Date(Date.now() + 16 * 60_000)
    expect((await gaspard.get(`/gestion/courriers/${mine}/traitement`)).text).toContain('Tout accepter')
    expect((await treat(maud, mine, { geste: 'tout' })).status).toBe(422)
    expect((await maud.post(`/gestion/courriers/${mine}/traitement/reprise`)).status).toBe(303)
    expect((await treat(maud, mine, { geste: 'tout' })).status).toBe(303)
    expect(ids).toContain(mine)
  })

  it('keeps to its filters', async () => {
    const ids = await answered(1)
    expect((await maud.post('/gestion/courriers/traitement', { genre: 'demande_pieces' })).status).toBe(422)
    expect((await maud.post('/gestion/courriers/traitement', { numero: 'CNS1' })).text).toContain(
      'rien à traiter',
    )
    expect((await maud.post('/gestion/courriers/traitement', { exercice: '2031' })).status).toBe(422)
    const first = await maud.post('/gestion/courriers/traitement', { genre: 'questions_eccv', numero: '940' })
    expect(first.headers.location).toBe(
      `/gestion/courriers/${ids[0]!}/traitement?numero=940&genre=questions_eccv`,
    )
    expect((await treat(maud, ids[0]!, { inconnu: 'x' })).text).toContain('Ce champ n’est pas attendu ici.')
  })
})
