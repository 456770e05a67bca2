import type { Genre } from '../demandes/genre.ts'
import { GENRES, type Issue, LISTE, etatDe, type Genre as GenreDeCompte } from './demande.ts'
import { askVisitor } from './precisions.ts'

export const demandesDeCompte: Genre = {
  nom: 'compte',
  libelle: 'Comptes et identifiants',
  can: 'gestion.demandes-de-compte.decide',
  url: (id) => `${LISTE}/${id}`,
  sujet: (genre) => GENRES[genre as GenreDeCompte],
  suite: (issue) => etatDe(issue as Issue),
  demander: askVisitor,
}
