import type { Module } from '../../kernel/page.ts'
import './essai.ts'
import './publication.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Campaigns: PDFs for many adhérents, tried, confirmed, published once, announced at the pace of the organisme. */
export const publications: Module = { name: 'publications', phrases, module: 'clotures', routes }
