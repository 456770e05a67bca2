import type { Role } from './db.ts'

/**
 * Who may do what: the only table of rights. Rows are actions, columns are roles, absent is no.
 * `delegue` means: by délégation only (none is granted yet, so it is no until délégations exist).
 */
type Cell = true | 'delegue'
type Row = Partial<Record<Role, Cell>>

const everyone: Row = {
  adherent: true,
  cabinet: true,
  superviseur: true,
  collaborateur: true,
  permanent: true,
  administrateur: true,
  operateur: true,
}
const staff: Row = { permanent: true, administrateur: true }
const adherent: Row = { adherent: true }
/** The people of a firm, and those among them who answer for it. */
const conseil: Row = { cabinet: true, superviseur: true, collaborateur: true }
const direction: Row = { cabinet: true, superviseur: true }
const members: Row = { adherent: true, cabinet: true, superviseur: true, collaborateur: true }

const table = {
  'accueil.read': everyone,
  'deconnexion.do': everyone,
  'profil.manage': everyone,
  'coordonnees.read': adherent,
  'coordonnees.request': adherent,
  'clotures.read': adherent,
  'documents.read': members,
  'documents.mine': adherent,
  'actualites.read': members,
  'formations.read': members,
  'formations.enrol': adherent,
  'transferts.read': adherent,
  'transferts.send': adherent,
  'contact.read': members,
  'clients.read': conseil,
  'clients.update': direction,
  'cabinet.read': conseil,
  'cabinet.request': direction,
  'a-faire.read': conseil,
  'messages.read': members,
  'messages.send': members,
  'declarations.read': conseil,
  'courriers.read': members,
  'courriers.answer': members,
  'reponses.read': { ...members, ...staff },
  // A collaborateur only while he stands in for a superviseur: the module says so, by dates.
  'validations.decide': { cabinet: true, superviseur: true, collaborateur: true },
  'validations.suppleance': { cabinet: true, superviseur: true },
  'supervision.manage': { cabinet: true, superviseur: true },
  // The firm itself: who opens accounts to its people, and who names superviseurs.
  'supervision.comptes': { cabinet: true },
  'collaborateurs.manage': { cabinet: true, superviseur: true },
  'affectations.manage': { cabinet: true, superviseur: true },
  'gestion.courriers.manage': staff,
  'gestion.adherents.read': staff,
  'gestion.listes-clients.decide': staff,
  'gestion.messages.answer': staff,
  'gestion.clotures.manage': staff,
  'gestion.documents.issue': staff,
  'gestion.documents.publish': staff,
  'gestion.transferts.read': staff,
  'gestion.transferts.decide': staff,
  'gestion.modifications.decide': staff,
  'gestion.demandes-de-compte.decide': staff,
  'gestion.comptes.manage': staff,
  'plateforme.read': { operateur: true },
} as const satisfies Record<string, Row>

export type Action = keyof typeof table
/** What a route declares: an action of the table, or `public` for what needs no log-in. */
export type Permission = Action | 'public'

export const actions = Object.keys(table) as Action[]

/** May this role do this? The three readers are the kernel, the views and the menu. */
export function allowed(role: Role, action: Action): boolean {
  return (table[action] as Row)[role] === true
}
