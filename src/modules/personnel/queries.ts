import { type Db, brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import type { Domaine } from '../../kernel/policy.ts'
import { sql } from '../../kernel/sql.ts'
import { refusedAccount } from '../comptes/compte.ts'
import { SESSIONS } from '../comptes/queries.ts'
import { DERNIER, type Personne } from './personne.ts'

const COLUMNS = sql`u.id, u.login, u.civilite, u.nom, u.prenom, u.fonction, u.courriel, u.role, u.domaines, u.cree_le,
  u.active_le, u.bloque_le, u.parti_le, u.derniere_connexion_le, x.totp_confirme_le as facteur_le, ${SESSIONS} as sessions`
const FROM = sql`from utilisateurs u
  left join acces.secrets x on x.organisme_id = u.organisme_id and x.utilisateur_id = u.id`
const STAFF = sql`u.role in ('permanent', 'administrateur')`

/** Everybody of the staff, those who left at the end. */
export function listPersonnel(db: Db): Promise<Personne[]> {
  return db.many<Personne>(sql`select ${COLUMNS} ${FROM} where ${STAFF}
    order by coalesce(u.parti_le <= current_date, false), u.nom, u.prenom, u.login limit 1000`)
}

/** @throws NotFound for whoever is not of the staff */
export function readPersonne(db: Db, id: string): Promise<Personne> {
  return db.one<Personne>(sql`select ${COLUMNS} ${FROM} where u.id = ${id} and ${STAFF}`)
}

/** The same, kept from changing until the act is over. @throws NotFound */
export function lockPersonne(db: Db, id: string): Promise<Personne> {
  return db.one<Personne>(sql`select ${COLUMNS} ${FROM} where u.id = ${id} and ${STAFF} for update of u`)
}

export interface FichePersonnel {
  civilite: string
  nom: string
  prenom: string
  fonction: string
  courriel: string
  role: 'permanent' | 'administrateur'
  domaines: Domaine[] | null
}

/** Staff log in with their address. @throws Refusal when it is another's */
export async function insertPersonne(db: Db, fiche: FichePersonnel): Promise<string> {
  return refused(async () => {
    const { id } = await db.one<{ id: string }>(sql`insert into utilisateurs
        (login, courriel, civilite, nom, prenom, fonction, role, domaines)
      values (${fiche.courriel}, ${fiche.courriel}, ${fiche.civilite}, ${fiche.nom}, ${fiche.prenom}, ${fiche.fonction},
        ${fiche.role}, ${fiche.domaines}::text[]) returning id`)
    return id
  })
}

/** @throws Refusal for the last administrateur, or an address that is another's */
export async function updatePersonne(db: Db, id: string, fiche: FichePersonnel): Promise<void> {
  await refused(() =>
    db.run(sql`update utilisateurs set civilite = ${fiche.civilite}, nom = ${fiche.nom}, prenom = ${fiche.prenom},
        fonction = ${fiche.fonction}, role = ${fiche.role}, domaines = ${fiche.domaines}::text[],
        login = case when lower(login) = lower(courriel) then ${fiche.courriel} else login end,
        courriel = ${fiche.courriel}
      where id = ${id}`),
  )
}

/** The day from which he no longer comes in; null undoes it. @throws Refusal for the last administrateur */
export async function setDepart(db: Db, id: string, le: string | null): Promise<void> {
  await refused(() => db.run(sql`update utilisateurs set parti_le = ${le}::date where id = ${id}`))
}

/** What the database refuses, in words. */
export async function refused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const broken = brokenConstraint(error)
    if (broken === 'dernier_administrateur') throw new Refusal(DERNIER)
    refusedAccount(error, new Refusal('Cette adresse est déjà celle d’un autre compte.', 'courriel'))
  }
}
