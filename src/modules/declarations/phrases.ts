import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'declarations.exportees': 'Liste des liasses télétransmises exportée',
  'declarations.read': 'Suivi des liasses consulté',
}
