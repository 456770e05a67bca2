import { z } from 'zod'
import { majuscule } from '../../kernel/formats.ts'
import { plusieurs, texte } from '../../kernel/forms.ts'
import type { Organisme } from '../../kernel/organisme.ts'

/*
 * For whom something is published: roles, which must be said, and professions, which are everybody's when none is said.
 * The same words and the same fields wherever an organisme publishes for many.
 */

export const ROLES = ['adherent', 'cabinet', 'superviseur', 'collaborateur'] as const
export type RoleVise = (typeof ROLES)[number]

export interface Audience {
  pour_roles: RoleVise[]
  pour_professions: string[]
}

/** Fields of a form; a list sent empty means « nobody », which is refused. */
export const champsAudience = {
  pour_roles: plusieurs(z.enum(ROLES, 'Ce choix n’existe pas.'), 10).refine(
    (roles) => roles.length > 0,
    'Choisissez au moins un destinataire.',
  ),
  pour_professions: plusieurs(texte('la profession', 120), 300),
}

export function rolesOf(organisme: Organisme): { valeur: RoleVise; libelle: string }[] {
  const { adherents, cabinets } = organisme.vocabulaire
  return [
    { valeur: 'adherent', libelle: majuscule(adherents) },
    { valeur: 'cabinet', libelle: majuscule(cabinets) },
    { valeur: 'superviseur', libelle: 'Superviseurs' },
    { valeur: 'collaborateur', libelle: 'Collaborateurs' },
  ]
}

/** « Tous », « Adhérents, cabinets », « Adhérents (Avocat, Architecte et 2 autres professions) ». */
export function audienceSentence({ pour_roles, pour_professions }: Audience, organisme: Organisme): string {
  const names = rolesOf(organisme)
    .filter(({ valeur }) => pour_roles.includes(valeur))
    .map(({ libelle }) => libelle.toLocaleLowerCase('fr'))
  const who = pour_roles.length === ROLES.length ? 'Tous' : majuscule(names.join(', '))
  return pour_professions.length === 0 ? who : `${who} (${professionsSentence(pour_professions)})`
}

function professionsSentence(professions: readonly string[]): string {
  if (professions.length <= 3) return professions.join(', ')
  return `${professions.slice(0, 2).join(', ')} et ${professions.length - 2} autres professions`
}
