import { z } from 'zod'
import { paragraphe, plusieurs, uuid } from '../../kernel/forms.ts'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'
import { NOMS } from './genre.ts'

export const ETATS = ['', 'precision', 'traitees', 'toutes'] as const
export const TRIS = ['anciennes', 'recentes', 'nom'] as const
/** Days that a request has waited at least. */
export const AGES = ['', '2', '7', '30'] as const

const A_QUI = z.union([z.enum(['', 'moi', 'personne']), z.string().regex(UUID)]).catch('')

/** What the list is narrowed to; the decision pages go on through the same. */
export const filtres = z.object({
  q: z.string().trim().max(100).catch(''),
  genre: z.enum(['', ...NOMS]).catch(''),
  etat: z.enum(ETATS).optional().catch(undefined),
  age: z.enum(AGES).catch(''),
  a: A_QUI,
  cabinet: z.string().trim().max(20).catch(''),
  tri: z.enum(TRIS).optional().catch(undefined),
})
export const question = filtres.extend(keysetQuery(UUID))

export interface Filtres {
  q: string
  genre: z.output<typeof filtres>['genre']
  etat: (typeof ETATS)[number]
  age: (typeof AGES)[number]
  a: string
  cabinet: string
  tri: (typeof TRIS)[number]
}

/** With what stands when nothing was chosen: who looks for one thing wants it whatever its state; what waits, oldest first. */
export function completed(asked: z.output<typeof filtres>): Filtres {
  const etat = asked.etat ?? (asked.q === '' ? '' : 'toutes')
  const tri = asked.tri ?? (etat === '' || etat === 'precision' ? 'anciennes' : 'recentes')
  const { q, genre, age, a, cabinet } = asked
  return { q, genre, etat, age, a, cabinet, tri }
}

/** Whom a request is given to; nobody when empty. */
const qui = z.union([z.literal(''), uuid])
export const Affectation = z.strictObject({ a: qui })
export const Lot = z.strictObject({ demande: plusieurs(uuid, 200), a: qui })
export const Precision = z.strictObject({ message: paragraphe('votre question', 5000) })
