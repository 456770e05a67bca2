import { Refusal } from '../../../kernel/errors.ts'

/** What a model may say of the dossier that it is written for, with what it means. */
export const VARIABLES = {
  numero: 'numéro de l’adhérent',
  nom: 'nom de l’adhérent',
  cabinet: 'nom de son cabinet',
  exercice: 'année de l’exercice',
  cloture: 'date de clôture de l’exercice',
  echeance: 'date limite de réponse',
  organisme: 'nom de l’organisme',
  valeur1: 'première valeur propre au dossier (montant, taux…)',
  valeur2: 'deuxième valeur',
  valeur3: 'troisième valeur',
  valeur4: 'quatrième valeur',
  valeur5: 'cinquième valeur',
  valeur6: 'sixième valeur',
} as const
export type Variable = keyof typeof VARIABLES

/** What a relance may say, of the courrier that it follows. */
export const VARIABLES_RELANCE = {
  numero: VARIABLES.numero,
  nom: VARIABLES.nom,
  cabinet: VARIABLES.cabinet,
  organisme: VARIABLES.organisme,
  echeance: 'nouvelle date limite de réponse',
  courrier: 'numéro du courrier resté sans réponse',
  date_courrier: 'date de ce courrier',
  objet: 'objet de ce courrier',
} as const

export type Values = Partial<Record<string, string | null>>

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g

/** @throws Refusal that names what is not a variable, or is not written as one */
export function checkVariables(text: string, known: Record<string, string>, field: string): void {
  for (const [, name = ''] of text.matchAll(PLACE)) {
    if (!Object.hasOwn(known, name)) {
      const list = Object.keys(known).map((one) => `{{${one}}}`)
      throw new Refusal(`La variable {{${name}}} n’existe pas. Vous pouvez écrire ${list.join(', ')}.`, field)
    }
  }
  const rest = text.replace(PLACE, '')
  if (rest.includes('{{') || rest.includes('}}'))
    throw new Refusal('Une variable s’écrit entre deux paires d’accolades, par exemple {{nom}}.', field)
}

export interface Filled {
  texte: string
  /** Variables that this dossier has no value for, each once. */
  manquantes: string[]
}

/** Puts the values in. What is missing stays visible, so that a preview shows where. */
export function fill(text: string, values: Values): Filled {
  const manquantes = new Set<string>()
  const texte = text.replace(PLACE, (_all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value !== undefined && value !== null && value !== '') return value
    manquantes.add(name)
    return `[${name} ?]`
  })
  return { texte, manquantes: [...manquantes] }
}

/** The variables that texts name, in the order of the list. */
export function variablesOf(texts: readonly string[]): string[] {
  const named = new Set(texts.flatMap((text) => [...text.matchAll(PLACE)].map(([, name = '']) => name)))
  return Object.keys(VARIABLES).filter((name) => named.has(name))
}
