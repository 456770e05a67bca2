import type { Module } from '../../kernel/page.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Gestion des dossiers clients (F78, F79): who has which dossier of the firm. */
export const affectations: Module = { name: 'affectations', phrases, module: 'adherents', routes }
