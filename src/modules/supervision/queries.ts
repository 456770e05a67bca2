import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { countEtats } from '../affectations/queries.ts'
import { countPending } from '../validations/queries.ts'
import type { Etat, Option, Portee } from './options.ts'

const own = (db: Db): Sql => sql`s.id = ${db.context.structureId ?? null}`
const COLUMNS = sql`s.id, s.numero, s.supervision_depuis, s.comptes_depuis, s.portefeuille_partage_depuis`

/** The options of the firm of this person. @throws NotFound */
export function readOptions(db: Db): Promise<Etat> {
  return db.one<Etat>(sql`select ${COLUMNS} from structures s where ${own(db)}`)
}

/** The same, held until the act is over. @throws NotFound */
export function lockOptions(db: Db): Promise<Etat> {
  return db.one<Etat>(sql`select ${COLUMNS} from structures s where ${own(db)} for no key update`)
}

const COLONNES: Record<Option, Sql> = {
  reponses: sql`supervision_depuis`,
  comptes: sql`comptes_depuis`,
  portefeuille: sql`portefeuille_partage_depuis`,
}

export async function setOption(db: Db, option: Option, on: boolean): Promise<void> {
  await db.run(sql`update structures set ${COLONNES[option]} = ${on ? sql`clock_timestamp()` : sql`null`}
    where id = ${db.context.structureId ?? null}`)
}

const PEOPLE = sql`u.role in ('collaborateur', 'superviseur') and (u.parti_le is null or u.parti_le > current_date)`
const TO_INVITE = sql`u.active_le is null and u.bloque_le is null and u.courriel <> ''`

export async function measure(db: Db): Promise<Portee> {
  const structure = db.context.structureId ?? null
  const [people, attente, { libres }] = await Promise.all([
    db.one<{ presents: number; aInviter: number; sessions: number }>(sql`select count(*)::int as presents,
        (count(*) filter (where ${TO_INVITE}))::int as "aInviter",
        coalesce(sum((select count(*) from acces.sessions x where x.organisme_id = u.organisme_id
          and x.utilisateur_id = u.id and x.expire_le > now() and x.fin_le > now())), 0)::int as sessions
      from utilisateurs u where u.structure_id = ${structure} and ${PEOPLE}`),
    countPending(db),
    countEtats(db),
  ])
  return { ...people, attente, nonAffectes: libres }
}

/** Everybody of the firm who may have a session or a link; `invite` names those who are mailed when accounts open. */
export function listPeople(db: Db): Promise<{ id: string; invite: boolean }[]> {
  return db.many(sql`select u.id, ${TO_INVITE} and ${PEOPLE} as invite from utilisateurs u
    where u.structure_id = ${db.context.structureId ?? null} and u.role in ('collaborateur', 'superviseur')
    order by u.id`)
}
