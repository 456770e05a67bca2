import { ETATS, etatOf } from '../comptes/compte.ts'
import { type Personne, ROLES, droitsOf } from './personne.ts'

export const LISTE = '/gestion/personnel'
export const FICHE = `${LISTE}/:id`
export const can = 'personnel.manage'
export const pathOf = (id: string): string => `${LISTE}/${id}`
/** What the journal calls somebody of the staff. */
export const sujet = (id: string) => ({ objet: 'personnel', objetId: id })

export function shown(personne: Personne, today: string) {
  const etat = etatOf(personne, today)
  return {
    ...personne,
    nomComplet: `${personne.prenom} ${personne.nom}`.trim(),
    libelleRole: ROLES[personne.role],
    droits: droitsOf(personne),
    droitsCourts: droitsOf(personne, 3),
    etat: ETATS[etat],
    cleEtat: etat,
  }
}

export function trail(personne: { id: string; prenom: string; nom: string } | undefined, here?: string) {
  const list = { libelle: 'Personnel', url: LISTE }
  if (!personne) return [list, { libelle: here! }]
  const nom = `${personne.prenom} ${personne.nom}`.trim()
  if (here === undefined) return [list, { libelle: nom }]
  return [list, { libelle: nom, url: pathOf(personne.id) }, { libelle: here }]
}
