import { beforeAll, describe, expect, it } from 'vitest'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { courrierOf, publish, questionsOf, sendAnswer } from './courriers.ts'

let portal: Portal
let agent: Visitor
let ines: Visitor
const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
  ines = await portal.login('estuaire', '940')
})

/** The form of a new courrier, with those fields instead of good ones. */
function post(changes: Record<string, string>) {
  const fields: Record<string, string> = {
    numero: '657', cabinet: '', destinataire: 'cabinet', genre: 'questions_eccv', objet: 'Un objet', corps: '',
    aRepondreAvant: inDays(10), question1: 'Une question ?',
  } // prettier-ignore
  for (let i = 2; i <= 8; i++) fields[`question${i}`] = ''
  return agent.upload('/gestion/courriers/nouveau', { ...fields, ...changes }, [])
}

describe('the staff writes', () => {
  it.each([
    [{ numero: '' }, 'Indiquez un numéro d’adhérent'],
    [{ cabinet: 'CNS1' }, 'mais pas les deux'],
    [{ numero: '99999' }, 'Aucun adhérent ne porte le numéro'],
    [{ numero: '', cabinet: 'CNS99' }, 'Aucun cabinet ne porte le numéro'],
    [{ numero: '940' }, 'n’a pas de cabinet'],
    [{ objet: '' }, 'Indiquez l’objet.'],
    [{ question1: '' }, 'Posez au moins une question.'],
    [{ aRepondreAvant: '' }, 'Indiquez la date limite de réponse.'],
    [{ aRepondreAvant: inDays(-1) }, 'Cette date est passée'],
    [{ genre: 'information' }, 'n’appelle pas de réponse'],
    [{ organisme_id: 'x' }, 'Ce champ n’est pas attendu ici.'],
  ] as const)('%j is refused, and nothing is written', async (changes, sentence) => {
    const count = async () =>
      (await portal.owner.query('select count(*)::int as n from courriers')).rows[0] as unknown
    const before = await count()
    const answer = await post(changes)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(sentence)
    expect(checkHtml(answer.text)).toEqual([])
    expect(await count()).toEqual(before)
  })

  it('F49: tells the adhérent, his cabinet and who has the dossier, without a name or a document in the mail', async () => {
    const id = await publish(portal, '657', ['Une ?'])
    const { rows } = await portal.owner.query<{ destinataire: string; donnees: unknown }>(
      `select destinataire, donnees from courriels where cle like $1 order by destinataire`,
      [`courrier:${id}:%`],
    )
    expect(rows).toEqual([
      {
        destinataire: 'c.marchandeau@vauquelin.example',
        donnees: { lien: `/courriers/${id}`, attend: true },
      },
      { destinataire: 'direction@vauquelin.example', donnees: { lien: `/courriers/${id}`, attend: true } },
      {
        destinataire: 'solene.carriveau@atelier.example',
        donnees: { lien: `/courriers/${id}`, attend: false },
      },
    ])
    const page = await agent.get(`/gestion/courriers/${id}`)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('pas encore lu')
  })

  it('F43: the adhérent sees his copy, and cannot answer in the place of his cabinet', async () => {
    const id = await courrierOf(portal, '657', 'Questions')
    const solene = await portal.login('estuaire', '657')
    expect((await solene.get(`/courriers/${id}`)).text).toContain('copie du document envoyé à votre cabinet')
    expect((await solene.get(`/courriers/${id}/reponse`)).status).toBe(404)
  })

  it('sends a PDF of its own, which is read as it came', async () => {
    const pdf = await makePdf()
    const answer = await agent.upload('/gestion/courriers/nouveau', {
      numero: '940', cabinet: '', destinataire: 'adherent', genre: 'information', objet: 'Avec un PDF', corps: '', aRepondreAvant: '',
      ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`question${i + 1}`, ''])),
    }, [{ field: 'fichier', name: 'lettre.pdf', content: pdf }]) // prettier-ignore
    expect(answer.status).toBe(303)
    const id = String(answer.headers.location).split('/').pop()!
    expect((await ines.get(`/courriers/${id}/pdf`)).body.equals(pdf)).toBe(true)
    expect((await (await portal.login('estuaire', '657')).get(`/courriers/${id}/pdf`)).status).toBe(404)
  })
})

describe('the staff follows', () => {
  it('asks again: the courrier is to be answered anew, the relance is a courrier of its own', async () => {
    const id = await publish(portal, '940', ['Un ?', 'Deux ?'], 'adherent')
    const [q1, q2] = await questionsOf(portal, id)
    await sendAnswer(ines, id, { [q1!]: 'Flou', [q2!]: 'Clair' })
    expect((await agent.get('/gestion/courriers?etat=a-traiter')).text).toContain(id)
    await agent.post(`/gestion/courriers/${id}/questions/${q2!}/satisfaction`)
    const relance = { genre: 'relance', texte: 'Soyez précis.', aRepondreAvant: inDays(7), question: q1! }
    expect((await agent.post(`/gestion/courriers/${id}/relance`, relance)).status).toBe(303)
    const list = await ines.get('/courriers')
    expect(list.text).toContain('Relance : Contrôle du dossier')
    expect((await ines.get('/courriers?filtre=a-repondre')).text).toContain(id)
    const page = await ines.get(`/courriers/${id}/reponse`)
    expect(page.text).toContain('Soyez précis.')
    expect(page.text).not.toContain(`name="texte-${q2!}"`)
    await sendAnswer(ines, id, { [q1!]: 'Précis' })
    expect((await ines.get('/courriers?filtre=a-repondre')).text).not.toContain(id)
    const fiche = await agent.get(`/gestion/courriers/${id}`)
    expect(fiche.text).toContain('Flou')
    expect(fiche.text).toContain('Précis')
    expect(checkHtml(fiche.text)).toEqual([])
  })

  it('waives the last open question, and closes; then nothing more can be asked or answered', async () => {
    const id = await publish(portal, '940', ['Une ?'], 'adherent')
    const [q1] = await questionsOf(portal, id)
    await agent.post(`/gestion/courriers/${id}/questions/${q1!}/satisfaction`)
    expect((await agent.post(`/gestion/courriers/${id}/questions/${q1!}/satisfaction`)).text).toContain(
      'déjà notée',
    )
    expect((await ines.get('/courriers?filtre=a-repondre')).text).not.toContain(id)
    expect((await agent.post(`/gestion/courriers/${id}/cloture`)).status).toBe(303)
    expect((await agent.post(`/gestion/courriers/${id}/cloture`)).text).toContain('déjà clos')
    const again = { genre: 'relance', texte: 'Encore.', aRepondreAvant: inDays(7), question: q1! }
    expect((await agent.post(`/gestion/courriers/${id}/relance`, again)).text).toContain(
      'Ce courrier est clos',
    )
    expect((await ines.get(`/courriers/${id}/reponse`)).headers.location).toBe(`/courriers/${id}`)
  })

  it.each(['', 'a-traiter', 'en-attente', 'en-retard', 'clos'])(
    'lists « %s », every page, each row once',
    async (etat) => {
      const found: string[] = []
      for (let next: string | undefined = `/gestion/courriers?etat=${etat}`; next !== undefined;) {
        const { text } = await agent.get(next)
        found.push(
          ...[...text.matchAll(/<td class="titre"><a href="\/gestion\/courriers\/([0-9a-f-]{36})/g)].map(
            (m) => m[1]!,
          ),
        )
        next = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
      }
      expect(new Set(found).size).toBe(found.length)
      expect(found.length).toBeGreaterThan(0)
    },
  )
})

describe('at a volume', () => {
  it('the new courriers of a cabinet are read along their index, as the role of the web process', async () => {
    const person = await portal.person('estuaire', 'CNS1')
    await portal.owner
      .query(`insert into courriers (organisme_id, numero, adherent_id, structure_id, destinataire, genre,
        objet, publie_le, archive_cabinet_le) select organisme_id, 'V-' || numero || '-' || n, id, structure_id, 'cabinet',
        'information', 'Note', now() - n * interval '1 hour', now() from adherents, generate_series(1, 1500) n
      where structure_id is not null`)
    await portal.owner.query('analyze courriers')
    const client = await portal.owner.connect()
    try {
      await client.query('begin')
      await client.query('set local role parvis_web')
      for (const [name, value] of [
        ['organisme_id', person.organismeId],
        ['role', 'cabinet'],
        ['utilisateur_id', person.id],
        ['structure_id', person.structureId],
      ])
        // prettier-ignore
        await client.query('select set_config($1, $2, true)', [`app.${name!}`, value])
      const plan = await client.query<{ 'QUERY PLAN': string }>(`explain select count(*) from courriers c
        where c.structure_id = '${person.structureId!}' and c.publie_le is not null and c.archive_cabinet_le is null`)
      expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('courriers_nouveaux')
      await client.query('rollback')
    } finally {
      client.release()
    }
  })
})
