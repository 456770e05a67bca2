import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { GenreLigne, Ligne, Verdict } from './ligne.ts'

export interface Publication {
  id: string
  source: 'depot' | 'emission'
  titre: string
  motif: string
  genre: GenreLigne | null
  exercice: number | null
  repondeur: 'adherent' | 'cabinet'
  selection: Record<string, unknown>
  creee_le: string
  creee_par: string | null
  createur: string | null
  essai_id: string | null
  verifiee_le: string | null
  confirmee_le: string | null
  avec_partis: boolean
  publier: boolean
  prevenir: boolean
  publier_le: string | null
  travail_id: string | null
  publiee_le: string | null
  annulee_le: string | null
  terminee_le: string | null
}

const COLUMNS = sql`p.id, p.source, p.titre, p.motif, p.genre, p.exercice, p.repondeur, p.selection, p.creee_le, p.creee_par,
  p.essai_id, p.verifiee_le, p.confirmee_le, p.avec_partis, p.publier, p.prevenir, p.publier_le, p.travail_id, p.publiee_le,
  p.annulee_le, p.terminee_le, (select nullif(trim(u.prenom || ' ' || u.nom), '') from utilisateurs u
    where u.organisme_id = p.organisme_id and u.id = p.creee_par) as createur`

/** @throws NotFound */
export function readPublication(db: Db, id: string): Promise<Publication> {
  return db.one<Publication>(sql`select ${COLUMNS} from publications p where p.id = ${id}`)
}

/** Locks it until the transaction is over. @throws NotFound */
export function lockPublication(db: Db, id: string): Promise<Publication> {
  return db.one<Publication>(sql`select ${COLUMNS} from publications p where p.id = ${id} for update of p`)
}

export interface PublicationListee extends Publication {
  lignes: number
  publiees: number
}

/** What a campaign came to is in the report of its work; while it goes on, its lines are counted. */
const COMPTES = sql`left join travaux t on t.id = p.travail_id and p.terminee_le is not null and t.rapport ? 'publiees'
  left join lateral (select count(*)::int as lignes, count(l.publiee_le)::int as publiees from publication_lignes l
    where t.id is null and l.organisme_id = p.organisme_id and l.publication_id = p.id) c on true`

/** The campaigns of a kind, the last one first; backwards when what stands before a campaign is asked. */
export function listPublications(
  db: Db,
  source: Publication['source'],
  { q = '', apres, avant }: { q?: string; apres?: string | undefined; avant?: string | undefined },
  limit: number,
): Promise<PublicationListee[]> {
  const from = apres ?? avant ?? null
  const at = sql`((select x.creee_le from publications x where x.id = ${from}), ${from}::uuid)`
  const place =
    from === null ? sql`true` : avant ? sql`(p.creee_le, p.id) > ${at}` : sql`(p.creee_le, p.id) < ${at}`
  return db.many<PublicationListee>(sql`select ${COLUMNS},
      coalesce((t.rapport->>'lignes')::int, c.lignes) as lignes,
      coalesce((t.rapport->>'publiees')::int, c.publiees) as publiees
    from publications p ${COMPTES}
    where p.source = ${source} and strpos(app.sans_accent(p.titre), app.sans_accent(${q})) > 0 and ${place}
    order by ${avant ? sql`p.creee_le, p.id` : sql`p.creee_le desc, p.id desc`} limit ${limit}`)
}

export interface NewPublication {
  source: Publication['source']
  titre: string
  motif?: string
  genre: GenreLigne | null
  exercice: number | null
  repondeur?: 'adherent' | 'cabinet'
  selection?: Record<string, unknown>
}

export async function insertPublication(db: Db, p: NewPublication): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into publications (source, titre, motif, genre, exercice, repondeur, selection)
    values (${p.source}, ${p.titre}, ${p.motif ?? ''}, ${p.genre}, ${p.exercice}, ${p.repondeur ?? 'adherent'},
      ${JSON.stringify(p.selection ?? {})}::jsonb) returning id`)
  return id
}

export async function insertFichier(
  db: Db,
  publicationId: string,
  fichierId: string,
  genre: 'archive' | 'index' | 'pdf',
): Promise<string> {
  const { id } = await db.one<{
    id: string
  }>(sql`insert into publication_fichiers (publication_id, fichier_id, genre)
    values (${publicationId}, ${fichierId}, ${genre}) returning id`)
  return id
}

export interface FichierPublication {
  id: string
  genre: 'archive' | 'index' | 'pdf'
  fichier_id: string
  cle: string
  nom: string
  taille: number
}

export function listFichiers(db: Db, publicationId: string): Promise<FichierPublication[]> {
  return db.many<FichierPublication>(sql`select l.id, l.genre, l.fichier_id, f.cle, f.nom, f.taille
    from publication_fichiers l join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
    where l.publication_id = ${publicationId} order by l.depose_le`)
}

/** The zip has served: its documents have files of their own. The nightly sweep frees the space. */
export async function dropArchive(db: Db, publicationId: string): Promise<void> {
  const gone = await db.many<{ fichier_id: string }>(sql`delete from publication_fichiers
    where publication_id = ${publicationId} and genre = 'archive' returning fichier_id`)
  if (gone.length > 0)
    await db.run(sql`delete from fichiers where id = any(${gone.map((g) => g.fichier_id)})`)
}

const LIGNE = sql`l.id, l.ordre, l.nom, l.entree, l.source_id, l.numero, l.type, l.exercice, l.titre, l.attend, l.avant,
  l.defaut_ligne, l.taille, l.sha256, l.defaut_fichier, l.adherent_id, l.cloture_id, l.genre, l.verdict, l.raison,
  l.document_id, l.courrier_id, l.echec, l.publiee_le, l.prevenu_le`

export type NewLigne = Pick<Ligne, 'ordre' | 'nom'> &
  Partial<
    Pick<
      Ligne,
      | 'entree' | 'source_id' | 'numero' | 'type' | 'exercice' | 'titre' | 'attend' | 'avant' | 'defaut_ligne' | 'raison'
      | 'taille' | 'sha256' | 'defaut_fichier' | 'adherent_id' | 'cloture_id' | 'genre' | 'verdict'
    >
  > // prettier-ignore

export async function insertLignes(
  db: Db,
  publicationId: string,
  lignes: readonly NewLigne[],
): Promise<void> {
  await db.run(sql`insert into publication_lignes (publication_id, ordre, nom, entree, source_id, numero, type, exercice, titre,
      attend, avant, defaut_ligne, raison, taille, sha256, defaut_fichier, adherent_id, cloture_id, genre, verdict)
    select ${publicationId}, l.ordre, l.nom, l.entree, l.source_id, coalesce(l.numero, ''), coalesce(l.type, ''), l.exercice,
      coalesce(l.titre, ''), coalesce(l.attend, false), l.avant, coalesce(l.defaut_ligne, ''), coalesce(l.raison, ''),
      l.taille, l.sha256, coalesce(l.defaut_fichier, ''), l.adherent_id, l.cloture_id, l.genre,
      coalesce(l.verdict, 'a_verifier')
    from json_to_recordset(${JSON.stringify(lignes)}::json) as l (ordre int, nom text, entree int, source_id uuid,
      numero text, type text, exercice int, titre text, attend boolean, avant date, defaut_ligne text, raison text,
      taille bigint, sha256 text, defaut_fichier text, adherent_id uuid, cloture_id uuid, genre text, verdict text)`)
}

/** Lines in their order, after that one. */
export function listLignes(db: Db, publicationId: string, after: number, limit: number): Promise<Ligne[]> {
  return db.many<Ligne>(sql`select ${LIGNE} from publication_lignes l
    where l.publication_id = ${publicationId} and l.ordre > ${after} order by l.ordre limit ${limit}`)
}

export interface LigneMontree extends Ligne {
  adherent_numero: string | null
  adherent_nom: string | null
}

/** For the page and the file to correct. @param verdicts all of them when empty @param back those before `from`, the nearest first */
export function listLignesBy(
  db: Db,
  publicationId: string,
  verdicts: readonly string[],
  from: number,
  limit: number,
  back = false,
): Promise<LigneMontree[]> {
  return db.many<LigneMontree>(sql`select ${LIGNE}, a.numero as adherent_numero, a.denomination as adherent_nom
    from publication_lignes l left join adherents a on a.organisme_id = l.organisme_id and a.id = l.adherent_id
    where l.publication_id = ${publicationId} and ${back ? sql`l.ordre < ${from}` : sql`l.ordre > ${from}`}
      and (${verdicts.length === 0} or l.verdict = any(${verdicts}) or (l.echec <> '' and 'echec' = any(${verdicts})))
    order by ${back ? sql`l.ordre desc` : sql`l.ordre`} limit ${limit}`)
}

/** How many lines have each verdict. */
export async function countVerdicts(
  db: Db,
  publicationId: string,
): Promise<Partial<Record<Verdict | 'a_verifier', number>>> {
  const rows = await db.many<{ verdict: Verdict; n: number }>(sql`select verdict, count(*)::int as n
    from publication_lignes where publication_id = ${publicationId} group by verdict`)
  return Object.fromEntries(rows.map((row) => [row.verdict, row.n]))
}

export interface Bilan {
  lignes: number
  retenues: number
  deposees: number
  publiees: number
  echecs: number
  prevenues: number
  courriels: number
  partis: number
  refuses: number
  sans_adresse: number
}

/** The keys of the mails of a campaign: of its documents, one for a person; of its courriers, one for each. */
export function mailKeysOf(publicationId: string): Sql {
  return sql`select ${`publication:${publicationId}:`} || u.id
      from (select distinct adherent_id from publication_lignes
        where publication_id = ${publicationId} and prevenu_le is not null) l
      join utilisateurs u on u.adherent_id = l.adherent_id
    union all select 'courrier:' || e.courrier_id || ':' || e.utilisateur_id
      from publication_lignes l join courrier_envois e on e.courrier_id = l.courrier_id
      where l.publication_id = ${publicationId} and l.prevenu_le is not null`
}

/** What came of a campaign, mails included. */
export function readBilan(db: Db, publicationId: string): Promise<Bilan> {
  return db.one<Bilan>(sql`with lignes as (
      select * from publication_lignes where publication_id = ${publicationId}
    ), envois as (
      select c.envoye_le, c.abandonne_le from courriels c where c.cle in (${mailKeysOf(publicationId)})
    ) select count(*)::int as lignes, count(retenue_le)::int as retenues,
      count(coalesce(document_id, courrier_id))::int as deposees, count(publiee_le)::int as publiees,
      count(*) filter (where echec <> '')::int as echecs, count(prevenu_le)::int as prevenues,
      (select count(*)::int from envois) as courriels,
      (select count(*)::int from envois where envoye_le is not null) as partis,
      (select count(*)::int from envois where abandonne_le is not null and envoye_le is null) as refuses,
      (select count(distinct l.adherent_id)::int from lignes l where l.publiee_le is not null
        and not exists (select from utilisateurs u where u.adherent_id = l.adherent_id and u.bloque_le is null
          and u.courriel <> '')) as sans_adresse
    from lignes`)
}

export interface Reglages {
  /** Mails a minute; 0 is as fast as they go. */
  par_minute: number
  /** Minutes between the publication and the first mail: the time to cancel. */
  delai_minutes: number
}

export async function readReglages(db: Db): Promise<Reglages> {
  const row = await db.maybe<Reglages>(sql`select par_minute, delai_minutes from publication_reglages`)
  return row ?? { par_minute: 120, delai_minutes: 10 }
}

export async function saveReglages(db: Db, r: Reglages): Promise<void> {
  await db.run(sql`insert into publication_reglages (par_minute, delai_minutes) values (${r.par_minute}, ${r.delai_minutes})
    on conflict (organisme_id) do update set par_minute = excluded.par_minute, delai_minutes = excluded.delai_minutes`)
}

/** The patterns that were used, the last one first. */
export async function listMotifs(db: Db): Promise<string[]> {
  const rows = await db.many<{ motif: string }>(
    sql`select motif from publication_motifs order by utilise_le desc limit 20`,
  )
  return rows.map((row) => row.motif)
}

export async function rememberMotif(db: Db, motif: string): Promise<void> {
  await db.run(sql`insert into publication_motifs (motif) values (${motif})
    on conflict (organisme_id, motif) do update set utilise_le = now()`)
}
