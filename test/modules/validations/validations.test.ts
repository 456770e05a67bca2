import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { countPending } from '../../../src/modules/validations/queries.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { basesOf, publish, questionsOf, sendAnswer } from '../courriers/courriers.ts'

const QUEUE = '/supervision/validations'
let portal: Portal
let col14: Visitor
let col16: Visitor
let cns1: Visitor

beforeAll(async () => {
  portal = await startPortal()
  col14 = await portal.login('estuaire', 'COL14')
  col16 = await portal.login('estuaire', 'COL16')
  cns1 = await portal.login('estuaire', 'CNS1')
})

/** An answer of COL14 that waits, to a new courrier of one question. */
async function waiting(
  numero = '657',
  texte = 'Ma réponse',
): Promise<{ id: string; courrier: string; question: string }> {
  const courrier = await publish(portal, numero, ['Une question ?'])
  const [question] = await questionsOf(portal, courrier)
  const path = await sendAnswer(col14, courrier, { [question!]: texte })
  return { id: path.split('/').pop()!, courrier, question: question! }
}

const row = async (id: string) =>
  (await portal.owner.query<Record<string, string | null>>(
    'select numero, transmise_le, rejetee_le, motif, valide_nom, au_nom_de_nom, corrigee_le from reponses where id = $1', [id])).rows[0]! // prettier-ignore
const mails = async (modele: string) =>
  (await portal.owner.query<{ destinataire: string; cle: string; donnees: unknown }>(
    'select destinataire, cle, donnees from courriels where modele = $1 order by destinataire', [modele])).rows // prettier-ignore

describe('F69: the answer of a collaborateur waits', () => {
  it('without number, unseen by the organisme, and the courrier is not answered', async () => {
    const { id, courrier } = await waiting()
    expect(await row(id)).toMatchObject({ numero: null, transmise_le: null, rejetee_le: null })
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    expect((await agent.get(`/gestion/courriers/${courrier}`)).text).not.toContain('Ma réponse')
    expect((await agent.get(`/reponses/${id}`)).status).toBe(404)
    expect((await col14.get('/courriers')).text).toContain('réponse en attente de validation')
    // A second one cannot be begun meanwhile.
    expect((await cns1.get(`/courriers/${courrier}/reponse`)).headers.location).toBe(`/reponses/${id}`)
    await cns1.post(`${QUEUE}/${id}/acceptation`, {})
  })

  it('F70: tells the superviseurs by mail, and says nothing of the client', async () => {
    const { id } = await waiting()
    const sent = (await mails('reponse-a-valider')).filter((m) => m.cle.includes(id))
    expect(sent.map((m) => m.destinataire)).toEqual([
      'direction@vauquelin.example',
      'j.aubrespin@vauquelin.example',
    ])
    expect(sent[0]!.donnees).toEqual({ lien: `${QUEUE}/${id}` })
    await cns1.post(`${QUEUE}/${id}/acceptation`, {})
  })

  it('goes at once when the cabinet does not supervise, and when a superviseur writes', async () => {
    const path = await publish(portal, '801', ['Une ?'])
    const cns2 = await portal.login('estuaire', 'CNS2')
    const direct = await sendAnswer(cns2, path, { [(await questionsOf(portal, path))[0]!]: 'Oui.' })
    expect((await row(direct.split('/').pop()!)).numero).toMatch(/^R-/)
    const other = await publish(portal, '12', ['Une ?'])
    const own = await sendAnswer(col16, other, { [(await questionsOf(portal, other))[0]!]: 'Oui.' })
    expect((await row(own.split('/').pop()!)).numero).toMatch(/^R-/)
  })

  it('F20: the number of the queue is the rows of the queue', async () => {
    const n = await portal.as('estuaire', 'COL16', countPending)
    const { text } = await col16.get(QUEUE)
    expect(checkHtml(text)).toEqual([])
    expect(text.match(/<td class="titre">/g)).toHaveLength(n)
    expect(n).toBeGreaterThan(1)
  })
})

describe('F71: the decision', () => {
  it('accepted: numbered, sent, told, journaled with who acted', async () => {
    const { id } = await waiting()
    const page = await col16.get(`${QUEUE}/${id}`)
    expect(checkHtml(page.text)).toEqual([])
    expect((await col16.post(`${QUEUE}/${id}/acceptation`, {})).status).toBe(303)
    expect(await row(id)).toMatchObject({ valide_nom: 'Jérémie Aubrespin', corrigee_le: null })
    expect((await row(id)).numero).toMatch(/^R-\d{4}-\d{6}$/)
    expect((await mails('reponse-acceptee')).filter((m) => m.cle.includes(id)).map((m) => m.destinataire)).toEqual(['c.marchandeau@vauquelin.example']) // prettier-ignore
    const { rows } = await portal.owner.query(
      `select acteur, action from journal where objet_id = $1 order by numero`,
      [id],
    )
    expect(rows).toEqual([
      { acteur: 'Capucine Marchandeau (COL14)', action: 'reponse.soumise' },
      { acteur: 'Jérémie Aubrespin (COL16)', action: 'reponse.acceptee' },
    ])
  })

  it('accepted with a correction: both texts are kept, the organisme reads the corrected one', async () => {
    const { id, courrier, question } = await waiting('657', 'Il y a une erreure')
    await col16.post(`${QUEUE}/${id}/acceptation`, { [`texte-${question}`]: 'Il y a une erreur' })
    const { rows } = await portal.owner.query(
      'select texte, texte_corrige from reponse_lignes where reponse_id = $1',
      [id],
    )
    expect(rows).toEqual([{ texte: 'Il y a une erreure', texte_corrige: 'Il y a une erreur' }])
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    const { text } = await agent.get(`/gestion/courriers/${courrier}`)
    expect(text).toContain('Il y a une erreur</p>')
    expect(text).not.toContain('erreure')
    expect((await col14.get(`/reponses/${id}`)).text).toContain('Il y a une erreure')
  })

  it('rejected with a reason: an editable draft again, and what changed is shown at the next turn', async () => {
    const { id, courrier, question } = await waiting('657', 'Le montant est de 100 euros')
    expect((await col16.post(`${QUEUE}/${id}/rejet`, { motif: '' })).status).toBe(422)
    expect((await col16.post(`${QUEUE}/${id}/rejet`, { motif: 'Le montant est faux.' })).status).toBe(303)
    expect(await row(id)).toMatchObject({ numero: null, motif: 'Le montant est faux.' })
    const draft = await col14.get(`/courriers/${courrier}/reponse`)
    expect(draft.text).toContain('Le montant est faux.')
    expect(draft.text).toContain('Le montant est de 100 euros')
    expect((await mails('reponse-rejetee')).map((m) => m.donnees)).toContainEqual({
      lien: `/courriers/${courrier}/reponse`,
    })
    const again = await sendAnswer(col14, courrier, { [question]: 'Le montant est de 120 euros' })
    const next = again.split('/').pop()!
    const page = await col16.get(`${QUEUE}/${next}`)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('<del>100</del>')
    expect(page.text).toContain('<ins>120</ins>')
    await col16.post(`${QUEUE}/${next}/acceptation`, {})
    expect((await row(next)).numero).not.toBeNull()
  })

  it('several at once, and none of them twice', async () => {
    const three = [await waiting('12'), await waiting('45'), await waiting('58')].map((one) => one.id)
    const answer = await col16.post(QUEUE, { reponse: three })
    expect(answer.status).toBe(303)
    for (const id of three) expect((await row(id)).numero, id).not.toBeNull()
    const again = await cns1.post(QUEUE, { reponse: three })
    expect(again.status).toBe(422)
    expect(again.text).toContain('ont déjà été traitées')
    expect((await cns1.post(QUEUE, {})).text).toContain('Cochez au moins une réponse')
  })

  it('two superviseurs at the same instant: one wins, the other reads who', async () => {
    for (const second of ['acceptation', 'rejet']) {
      const { id } = await waiting()
      const answers = await Promise.all([
        col16.post(`${QUEUE}/${id}/acceptation`, {}),
        cns1.post(`${QUEUE}/${id}/${second}`, second === 'rejet' ? { motif: 'Non.' } : {}),
      ])
      expect(answers.map((a) => a.status).sort()).toEqual([303, 422])
      const loser = answers.find((a) => a.status === 422)!
      expect(loser.text).toMatch(
        /Cette réponse a déjà été (acceptée|rejetée) par (Jérémie Aubrespin|Cabinet Vauquelin)/,
      )
      const { rows } = await portal.owner.query(
        `select count(*)::int as n from journal where objet_id = $1 and action in ('reponse.acceptee', 'reponse.rejetee')`, [id]) // prettier-ignore
      expect(rows).toEqual([{ n: 1 }])
    }
  })
})

describe('4: nobody validates his own answer', () => {
  it('refuses it to whoever wrote it and became superviseur since, one by one and among several', async () => {
    const { id } = await waiting()
    await portal.owner.query(
      `update utilisateurs set role = 'superviseur' where login = 'COL14' and structure_id in
      (select structure_id from reponses where id = $1)`,
      [id],
    )
    const promoted = await portal.login('estuaire', 'COL14')
    for (const [path, fields] of [
      [`${QUEUE}/${id}/acceptation`, {}],
      [`${QUEUE}/${id}/rejet`, { motif: 'x' }],
      [QUEUE, { reponse: id }],
    ] as const) {
      // prettier-ignore
      const answer = await promoted.post(path, fields)
      expect(answer.status, path).toBe(422)
      expect(answer.text).toContain('Vous ne pouvez pas valider votre propre réponse')
    }
    expect((await row(id)).transmise_le).toBeNull()
    await portal.owner.query(
      `update utilisateurs set role = 'collaborateur' where login = 'COL14' and role = 'superviseur'`,
    )
    await cns1.post(`${QUEUE}/${id}/acceptation`, {})
  })

  it('and the database says so too', async () => {
    const { id } = await waiting()
    const { id: author } = await portal.person('estuaire', 'COL14')
    const forged = portal.owner.query(`update reponses set valide_par = $2 where id = $1`, [id, author])
    await expect(forged).rejects.toMatchObject({ constraint: 'reponses_quatre_yeux' })
    await cns1.post(`${QUEUE}/${id}/acceptation`, {})
  })

  it('5: a collaborateur does not get past the queue by writing in the database as himself', async () => {
    const courrier = await publish(portal, '657', ['Une ?'])
    const insert = portal.as('estuaire', 'COL14', (db) =>
      db.run(sql`insert into reponses (courrier_id, auteur_nom,
      structure_id, numero, transmise_le) values (${courrier}, 'x', app.structure_id(), 'R-2000-000001', now())`),
    )
    await expect(insert).rejects.toThrow(/row-level security/)
  })
})

describe('who sees the queue', () => {
  it('is closed to collaborateurs, to other cabinets, to adhérents and to the staff', async () => {
    const { id } = await waiting()
    for (const [login, status] of [
      ['COL14', 404],
      ['COL7', 404],
      ['CNS2', 404],
      ['657', 403],
      ['agent@estuaire.example', 403],
    ] as const) {
      // prettier-ignore
      const who = await portal.login('estuaire', login)
      expect((await who.get(`${QUEUE}/${id}`)).status, login).toBe(status)
      expect((await who.post(`${QUEUE}/${id}/acceptation`, {})).status, login).toBe(status)
      expect((await who.post(`${QUEUE}/${id}/rejet`, { motif: 'x' })).status, login).toBe(status)
    }
    expect((await row(id)).transmise_le).toBeNull()
    await cns1.post(`${QUEUE}/${id}/acceptation`, {})
  })
})

describe('a substitute between two dates', () => {
  const today = new Date().toISOString().slice(0, 10)
  const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

  it('is named by the superviseur, acts in his name, and the journal tells both', async () => {
    const { id: col3Id } = await portal.person('estuaire', 'COL3')
    const col3 = await portal.login('estuaire', 'COL3')
    const { id } = await waiting()
    expect((await col3.get(QUEUE)).status).toBe(404)
    const entry = (text: string) =>
      /href="\/supervision\/validations"[^>]*>[\s\S]*?<span class="menu-libelle">Validation des réponses<\/span>(?:<span class="compte-pastille">(\d+))?/.exec(
        text,
      )
    expect(entry((await col3.get('/')).text)).toBeNull()
    expect(checkHtml((await col16.get(`${QUEUE}/suppleance`)).text)).toEqual([])
    expect(
      (await col16.post(`${QUEUE}/suppleance`, { suppleant: col3Id, du: today, au: days(5) })).status,
    ).toBe(303)
    const page = await col3.get(`${QUEUE}/${id}`)
    expect(page.status).toBe(200)
    // The queue is in his menu while he stands in, with the number of its rows.
    const queue = await col3.get(QUEUE)
    expect(Number(entry((await col3.get('/')).text)![1])).toBe(
      queue.text.match(/Choisir la réponse de/g)!.length,
    )
    expect(page.text).toContain('Vous agissez au nom de Jérémie Aubrespin')
    // He reads what waits, and gets no other courrier of those dossiers into his own list.
    expect((await col3.get('/courriers')).text).toContain('Aucun nouveau courrier')
    expect((await col3.post(`${QUEUE}/${id}/acceptation`, {})).status).toBe(303)
    expect(await row(id)).toMatchObject({
      valide_nom: 'Anthime Marquisat',
      au_nom_de_nom: 'Jérémie Aubrespin',
    })
    const { rows } = await portal.owner.query<{ acteur: string; detail: Record<string, string> }>(
      `select acteur, detail from journal where objet_id = $1 and action = 'reponse.acceptee'`, [id]) // prettier-ignore
    expect(rows[0]!.acteur).toBe('Anthime Marquisat (COL3)')
    expect(rows[0]!.detail).toMatchObject({ au_nom_de_nom: 'Jérémie Aubrespin' })
    const other = await waiting('45')
    expect((await col3.post(`${QUEUE}/${other.id}/rejet`, { motif: 'À reprendre.' })).status).toBe(303)
    expect((await col14.get(`/courriers/${other.courrier}/reponse`)).text).toContain(
      'au nom de Jérémie Aubrespin',
    )
  })

  it('4: cannot approve his own answer in the name of another', async () => {
    const { id: col14Id } = await portal.person('estuaire', 'COL14')
    await col16.post(`${QUEUE}/suppleance`, { suppleant: col14Id, du: today, au: days(2) })
    const { id } = await waiting()
    const answer = await col14.post(`${QUEUE}/${id}/acceptation`, {})
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('votre propre réponse')
    await cns1.post(`${QUEUE}/${id}/acceptation`, {})
  })

  it('ends by itself the day after, and at once when it is ended', async () => {
    const col3 = await portal.login('estuaire', 'COL3')
    expect((await col3.get(QUEUE)).status).toBe(200)
    await portal.owner.query(
      `update suppleances set du = current_date - 9, au = current_date - 2 where suppleant_id in (select id from utilisateurs where login = 'COL3')`,
    )
    expect((await col3.get(QUEUE)).status).toBe(404)
    await portal.owner.query(
      `update suppleances set au = current_date + 9 where suppleant_id in (select id from utilisateurs where login = 'COL3')`,
    )
    expect((await col3.get(QUEUE)).status).toBe(200)
    const { rows } = await portal.owner.query<{ id: string }>(
      `select s.id from suppleances s join utilisateurs u on u.id = s.suppleant_id where u.login = 'COL3'`,
    )
    expect((await cns1.post(`${QUEUE}/suppleance/${rows[0]!.id}/fin`)).status).toBe(303)
    expect((await col3.get(QUEUE)).status).toBe(404)
  })

  it('is somebody of the cabinet, for days that come', async () => {
    const { id: stranger } = await portal.person('estuaire', 'CNS2')
    const { id: col7 } = await portal.person('estuaire', 'COL7')
    const post = (fields: Record<string, string>) => col16.post(`${QUEUE}/suppleance`, fields)
    expect((await post({ suppleant: stranger, du: today, au: days(3) })).text).toContain(
      'Choisissez un collaborateur',
    )
    expect((await post({ suppleant: col7, du: days(3), au: today })).text).toContain('vient avant le premier')
    expect((await post({ suppleant: col7, du: days(-5), au: days(-3) })).text).toContain(
      'Ces jours sont passés',
    )
  })
})

it('a rejected answer gives its files back to the draft, and the next answer carries them', async () => {
  const courrier = await publish(portal, '58', ['La pièce ?'])
  const [question] = await questionsOf(portal, courrier)
  const bases = await basesOf(col14, courrier)
  await col14.upload(`/courriers/${courrier}/reponse`, { [`texte-${question!}`]: '', [`base-${question!}`]: bases[question!]! }, [
    { field: `fichiers-${question!}`, name: 'piece.gif', content: Buffer.from('R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64') },
  ]) // prettier-ignore
  const first = (await sendAnswer(col14, courrier, {})).split('/').pop()!
  await col16.post(`${QUEUE}/${first}/rejet`, { motif: 'Ajoutez un mot.' })
  const second = (await sendAnswer(col14, courrier, { [question!]: 'Voici.' })).split('/').pop()!
  const page = await col16.get(`${QUEUE}/${second}`)
  expect(page.text).toContain('piece.gif')
  const file = /\/fichiers\/([0-9a-f-]{36})"/.exec(page.text)![1]!
  expect((await col16.get(`/reponses/${second}/fichiers/${file}`)).status).toBe(200)
  expect(
    (await (await portal.login('estuaire', 'COL7')).get(`/reponses/${second}/fichiers/${file}`)).status,
  ).toBe(404)
})
