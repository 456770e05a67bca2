import type { Genre } from '../demandes/genre.ts'
import { GENRES, type Genre as GenreDeTransfert } from './transfert.ts'

export const transferts: Genre = {
  nom: 'transfert',
  libelle: 'Transferts',
  can: 'gestion.transferts.read',
  module: 'transferts',
  url: (id) => `/gestion/transferts/${id}`,
  // « T-2026-000012 fec ».
  sujet(detail) {
    const [accuse = '', genre = ''] = detail.split(' ')
    return `Transfert ${accuse} : ${GENRES[genre as GenreDeTransfert] ?? genre}`
  },
  suite: (issue) =>
    issue === 'refuse'
      ? { libelle: 'Refusé', genre: 'erreur' }
      : { libelle: 'Pris en compte', genre: 'succes' },
}
