import { Refusal } from '../../kernel/errors.ts'
import { type Domaine, domaines as DOMAINES } from '../../kernel/policy.ts'

/** Somebody of the staff, as an administrateur sees him. */
export interface Personne {
  id: string
  login: string
  civilite: string
  nom: string
  prenom: string
  fonction: string
  courriel: string
  role: 'permanent' | 'administrateur'
  domaines: Domaine[] | null
  cree_le: string
  active_le: string | null
  bloque_le: string | null
  parti_le: string | null
  derniere_connexion_le: string | null
  facteur_le: string | null
  sessions: number
}

export const ROLES = {
  permanent: 'Permanent',
  administrateur: 'Administrateur',
} as const

/** What somebody may do, in words; past `shown` of them, the others are only counted. */
export function droitsOf({ role, domaines }: Pick<Personne, 'role' | 'domaines'>, shown = Infinity): string {
  if (role === 'administrateur') return 'Tout, avec les réglages et le personnel'
  if (domaines === null) return 'Tout le travail de l’organisme'
  if (domaines.length === 0) return 'La liste des adhérents, sans plus'
  const words = domaines.map((domaine) => DOMAINES[domaine] ?? domaine)
  if (words.length <= shown) return words.join(', ')
  return `${words.slice(0, shown - 1).join(', ')} et ${words.length - shown + 1} autres`
}

/** Nobody raises, lowers or shuts himself. @throws Refusal */
export function mustBeAnother(user: { id: string }, personne: { id: string }, quoi: string): void {
  if (user.id === personne.id)
    throw new Refusal(`Vous ne pouvez pas ${quoi} vous-même\u00a0: un autre administrateur le peut.`)
}

/** What Postgres refuses when the last administrateur would go. */
export const DERNIER =
  'C’est le dernier administrateur actif\u00a0: nommez-en un autre d’abord. Rien n’a été changé.'
