/** What became of a declaration at one recipient, in the words of the list (EDI-TDFC: CONTRL, INFENT CR). */
export const STATUTS = {
  deposee_portail: { libelle: 'déposée au portail', genre: 'cours' },
  rejetee_portail: { libelle: 'rejetée par le portail', genre: 'erreur' },
  transmise: { libelle: 'transmise', genre: 'cours' },
  accuse_reception: { libelle: 'accusé de réception', genre: 'cours' },
  rejet_syntaxe: { libelle: 'rejet de syntaxe', genre: 'erreur' },
  en_traitement: { libelle: 'en traitement', genre: 'attente' },
  acceptee: { libelle: 'acceptée', genre: 'succes' },
  rejet_partiel: { libelle: 'rejet partiel', genre: 'alerte' },
  rejet_total: { libelle: 'rejet total', genre: 'erreur' },
  remplacee: { libelle: 'remplacée', genre: 'neutre' },
  annulee: { libelle: 'annulée', genre: 'neutre' },
} as const
export type Statut = keyof typeof STATUTS

/** Those that want something done. */
export const REJETS: readonly Statut[] = ['rejetee_portail', 'rejet_syntaxe', 'rejet_partiel', 'rejet_total']
export const EN_COURS: readonly Statut[] = [
  'deposee_portail',
  'transmise',
  'accuse_reception',
  'en_traitement',
]

export interface Suivi {
  destinataire: 'DGFiP' | 'OGA' | 'banque'
  statut: Statut
  statut_le: string
  /** Number of the deposit, or ''. */
  depot: string
  message: string
}

export interface Declaration {
  id: string
  adherent_id: string
  adherent_numero: string
  adherent_nom: string
  formulaire: string
  millesime: number
  transmise_le: string
  expediteur: string
  suivis: Suivi[]
}

/** As pages show it. */
export function shown(declaration: Declaration) {
  return {
    ...declaration,
    suivis: declaration.suivis.map((suivi) => ({ ...suivi, etat: STATUTS[suivi.statut] })),
  }
}
