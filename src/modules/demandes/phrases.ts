import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'demandes.exportees': 'Liste des demandes exportée',
  'demande.confiee': 'Demande confiée à un collègue',
  'demande.precision': 'Précision demandée',
  'gestion.demandes.handle': 'Demande traitée',
}
