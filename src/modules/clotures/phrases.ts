import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'cloture.etape': 'Étape d’une clôture enregistrée',
  'document.emis': 'Document préparé',
  'gestion.clotures.manage': 'Clôture modifiée',
  'gestion.documents.issue': 'Document préparé',
}
