import type { Module } from './kernel/page.ts'
import { accueil } from './modules/accueil/index.ts'

/** Every folder of src/modules. A module that is not in this list does not exist. */
export const modules: readonly Module[] = [accueil]
