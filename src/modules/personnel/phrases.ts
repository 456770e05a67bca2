import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'personnel.exporte': 'Liste du personnel exportée',
  'personnel.cree': 'Membre du personnel créé',
  'personnel.modifie': 'Membre du personnel modifié',
  'personnel.droits': 'Droits d’un membre du personnel changés',
  'personnel.depart': 'Départ d’un membre du personnel',
  'personnel.retour': 'Retour d’un membre du personnel',
  'personnel.manage': 'Personnel modifié',
}
