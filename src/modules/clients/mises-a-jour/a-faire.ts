import { pluriel } from '../../../kernel/formats.ts'
import type { Source } from '../../a-faire/source.ts'
import { countPending } from './queries.ts'

/** Changes of the list of clients that were prepared and never sent: one thing to do, however many they are. */
export const misesAJourAEnvoyer: Source = {
  async count(db) {
    return (await countPending(db)).depuis === null ? 0 : 1
  },
  async list(db) {
    const { arrivees, departs, depuis } = await countPending(db)
    if (depuis === null) return []
    return [
      {
        libelle: 'Envoyer les mises à jour de la liste des clients',
        sujet: `${pluriel(arrivees, 'nouveau client', 'nouveaux clients')}, ${pluriel(departs, 'départ', 'départs')} en préparation`,
        url: '/clients/mises-a-jour',
        echeance: null,
        depuis,
      },
    ]
  },
}
