import { modulesFor, moduleName } from '../../kernel/modules.ts'
import type { Organisme } from '../../kernel/organisme.ts'

/** The modules that may decide who sees something; one that is switched off says so. */
export function moduleChoices({ nature, modules }: Organisme): { valeur: string; libelle: string }[] {
  return modulesFor(nature, modules).map((valeur) => ({
    valeur,
    libelle: modules.includes(valeur) ? moduleName(valeur) : `${moduleName(valeur)} (désactivé)`,
  }))
}
