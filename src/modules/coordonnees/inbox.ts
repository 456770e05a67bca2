import type { Db } from '../../kernel/db.ts'
import { nothing, sql } from '../../kernel/sql.ts'
import { type Coordonnees, MODIFICATION, type Modification } from './queries.ts'
import type { Zone } from './zones.ts'

/** Beyond that many, a list says « plus de ». */
const CAP = 1000

export interface InboxRow extends Modification {
  numero: string
  denomination: string
}

export interface InboxQuestion {
  closed: boolean
  zone: Zone | undefined
}

const FROM = sql`modifications m
  left join adherents a on a.organisme_id = m.organisme_id and a.id = m.adherent_id
  left join structures s on s.organisme_id = m.organisme_id and s.id = m.structure_id`

/** What waits, oldest first; or what was decided, newest first. */
export function listInbox(
  db: Db,
  q: InboxQuestion & { apres?: string | undefined; avant?: string | undefined; limit: number },
): Promise<InboxRow[]> {
  const key = q.closed ? sql`m.close_le, m.id` : sql`m.demande_le, m.id`
  const forward = q.avant === undefined
  const up = q.closed ? !forward : forward
  const from = q.apres ?? q.avant
  const of = q.closed ? sql`n.close_le, n.id` : sql`n.demande_le, n.id`
  const place = sql`(select ${of} from modifications n where n.id = ${from ?? null})`
  const start =
    from === undefined ? nothing : up ? sql`and (${key}) > ${place}` : sql`and (${key}) < ${place}`
  const time = q.closed ? sql`m.close_le` : sql`m.demande_le`
  const order = up ? sql`${time}, m.id` : sql`${time} desc, m.id desc`
  return db.many<InboxRow>(sql`select ${MODIFICATION}, coalesce(a.numero, s.numero) as numero,
      coalesce(a.denomination, s.nom) as denomination
    from ${FROM} where ${state(q)} ${start} order by ${order} limit ${q.limit}`)
}

/** How many there are, counted no further than a thousand. */
export async function countInbox(db: Db, q: InboxQuestion): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select from modifications m where ${state(q)} limit ${CAP}) as premiers`)
  return n
}

function state(q: InboxQuestion) {
  const zone = q.zone === undefined ? nothing : sql`and m.zone = ${q.zone}`
  return q.closed
    ? sql`m.close_le is not null and m.issue in ('acceptee', 'refusee') ${zone}`
    : sql`m.close_le is null ${zone}`
}

export interface ModificationFiche extends Modification {
  demande_par_nom: string | null
  close_par_nom: string | null
  fiche: Omit<Coordonnees, 'attentes'>
}

/** A request with the fiche as it is today and the names of who asked and who decided. @throws NotFound */
export async function readFiche(db: Db, id: string): Promise<ModificationFiche> {
  return db.one<ModificationFiche>(sql`select ${MODIFICATION},
      trim(d.prenom || ' ' || d.nom) as demande_par_nom, trim(c.prenom || ' ' || c.nom) as close_par_nom,
      case when m.structure_id is not null then json_build_object('id', s.id, 'numero', s.numero, 'civilite', '',
        'denomination', s.nom, 'siret', s.siret, 'professions', array_remove(array[s.profession], ''),
        'statut_juridique', s.statut_juridique, 'adresse_professionnelle', s.adresse, 'adresse_personnelle', '{}'::text[],
        'telephones', s.telephones, 'courriel', s.courriel)
      else json_build_object('id', a.id, 'numero', a.numero, 'civilite', a.civilite, 'denomination', a.denomination,
        'siret', a.siret, 'professions', a.professions, 'statut_juridique', a.statut_juridique,
        'adresse_professionnelle', a.adresse_professionnelle, 'adresse_personnelle', a.adresse_personnelle,
        'telephones', a.telephones, 'courriel', a.courriel) end as fiche
    from ${FROM}
    left join utilisateurs d on d.organisme_id = m.organisme_id and d.id = m.demande_par
    left join utilisateurs c on c.organisme_id = m.organisme_id and c.id = m.close_par
    where m.id = ${id}`)
}

export async function nameOf(db: Db, utilisateurId: string | null): Promise<string | null> {
  const row = await db.maybe<{ nom: string }>(
    sql`select trim(prenom || ' ' || nom) as nom from utilisateurs where id = ${utilisateurId}`,
  )
  return row?.nom ?? null
}
