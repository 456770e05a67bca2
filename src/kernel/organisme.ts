import type { Acces, Database, Db } from './db.ts'
import { sql } from './sql.ts'

export interface Organisme {
  id: string
  code: string
  nature: 'oga' | 'editeur' | 'ordre' | 'plateforme'
  nom: string
  sigle: string
  forme: string
  adresse: string[]
  telephone: string
  courriel: string
  site: string
  horaires: string
  couleur: string
  /** Version of the logo for its address, or null when there is none. */
  logoVersion: string | null
  vocabulaire: Vocabulaire
  modules: string[]
  reglages: Reglages
  suspendu: boolean
}

/** The words of an organisme for the things that every organisme has (F150). */
export interface Vocabulaire {
  adherent: string
  adherents: string
  cabinet: string
  cabinets: string
  organisme: string
}

export interface Reglages {
  /** Roles that must have a second factor. */
  secondFacteurPour: string[]
  /** Mail when a document is published. */
  courrielPublication: boolean
  /** For the compulsory mentions (LCEN, article 1-1): who answers for what is published. */
  directeurPublication: string
  /** Name, address and telephone of whoever hosts the portal. */
  hebergeur: string[]
  /** Who answers about personal data, when it is not the address of the organisme. */
  contactDonnees: string
  /** Months after which what has served is purged, by kind; 0 keeps it. The journal and documents are never purged. */
  conservation: Conservation
}

export interface Conservation {
  courriels: number
  demandes: number
  modifications: number
  messages: number
}

const VOCABULAIRE: Vocabulaire = {
  adherent: 'adhérent',
  adherents: 'adhérents',
  cabinet: 'cabinet',
  cabinets: 'cabinets',
  organisme: 'OGA',
}
const REGLAGES: Reglages = {
  secondFacteurPour: [],
  courrielPublication: true,
  directeurPublication: '',
  hebergeur: [],
  contactDonnees: '',
  conservation: { courriels: 12, demandes: 24, modifications: 0, messages: 0 },
}

/** The settings as stored, with what is not set yet. */
export function reglagesOf(stored: Partial<Reglages>): Reglages {
  return {
    ...REGLAGES,
    ...stored,
    conservation: { ...REGLAGES.conservation, ...stored.conservation },
  }
}

interface Row extends Omit<Organisme, 'vocabulaire' | 'reglages' | 'suspendu' | 'logoVersion'> {
  vocabulaire: Partial<Vocabulaire>
  reglages: Partial<Reglages>
  suspendu_le: string | null
  logo_version: string | null
}

const FRESH_MS = 5_000

export interface Organismes {
  (host: string): Promise<Organisme | undefined>
  /** Asks the database again: an organisme has changed. */
  forget(): void
}

/** Channel on which Postgres says that the row of an organisme or of a host has changed. */
export const ORGANISMES_CHANGED = 'parvis_organismes'

/** Finds organismes by host name; each host is asked of the database at most every five seconds, or when it says so. */
export function organismeByHost(acces: Acces): Organismes {
  const known = new Map<string, { until: number; organisme: Promise<Organisme | undefined> }>()
  const read = async (host: string) => {
    const row = await acces.maybe<Row>(sql`
      select id, code, nature, nom, sigle, forme, adresse, telephone, courriel, site, horaires, couleur, vocabulaire,
        modules, reglages, suspendu_le, case when logo is null then null else md5(logo) end as logo_version
      from app.organisme_par_hote(${host})`)
    if (!row) return undefined
    const { suspendu_le, logo_version, vocabulaire, reglages, ...rest } = row
    return {
      ...rest,
      logoVersion: logo_version,
      vocabulaire: { ...VOCABULAIRE, ...vocabulaire },
      reglages: reglagesOf(reglages),
      suspendu: suspendu_le !== null,
    }
  }
  const find = (host: string) => {
    const now = performance.now()
    const hit = known.get(host)
    if (hit && hit.until > now) return hit.organisme
    if (known.size > 1000) known.clear()
    const organisme = read(host)
    known.set(host, { until: now + FRESH_MS, organisme })
    organisme.catch(() => known.delete(host))
    return organisme
  }
  return Object.assign(find, { forget: () => known.clear() })
}

/** The logo of an organisme (PNG), or undefined. */
export async function readLogo(acces: Acces, organismeId: string): Promise<Buffer | undefined> {
  const row = await acces.maybe<{ logo: Buffer | null }>(sql`select app.logo(${organismeId}) as logo`)
  return row?.logo ?? undefined
}

/** One organisme, for work that goes through all of them. */
export interface EachOrganisme {
  id: string
  code: string
  /** A transaction of this organisme as `systeme`; never held open while something else is waited for. */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>
}

/** Does the same for every organisme, one after the other; a failure of one does not keep the others waiting. */
export async function everyOrganisme(
  database: Database,
  work: (organisme: EachOrganisme) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  for (const { id, code } of await database.acces.many<{ id: string; code: string }>(
    sql`select id, code from app.organismes()`,
  )) {
    await work({
      id,
      code,
      transaction: (inside) => database.inOrganisme({ organismeId: id, role: 'systeme' }, inside),
    }).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} organismes could not be gone through`)
}
