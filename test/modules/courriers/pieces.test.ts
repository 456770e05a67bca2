import { beforeAll, describe, expect, it } from 'vitest'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { basesOf, questionsOf } from './courriers.ts'

let portal: Portal
let agent: Visitor
let ines: Visitor
const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
  ines = await portal.login('estuaire', '940')
})

/** A list of pieces to the adhérente who answers for herself. */
async function ask(...pieces: string[]): Promise<{ id: string; q: string[] }> {
  const lines = pieces.flatMap((texte, i): [string, string][] => [
    [`question${i + 1}`, texte],
    [`nature${i + 1}`, 'piece'],
  ])
  const answer = await agent.upload(
    '/gestion/courriers/nouveau',
    { numero: '940', cabinet: '', destinataire: 'adherent', genre: 'demande_pieces', objet: 'Pièces', corps: '',
      aRepondreAvant: inDays(15), geste: 'publier', ...Object.fromEntries(lines) },
    [],
  ) // prettier-ignore
  const id = String(answer.headers.location).split('/').pop()!
  return { id, q: await questionsOf(portal, id) }
}

async function save(
  id: string,
  typed: Record<string, string>,
  files: { q: string; name: string }[] = [],
  geste = 'envoyer',
) {
  const bases = await basesOf(ines, id)
  const fields: Record<string, string> = { geste, ...typed }
  for (const name of Object.keys(typed)) {
    const question = name.replace(/^texte-/, '')
    if (name !== question) fields[`base-${question}`] = bases[question] ?? ''
  }
  const pdf = Buffer.from(await makePdf())
  return ines.upload(`/courriers/${id}/reponse`, fields, files.map((f) => ({ field: `fichiers-${f.q}`, name: f.name, content: pdf }))) // prettier-ignore
}

async function send(id: string) {
  const page = await ines.get(`/courriers/${id}/reponse/envoi`)
  const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? ''
  return { page, sent: await ines.post(`/courriers/${id}/reponse/envoi`, { version }) }
}

describe('pieces that are asked for', () => {
  it('each is a file, or « sans objet » with a reason; half of it is told and not sent', async () => {
    const { id, q } = await ask('La balance', 'Le bail')
    const page = await ines.get(`/courriers/${id}/reponse`)
    expect(page.text).toContain('Pièce 1')
    expect(checkHtml(page.text)).toEqual([])
    for (const [typed, phrase] of [
      [{ [`texte-${q[0]!}`]: 'Demain.' }, 'Pièce 1 : joignez un fichier, ou cochez « sans objet ».'],
      [
        { [`texte-${q[0]!}`]: '', [`sansobjet-${q[0]!}`]: 'oui' },
        'Pièce 1 : dites pourquoi elle est sans objet.',
      ],
    ] as const) {
      await save(id, typed)
      const refused = await ines.get(`/courriers/${id}/reponse/envoi`)
      expect(refused.headers.location).toBe(`/courriers/${id}/reponse`)
      expect((await ines.get(`/courriers/${id}/reponse`)).text).toContain(phrase)
    }
    await save(id, { [`texte-${q[0]!}`]: 'Non tenue.', [`sansobjet-${q[0]!}`]: 'oui' }, [
      { q: q[0]!, name: 'a.pdf' },
    ])
    await ines.get(`/courriers/${id}/reponse/envoi`)
    expect((await ines.get(`/courriers/${id}/reponse`)).text).toContain('décochez « sans objet »')
  })

  it('is answered piece by piece, and the staff accepts, refuses with a reason, and the last acceptance closes it', async () => {
    const { id, q } = await ask('La balance', 'Le bail', 'Le contrat')
    await save(id, { [`texte-${q[1]!}`]: 'Locaux en propriété.', [`sansobjet-${q[1]!}`]: 'oui' }, [
      { q: q[0]!, name: 'balance.pdf' },
    ])
    expect((await ines.get(`/courriers/${id}/reponse`)).text).toMatch(
      new RegExp(`id="sansobjet-${q[1]!}"[^>]*checked`),
    )
    const { page, sent } = await send(id)
    expect(page.text).toMatch(/1\sdemande reste sans réponse/)
    expect(sent.status).toBe(303)
    expect((await ines.get(String(sent.headers.location))).text).toContain('Sans objet')
    const courrier = await ines.get(`/courriers/${id}`)
    expect(courrier.text).toMatch(/3\spièces demandées, 2\sreçues/)
    expect(checkHtml(courrier.text)).toEqual([])
    expect((await agent.get('/gestion/courriers?etat=a-traiter')).text).not.toContain(id)

    await save(id, {}, [{ q: q[2]!, name: 'contrat.pdf' }])
    await send(id)
    expect((await agent.get('/gestion/courriers?etat=a-traiter')).text).toContain(id)
    const treat = `/gestion/courriers/${id}/traitement`
    const show = await agent.get(treat)
    expect(show.text).toContain('contrat.pdf')
    expect(show.text).toContain('Locaux en propriété.')
    expect(checkHtml(show.text)).toEqual([])
    const refused = await agent.post(treat, {
      geste: 'suivant', [`decision-${q[0]!}`]: 'accepter', [`decision-${q[1]!}`]: 'accepter',
      [`decision-${q[2]!}`]: 'redemander', [`motif-${q[2]!}`]: 'Il n’est pas signé.', aRepondreAvant: inDays(10),
    }) // prettier-ignore
    expect(refused.status).toBe(303)
    const again = await ines.get(`/courriers/${id}/reponse`)
    expect(again.text).toContain('Il n’est pas signé.')
    expect(again.text).not.toContain(`fichiers-${q[0]!}"`)
    expect((await ines.get('/courriers')).text).toContain('Complément demandé : Pièces')
    await save(id, {}, [{ q: q[2]!, name: 'signe.pdf' }])
    await send(id)
    await agent.post(treat, { geste: 'tout' })
    const { rows } = await portal.owner.query<{ clos: boolean; ouvertes: number }>(
      `select clos_le is not null as clos, (select count(*)::int from courrier_questions q
         where q.courrier_id = c.id and satisfaite_le is null) as ouvertes from courriers c where id = $1`,
      [id],
    )
    expect(rows).toEqual([{ clos: true, ouvertes: 0 }])
  })

  it('a rejected answer gives back what was said to be without object', async () => {
    const cns1 = await portal.login('estuaire', 'COL14')
    const answer = await agent.upload(
      '/gestion/courriers/nouveau',
      { numero: '657', cabinet: '', destinataire: 'cabinet', genre: 'demande_pieces', objet: 'Pièces du cabinet', corps: '',
        aRepondreAvant: inDays(15), geste: 'publier', question1: 'Le bail', nature1: 'piece' },
      [],
    ) // prettier-ignore
    const id = String(answer.headers.location).split('/').pop()!
    const [q] = await questionsOf(portal, id)
    const bases = await basesOf(cns1, id)
    await cns1.upload(`/courriers/${id}/reponse`, { geste: 'envoyer', [`texte-${q!}`]: 'Domicile.', [`base-${q!}`]: bases[q!]!, [`sansobjet-${q!}`]: 'oui' }, []) // prettier-ignore
    const page = await cns1.get(`/courriers/${id}/reponse/envoi`)
    const version = /name="version" value="(\d+)"/.exec(page.text)![1]!
    const sent = await cns1.post(`/courriers/${id}/reponse/envoi`, { version })
    const reponse = String(sent.headers.location).split('/').pop()!
    const jeremie = await portal.login('estuaire', 'COL16')
    expect((await jeremie.get(`/supervision/validations/${reponse}`)).text).toContain('Sans objet')
    await jeremie.post(`/supervision/validations/${reponse}/rejet`, { motif: 'Joignez-le.' })
    expect((await cns1.get(`/courriers/${id}/reponse`)).text).toMatch(
      new RegExp(`id="sansobjet-${q!}"[^>]*checked`),
    )
  })
})
