import { z } from 'zod'
import { Refusal } from '../../../kernel/errors.ts'
import { choix, texte, texteFacultatif } from '../../../kernel/forms.ts'
import {
  type Contenu, type Demande, GENRES_MODELES, MAX_DEMANDES, NATURES, QUI_DEMANDENT,
} from './modele.ts' // prettier-ignore
import { VARIABLES, checkVariables } from './variables.ts'

/** Several lines that may stay empty; line ends are made one kind. */
export const libre = (quoi: string, max: number) =>
  z.preprocess(
    (v) => (typeof v === 'string' ? v.replace(/\r\n?/g, '\n') : v),
    texteFacultatif(quoi, max),
  ) as z.ZodType<string>

const rangs = Array.from({ length: MAX_DEMANDES }, (_, i) => i + 1)

/** Fields `question1`, `nature1`… of a list of questions and pieces. */
export const champsDemandes = Object.fromEntries(
  rangs.flatMap((i) => [
    [`question${i}`, libre(`la question ${i}`, 2000)],
    [`nature${i}`, choix('« question » ou « pièce »', NATURES).default('question')],
  ]),
) as Record<`question${number}`, z.ZodType<string>> & Record<`nature${number}`, z.ZodType<Demande['nature']>>

/** All the lines of the form, empty ones too, as far as `lignes`. */
export function lignesOf(form: object, lignes = MAX_DEMANDES): Demande[] {
  const typed = form as Record<string, string>
  return rangs.slice(0, lignes).map((i) => ({
    nature: typed[`nature${i}`] === 'piece' ? 'piece' : 'question',
    texte: typed[`question${i}`] ?? '',
  }))
}

/** The questions and pieces that were written, in their order. */
export function demandesOf(form: object): Demande[] {
  return lignesOf(form).filter((one) => one.texte !== '')
}

export const ModeleForm = z.strictObject({
  nom: texteFacultatif('le nom du modèle', 100),
  genre: choix('le type de courrier', GENRES_MODELES),
  destinataire: choix('le destinataire', ['cabinet', 'adherent']),
  objet: texteFacultatif('l’objet', 150),
  corps: libre('le texte', 10_000),
  delai: texteFacultatif('le délai', 3),
  lignes: z.coerce.number().int().min(0).max(MAX_DEMANDES),
  geste: z
    .string()
    .regex(/^(enregistrer|ajouter|(monter|descendre|retirer)-([1-9]|1\d|20))$/)
    .default('enregistrer'),
  ...champsDemandes,
})
export type ModeleForm = z.output<typeof ModeleForm>

const Delai = z.coerce.number().int().min(1).max(365)
const Nom = texte('le nom du modèle', 100)

/** What is saved. @throws Refusal in words, with the field */
export function contenuOf(form: ModeleForm): Contenu {
  if (!Nom.safeParse(form.nom).success) throw new Refusal('Donnez un nom au modèle.', 'nom')
  if (form.objet === '') throw new Refusal('Indiquez l’objet.', 'objet')
  const { nom, genre, destinataire, objet, corps } = form
  const questions = demandesOf(form)
  const asks = QUI_DEMANDENT.has(genre)
  if (asks && questions.length === 0)
    throw new Refusal('Posez au moins une question, ou demandez une pièce.', 'question1')
  if (!asks && questions.length > 0)
    throw new Refusal('Ce type de courrier n’appelle pas de réponse : retirez les questions.', 'question1')
  const delai = Delai.safeParse(form.delai)
  if (asks && !delai.success) throw new Refusal('Indiquez le délai de réponse, de 1 à 365 jours.', 'delai')
  if (!asks && form.delai !== '')
    throw new Refusal('Ce type de courrier n’appelle pas de réponse : retirez le délai.', 'delai')
  checkVariables(objet, VARIABLES, 'objet')
  checkVariables(corps, VARIABLES, 'corps')
  lignesOf(form).forEach((one, i) => checkVariables(one.texte, VARIABLES, `question${i + 1}`))
  return { nom, genre, destinataire, objet, corps, delai_jours: asks ? delai.data! : null, questions }
}

/** The form after « Ajouter », « Monter », « Descendre » or « Retirer »: nothing is saved yet. */
export function afterGesture(form: ModeleForm): Record<string, string> {
  const lines = lignesOf(form, form.lignes)
  const [, verb, at] = /^(\w+)-?(\d*)$/.exec(form.geste)!
  const i = Number(at) - 1
  const swap = (a: number, b: number) => {
    if (lines[a] && lines[b]) [lines[a], lines[b]] = [lines[b], lines[a]]
  }
  if (verb === 'ajouter' && lines.length < MAX_DEMANDES) {
    lines.push({ nature: lines.at(-1)?.nature ?? 'question', texte: '' })
  }
  if (verb === 'monter') swap(i, i - 1)
  if (verb === 'descendre') swap(i, i + 1)
  if (verb === 'retirer') lines.splice(i, 1)
  const { nom, genre, destinataire, objet, corps, delai } = form
  return {
    nom, genre, destinataire, objet, corps, delai, lignes: String(lines.length),
    ...Object.fromEntries(lines.flatMap((l, n) => [[`question${n + 1}`, l.texte], [`nature${n + 1}`, l.nature]])),
  } // prettier-ignore
}
