import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'gestion.publications.manage': 'Campagne de publication modifiée',
  'gestion.emissions.manage': 'Documents en nombre préparés',
  'publications.exportees': 'Liste des campagnes exportée',
  'publication.deposee': 'Fichiers d’une campagne déposés',
  'publication.cadence': 'Cadence des courriels d’une campagne changée',
  'publication.modele': 'Index vide d’une campagne téléchargé',
  'publication.a-corriger': 'Fichier à corriger d’une campagne ouvert',
  'publication.corrigee': 'Campagne de publication corrigée',
  'publication.confirmee': 'Campagne de publication confirmée',
  'publication.renvoi': 'Courriels non remis d’une campagne renvoyés',
  'publication.abandonnee': 'Campagne de publication abandonnée',
}
