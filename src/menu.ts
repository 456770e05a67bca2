import type { Organisme } from './kernel/organisme.ts'
import type { MenuEntry, Utilisateur } from './kernel/page.ts'
import { adherent } from './menu/adherent.ts'
import { cabinet } from './menu/cabinet.ts'
import { gestion, operateur } from './menu/gestion.ts'

/** The menu of a person, in the order and words of the guides. An entry shows when its route would let him in. */
export function menu(organisme: Organisme, user: Utilisateur): MenuEntry[] {
  if (user.role === 'permanent' || user.role === 'administrateur') return gestion(organisme)
  if (user.role === 'operateur') return operateur()
  return user.structureId !== null && organisme.nature === 'oga' ? cabinet() : adherent(organisme)
}
