import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'adherents.exportes': 'Liste des adhérents exportée',
  'courriels.renvoyes': 'Courriels non remis renvoyés',
  'gestion.adherents.read': 'Dossiers d’adhérents consultés',
}
