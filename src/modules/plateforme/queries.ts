import type { Db } from '../../kernel/db.ts'
import { NotFound } from '../../kernel/errors.ts'
import { sql } from '../../kernel/sql.ts'
import type { Nature } from './organisme.ts'

export interface OrganismeCompte {
  id: string
  code: string
  nom: string
  nature: Nature
  hotes: string[]
  cree_le: string
  suspendu_le: string | null
  adherents: number
  utilisateurs: number
  documents: number
  octets: number
  courriels_en_attente: number
  courriels_abandonnes: number
}

/** Every organisme with its counts; empty for anybody but the operator, whatever the code around it does. */
export function listOrganismes(db: Db): Promise<OrganismeCompte[]> {
  return db.many<OrganismeCompte>(sql`select * from app.plateforme_organismes()`)
}

export interface OrganismeFiche {
  id: string
  code: string
  nom: string
  sigle: string
  nature: Nature
  hotes: { hote: string; principal: boolean }[]
  modules: string[]
  cree_le: string
  suspendu_le: string | null
  suspendu_motif: string
  quota_octets: number | null
  quota_comptes: number | null
  adherents: number
  structures: number
  utilisateurs: number
  administrateurs: number
  administrateurs_actifs: number
  documents: number
  courriers: number
  octets: number
  journal: number
  courriels_en_attente: number
  courriels_abandonnes: number
}

/** @throws NotFound */
export function readOrganisme(db: Db, id: string): Promise<OrganismeFiche> {
  return db.one<OrganismeFiche>(sql`select * from app.plateforme_organisme(${id})`)
}

export interface NouvelOrganisme {
  code: string
  nature: Nature
  nom: string
  sigle: string
  hote: string
  modules: string[]
  adminCourriel: string
  adminPrenom: string
  adminNom: string
}

/** An organisme, its first host and its first administrateur. @returns their ids */
export function creerOrganisme(
  db: Db,
  o: NouvelOrganisme,
): Promise<{ organisme: string; administrateur: string }> {
  return db.one(sql`select organisme, administrateur from app.plateforme_creer(${o.code}, ${o.nature}, ${o.nom}, ${o.sigle},
    ${o.hote}, ${o.modules}::text[], ${o.adminCourriel}, ${o.adminPrenom}, ${o.adminNom})`)
}

const GO = 1024 ** 3

export async function reglerOrganisme(
  db: Db,
  id: string,
  r: { modules: string[]; quotaGo: number | null; quotaComptes: number | null },
): Promise<void> {
  const octets = r.quotaGo === null ? null : r.quotaGo * GO
  await db.run(
    sql`select app.plateforme_regler(${id}, ${r.modules}::text[], ${octets}::bigint, ${r.quotaComptes}::int)`,
  )
}

/** @param motif '' takes the suspension back */
export async function suspendre(db: Db, id: string, motif: string): Promise<void> {
  await db.run(sql`select app.plateforme_suspendre(${id}, ${motif})`)
}

export async function ajouterHote(db: Db, id: string, hote: string, principal: boolean): Promise<void> {
  await db.run(sql`select app.plateforme_ajouter_hote(${id}, ${hote}, ${principal})`)
}

/** False when it is not there, or the last one. */
export async function retirerHote(db: Db, id: string, hote: string): Promise<boolean> {
  const { retire } = await db.one<{ retire: boolean }>(
    sql`select app.plateforme_retirer_hote(${id}, ${hote}) as retire`,
  )
  return retire
}

/** An administrateur who has not opened his account yet. @throws NotFound */
export async function administrateurEnAttente(db: Db, id: string): Promise<string> {
  const { admin } = await db.one<{ admin: string | null }>(
    sql`select app.plateforme_administrateur(${id}) as admin`,
  )
  if (admin === null) throw new NotFound('no administrateur waits')
  return admin
}

export interface File {
  en_attente: number
  en_cours: number
  en_echec: number
  garees: number
  plus_ancienne: string | null
}

export function readFile(db: Db): Promise<File> {
  return db.one<File>(sql`select * from app.plateforme_file()`)
}

export interface TacheGaree {
  id: number
  tache: string
  organisme: string | null
  essais: number
  creee_le: string
  essayee_le: string
}

export function listGarees(db: Db, plafond: number): Promise<TacheGaree[]> {
  return db.many<TacheGaree>(sql`select * from app.plateforme_taches_garees(${plafond})`)
}

/** The name of the work, or null when it is not parked any more. */
export async function relancerTache(db: Db, id: number): Promise<string | null> {
  return (await db.one<{ nom: string | null }>(sql`select app.plateforme_relancer_tache(${id}) as nom`)).nom
}

export async function abandonnerTache(db: Db, id: number): Promise<string | null> {
  return (await db.one<{ nom: string | null }>(sql`select app.plateforme_abandonner_tache(${id}) as nom`)).nom
}
