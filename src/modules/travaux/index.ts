import type { Module } from '../../kernel/page.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** The long works of the organisme: how far they are, pause, resume, cancel. */
export const travaux: Module = { name: 'travaux', phrases, routes }
