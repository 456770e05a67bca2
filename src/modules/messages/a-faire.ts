import type { Source } from '../a-faire/source.ts'
import { countUnread, listUnread } from './queries.ts'

/** Answers of the organisme that nobody has read. */
export const reponsesALire: Source = {
  count: (db) => countUnread(db),
  async list(db, _user, limit) {
    return (await listUnread(db, limit)).map((fil) => ({
      libelle: 'Lire la réponse à votre message',
      sujet: fil.sujet,
      url: `/messages/${fil.id}`,
      echeance: null,
      depuis: fil.repondu_le ?? fil.ecrit_le,
    }))
  },
}
