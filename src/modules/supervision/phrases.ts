import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'supervision.reponses.oui': 'Supervision des réponses activée',
  'supervision.reponses.non': 'Supervision des réponses désactivée',
  'supervision.comptes.oui': 'Comptes des collaborateurs activés',
  'supervision.comptes.non': 'Comptes des collaborateurs désactivés',
  'supervision.comptes': 'Comptes des collaborateurs activés ou désactivés',
  'supervision.manage': 'Options de supervision modifiées',
}
