import { type Track, targets } from '../../clotures/cloture.ts'
import { PISTES, isByHand } from '../../clotures/emission.ts'
import { stateLabel, trackLabel } from '../../clotures/libelles.ts'
import type { Regime } from '../../clotures/regime.ts'

export interface Changement {
  piste: Track
  vers: string
}

/** « reception:recue »: one choice of the list of changes. */
export function changementOf(value: string): Changement | undefined {
  const [piste, vers] = value.split(':')
  const track = PISTES.find((p) => p === piste)
  if (track === undefined || vers === undefined) return undefined
  return (targets(track) as string[]).includes(vers) && possible(track, vers)
    ? { piste: track, vers }
    : undefined
}

/** A document moves some states, a file that is destroyed is certified one by one: the others may be changed in bulk. */
function possible(track: Track, vers: string): boolean {
  return isByHand(track, vers) && vers !== 'fichier_detruit' && vers !== 'reponse_a_valider'
}

/** Every change that can be made to many dossiers at once, by track. */
export function changementsOf(regime: Regime) {
  return PISTES.map((piste) => ({
    libelle: trackLabel(piste, regime),
    choix: (targets(piste) as string[])
      .filter((vers) => possible(piste, vers) && !(regime === 'EX_OGA' && piste === 'crm'))
      .map((vers) => ({ valeur: `${piste}:${vers}`, libelle: stateLabel(piste, vers as never) })),
  })).filter((group) => group.choix.length > 0)
}
