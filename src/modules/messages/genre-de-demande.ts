import type { Genre } from '../demandes/genre.ts'

export const messages: Genre = {
  nom: 'message',
  libelle: 'Messages',
  can: 'gestion.messages.answer',
  module: 'messages',
  url: (id) => `/gestion/messages/${id}`,
  sujet: (sujet) => sujet,
  suite: (issue) =>
    issue === 'clos' ? { libelle: 'Clos', genre: 'neutre' } : { libelle: 'Répondu', genre: 'succes' },
}
