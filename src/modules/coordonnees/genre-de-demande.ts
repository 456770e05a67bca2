import type { Genre } from '../demandes/genre.ts'
import { etatDe } from './modification.ts'
import type { Issue } from './queries.ts'
import { type Zone, zones } from './zones.ts'

export const coordonnees: Genre = {
  nom: 'coordonnees',
  libelle: 'Coordonnées',
  can: 'gestion.modifications.decide',
  module: 'adherents',
  url: (id) => `/gestion/modifications/${id}`,
  sujet: (zone) => `Mise à jour : ${zones[zone as Zone].libelle.toLowerCase()}`,
  suite: (issue) => etatDe(issue as Issue),
}
