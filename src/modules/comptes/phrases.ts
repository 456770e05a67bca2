import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'compte.adresse': 'Adresse d’un compte corrigée',
  'compte.cree': 'Compte créé, lien d’activation envoyé',
  'compte.invite': 'Lien d’activation envoyé',
  'compte.bloque': 'Compte bloqué, sessions fermées',
  'compte.debloque': 'Compte débloqué',
  'compte.reinitialise': 'Lien de changement de mot de passe envoyé',
  'comptes.invitation-en-nombre': 'Invitations envoyées en nombre',
  'second-facteur.retrait-demande': 'Retrait d’une validation en deux étapes demandé',
  'second-facteur.retrait-confirme': 'Retrait d’une validation en deux étapes confirmé',
  'second-facteur.retrait-refuse': 'Retrait d’une validation en deux étapes refusé',
  'gestion.comptes.manage': 'Compte modifié',
  'comptes.exportes': 'Liste des comptes exportée',
}
