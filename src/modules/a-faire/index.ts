import { type Module, page, view } from '../../kernel/page.ts'
import { aFaire, countAFaire, hasAFaire } from './liste.ts'

const MONTRES = 200

/** À faire: one list over everything that waits for me, which empties itself. */
export const aFaireModule: Module = {
  name: 'a-faire',
  module: 'courriers',
  routes: [
    page('/a-faire', {
      can: 'a-faire.read',
      async run({ db, user, today }) {
        const [choses, total] = await Promise.all([aFaire(db, user, MONTRES), countAFaire(db, user)])
        return view('a-faire/liste', {
          choses: choses.map((chose) => ({
            ...chose,
            enRetard: chose.echeance !== null && chose.echeance < today,
          })),
          total,
        })
      },
    }),
  ],
  async counts(db, user) {
    return hasAFaire(user) ? { aFaire: await countAFaire(db, user) } : {}
  },
}
