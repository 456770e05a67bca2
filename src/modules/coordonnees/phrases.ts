import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'coordonnees.demandee': 'Mise à jour de coordonnées demandée',
  'coordonnees.retiree': 'Demande de mise à jour retirée',
  'coordonnees.acceptee': 'Mise à jour de coordonnées acceptée',
  'coordonnees.refusee': 'Mise à jour de coordonnées refusée',
  'coordonnees.request': 'Mise à jour de coordonnées demandée',
  'gestion.modifications.decide': 'Mise à jour de coordonnées traitée',
}
