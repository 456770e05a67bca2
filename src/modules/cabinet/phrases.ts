import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'cabinet.request': 'Mise à jour des données du cabinet demandée',
}
