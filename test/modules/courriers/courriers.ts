import type { Portal, Visitor } from '../../support/portal.ts'

/** Id of the courrier of the demo with that dossier (number) and that subject. */
export async function courrierOf(
  portal: Portal,
  numero: string,
  objet: string,
  organisme = 'estuaire',
): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `select c.id from courriers c join plateforme.organismes o on o.id = c.organisme_id
       left join adherents a on a.id = c.adherent_id left join structures s on s.id = c.structure_id
     where o.code = $1 and coalesce(a.numero, s.numero) = $2 and c.objet like $3`,
    [organisme, numero, `${objet}%`],
  )
  if (rows.length !== 1) throw new Error(`${rows.length} courriers ${numero} ${objet}`)
  return rows[0]!.id
}

export async function questionsOf(portal: Portal, courrierId: string): Promise<string[]> {
  const { rows } = await portal.owner.query<{ id: string }>(
    'select id from courrier_questions where courrier_id = $1 order by ordre',
    [courrierId],
  )
  return rows.map((row) => row.id)
}

/** A new courrier of questions to the cabinet of that adhérent (or to himself), written as the staff does. */
export async function publish(
  portal: Portal,
  numero: string,
  questions: string[],
  destinataire: 'cabinet' | 'adherent' = 'cabinet',
): Promise<string> {
  const agent = await portal.login('estuaire', 'agent@estuaire.example')
  const avant = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
  const fields: Record<string, string> = {
    numero, cabinet: '', destinataire, genre: 'questions_eccv', objet: 'Contrôle du dossier', corps: 'Merci de répondre.',
    aRepondreAvant: avant,
  } // prettier-ignore
  for (let i = 1; i <= 8; i++) fields[`question${i}`] = questions[i - 1] ?? ''
  const answer = await agent.upload('/gestion/courriers/nouveau', fields, [])
  if (answer.status !== 303) throw new Error(`${answer.status} ${answer.text.slice(0, 2000)}`)
  return String(answer.headers.location).split('/').pop()!
}

/** Number of drafts, lines, answers and files: what must not have moved. */
export async function stored(portal: Portal): Promise<Record<string, number>> {
  const { rows } = await portal.owner.query<Record<string, number>>(`select
    (select count(*)::int from brouillons) as brouillons, (select count(*)::int from brouillon_fichiers) as poses,
    (select count(*)::int from reponses) as reponses, (select count(*)::int from reponse_lignes) as lignes,
    (select count(*)::int from reponse_fichiers) as pieces, (select count(*)::int from fichiers) as fichiers,
    (select sum(version)::int from brouillons) as versions,
    (select count(*)::int from reponses where transmise_le is not null) as transmises`)
  return rows[0]!
}

/** Saves those texts as a draft and sends it: the acknowledgement's address. */
export async function sendAnswer(
  who: Visitor,
  courrierId: string,
  texts: Record<string, string>,
): Promise<string> {
  const page = `/courriers/${courrierId}/reponse`
  const fields: Record<string, string> = { geste: 'envoyer' }
  const bases = await basesOf(who, courrierId)
  for (const [id, text] of Object.entries(texts)) {
    fields[`texte-${id}`] = text
    fields[`base-${id}`] = bases[id] ?? ''
  }
  const saved = await who.upload(page, fields, [])
  if (saved.status !== 303) throw new Error(`draft ${saved.status} ${saved.text.slice(0, 3000)}`)
  const read = await who.get(`${page}/envoi`)
  const version = /name="version" value="(\d+)"/.exec(read.text)?.[1]
  if (version === undefined) throw new Error(`no version: ${read.status} ${String(read.headers.location)}`)
  const sent = await who.post(`${page}/envoi`, { version })
  if (sent.status !== 303) throw new Error(`sent ${sent.status} ${sent.text.slice(0, 3000)}`)
  return String(sent.headers.location)
}

/** The fingerprints that the page of a draft carries, by question. */
export async function basesOf(who: Visitor, courrierId: string): Promise<Record<string, string>> {
  const { text } = await who.get(`/courriers/${courrierId}/reponse`)
  return Object.fromEntries(
    [...text.matchAll(/name="base-([0-9a-f-]{36})" value="([^"]*)"/g)].map((m) => [m[1]!, m[2]!]),
  )
}
