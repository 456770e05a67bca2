import { z } from 'zod'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'
import { ETATS, type Etat, LIBELLES_ROLES, ROLES_MEMBRES } from './compte.ts'

export const TRIS = ['nom', 'login', 'connexion'] as const
export type Tri = (typeof TRIS)[number]

const etats = Object.keys(ETATS) as [Etat, ...Etat[]]

/** The address of the list: search, filters, sort, place. What does not fit is replaced, never refused. */
export const question = z.object({
  mots: z
    .string()
    .transform((typed) =>
      typed
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, 100),
    )
    .catch(''),
  role: z.enum(['', ...ROLES_MEMBRES]).catch(''),
  etat: z.enum(['', ...etats]).catch(''),
  facteur: z.enum(['', 'avec', 'sans']).catch(''),
  tri: z.enum(TRIS).catch('nom'),
  sens: z.enum(['asc', 'desc']).catch('asc'),
  ...keysetQuery(UUID),
})
export type Question = z.output<typeof question>

/** The part of the address that links keep. */
export function requeteDe({ mots, role, etat, facteur, tri, sens }: Question): Record<string, string> {
  return { mots, role, etat, facteur, tri, sens }
}

export function isFiltered({ mots, role, etat, facteur }: Question): boolean {
  return [mots, role, etat, facteur].some((value) => value !== '')
}

const tous = { valeur: '', libelle: 'Tous' }

export const CHOIX = {
  role: [tous, ...ROLES_MEMBRES.map((role) => ({ valeur: role, libelle: LIBELLES_ROLES[role] }))],
  etat: [tous, ...etats.map((etat) => ({ valeur: etat, libelle: ETATS[etat].libelle }))],
  facteur: [tous, { valeur: 'avec', libelle: 'En place' }, { valeur: 'sans', libelle: 'Absente' }],
}
