import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'cloture.etapes': 'Étape de plusieurs clôtures enregistrée',
  'suivi.exporte': 'Liste du suivi exportée',
  'suivi.filtre': 'Filtre du suivi enregistré',
  'suivi.filtre-supprime': 'Filtre du suivi supprimé',
  'gestion.suivi.read': 'Suivi des clôtures',
}
