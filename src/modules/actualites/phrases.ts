import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'actualites.create': 'Brouillon d’actualité écrit',
  'actualites.publish': 'Actualité publiée',
  'actualites.update': 'Actualité modifiée',
  'actualites.withdraw': 'Actualité retirée',
  'actualites.exportees': 'Liste des actualités exportée',
  'gestion.actualites.manage': 'Actualité publiée ou modifiée',
}
