import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'travail.pause': 'Travail en nombre mis en pause',
  'travail.reprise': 'Travail en nombre repris',
  'travail.annulation': 'Travail en nombre annulé',
  'gestion.travaux.read': 'Travail en nombre mis en pause, repris ou annulé',
}
