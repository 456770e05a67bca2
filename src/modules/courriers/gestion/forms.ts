import { z } from 'zod'
import { choix, date, paragraphe, plusieurs, texte, texteFacultatif, uuid } from '../../../kernel/forms.ts'
import { GENRES } from '../courrier.ts'
import { champsDemandes, libre } from '../modeles/forms.ts'

/** Questions that the form offers at once, when fewer are there. */
export const QUESTIONS = 8

export const Nouveau = z.strictObject({
  numero: texteFacultatif('le numéro d’adhérent', 20),
  cabinet: texteFacultatif('le numéro du cabinet', 20),
  destinataire: choix('le destinataire', ['cabinet', 'adherent']),
  genre: choix('le type de courrier', GENRES),
  objet: texte('l’objet', 150),
  corps: libre('le texte', 10_000),
  aRepondreAvant: z.union([z.literal(''), date('la date limite')]).default(''),
  exercice: z
    .union([z.literal(''), z.string().regex(/^20\d\d$/, 'Choisissez un exercice de la liste.')])
    .default(''),
  geste: choix('ce qu’il faut faire', ['publier', 'brouillon']).default('publier'),
  ...champsDemandes,
})
export type Nouveau = z.output<typeof Nouveau>

export const Relance = z.strictObject({
  genre: choix('la forme de la relance', ['relance', 'mise_en_demeure']),
  texte: paragraphe('ce que vous attendez', 5000),
  aRepondreAvant: date('la nouvelle date limite'),
  question: plusieurs(uuid, 100),
})
