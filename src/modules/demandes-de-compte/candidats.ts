import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Demande } from './demande.ts'

/** An account, or an adhérent without one, that a request may come from. */
export interface Candidat {
  compte_id: string | null
  adherent_id: string | null
  login: string | null
  role: string
  nom: string
  courriel: string
  denomination: string | null
  numero: string | null
  structure: string | null
  telephones: string[]
  active_le: string | null
  bloque_le: string | null
  par_numero: boolean
  par_courriel: boolean
  par_nom: boolean
}

/** More than that and the name says nothing: the staff searches in the list of adhérents. */
const PLAFOND = 20

// Staff log-ins are nobody's to hand out by this form: an administrator does it in his own settings.
const MEMBERS = sql`('adherent', 'cabinet', 'superviseur', 'collaborateur')`

/** Whoever has left may not log in: a link would open nothing. */
const HERE = sql`(u.parti_le is null or u.parti_le > current_date)`

const CANDIDAT = sql`u.id as compte_id, a.id as adherent_id, u.login, coalesce(u.role, 'adherent') as role,
  case when u.id is null then a.denomination else trim(u.prenom || ' ' || u.nom) end as nom,
  coalesce(nullif(u.courriel, ''), a.courriel, '') as courriel,
  a.denomination, a.numero, case when s.id is not null then s.nom || ' (' || s.numero || ')' end as structure,
  coalesce(a.telephones, s.telephones, '{}') as telephones, u.active_le, u.bloque_le`

/** Whom a request may come from, the likeliest first; accents and capitals do not count. */
export function listCandidats(db: Db, d: Demande): Promise<Candidat[]> {
  const numero = d.numero
  const par = sql`
    coalesce(${numero} <> '' and lower(${numero}) in (lower(u.login), lower(a.numero), lower(s.numero)), false)
      as par_numero,
    coalesce(lower(${d.courriel}) in (lower(u.courriel), lower(a.courriel)), false) as par_courriel,
    coalesce(app.sans_accent(u.nom) = app.sans_accent(${d.nom}), false)
      or coalesce(position(app.sans_accent(${d.nom}) in a.recherche) > 0, false) as par_nom`
  return db.many<Candidat>(sql`
    select * from (
      select ${CANDIDAT}, ${par}
      from app.demandeurs_possibles(${numero}, ${d.courriel}, ${d.nom}, ${PLAFOND}) c
      left join utilisateurs u on u.id = c.utilisateur_id
      left join adherents a on a.id = c.adherent_id
      left join structures s on s.id = coalesce(u.structure_id, a.structure_id)
      where u.id is null or (u.role in ${MEMBERS} and ${HERE})) as possibles
    order by par_numero::int * 4 + par_courriel::int * 3 + par_nom::int * 2 desc, nom limit ${PLAFOND}`)
}

/** One account, for the page that sends it a link. @throws NotFound */
export function readCompte(db: Db, utilisateurId: string): Promise<Candidat> {
  return db.one<Candidat>(sql`select ${CANDIDAT} from utilisateurs u
    left join adherents a on a.organisme_id = u.organisme_id and a.id = u.adherent_id
    left join structures s on s.organisme_id = u.organisme_id and s.id = coalesce(u.structure_id, a.structure_id)
    where u.id = ${utilisateurId} and u.role in ${MEMBERS} and ${HERE}`)
}

/** An adhérent, for the page that creates his account. @throws NotFound */
export function readAdherent(db: Db, adherentId: string): Promise<Candidat> {
  return db.one<Candidat>(sql`select ${CANDIDAT} from adherents a
    left join utilisateurs u on u.organisme_id = a.organisme_id and u.adherent_id = a.id
    left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
    where a.id = ${adherentId} limit 1`)
}

/** A customer of an éditeur, whose people have their own accounts. */
export interface Etablissement {
  id: string
  numero: string
  nom: string
  telephones: string[]
  courriel: string
}

const ETABLISSEMENT = sql`s.id, s.numero, s.nom, s.telephones, s.courriel`

/** Those that a request may come from, by number or by name. */
export function listEtablissements(db: Db, d: Demande): Promise<Etablissement[]> {
  return db.many<Etablissement>(sql`select ${ETABLISSEMENT} from structures s
    where s.nature = 'etablissement'
      and (lower(s.numero) = lower(${d.numero}) or app.sans_accent(s.nom) = app.sans_accent(${d.raison_sociale}))
    order by s.nom limit ${PLAFOND}`)
}

/** @throws NotFound */
export function readEtablissement(db: Db, id: string): Promise<Etablissement> {
  return db.one<Etablissement>(
    sql`select ${ETABLISSEMENT} from structures s where s.id = ${id} and s.nature = 'etablissement'`,
  )
}
