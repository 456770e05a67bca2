import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  connexion: 'Connexion',
  deconnexion: 'Déconnexion',
  'mot-de-passe.oublie': 'Mot de passe oublié, lien demandé',
  'mot-de-passe.change': 'Mot de passe changé',
  'deconnexion.do': 'Déconnexion',
}
