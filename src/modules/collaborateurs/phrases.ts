import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'collaborateur.cree': 'Collaborateur créé',
  'collaborateur.modifie': 'Collaborateur modifié',
  'collaborateur.invite': 'Collaborateur invité',
  'collaborateur.bloque': 'Compte d’un collaborateur bloqué',
  'collaborateur.debloque': 'Compte d’un collaborateur débloqué',
  'collaborateur.depart': 'Départ d’un collaborateur',
  'collaborateur.retour': 'Retour d’un collaborateur',
  'collaborateurs.manage': 'Collaborateurs modifiés',
  'collaborateurs.exportes': 'Liste des collaborateurs exportée',
}
