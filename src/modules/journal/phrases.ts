import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'journal.exporte': 'Journal exporté',
  'journal.preuve': 'Preuve d’un envoi établie',
  'journal.verification': 'Vérification du journal demandée',
  'gestion.journal.read': 'Journal consulté',
}
