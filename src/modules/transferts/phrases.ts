import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'transferts.exportes': 'Liste des transferts exportée',
  'transferts.send': 'Fichiers envoyés',
  'transferts.read': 'Transferts consultés',
  'transferts.download': 'Fichier d’un transfert téléchargé',
  'clients.transferts': 'Fichiers envoyés pour un client',
  'gestion.transferts.deposer': 'FEC déposé par le personnel',
  'gestion.transferts.take': 'Transfert pris en compte',
  'gestion.transferts.refuse': 'Transfert refusé',
  'gestion.transferts.read': 'Transferts consultés',
  'gestion.transferts.decide': 'Transfert traité',
}
