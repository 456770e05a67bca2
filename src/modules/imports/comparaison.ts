import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Genre } from './genre.ts'

export type Comptes = Partial<Record<'nouveau' | 'modifie' | 'inchange' | 'absent' | 'refuse', number>>

/** Lines that stand for what the file does not name are numbered from here on. */
export const ABSENTS_DEPUIS = 10_000_000

/**
 * Compares the lines that were set down with the base as it is, all at once: what each would do, field by field, and what
 * is refused. Nothing of the trade is written.
 */
export async function comparer(db: Db, genre: Genre, importId: string): Promise<Comptes> {
  await sansBoucles(db)
  await db.run(sql`update import_lignes set motifs = motifs || 'Le numéro manque\u00a0: rien ne dit de qui parle cette ligne.'::text
    where import_id = ${importId} and cle = '' and motifs = '{}' and ${genre.cleDeLaBase !== true}`)
  await genre.completer?.(db, importId)
  await db.run(sql`update import_lignes l set motifs = l.motifs || format('Double\u00a0: déjà à la ligne\u00a0%s.', p.ligne)
    from (select cle, min(ligne) as ligne from import_lignes where import_id = ${importId} and cle <> ''
      group by cle having count(*) > 1) p
    where l.import_id = ${importId} and l.cle = p.cle and l.ligne > p.ligne`)
  await db.run(sql`with base as materialized (${genre.actuels})
    update import_lignes l set objet_id = x.objet_id, adherent_id = coalesce(x.adherent_id, l.adherent_id),
        libelle = case when x.libelle = '' then l.libelle else x.libelle end,
        champs = coalesce(x.champs, '{}'), avant = coalesce(x.avant, '{}'), empreinte = coalesce(x.empreinte, ''),
        etat = case when x.champs is null then 'inchange' else 'modifie' end
      from (select m.id, b.id as objet_id, b.adherent_id, b.libelle, d.* from import_lignes m join base b on b.cle = m.cle,
          lateral (select
            array_agg(k order by k) filter (where coalesce(b.valeurs -> k, 'null') is distinct from v) as champs,
            jsonb_object_agg(k, b.valeurs -> k) filter (where coalesce(b.valeurs -> k, 'null') is distinct from v) as avant,
            md5(jsonb_object_agg(k, b.valeurs -> k)::text) as empreinte
          from jsonb_each(m.valeurs) as e (k, v)) d
        where m.import_id = ${importId}) x
      where l.import_id = ${importId} and l.id = x.id`)
  await db.run(sql`update import_lignes set etat = 'nouveau' where import_id = ${importId} and etat = 'lue'`)
  for (const [nom, motif] of Object.entries(genre.indispensables)) {
    await db.run(sql`update import_lignes set motifs = motifs || ${motif}::text
      where import_id = ${importId} and etat = 'nouveau' and motifs = '{}' and coalesce(valeurs ->> ${nom}, '') = ''`)
  }
  await db.run(sql`update import_lignes set etat = 'refuse' where import_id = ${importId} and motifs <> '{}'`)
  if (genre.absents) {
    await db.run(sql`insert into import_lignes (import_id, ligne, etat, cle, libelle, objet_id, adherent_id)
      select ${importId}, ${ABSENTS_DEPUIS} + row_number() over (order by x.cle), 'absent', x.cle, x.libelle, x.id, x.adherent_id
      from (${genre.absents.lignes(importId)}) x`)
  }
  return compter(db, importId)
}

/** How many lines differ from what the trial saw: the base has moved since. */
export async function perimees(db: Db, genre: Genre, importId: string): Promise<number> {
  await sansBoucles(db)
  const { n } = await db.one<{ n: number }>(sql`with base as materialized (${genre.actuels})
    select count(*)::int as n from import_lignes l left join base b on b.cle = l.cle
    where l.import_id = ${importId} and l.etat in ('nouveau', 'modifie', 'inchange') and case
      when l.etat = 'nouveau' then b.id is not null
      else b.id is distinct from l.objet_id or l.empreinte is distinct from coalesce(
        (select md5(jsonb_object_agg(k, b.valeurs -> k)::text) from jsonb_each(l.valeurs) as x (k, v)), '') end`)
  return n
}

async function compter(db: Db, importId: string): Promise<Comptes> {
  const rows = await db.many<{ etat: keyof Comptes; n: number }>(
    sql`select etat, count(*)::int as n from import_lignes where import_id = ${importId} group by etat`,
  )
  return Object.fromEntries(rows.map(({ etat, n }) => [etat, n]))
}

/** The lines have just been set down: the planner takes fifty thousand for a few, and would go through them one by one. */
function sansBoucles(db: Db): Promise<unknown> {
  return db.run(sql`set local enable_nestloop = off`)
}
