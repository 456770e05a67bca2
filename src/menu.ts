import type { Organisme } from './kernel/organisme.ts'
import type { MenuEntry, Utilisateur } from './kernel/page.ts'

const adherent: MenuEntry[] = [{ libelle: 'Page d’accueil', url: '/', icone: 'home', can: 'accueil.read' }]

const gestion: MenuEntry[] = [{ libelle: 'Accueil', url: '/', icone: 'home', can: 'accueil.read' }]

/** The menu of a person, in the order and words of the guides. An entry shows when its route would let him in. */
export function menu(_organisme: Organisme, user: Utilisateur): MenuEntry[] {
  return user.role === 'permanent' || user.role === 'administrateur' ? gestion : adherent
}
