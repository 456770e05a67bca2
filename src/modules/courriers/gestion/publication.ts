import { Refusal } from '../../../kernel/errors.ts'
import type { Db } from '../../../kernel/db.ts'
import { date } from '../../../kernel/formats.ts'
import { queueMail } from '../../../kernel/mail/queue.ts'
import type { Organisme } from '../../../kernel/organisme.ts'
import type { Cote } from '../courrier.ts'
import { demandesOf, lignesOf } from '../modeles/forms.ts'
import { QUI_DEMANDENT } from '../modeles/modele.ts'
import { type Values, VARIABLES, checkVariables, fill } from '../modeles/variables.ts'
import type { Nouveau } from './forms.ts'
import { insertEnvois, listDestinataires, publishCourrier } from './envoi-queries.ts'
import {
  type Dossier,
  type NewCourrier,
  findAdherent,
  findCabinet,
  findCloture,
  insertCourrier,
} from './redaction-queries.ts'

/** To whom it goes, from the numbers that were typed. @throws Refusal */
export async function destinationOf(db: Db, form: Nouveau): Promise<Dossier & { destinataire: Cote }> {
  if ((form.numero === '') === (form.cabinet === ''))
    throw new Refusal(
      'Indiquez un numéro d’adhérent, ou le numéro d’un cabinet, mais pas les deux.',
      'numero',
    )
  if (form.cabinet !== '') {
    const cabinet = await findCabinet(db, form.cabinet)
    if (!cabinet) throw new Refusal(`Aucun cabinet ne porte le numéro « ${form.cabinet} ».`, 'cabinet')
    if (form.exercice !== '')
      throw new Refusal('Un courrier au cabinet lui-même ne porte sur aucun exercice.', 'exercice')
    return { ...cabinet, destinataire: 'cabinet' }
  }
  const adherent = await findAdherent(db, form.numero)
  if (!adherent) throw new Refusal(`Aucun adhérent ne porte le numéro « ${form.numero} ».`, 'numero')
  if (form.destinataire === 'cabinet' && adherent.structure_id === null)
    throw new Refusal('Cet adhérent n’a pas de cabinet : adressez-lui le courrier.', 'destinataire')
  return { ...adherent, destinataire: form.destinataire }
}

/** What a courrier that asks must say, and what one that does not must not. @throws Refusal */
export function checkAsking(form: Nouveau, today: string): void {
  const questions = demandesOf(form)
  if (!QUI_DEMANDENT.has(form.genre)) {
    if (questions.length > 0)
      throw new Refusal('Ce type de courrier n’appelle pas de réponse : retirez les questions.', 'question1')
    if (form.aRepondreAvant !== '')
      throw new Refusal('Ce type de courrier n’appelle pas de réponse : retirez la date.', 'aRepondreAvant')
    return
  }
  if (questions.length === 0) throw new Refusal('Posez au moins une question.', 'question1')
  if (form.aRepondreAvant === '') throw new Refusal('Indiquez la date limite de réponse.', 'aRepondreAvant')
  if (form.aRepondreAvant < today)
    throw new Refusal(`Cette date est passée : nous sommes le ${date(today)}.`, 'aRepondreAvant')
}

/** What the variables of a courrier stand for, in one dossier. */
export function valuesOf(
  dossier: Pick<Dossier, 'numero' | 'nom' | 'cabinet'>,
  about: { fin: string | null; echeance: string | null; organisme: Pick<Organisme, 'nom'> },
): Values {
  const { fin, echeance, organisme } = about
  return {
    numero: dossier.numero,
    nom: dossier.nom,
    cabinet: dossier.cabinet,
    exercice: fin?.slice(0, 4) ?? null,
    cloture: fin === null ? null : date(fin),
    echeance: echeance === null ? null : date(echeance),
    organisme: organisme.nom,
  }
}

export type Ecrit = Omit<NewCourrier, 'fichierId' | 'origineId'>

/**
 * A courrier as the form writes it: to whom, about which exercice. `brut` keeps its variables, for a draft.
 * @throws Refusal for a variable that does not exist
 */
export async function writeCourrier(
  db: Db,
  form: Nouveau,
  organisme: Organisme,
): Promise<{ brut: Ecrit; rempli: Ecrit; manquantes: { champ: string; nom: string }[] }> {
  const destination = await destinationOf(db, form)
  const cloture =
    form.exercice === '' || destination.adherent_id === null
      ? null
      : await findCloture(db, destination.adherent_id, Number(form.exercice))
  if (form.exercice !== '' && cloture === undefined)
    throw new Refusal(`Cet adhérent n’a pas d’exercice clos en ${form.exercice}.`, 'exercice')
  const brut: Ecrit = {
    ...destination,
    genre: form.genre,
    objet: form.objet,
    corps: form.corps,
    aRepondreAvant: form.aRepondreAvant || null,
    clotureId: cloture?.id ?? null,
    questions: demandesOf(form),
  }
  const echeance = brut.aRepondreAvant
  const values = valuesOf(destination, { fin: cloture?.fin ?? null, echeance, organisme })
  const manquantes: { champ: string; nom: string }[] = []
  const put = (champ: string, text: string) => {
    checkVariables(text, VARIABLES, champ)
    const filled = fill(text, values)
    manquantes.push(...filled.manquantes.map((nom) => ({ champ, nom })))
    return filled.texte
  }
  const rempli: Ecrit = {
    ...brut,
    objet: put('objet', form.objet),
    corps: put('corps', form.corps),
    questions: lignesOf(form)
      .map((one, i) => ({ ...one, texte: put(`question${i + 1}`, one.texte) }))
      .filter((one) => one.texte !== ''),
  }
  return { brut, rempli, manquantes }
}

/** @throws Refusal for the first variable that nothing fills */
export function checkComplete(manquantes: readonly { champ: string; nom: string }[]): void {
  const [first] = manquantes
  if (!first) return
  throw new Refusal(
    first.nom.startsWith('valeur')
      ? `Remplacez {{${first.nom}}} par la valeur de ce dossier.`
      : `Ce dossier n’a rien à mettre à la place de {{${first.nom}}} : complétez, ou retirez la variable.`,
    first.champ,
  )
}

/** Writes, publishes, and announces by mail, without a word of what it is about (F49). */
export async function publishNew(
  db: Db,
  userId: string | null,
  courrier: NewCourrier,
  today: string,
): Promise<{ id: string; numero: string; people: number }> {
  return publishDraft(db, userId, await insertCourrier(db, courrier), courrier, today)
}

/** The same for a courrier that is written already. */
export async function publishDraft(
  db: Db,
  userId: string | null,
  id: string,
  courrier: Pick<NewCourrier, 'adherent_id' | 'structure_id' | 'destinataire' | 'aRepondreAvant'>,
  today: string,
): Promise<{ id: string; numero: string; people: number }> {
  const people = await listDestinataires(db, courrier)
  const numero = await publishCourrier(db, id, userId, Number(today.slice(0, 4)))
  await insertEnvois(db, id, people, courrier.destinataire)
  for (const p of people) {
    const attend = courrier.aRepondreAvant !== null && p.cote === courrier.destinataire
    const data = { lien: `/courriers/${id}`, attend }
    await queueMail(db, { key: `courrier:${id}:${p.id}`, template: 'courrier-recu', to: p.id, data })
  }
  return { id, numero, people: people.length }
}
