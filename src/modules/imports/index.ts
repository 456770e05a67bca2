import type { Module } from '../../kernel/page.ts'
import './application.ts'
import './essai.ts'
import { phrases } from './phrases.ts'
import { routes } from './routes.ts'

/** Tables of the organisme taken in: adhérents, cabinets, collaborateurs, affectations, exercices, declarations. */
export const imports: Module = { name: 'imports', phrases, routes }
