import type { Module } from '../../kernel/page.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Attestations, comptes rendus and dossiers de gestion of a whole selection, made by the portal. */
export const emissions: Module = { name: 'emissions', phrases, module: 'clotures', routes }
