import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Document } from '../documents/document.ts'
import type { Etats } from './cloture.ts'
import { PARAMETRES_LEGAUX, type ParametresLegaux } from './echeances.ts'
import type { Diffusion, Quartiles } from './statistiques.ts'
import { LOI_DE_FINANCES_2025, type NatureOga, type ReglesRegime } from './regime.ts'

export interface Cloture extends Etats {
  id: string
  adherent_id: string
  debut: string
  fin: string
  recue_le: string | null
  controle_le: string | null
  cotisation_reglee_le: string | null
  /** Amounts: boxes of the 2035, or accounts and balance sheet. */
  comptes: Record<string, unknown> | null
  /** What was received and checked, for the compte rendu. */
  controles: Record<string, unknown> | null
  documents: DocumentDeCloture[]
}

export type DocumentDeCloture = Pick<
  Document,
  'id' | 'genre' | 'titre' | 'numero' | 'emis_le' | 'publie_le' | 'remplace_le' | 'retire_le'
> & { nom: string; taille: number; lu_le: string | null }

const TRACKS = sql`c.reception, c.attestation, c.eccv, c.eps, c.crm, c.dossier_gestion`
const CLOTURE = sql`c.id, c.adherent_id, c.debut, c.fin, ${TRACKS}, c.recue_le, c.controle_le, c.cotisation_reglee_le`
const DOCUMENTS = sql`coalesce((select json_agg(json_build_object('id', d.id, 'genre', d.genre, 'titre', d.titre,
    'numero', d.numero, 'emis_le', d.emis_le, 'publie_le', d.publie_le, 'remplace_le', d.remplace_le,
    'retire_le', d.retire_le, 'nom', f.nom, 'taille', f.taille,
    'lu_le', (select min(l.premiere_le) from lectures l join utilisateurs u
       on u.organisme_id = l.organisme_id and u.id = l.utilisateur_id
       where l.organisme_id = d.organisme_id and l.document_id = d.id and u.role = 'adherent'))
    order by d.emis_le desc)
  from documents d join fichiers f on f.organisme_id = d.organisme_id and f.id = d.fichier_id
  where d.organisme_id = c.organisme_id and d.cloture_id = c.id), '[]') as documents`

/** The exercices of an adhérent with their documents, newest first. */
export function listClotures(db: Db, adherentId: string, limit = 50): Promise<Cloture[]> {
  return db.many<Cloture>(sql`select ${CLOTURE}, ${DOCUMENTS} from clotures c
    where c.adherent_id = ${adherentId} order by c.fin desc limit ${limit}`)
}

/** One exercice with its amounts. @throws NotFound */
export function readCloture(db: Db, id: string): Promise<Cloture> {
  return db.one<Cloture>(
    sql`select ${CLOTURE}, c.comptes, c.controles, ${DOCUMENTS} from clotures c where c.id = ${id}`,
  )
}

/** Where the tracks of those exercices are, locked until the transaction is over, in the order of their ids. */
export function listTracks(db: Db, ids: readonly string[]): Promise<({ id: string } & Etats)[]> {
  return db.many(
    sql`select c.id, ${TRACKS} from clotures c where c.id = any(${ids}) order by c.id for update`,
  )
}

/** Those exercices, with amounts and documents. */
export function listCloturesById(db: Db, ids: readonly string[]): Promise<Cloture[]> {
  return db.many<Cloture>(
    sql`select ${CLOTURE}, c.comptes, c.controles, ${DOCUMENTS} from clotures c where c.id = any(${ids})`,
  )
}

/** The exercices of those adhérents that end in one of those years, with their documents and without amounts. */
export function listCloturesOf(
  db: Db,
  adherentIds: readonly string[],
  annees: readonly number[],
): Promise<Cloture[]> {
  return db.many<Cloture>(sql`select ${CLOTURE}, null as comptes, null as controles, ${DOCUMENTS} from clotures c
    where c.adherent_id = any(${adherentIds}) and date_part('year', c.fin) = any(${annees}) order by c.fin desc`)
}

/** Locks an exercice until the act is over. @throws NotFound */
export async function lockCloture(db: Db, id: string): Promise<void> {
  await db.one(sql`select c.id from clotures c where c.id = ${id} for update`)
}

/** This exercice and those before it, oldest last: what a dossier de gestion compares. */
export function listYears(db: Db, adherentId: string, fin: string, count: number): Promise<Cloture[]> {
  return db.many<Cloture>(sql`select ${CLOTURE}, c.comptes from clotures c
    where c.adherent_id = ${adherentId} and c.fin <= ${fin} and c.comptes is not null
    order by c.fin desc limit ${count}`)
}

/** The organisme's own law: regime, agrément, who signs, and the legal delays with the day each began. */
export interface Regles {
  natureOga: NatureOga
  /** Printed under the name on every paper. */
  formeJuridique: string
  agrement: { numero: string; du: string } | null
  regime: ReglesRegime
  cotisationExigee: boolean
  lieu: string
  signataire: string
  qualiteSignataire: string
  parametres: ParametresLegaux[]
}

interface ReglesRow {
  nature_oga: NatureOga
  forme_juridique: string
  agrement_numero: string
  agrement_le: string | null
  ex_oga_depuis: string | null
  attestations_jusqu_a: string | null
  cotisation_exigee: boolean
  lieu: string
  signataire: string
  qualite_signataire: string
}

export async function readRegles(db: Db): Promise<Regles> {
  const [row, parametres] = await Promise.all([
    db.maybe<ReglesRow>(sql`select nature_oga, forme_juridique, agrement_numero, agrement_le, ex_oga_depuis, attestations_jusqu_a,
      cotisation_exigee, lieu, signataire, qualite_signataire from regles_clotures`),
    db.many<{ depuis: string; valeurs: Partial<ParametresLegaux> }>(
      sql`select depuis, valeurs from parametres_legaux order by depuis`,
    ),
  ])
  return {
    natureOga: row?.nature_oga ?? 'OMGA',
    formeJuridique: row?.forme_juridique ?? '',
    agrement: row?.agrement_le ? { numero: row.agrement_numero, du: row.agrement_le } : null,
    regime: row
      ? { exOgaDepuis: row.ex_oga_depuis, attestationsJusquA: row.attestations_jusqu_a }
      : LOI_DE_FINANCES_2025,
    cotisationExigee: row?.cotisation_exigee ?? false,
    lieu: row?.lieu ?? '',
    signataire: row?.signataire ?? '',
    qualiteSignataire: row?.qualite_signataire ?? '',
    parametres: [
      ...PARAMETRES_LEGAUX,
      ...parametres.map((p) => ({ ...PARAMETRES_LEGAUX[0]!, ...p.valeurs, depuis: p.depuis })),
    ],
  }
}

export interface AdherentDeCloture {
  id: string
  numero: string
  civilite: string
  denomination: string
  siret: string
  professions: string[]
  categorie: 'BIC' | 'BNC' | 'BA' | 'IS'
  regime_fiscal: string
  adresse_professionnelle: string[]
  adhesion_le: string
  perte_qualite_le: string | null
  cabinet: string | null
}

/** The member as his papers name him. @throws NotFound */
export function readAdherent(db: Db, id: string): Promise<AdherentDeCloture> {
  return db.one<AdherentDeCloture>(sql`select a.id, a.numero, a.civilite, a.denomination, a.siret, a.professions, a.categorie,
      a.regime_fiscal, a.adresse_professionnelle, a.adhesion_le, a.perte_qualite_le, s.nom as cabinet
    from adherents a left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
    where a.id = ${id}`)
}

/** Many of them. */
export function listAdherentsDeCloture(db: Db, ids: readonly string[]): Promise<AdherentDeCloture[]> {
  return db.many<AdherentDeCloture>(sql`select a.id, a.numero, a.civilite, a.denomination, a.siret, a.professions, a.categorie,
      a.regime_fiscal, a.adresse_professionnelle, a.adhesion_le, a.perte_qualite_le, s.nom as cabinet
    from adherents a left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
    where a.id = any(${ids})`)
}

export interface StatistiqueProfession {
  effectif: number
  /** Means in percents of the turnover by line, quartiles in euros; null where the statistical secret hides them. */
  mesures: {
    diffusion: Diffusion
    moyennes: Record<string, number | null>
    recettes: Quartiles | null
    resultat: Quartiles | null
  }
}

export function readStatistique(
  db: Db,
  profession: string,
  annee: number,
): Promise<StatistiqueProfession | undefined> {
  return db.maybe<StatistiqueProfession>(sql`select effectif, mesures from statistiques_professions
    where profession = ${profession} and annee = ${annee}`)
}

/** The logo of the organisme for its letterhead, PNG in base64. */
export async function readLogoForPaper(db: Db): Promise<string | null> {
  const row = await db.maybe<{ logo: Buffer | null }>(sql`select app.logo(app.organisme_id()) as logo`)
  return row?.logo?.toString('base64') ?? null
}
