import { z } from 'zod'
import { choix, date, paragraphe, plusieurs, texte, texteFacultatif, uuid } from '../../../kernel/forms.ts'
import { GENRES } from '../courrier.ts'

/** Questions that the form offers at once. */
export const QUESTIONS = 8

const libre = (quoi: string, max: number) =>
  z.preprocess((v) => (typeof v === 'string' ? v.replace(/\r\n?/g, '\n') : v), texteFacultatif(quoi, max))

const questions = Object.fromEntries(
  Array.from({ length: QUESTIONS }, (_, i) => [`question${i + 1}`, libre(`la question ${i + 1}`, 2000)]),
) as Record<`question${number}`, z.ZodType<string>>

export const Nouveau = z.strictObject({
  numero: texteFacultatif('le numéro d’adhérent', 20),
  cabinet: texteFacultatif('le numéro du cabinet', 20),
  destinataire: choix('le destinataire', ['cabinet', 'adherent']),
  genre: choix('le type de courrier', GENRES),
  objet: texte('l’objet', 150),
  corps: libre('le texte', 10_000),
  aRepondreAvant: z.union([z.literal(''), date('la date limite')]).default(''),
  ...questions,
})
export type Nouveau = z.output<typeof Nouveau>

/** The questions that were written, in their order. */
export function questionsOf(form: Nouveau): string[] {
  const typed = form as unknown as Record<string, string>
  return Array.from({ length: QUESTIONS }, (_, i) => typed[`question${i + 1}`] ?? '').filter((q) => q !== '')
}

export const Relance = z.strictObject({
  genre: choix('la forme de la relance', ['relance', 'mise_en_demeure']),
  texte: paragraphe('ce que vous attendez', 5000),
  aRepondreAvant: date('la nouvelle date limite'),
  question: plusieurs(uuid, 100),
})
