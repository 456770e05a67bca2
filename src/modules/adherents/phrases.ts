import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'adherents.exportes': 'Liste des adhérents exportée',
  'gestion.adherents.read': 'Dossiers d’adhérents consultés',
}
