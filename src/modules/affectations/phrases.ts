import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'affectation.faite': 'Dossier affecté à un collaborateur',
  'affectation.changee': 'Dossier confié à un autre collaborateur',
  'affectation.retiree': 'Dossier retiré à un collaborateur',
  'affectations.manage': 'Affectations modifiées',
  'affectations.exportees': 'Affectations exportées',
}
