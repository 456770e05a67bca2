import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'gestion.publications.manage': 'Campagne de publication modifiée',
  'gestion.emissions.manage': 'Documents en nombre préparés',
  'publication.deposee': 'Fichiers d’une campagne déposés',
  'publication.cadence': 'Cadence des courriels d’une campagne changée',
  'publication.a-corriger': 'Fichier à corriger d’une campagne ouvert',
  'publication.corrigee': 'Campagne de publication corrigée',
  'publication.confirmee': 'Campagne de publication confirmée',
  'publication.abandonnee': 'Campagne de publication abandonnée',
}
