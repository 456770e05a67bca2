import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { sql } from '../../kernel/sql.ts'

/*
 * The cabinets that a news is reserved to, typed one a line by number or by name: a list to tick would hold a
 * thousand boxes.
 */

export const PLAFOND = 200
const CHAMP = 'pour_cabinets'
/** Those that a sentence names when a name is that of several. */
const CITES = 4

interface Cabinet {
  id: string
  numero: string
  nom: string
}

/** « CNS1 – Cabinet Morlaix », as the field shows it again and as it may be typed. */
export function ligneDe({ numero, nom }: Pick<Cabinet, 'numero' | 'nom'>): string {
  return `${numero} – ${nom}`
}

/** The lines of the field, trimmed, without doubles. @throws Refusal beyond 200 */
export function lignesDe(typed: string): string[] {
  const lines = [...new Set(typed.split('\n').map((line) => line.trim()))].filter((line) => line !== '')
  if (lines.length > PLAFOND)
    throw new Refusal(`Indiquez-en ${PLAFOND} au plus, ou laissez vide pour tous.`, CHAMP)
  return lines
}

/** How well a line tells a cabinet: by its number, by its whole name, by a part of it. */
type Candidat = Cabinet & { mot: string; rang: 0 | 1 | 2 }

/** The cabinets that were typed. @param mot « cabinet », as the organisme says. @throws Refusal naming what is nobody’s, or several’s */
export async function findCabinets(db: Db, typed: string, mot: string): Promise<Cabinet[]> {
  const lines = lignesDe(typed)
  if (lines.length === 0) return []
  const rows = await db.many<Candidat>(sql`
    with mots as materialized (select mot, app.sans_accent(mot) as plie,
        lower(split_part(mot, ' – ', 1)) as numero from unnest(${lines}::text[]) as mot),
      cabinets as materialized (select s.id, s.numero, s.nom, app.sans_accent(s.nom) as plie from structures s)
    select m.mot, c.* from mots m cross join lateral (
      select c.id, c.numero, c.nom,
        case when lower(c.numero) = m.numero then 0 when c.plie = m.plie then 1 else 2 end as rang
      from cabinets c where lower(c.numero) = m.numero or position(m.plie in c.plie) > 0
      order by rang, c.numero limit ${CITES}) as c`)
  const found = lines.map((line) => oneOf(line, rows.filter((row) => row.mot === line), mot)) // prettier-ignore
  return [...new Map(found.map((cabinet) => [cabinet.id, cabinet])).values()]
}

function oneOf(line: string, candidats: readonly Candidat[], mot: string): Cabinet {
  const best = Math.min(...candidats.map(({ rang }) => rang))
  const [first, ...others] = candidats.filter(({ rang }) => rang === best)
  if (first === undefined) throw new Refusal(`Aucun ${mot} ne correspond à «\u00a0${line}\u00a0».`, CHAMP)
  if (others.length === 0) return first
  const several = [first, ...others].map(ligneDe).join(', ')
  throw new Refusal(`«\u00a0${line}\u00a0» peut être ${several}\u00a0: écrivez son numéro.`, CHAMP)
}

/** « – CNS1 et CNS4 seulement »: what the list of news says after the roles; nothing when it is for all. */
export function cabinetsSentence(lines: readonly string[], mot: string): string {
  const numeros = lines.map((line) => line.split(' – ')[0]!)
  if (numeros.length === 0) return ''
  const shown =
    numeros.length <= 4 ? numeros : [...numeros.slice(0, 3), `${numeros.length - 3} autres ${mot}`]
  const last = shown.pop()!
  return ` – ${shown.length === 0 ? last : `${shown.join(', ')} et ${last}`} seulement`
}
