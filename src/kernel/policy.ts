import type { Role } from './db.ts'

/** The parts of the organisme's work that a permanent may be given one by one; an administrateur has them all. */
export const domaines = {
  publier: 'Publier des documents',
  courriers: 'Courriers',
  suivi: 'Suivi des clôtures',
  demandes: 'Demandes et transferts',
  contenus: 'Contenus',
  imports: 'Imports',
  comptes: 'Comptes des membres et des cabinets',
  'voir-comme': 'Voir le portail comme quelqu’un',
  journal: 'Journal',
} as const
export type Domaine = keyof typeof domaines

/**
 * Who may do what: the only table of rights. Rows are actions, columns are roles, absent is no.
 * `delegue` means: by délégation only (none is granted yet, so it is no until délégations exist).
 * A row with a `domaine` is closed to a permanent who was given other domaines.
 */
type Cell = true | 'delegue'
type Row = Partial<Record<Role, Cell>> & { domaine?: Domaine }

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
/** The same, for those to whom this part of the work is given. */
const staffOf = (domaine: Domaine): Row => ({ ...staff, domaine })
const administrateur: Row = { administrateur: true }
const adherent: Row = { adherent: true }
/** The people of a firm, and those among them who answer for it. */
const conseil: Row = { cabinet: true, superviseur: true, collaborateur: true }
const direction: Row = { cabinet: true, superviseur: true }
const members: Row = { adherent: true, cabinet: true, superviseur: true, collaborateur: true }

const table = {
  'accueil.read': everyone,
  'deconnexion.do': everyone,
  'profil.manage': everyone,
  'agenda.manage': { ...members, ...staff },
  'coordonnees.read': adherent,
  'coordonnees.request': adherent,
  'clotures.read': adherent,
  'documents.read': members,
  'documents.mine': adherent,
  'actualites.read': members,
  'formations.read': members,
  'formations.enrol': adherent,
  'transferts.read': members,
  'transferts.send': adherent,
  'clients.transferts': conseil,
  'fec.read': { ...members, ...staffOf('demandes') },
  'contact.read': members,
  'espaces.read': members,
  'statistiques.read': members,
  'clients.read': conseil,
  'clients.update': direction,
  'cabinet.read': conseil,
  'cabinet.request': direction,
  'a-faire.read': conseil,
  'messages.read': members,
  'messages.send': members,
  'declarations.read': members,
  'courriers.read': members,
  'courriers.answer': members,
  'reponses.read': { ...members, ...staffOf('courriers') },
  // A collaborateur only while he stands in for a superviseur: the module says so, by dates.
  'validations.decide': { cabinet: true, superviseur: true, collaborateur: true },
  'validations.suppleance': { cabinet: true, superviseur: true },
  'supervision.manage': { cabinet: true, superviseur: true },
  // The firm itself: who opens accounts to its people, and who names superviseurs.
  'supervision.comptes': { cabinet: true },
  'collaborateurs.manage': { cabinet: true, superviseur: true },
  'affectations.manage': { cabinet: true, superviseur: true },
  'gestion.courriers.manage': staffOf('courriers'),
  'gestion.modeles.manage': staffOf('courriers'),
  'gestion.relances.manage': staffOf('courriers'),
  'gestion.relances.regler': administrateur,
  'gestion.adherents.read': staff,
  'gestion.demandes.handle': staffOf('demandes'),
  'gestion.listes-clients.decide': staffOf('demandes'),
  'gestion.messages.answer': staffOf('demandes'),
  'gestion.suivi.read': staffOf('suivi'),
  'gestion.clotures.manage': staffOf('suivi'),
  'gestion.documents.issue': staffOf('publier'),
  'gestion.documents.publish': staffOf('publier'),
  'gestion.travaux.read': staff,
  'gestion.publications.manage': staffOf('publier'),
  'gestion.emissions.manage': staffOf('publier'),
  'gestion.transferts.read': staffOf('demandes'),
  'gestion.transferts.decide': staffOf('demandes'),
  'gestion.transferts.deposer': staffOf('demandes'),
  'gestion.modifications.decide': staffOf('demandes'),
  'gestion.demandes-de-compte.decide': staffOf('demandes'),
  'gestion.journal.read': staffOf('journal'),
  'gestion.comptes.manage': staffOf('comptes'),
  'voir-comme.open': staffOf('voir-comme'),
  'gestion.imports.manage': staffOf('imports'),
  'personnel.manage': administrateur,
  'reglages.manage': administrateur,
  'gestion.espaces.manage': staffOf('contenus'),
  'gestion.statistiques.manage': staffOf('contenus'),
  'gestion.actualites.manage': staffOf('contenus'),
  'gestion.formations.manage': staffOf('contenus'),
  'plateforme.read': { operateur: true },
  'plateforme.manage': { operateur: true },
} as const satisfies Record<string, Row>

export type Action = keyof typeof table
/** What a route declares: an action of the table, or `public` for what needs no log-in. */
export type Permission = Action | 'public'

export const actions = Object.keys(table) as Action[]

/** Whose rights are asked: a person, with the domaines he was given (null: all of them). */
export interface Who {
  role: Role
  domaines: readonly string[] | null
}

/** May this person do this? The three readers are the kernel, the views and the menu. A role alone is one with all domaines. */
export function allowed(who: Who | Role, action: Action): boolean {
  const { role, domaines: given } = typeof who === 'string' ? { role: who, domaines: null } : who
  const row: Row = table[action]
  if (row[role] !== true) return false
  return role !== 'permanent' || row.domaine === undefined || given === null || given.includes(row.domaine)
}

/** The part of the work that an action belongs to, if it can be given apart. */
export function domaineOf(action: Action): Domaine | undefined {
  return (table[action] as Row).domaine
}
