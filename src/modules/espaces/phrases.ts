import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'espaces.exportes': 'Liste des espaces documents exportée',
  'espaces.create': 'Élément ajouté à un espace documents',
  'espaces.update': 'Élément d’un espace documents modifié',
  'espaces.move': 'Élément d’un espace documents déplacé',
  'espaces.order': 'Ordre d’un espace documents changé',
  'espaces.version': 'Nouvelle version dans un espace documents',
  'espaces.withdraw': 'Élément d’un espace documents retiré',
  'espaces.restore': 'Élément d’un espace documents remis',
  'espaces.read': 'Fichier d’un espace documents ouvert',
  'gestion.espaces.manage': 'Espaces documents modifiés',
}
