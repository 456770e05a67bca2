import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'emission.demandee': 'Documents en nombre demandés',
  'gestion.emissions.manage': 'Documents en nombre préparés',
}
