import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

export interface Filtre {
  id: string
  nom: string
  /** Of the list of dossiers, without the question mark. */
  requete: string
  partage: boolean
  /** Of this person. */
  mien: boolean
  auteur: string
}

/** One's own saved filters, then those that colleagues share. */
export function listFiltres(db: Db): Promise<Filtre[]> {
  return db.many<Filtre>(sql`select f.id, f.nom, f.requete, f.partage_le is not null as partage,
      f.utilisateur_id = ${db.context.utilisateurId ?? null} as mien, trim(u.prenom || ' ' || u.nom) as auteur
    from suivi_filtres f
    join utilisateurs u on u.organisme_id = f.organisme_id and u.id = f.utilisateur_id
    order by f.utilisateur_id = ${db.context.utilisateurId ?? null} desc, f.nom, f.id limit 100`)
}

export async function countMine(db: Db): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n from suivi_filtres
    where utilisateur_id = ${db.context.utilisateurId ?? null}`)
  return n
}

/** Under a name that is already taken by oneself the new one replaces the old one. */
export async function saveFiltre(db: Db, nom: string, requete: string, partage: boolean): Promise<void> {
  await db.run(sql`insert into suivi_filtres (nom, requete, partage_le)
    values (${nom}, ${requete}, case when ${partage} then now() end)
    on conflict (organisme_id, utilisateur_id, nom) do update set requete = excluded.requete,
      partage_le = case when ${partage} then coalesce(suivi_filtres.partage_le, now()) end`)
}

/** One's own filter. @throws NotFound */
export function readMine(db: Db, id: string): Promise<Filtre> {
  return db.one<Filtre>(sql`select id, nom, requete, partage_le is not null as partage, true as mien, '' as auteur
    from suivi_filtres where id = ${id} and utilisateur_id = ${db.context.utilisateurId ?? null} for update`)
}

export async function shareFiltre(db: Db, id: string, partage: boolean): Promise<void> {
  await db.run(sql`update suivi_filtres set partage_le = case when ${partage} then coalesce(partage_le, now()) end
    where id = ${id}`)
}

export async function deleteFiltre(db: Db, id: string): Promise<void> {
  await db.run(sql`delete from suivi_filtres where id = ${id}`)
}
