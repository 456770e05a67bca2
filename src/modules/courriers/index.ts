import type { Module } from '../../kernel/page.ts'
import { countGestion } from './gestion/liste-queries.ts'
import { routes as envois } from './envois/routes.ts'
import { routes as redaction } from './gestion/redaction.ts'
import { routes as gestion } from './gestion/routes.ts'
import { routes as modeles } from './modeles/routes.ts'
import { chaqueMatin } from './relances/envoi.ts'
import { routes as relances } from './relances/routes.ts'
import { routes } from './routes.ts'
import { routes as traitement } from './traitement/routes.ts'
import { countNew } from './scope.ts'
import { phrases } from './phrases.ts'

/** Courriers of the organisme to its adhérents and their cabinets: read, answered, followed (F37 to F51, F69). */
export const courriers: Module = {
  name: 'courriers',
  phrases,
  module: 'courriers',
  // What is named comes before what has an id.
  routes: [...routes, ...modeles, ...envois, ...traitement, ...redaction, ...gestion, ...relances],
  tasks: { 'courriers.relances-du-matin': chaqueMatin },
  async counts(db, user) {
    if (user.role === 'permanent' || user.role === 'administrateur') {
      const ask = { etat: 'a-traiter' as const, numero: '', nom: '', genre: '', exercice: '', today: '' }
      return { courriersATraiter: await countGestion(db, ask) }
    }
    if (user.adherentId === null && user.structureId === null) return {}
    return { ...(await countNew(db, user)) }
  },
}
