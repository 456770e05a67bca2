import type { Genre } from '../../demandes/genre.ts'

export const listesDeClients: Genre = {
  nom: 'liste-clients',
  libelle: 'Listes des clients',
  can: 'gestion.listes-clients.decide',
  module: 'adherents',
  url: (id) => `/gestion/mises-a-jour-clients/${id}`,
  sujet: (recepisse) => `Mise à jour de la liste des clients ${recepisse}`,
  suite: (issue) =>
    issue === 'acceptee' ? { libelle: 'Acceptée', genre: 'succes' } : { libelle: 'Refusée', genre: 'erreur' },
}
