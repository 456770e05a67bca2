import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'plateforme.manage': 'Plateforme modifiée',
  'plateforme.organisme-cree': 'Organisme créé',
  'plateforme.organisme-regle': 'Modules et quotas d’un organisme modifiés',
  'plateforme.organisme-suspendu': 'Organisme suspendu, sessions fermées',
  'plateforme.organisme-retabli': 'Organisme rétabli',
  'plateforme.hote-ajoute': 'Adresse d’un organisme ajoutée',
  'plateforme.hote-retire': 'Adresse d’un organisme retirée',
  'plateforme.invitation': 'Premier administrateur invité de nouveau',
  'plateforme.tache-relancee': 'Tâche garée relancée',
  'plateforme.tache-abandonnee': 'Tâche garée abandonnée',
}
