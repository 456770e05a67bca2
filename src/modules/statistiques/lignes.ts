import { columnsOf } from '../../kernel/tableur/columns.ts'
import { Refusal } from '../../kernel/errors.ts'
import type { Table } from '../../kernel/tableur/read.ts'
import { fold, parseAmount } from '../../kernel/tableur/values.ts'
import { REGIONS } from './regions.ts'
import { POSTES, type Poste, type Recue, keyOf, postes } from './statistique.ts'

/* What a file of statistics says, line by line: one line for each poste. */

export const COLONNES = {
  profession: ['profession', 'métier', 'activité'],
  categorie: ['catégorie', 'catégorie fiscale', 'régime'],
  annee: ['année', 'exercice', 'an'],
  region: ['région', 'territoire'],
  tranche: ['tranche', 'tranche de chiffre d’affaires', 'tranche de CA', 'tranche de recettes'],
  poste: ['poste', 'indicateur', 'rubrique'],
  effectif: ['effectif', 'nombre d’entreprises', 'nombre'],
  part_max: ['part de la plus grande entreprise', 'part maximale', 'part max', 'part du plus gros'],
  moyenne: ['moyenne'],
  q1: ['premier quartile', 'q1', '1er quartile'],
  mediane: ['médiane', 'q2'],
  q3: ['troisième quartile', 'q3', '3e quartile'],
} as const

type Colonne = keyof typeof COLONNES
const NEEDED: Colonne[] = [
  'profession',
  'categorie',
  'annee',
  'poste',
  'effectif',
  'part_max',
  'moyenne',
  'q1',
  'mediane',
  'q3',
]

export interface Refusee {
  ligne: number
  motif: string
  cellules: string[]
}

export interface Lecture {
  lignes: Recue[]
  refusees: Refusee[]
}

const PAYS = new Set(['', 'france', 'france entiere', 'national', 'nationale', 'pays'])
const TOUTES = new Set(['', 'toutes', 'toutes tranches', 'ensemble', 'total'])
const REGION = new Map(REGIONS.map((name) => [fold(name), name]))
const POSTE = new Map<string, Poste>(
  postes.flatMap((poste) => [
    [fold(poste), poste],
    [fold(POSTES[poste].libelle), poste],
  ]),
)
for (const [name, poste] of [
  ['ca', 'recettes'],
  ['chiffre d’affaires', 'recettes'],
  ['taux de marge brute', 'marge_brute'],
  ['véhicule', 'vehicule'],
  ['charges sociales', 'charges_sociales'],
  ['évolution', 'evolution'],
  ['évolution N/N-1', 'evolution'],
] as const)
  // prettier-ignore
  POSTE.set(fold(name), poste)

/** Every line, sound or refused with the reason. @throws Refusal when a column is missing; FileRefused of the table */
export async function readLines(table: Table, today: string): Promise<Lecture> {
  const columns = columnsOf(table.header.cells, COLONNES)
  const missing = NEEDED.filter((name) => columns[name] === undefined)
  if (missing.length > 0) {
    const names = missing.map((name) => `« ${COLONNES[name][0]} »`).join(', ')
    throw new Refusal(
      `Il manque ${missing.length === 1 ? 'la colonne' : 'les colonnes'} ${names} dans ce fichier.`,
      'fichier',
    )
  }
  const read: Lecture = { lignes: [], refusees: [] }
  const seen = new Map<string, number>()
  for await (const { line, cells } of table.rows()) {
    const cell = (name: Colonne) => (columns[name] === undefined ? '' : (cells[columns[name]] ?? ''))
    const result = lineOf(cell, Number(today.slice(0, 4)))
    const motif = typeof result === 'string' ? result : doubleOf(result, line, seen)
    if (motif === undefined) read.lignes.push(result as Recue)
    else read.refusees.push({ ligne: line, motif, cellules: cells })
  }
  return read
}

function doubleOf(row: Recue, line: number, seen: Map<string, number>): string | undefined {
  const key = keyOf(row)
  const first = seen.get(key)
  if (first !== undefined) return `La même ligne se trouve déjà à la ligne ${first}.`
  seen.set(key, line)
  return undefined
}

/** The row, or the sentence that refuses it. */
function lineOf(cell: (name: Colonne) => string, year: number): Recue | string {
  const profession = cell('profession').slice(0, 120)
  if (profession === '') return 'La profession est vide.'
  const categorie = cell('categorie').toUpperCase()
  if (!['BNC', 'BIC', 'BA', 'IS'].includes(categorie)) return 'La catégorie est BNC, BIC, BA ou IS.'
  const annee = Number(cell('annee'))
  if (!/^\d{4}$/.test(cell('annee')) || annee < 1990 || annee > year) return `L’année va de 1990 à ${year}.`
  const region = PAYS.has(fold(cell('region'))) ? '' : REGION.get(fold(cell('region')))
  if (region === undefined)
    return `« ${cell('region')} » n’est pas une région de France. Laissez vide pour la France entière.`
  const poste = POSTE.get(fold(cell('poste')))
  if (poste === undefined) return `« ${cell('poste')} » n’est pas un poste connu.`
  const tranche = TOUTES.has(fold(cell('tranche'))) ? '' : cell('tranche').slice(0, 60)
  const numbers = numbersOf(cell)
  if (typeof numbers === 'string') return numbers
  return { profession, categorie, annee, region, tranche, poste, ...numbers }
}

type Numbers = Pick<Recue, 'effectif' | 'part_max' | 'moyenne' | 'q1' | 'mediane' | 'q3'>

function numbersOf(cell: (name: Colonne) => string): Numbers | string {
  const effectif = amount(cell('effectif'))
  if (effectif === null || !Number.isInteger(effectif) || effectif < 0)
    return 'L’effectif est un nombre entier.'
  const values = { part_max: null, moyenne: null, q1: null, mediane: null, q3: null } as Omit<
    Numbers,
    'effectif'
  >
  for (const name of ['part_max', 'moyenne', 'q1', 'mediane', 'q3'] as const) {
    const text = cell(name).replace(/%$/, '').trim()
    values[name] = amount(text)
    if (text !== '' && values[name] === null)
      return `« ${cell(name)} » n’est pas un nombre (${COLONNES[name][0]}).`
  }
  const { part_max, moyenne, q1, mediane, q3 } = values
  if (part_max !== null && (part_max < 0 || part_max > 100))
    return 'La part de la plus grande entreprise va de 0 à 100 %.'
  if (effectif < 3) return { effectif, ...values }
  if (part_max === null)
    return 'La part de la plus grande entreprise est nécessaire pour vérifier le secret statistique.'
  if (moyenne === null || q1 === null || mediane === null || q3 === null) return 'Il manque un chiffre.'
  if (q1 > mediane || mediane > q3)
    return 'Les quartiles ne sont pas dans l’ordre : premier, médiane, troisième.'
  return { effectif, ...values }
}

function amount(text: string): number | null {
  const value = text === '' ? null : parseAmount(text)
  return value === null ? null : Number(value)
}
