import type { Module } from '../../kernel/page.ts'
import { phrases } from './phrases.ts'
import { routes } from './routes.ts'

/** Due dates in one's own calendar: a secret address that programs read. */
export const agenda: Module = { name: 'agenda', module: 'clotures', phrases, routes }
