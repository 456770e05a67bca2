import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'clients.arrivee': 'Arrivée dans un cabinet enregistrée',
  'clients.arrivee_modifiee': 'Nouveau client modifié dans la liste',
  'clients.depart': 'Départ d’un cabinet enregistré',
  'clients.depart_modifie': 'Départ d’un client modifié dans la liste',
  'clients.colles': 'Liste de clients collée',
  'clients.envoyes': 'Mises à jour de la liste des clients envoyées',
  'clients.exportes': 'Liste des clients exportée',
  'clients.recepisse': 'Récépissé d’une liste de clients ouvert',
  'clients.acceptes': 'Mises à jour de la liste des clients acceptées',
  'clients.refuses': 'Mises à jour de la liste des clients refusées',
  'clients.retire': 'Ligne retirée de la liste des clients',
  'clients.retires': 'Lignes retirées de la liste des clients',
  'clients.read': 'Clients consultés',
  'clients.update': 'Liste des clients modifiée',
  'gestion.listes-clients.decide': 'Liste de clients traitée',
}
