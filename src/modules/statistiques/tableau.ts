import { euros, nombre, pourcent } from '../../kernel/formats.ts'
import { position } from '../clotures/statistiques.ts'
import { type Boite, boite } from './graphe.ts'
import type { MesChiffres } from './moi.ts'
import { POSTES, type Poste, type Publiee, postes } from './statistique.ts'

const PLACES = {
  1: 'dans le quart le plus bas',
  2: 'entre le premier quartile et la médiane',
  3: 'entre la médiane et le troisième quartile',
  4: 'dans le quart le plus haut',
} as const

export interface Ligne {
  libelle: string
  diffusion: Publiee['diffusion']
  moyenne: string
  q1: string
  mediane: string
  q3: string
  moi: string
  place: string
  graphe: Boite | null
  /** What the drawing says, in words. */
  phrase: string
}

/** Lines ready to be shown, in the order of the postes; those that the table lacks are left out. */
export function lines(rows: readonly Publiee[], mine: MesChiffres | null): Ligne[] {
  const byPoste = new Map(rows.map((row) => [row.poste, row]))
  return postes.flatMap((poste) => {
    const row = byPoste.get(poste)
    return row === undefined ? [] : [lineOf(row, mine?.[poste] ?? null)]
  })
}

function lineOf(row: Publiee, moi: number | null): Ligne {
  const write = writer(row.poste)
  const { diffusion, moyenne, q1, mediane, q3 } = row
  const base = { libelle: POSTES[row.poste].libelle, diffusion, moi: write(moi) }
  if (moyenne === null || q1 === null || mediane === null || q3 === null)
    return { ...base, moyenne: '', q1: '', mediane: '', q3: '', place: '', graphe: null, phrase: '' }
  const place = moi === null ? null : PLACES[position(moi, { q1, mediane, q3 })]
  return {
    ...base,
    moyenne: write(moyenne),
    q1: write(q1),
    mediane: write(mediane),
    q3: write(q3),
    // Said for what one looks at first; the others say it to a screen reader, and by the drawing.
    place: place !== null && (row.poste === 'recettes' || row.poste === 'resultat') ? place : '',
    graphe: boite({ q1, mediane, q3, moyenne }, moi),
    phrase:
      `Une moitié des entreprises se situe entre ${write(q1)} et ${write(q3)}, la médiane est de ${write(mediane)}.` +
      (moi === null ? '' : ` Vous : ${write(moi)}, ${place}.`),
  }
}

export function writer(poste: Poste): (value: number | null) => string {
  return POSTES[poste].unite === 'pourcent'
    ? (value) => pourcent(value)
    : (value) => (value === null ? '' : euros(Math.round(value)))
}

/** « 1 240 entreprises », « moins de 3 entreprises ». */
export function effectifSentence(effectif: number): string {
  return effectif < 3 ? 'moins de 3\u00a0entreprises' : `${nombre(effectif, 0)}\u00a0entreprises`
}
