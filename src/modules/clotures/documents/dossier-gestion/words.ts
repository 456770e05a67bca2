import { euros, nombre } from '../../../../kernel/formats.ts'

/* How a dossier de gestion names and writes its figures. */

export interface Mots {
  base: string
  /** Subject of « progresse », with its verb endings. */
  sujet: string
  pluriel: boolean
  /** Of what a percent is taken. */
  part: string
  resultat: string
  taux: string
}

const COMMERCE: Mots = {
  base: 'Chiffre d’affaires',
  sujet: 'Le chiffre d’affaires',
  pluriel: false,
  part: 'du chiffre d’affaires',
  resultat: 'Résultat',
  taux: 'Taux de résultat',
}

export const MOTS: Record<'BIC' | 'BA' | 'BNC', Mots> = {
  BIC: COMMERCE,
  BA: COMMERCE,
  BNC: {
    base: 'Recettes',
    sujet: 'Les recettes',
    pluriel: true,
    part: 'des recettes',
    resultat: 'Bénéfice',
    taux: 'Taux de bénéfice',
  },
}

/** What is not known. */
export const NONE = '–'
const minus = (text: string) => text.replace('-', '−')
export const money = (value: number | null) => (value === null ? NONE : minus(euros(value)))
export const plain = (value: number | null) => (value === null ? NONE : minus(nombre(value, 0)))
/** One decimal, always, so that percents stand in columns. */
export const part = (value: number | null) => {
  if (value === null) return NONE
  const text = nombre(value, 1)
  return minus(text.includes(',') ? text : `${text},0`)
}
export const signed = (value: number) => `${value > 0 ? '+' : ''}${part(value)}`
export const last = (values: number[]) => values.at(-1) ?? 0
export const before = (values: number[]) => values.at(-2) ?? null
