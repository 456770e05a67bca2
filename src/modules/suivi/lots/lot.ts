import { createHash } from 'node:crypto'
import type { Jour } from '../../clotures/calendrier.ts'
import { type Track, canMove, isStepBack } from '../../clotures/cloture.ts'
import { contexteOf } from '../../clotures/emission.ts'
import type { Deplacable } from '../../clotures/mouvements.ts'
import type { Regles } from '../../clotures/queries.ts'

/** No more at once: one transaction holds them all. */
export const AU_PLUS = 20_000

export interface Verdict {
  dossier: Deplacable
  de: string
  /** Why not, or null: it changes. */
  refus: string | null
}

/** What a change would do to each dossier, by the rules of a single one. */
export function judge(
  dossiers: readonly Deplacable[],
  piste: Track,
  vers: string,
  regles: Regles,
  today: Jour,
): Verdict[] {
  return dossiers.map((dossier) => {
    const de: string = dossier[piste]
    return { dossier, de, refus: refusal(dossier, piste, de, vers, regles, today) }
  })
}

function refusal(
  dossier: Deplacable,
  piste: Track,
  de: string,
  vers: string,
  regles: Regles,
  today: Jour,
): string | null {
  if (de === vers) return 'Cette étape y est déjà.'
  const contexte = contexteOf(dossier, dossier, regles, today)
  const decision = canMove(piste, de as never, vers as never, contexte)
  return decision.ok ? null : decision.raison
}

/** What was read before confirming: it changes when any dossier stands elsewhere, or would be judged otherwise. */
export function fingerprintOf(verdicts: readonly Verdict[]): string {
  const hash = createHash('sha256')
  for (const { dossier, de, refus } of verdicts) hash.update(`${dossier.id}:${de}:${refus === null}\n`)
  return hash.digest('base64url')
}

export interface Groupe {
  cle: string
  verdicts: Verdict[]
}

/** Those that change by the state that they leave, or those that do not by the reason why. */
export function groupsOf(verdicts: readonly Verdict[], key: (verdict: Verdict) => string): Groupe[] {
  const groups = new Map<string, Verdict[]>()
  for (const verdict of verdicts) {
    const list = groups.get(key(verdict))
    if (list) list.push(verdict)
    else groups.set(key(verdict), [verdict])
  }
  return [...groups]
    .map(([cle, list]) => ({ cle, verdicts: list }))
    .sort((a, b) => b.verdicts.length - a.verdicts.length)
}

export function goesBack(verdicts: readonly Verdict[], piste: Track, vers: string): boolean {
  return verdicts.some(({ de, refus }) => refus === null && isStepBack(piste, de, vers))
}
