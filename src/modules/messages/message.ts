import { Refusal } from '../../kernel/errors.ts'

export const MAX_PIECES = 10
/** People of the firm who may be copied. */
export const MAX_COPIES = 20

export interface Fil {
  id: string
  sujet: string
  genre: 'message' | 'liste-clients' | 'precision'
  ouvert_par: string
  /** The address in « De », as it was when the thread was opened. */
  expediteur: string
  expediteur_nom: string
  /** The name of the recipient that was chosen. */
  destinataire: string
  ouvert_le: string
  /** The last word, of either side. */
  ecrit_le: string
  repondu_le: string | null
  clos_le: string | null
}

/** What a thread waits for, in a word. */
export function etatDe(fil: Pick<Fil, 'repondu_le' | 'clos_le'>): { libelle: string; genre: string } {
  if (fil.clos_le !== null) return { libelle: 'clos', genre: 'neutre' }
  return fil.repondu_le === null
    ? { libelle: 'envoyé', genre: 'attente' }
    : { libelle: 'répondu', genre: 'succes' }
}

/** @throws Refusal when the organisme has closed the dialogue meanwhile. */
export function refuseClosed(fil: Pick<Fil, 'clos_le'>): void {
  if (fil.clos_le === null) return
  throw new Refusal('Cet échange vient d’être clos par un collègue. Écrivez-y de nouveau pour le rouvrir.')
}

/** CNS1 → « CNS 1 », as the guide writes it. */
export function codeDe(numero: string): string {
  return numero.replace(/^([A-Z]+)(\d)/, '$1 $2')
}
