import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'profil.manage': 'Profil modifié',
  'courriel.demande': 'Changement de l’adresse du compte demandé',
  'courriel.change': 'Adresse du compte changée',
}
