import { randomUUID } from 'node:crypto'
import { brokenConstraint, type Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { sql } from '../../kernel/sql.ts'
import type { Demande, Issue } from './demande.ts'

const COLUMNS = sql`d.id, d.genre, d.role_souhaite, d.raison_sociale, d.numero, d.nom, d.prenom, d.courriel, d.message,
  d.demande_le, d.close_le, d.close_par, d.issue, d.motif, d.verification, d.utilisateur_id`

export type NewDemande = Pick<
  Demande,
  'genre' | 'role_souhaite' | 'raison_sociale' | 'numero' | 'nom' | 'prenom' | 'courriel' | 'message'
>

/** Keeps a request of a visitor, who may add rows and read none; the same one twice is kept once. */
export async function insertDemande(db: Db, d: NewDemande): Promise<void> {
  await db.run(sql`insert into demandes_de_compte
      (id, genre, role_souhaite, raison_sociale, numero, nom, prenom, courriel, message)
    values (${randomUUID()}, ${d.genre}, ${d.role_souhaite}, ${d.raison_sociale}, ${d.numero}, ${d.nom}, ${d.prenom},
      ${d.courriel}, ${d.message}) on conflict do nothing`)
}

export interface DemandeFiche extends Demande {
  close_par_nom: string | null
  compte_login: string | null
}

/** @throws NotFound */
export function readDemande(db: Db, id: string): Promise<DemandeFiche> {
  return db.one<DemandeFiche>(sql`select ${COLUMNS}, trim(c.prenom || ' ' || c.nom) as close_par_nom,
      u.login as compte_login
    from demandes_de_compte d
    left join utilisateurs c on c.organisme_id = d.organisme_id and c.id = d.close_par
    left join utilisateurs u on u.organisme_id = d.organisme_id and u.id = d.utilisateur_id
    where d.id = ${id}`)
}

/** Locks a request until the act is over, so that two people never decide at once. @throws NotFound */
export function lockDemande(db: Db, id: string): Promise<Demande> {
  return db.one<Demande>(sql`select ${COLUMNS} from demandes_de_compte d where d.id = ${id} for update`)
}

export async function closeDemande(
  db: Db,
  id: string,
  end: {
    issue: Issue
    by: string
    motif?: string
    verification?: string | undefined
    utilisateurId?: string
  },
): Promise<void> {
  await db.run(sql`update demandes_de_compte set issue = ${end.issue}, close_le = clock_timestamp(),
    close_par = ${end.by}, motif = ${end.motif ?? ''}, verification = ${end.verification ?? ''},
    utilisateur_id = ${end.utilisateurId ?? null} where id = ${id} and close_le is null`)
}

/** Creates the account of somebody of an établissement: the address is the log-in (F126). @throws Refusal */
export async function createCompteDEtablissement(
  db: Db,
  structureId: string,
  d: Pick<Demande, 'nom' | 'prenom' | 'courriel'>,
  role: 'cabinet' | 'collaborateur',
): Promise<string> {
  try {
    const { id } = await db.one<{ id: string }>(sql`
      insert into utilisateurs (login, courriel, nom, prenom, role, structure_id)
      values (${d.courriel.toLowerCase()}, ${d.courriel}, ${d.nom}, ${d.prenom}, ${role}, ${structureId}) returning id`)
    return id
  } catch (error) {
    if (brokenConstraint(error) !== 'utilisateurs_login') throw error
    throw new Refusal('Un compte a déjà cette adresse pour identifiant\u00a0: choisissez-le dans la liste.')
  }
}
