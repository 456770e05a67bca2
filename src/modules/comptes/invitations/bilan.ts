import type { Compte, Places, Raison } from './queries.ts'

/** What inviting everybody would do: told before, so that nobody is left out silently. */
export interface Bilan {
  /** With an address and no account: all that the work will look at. */
  joignables: number
  invites: number
  /** Accounts that the organisme may still open; null when nothing limits them. */
  restantes: number | null
  prevues: number | null
  ecartes: { raison: Raison; nombre: number }[]
}

export function bilanOf({ joignables, pris, sansAdresse }: Compte, places: Places): Bilan {
  const restantes = remaining(places)
  const free = joignables - pris
  const invites = restantes === null ? free : Math.min(free, restantes)
  return {
    joignables,
    invites,
    restantes,
    prevues: places.prevues,
    ecartes: [
      { raison: 'places' as const, nombre: free - invites },
      { raison: 'identifiant' as const, nombre: pris },
      { raison: 'adresse' as const, nombre: sansAdresse },
    ].filter(({ nombre }) => nombre > 0),
  }
}

export function remaining({ prevues, prises }: Places): number | null {
  return prevues === null ? null : Math.max(0, prevues - prises)
}

/** Why somebody was not invited, and what to do about it. */
export const RAISONS_DITES: Record<Raison, { libelle: string; conseil: string }> = {
  places: {
    libelle: 'Plus de place',
    conseil:
      'Le nombre de comptes prévu pour votre organisme ne suffit pas. Demandez à l’exploitant du portail de l’augmenter, puis invitez de nouveau.',
  },
  identifiant: {
    libelle: 'Identifiant déjà pris',
    conseil: 'Leur numéro sert d’identifiant à un autre compte : renommez ou bloquez celui-ci.',
  },
  adresse: {
    libelle: 'Pas d’adresse électronique',
    conseil: 'Complétez leur fiche, ou invitez-les un par un avec l’adresse qu’ils vous donnent.',
  },
}
