import type { Module } from '../../kernel/page.ts'
import { countGestion } from './gestion/queries.ts'
import { routes as gestion } from './gestion/routes.ts'
import { routes } from './routes.ts'
import { countNew } from './scope.ts'

/** Courriers of the organisme to its adhérents and their cabinets: read, answered, followed (F37 to F51, F69). */
export const courriers: Module = {
  name: 'courriers',
  module: 'courriers',
  routes: [...routes, ...gestion],
  async counts(db, user) {
    if (user.role === 'permanent' || user.role === 'administrateur') {
      const ask = { etat: 'a-traiter' as const, numero: '', nom: '', today: '' }
      return { courriersATraiter: await countGestion(db, ask) }
    }
    if (user.adherentId === null && user.structureId === null) return {}
    return { ...(await countNew(db, user)) }
  },
}
