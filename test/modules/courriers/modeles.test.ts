import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { questionsOf, sendAnswer } from './courriers.ts'

let portal: Portal
let agent: Visitor
const BASE = '/gestion/courriers/modeles'
const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

async function modeleId(cle: string, organisme = 'estuaire'): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `select m.id from modeles_courriers m join plateforme.organismes o on o.id = m.organisme_id
     where o.code = $1 and m.cle = $2`,
    [organisme, cle],
  )
  return rows[0]!.id
}

/** The fields of a model, as its page sends them. */
function fields(
  changes: Record<string, string> = {},
  demandes: string[] = ['Une ?'],
): Record<string, string> {
  const lines: [string, string][] = demandes.flatMap((texte, i): [string, string][] => [
    [`question${i + 1}`, texte],
    [`nature${i + 1}`, 'question'],
  ])
  return {
    nom: 'Mon modèle', genre: 'questions_eccv', destinataire: 'cabinet', objet: 'Exercice {{exercice}}', corps: 'À {{nom}}.',
    delai: '20', lignes: String(demandes.length), geste: 'enregistrer', ...Object.fromEntries(lines), ...changes,
  } // prettier-ignore
}

const values = (text: string) =>
  [...text.matchAll(/<textarea[^>]*name="question(\d+)"[^>]*>\n([^<]*)<\/textarea>/g)].map((m) => m[2])

describe('models of courriers', () => {
  it('an OGA is born with the fifteen questions and a list of pieces, an éditeur with none', async () => {
    const { rows } = await portal.owner.query<{ code: string; n: number; eccv: number }>(
      `select o.code, count(m.cle)::int as n, count(*) filter (where m.cle is not null and m.genre = 'questions_eccv')::int as eccv
       from plateforme.organismes o left join modeles_courriers m on m.organisme_id = o.id group by 1 order by 1`,
    )
    expect(rows.filter((r) => r.n > 0)).toEqual([
      { code: 'estuaire', n: 16, eccv: 15 },
      { code: 'midi', n: 16, eccv: 15 },
    ])
    const list = await agent.get(BASE)
    expect(list.text).toContain('CSG déductible absente')
    expect(checkHtml(list.text)).toEqual([])
  })

  it.each([
    [{ nom: '' }, 'Donnez un nom au modèle.'],
    [{ objet: '' }, 'Indiquez l’objet.'],
    [{ corps: 'Bonjour {{prenom}}' }, 'La variable {{prenom}} n’existe pas.'],
    [{ objet: '{{constructor}}' }, 'La variable {{constructor}} n’existe pas.'],
    [{ corps: 'Un {{ sans fin' }, 'entre deux paires d’accolades'],
    [{ question1: '' }, 'Posez au moins une question'],
    [{ delai: '0' }, 'Indiquez le délai de réponse'],
    [{ delai: 'x' }, 'Indiquez le délai de réponse'],
    [{ genre: 'information' }, 'n’appelle pas de réponse'],
    [{ genre: 'crm' }, 'Choisissez le type de courrier.'],
    [{ nom: 'csg DÉDUCTIBLE absente' }, 'Un autre modèle porte déjà ce nom.'],
    [{ organisme_id: 'x' }, 'Ce champ n’est pas attendu ici.'],
  ] as const)('%j is refused, and nothing is written', async (changes, sentence) => {
    const count = async () =>
      (await portal.owner.query('select count(*)::int as n from modeles_courriers')).rows[0] as unknown
    const before = await count()
    const answer = await agent.post(`${BASE}/nouveau`, fields(changes))
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(sentence)
    expect(checkHtml(answer.text)).toEqual([])
    expect(await count()).toEqual(before)
  })

  it('adds, moves and removes questions without a script, and keeps nothing until it is saved', async () => {
    const post = (geste: string, demandes: string[]) =>
      agent.post(`${BASE}/nouveau`, fields({ geste }, demandes))
    const added = await post('ajouter', ['Un', 'Deux'])
    expect(added.status).toBe(200)
    expect(values(added.text)).toEqual(['Un', 'Deux', ''])
    expect(checkHtml(added.text)).toEqual([])
    expect(values((await post('monter-2', ['Un', 'Deux'])).text)).toEqual(['Deux', 'Un'])
    expect(values((await post('descendre-1', ['Un', 'Deux', 'Trois'])).text)).toEqual(['Deux', 'Un', 'Trois'])
    expect(values((await post('retirer-2', ['Un', 'Deux', 'Trois'])).text)).toEqual(['Un', 'Trois'])
    expect(values((await post('monter-1', ['Un', 'Deux'])).text)).toEqual(['Un', 'Deux'])
    expect((await post('retirer-21', ['Un'])).status).toBe(422)
    const { rows } = await portal.owner.query('select 1 from modeles_courriers where nom = $1', [
      'Mon modèle',
    ])
    expect(rows).toEqual([])
  })

  it('keeps every version, says who wrote it, and puts a model aside and back', async () => {
    const created = await agent.post(`${BASE}/nouveau`, fields())
    const path = String(created.headers.location)
    await agent.post(path, fields({ objet: 'Autre objet' }))
    await agent.post(path, fields({ objet: 'Autre objet' }))
    const page = await agent.get(path)
    expect(page.text).toContain('Modèle, version 2')
    expect(page.text).toContain('Exercice {{exercice}}')
    expect(checkHtml(page.text)).toEqual([])
    const { rows } = await portal.owner.query<{ action: string; acteur: string }>(
      `select action, acteur from journal where objet = 'modele' and objet_id = $1 order by numero`,
      [path.split('/').pop()],
    )
    expect(rows.map((r) => r.action)).toEqual(['modele.cree', 'modele.modifie'])
    expect(rows[0]!.acteur).toContain('Maud Lescarret')
    expect((await agent.post(`${path}/retrait`)).status).toBe(303)
    expect((await agent.post(`${path}/retrait`)).text).toContain('déjà retiré')
    expect((await agent.get(BASE)).text).not.toContain('Mon modèle')
    expect((await agent.get(`${BASE}?retires=oui`)).text).toContain('Mon modèle')
    expect((await agent.post(`${path}/remise`)).status).toBe(303)
  })
})

describe('a courrier from a model', () => {
  const form = (changes: Record<string, string>) => ({
    numero: '657', cabinet: '', destinataire: 'cabinet', genre: 'questions_eccv', corps: '', aRepondreAvant: inDays(20),
    objet: 'Au n° {{numero}}', exercice: '', geste: 'publier', question1: 'Pour {{nom}}, avant le {{echeance}} ?', nature1: 'question', ...changes,
  }) // prettier-ignore
  const send = (changes: Record<string, string>) =>
    agent.upload('/gestion/courriers/nouveau', form(changes), [])

  it('begins with what the model says', async () => {
    const { text } = await agent.get(
      `/gestion/courriers/nouveau?modele=${await modeleId('vehicule-bareme')}&numero=657`,
    )
    expect(text).toContain('kilomètres professionnels')
    expect(text).toContain('value="657"')
    expect(checkHtml(text)).toEqual([])
    const foreign = await modeleId('vehicule-bareme', 'midi')
    expect((await agent.get(`/gestion/courriers/nouveau?modele=${foreign}`)).status).toBe(404)
  })

  it('puts in what the dossier says, and refuses what it does not', async () => {
    const sent = await send({})
    expect(sent.status).toBe(303)
    const id = String(sent.headers.location).split('/').pop()!
    const { rows } = await portal.owner.query<{ objet: string; texte: string }>(
      'select c.objet, q.texte from courriers c join courrier_questions q on q.courrier_id = c.id where c.id = $1',
      [id],
    )
    expect(rows[0]!.objet).toBe('Au n° 657')
    expect(rows[0]!.texte).toContain('Pour Mme CARRIVEAU Solène, avant le ')
    for (const [changes, sentence] of [
      [{ question1: '{{valeur1}} € ?' }, 'Remplacez {{valeur1}} par la valeur de ce dossier.'],
      [{ corps: 'Exercice {{exercice}}' }, 'rien à mettre à la place de {{exercice}}'],
      [{ corps: '{{inconnue}}' }, 'La variable {{inconnue}} n’existe pas.'],
      [{ exercice: '2001' }, 'n’a pas d’exercice clos en 2001'],
      [{ exercice: 'x' }, 'Choisissez un exercice de la liste.'],
      [{ geste: 'autre' }, 'Choisissez ce qu’il faut faire.'],
    ] as const) {
      const answer = await send(changes)
      expect([answer.status, answer.text.includes(sentence)], sentence).toEqual([422, true])
    }
  })

  it('a draft is kept with its variables, listed, seen by nobody else, sent or deleted', async () => {
    const kept = await send({ geste: 'brouillon', objet: 'À finir {{numero}}', question1: '{{valeur1}} ?' })
    const path = String(kept.headers.location)
    const id = path.split('/')[3]!
    expect((await agent.get('/gestion/courriers?etat=brouillons')).text).toContain('À finir {{numero}}')
    const page = await agent.get(path)
    expect(page.text).toContain('{{valeur1}} ?')
    expect(checkHtml(page.text)).toEqual([])
    expect((await agent.get(`/gestion/courriers/${id}`)).headers.location).toBe(path)
    expect((await agent.get(`/gestion/courriers/${id}/pdf`)).body.subarray(0, 5).toString()).toBe('%PDF-')
    const cns1 = await portal.login('estuaire', 'CNS1')
    expect((await cns1.get(`/courriers/${id}`)).status).toBe(404)
    expect(
      (await agent.upload(path, form({ objet: 'Fini {{numero}}', question1: 'Combien ?' }), [])).status,
    ).toBe(303)
    expect((await cns1.get(`/courriers/${id}`)).text).toContain('Fini 657')
    expect((await agent.upload(path, form({}), [])).status).toBe(404)
    const other = String((await send({ geste: 'brouillon' })).headers.location)
    expect((await agent.post(`${other}/suppression`)).status).toBe(303)
    expect((await agent.get(other)).status).toBe(404)
    expect((await agent.post(`/gestion/courriers/${id}/brouillon/suppression`)).status).toBe(404)
  })

  it('the track of its clôture follows: asked, answered, over, and a control that is over stays so', async () => {
    const year = new Date().getFullYear()
    const eccv = async () =>
      (
        await portal.owner.query<{ id: string; eccv: string }>(
          `select c.id, c.eccv from clotures c join adherents a on a.id = c.adherent_id
           join plateforme.organismes o on o.id = a.organisme_id
           where o.code = 'estuaire' and a.numero = '940' and c.fin = $1`,
          [`${year}-12-31`],
        )
      ).rows[0]!
    const before = await eccv()
    expect(before.eccv).toBe('a_faire')
    const sent = await send({ numero: '940', destinataire: 'adherent', exercice: String(year) })
    const id = String(sent.headers.location).split('/').pop()!
    expect((await eccv()).eccv).toBe('questions_posees')
    const ines = await portal.login('estuaire', '940')
    const [q1] = await questionsOf(portal, id)
    await sendAnswer(ines, id, { [q1!]: 'Voici.' })
    expect((await eccv()).eccv).toBe('reponse_recue')
    await agent.post(`/gestion/courriers/${id}/cloture`)
    expect((await eccv()).eccv).toBe('en_cours')
    const { rows } = await portal.owner.query<{ de: string; vers: string; nom: string }>(
      `select m.de, m.vers, u.nom from cloture_mouvements m left join utilisateurs u on u.id = m.utilisateur_id
       where m.cloture_id = $1 order by m.le`,
      [before.id],
    )
    expect(rows).toEqual([
      { de: 'a_faire', vers: 'questions_posees', nom: 'Lescarret' },
      { de: 'questions_posees', vers: 'reponse_recue', nom: 'Delmasure' },
      { de: 'reponse_recue', vers: 'en_cours', nom: 'Lescarret' },
    ])
    await portal.owner.query(`update clotures set eccv = 'termine_sans_anomalie' where id = $1`, [before.id])
    await send({ numero: '940', destinataire: 'adherent', exercice: String(year) })
    expect((await eccv()).eccv).toBe('termine_sans_anomalie')
  })
})
