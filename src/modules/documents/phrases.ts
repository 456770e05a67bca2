import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'document.publie': 'Document publié',
  'document.retire': 'Document retiré',
  'document.ouvert': 'Document ouvert',
  'document.telecharge': 'Document téléchargé',
  'documents.read': 'Documents consultés',
  'gestion.documents.publish': 'Document publié',
  'document.programme': 'Publication d’un document programmée',
}
