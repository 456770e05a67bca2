import type { Module } from '../../kernel/page.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Supervision: what the firm decides for its collaborateurs (F68, F72). */
export const supervision: Module = { name: 'supervision', phrases, module: 'adherents', routes }
