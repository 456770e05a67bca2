import { hash } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import type { Config } from './config.ts'
import type { Acces, Role } from './db.ts'
import type { Organisme } from './organisme.ts'
import type { Utilisateur, VueComme } from './page.ts'
import { sql } from './sql.ts'

declare module 'express-session' {
  interface SessionData {
    /** Set by passport: who is logged in. */
    passport?: { user?: string }
    /** Read with the session, never stored in it. */
    utilisateur?: Utilisateur | undefined
    /** « Voir comme », read with the session and never stored in it; over when it is no longer `ouverte`. */
    vue?: (VueComme & { ouverte: boolean }) | undefined
    /** The look that a session just signed in is for, until it is written. */
    ouvreVue?: string
    /** Seconds since the session was last prolonged; read with it, never stored. */
    vueIlYA?: number
    notice?: { genre: 'succes' | 'info' | 'alerte'; texte: string } | undefined
    garde?: Record<string, unknown>
    appareil?: string
    adresse?: string
    /** Seconds of idleness of a session just signed in, until the person is read with it. */
    repos?: number
    /** When the password was last given, in milliseconds since 1970. */
    confirmeLe?: number
    /** Tokens of this person's sessions that had run out lately when this one was opened. */
    jetonsPerimes?: string[]
  }
}

/** Seconds without a request after which a session ends, by role; the session of a visitor lives an hour. */
export function idleSeconds(role: Role | undefined): number {
  return role === 'permanent' || role === 'administrateur' || role === 'operateur' ? 30 * 60 : 60 * 60
}
/** Seconds after which a session ends whatever happens. */
export const LONGEST_SECONDS = 12 * 60 * 60

const PROLONG_SECONDS = 60

/** What the database keeps of a session id: reading the table gives nobody a session. */
export function fingerprint(sid: string): Buffer {
  return hash('sha256', sid, 'buffer')
}

interface SessionRow {
  donnees: session.SessionData
  vue_il_y_a: number
  id: string | null
  role: Role | null
  login: string
  courriel: string
  civilite: string
  nom: string
  prenom: string
  adherent_id: string | null
  adherent_numero: string | null
  structure_id: string | null
  structure_nom: string | null
  structure_numero: string | null
  second_facteur: boolean
  domaines: string[] | null
  vue_comme: {
    id: string
    ouverte: boolean
    expireLe: string
    par: Pick<
      Utilisateur,
      'id' | 'role' | 'login' | 'courriel' | 'civilite' | 'nom' | 'prenom' | 'domaines' | 'secondFacteur'
    >
  } | null
}

/**
 * Sessions of one organisme in Postgres: hashed ids, one query that brings the person with it, all times by the clock
 * of the database. A cookie of another organisme finds nothing here.
 */
class SessionStore extends session.Store {
  private readonly acces: Acces
  private readonly organismeId: string

  constructor(acces: Acces, organismeId: string) {
    super()
    this.acces = acces
    this.organismeId = organismeId
  }

  override get(sid: string, callback: (error: unknown, data?: session.SessionData | null) => void): void {
    const key = fingerprint(sid)
    this.acces.maybe<SessionRow>(sql`select * from app.session_ouverte(${key}, ${this.organismeId})`).then(
      (row) => {
        if (row && row.vue_il_y_a >= PROLONG_SECONDS) this.prolong(key, row.vue_comme?.par.role ?? row.role)
        callback(
          null,
          row
            ? { ...row.donnees, vueIlYA: row.vue_il_y_a, utilisateur: toUtilisateur(row), vue: toVue(row) }
            : null,
        )
      },
      (error: unknown) => callback(error),
    )
  }

  override set(sid: string, data: session.SessionData, callback?: (error?: unknown) => void): void {
    const { utilisateur, vueIlYA, vue, ouvreVue, ...kept } = data
    const userId = data.passport?.user ?? null
    const person = vue?.par ?? utilisateur
    const idle = person ? idleSeconds(person.role) : (data.repos ?? idleSeconds(undefined))
    const key = fingerprint(sid)
    const write =
      vueIlYA === undefined
        ? sql`insert into acces.sessions
              (empreinte, organisme_id, utilisateur_id, donnees, expire_le, fin_le, appareil, adresse, vue_comme_id)
            values (${key}, ${this.organismeId}, ${userId}, ${JSON.stringify(kept)},
              now() + ${idle} * interval '1 second', now() + ${LONGEST_SECONDS} * interval '1 second',
              ${data.appareil ?? ''}, ${data.adresse ?? ''}, ${ouvreVue ?? null}::uuid)
            on conflict (empreinte) do update set utilisateur_id = excluded.utilisateur_id, vue_le = now(),
              donnees = excluded.donnees, expire_le = excluded.expire_le, appareil = excluded.appareil,
              adresse = excluded.adresse, vue_comme_id = excluded.vue_comme_id`
        : // One that was read is only ever changed: ended meanwhile, it must stay so.
          sql`update acces.sessions set utilisateur_id = ${userId}, vue_le = now(), donnees = ${JSON.stringify(kept)},
              expire_le = now() + ${idle} * interval '1 second' where empreinte = ${key}`
    this.acces.run(write).then(
      () => callback?.(),
      (error: unknown) => callback?.(error),
    )
  }

  override destroy(sid: string, callback?: (error?: unknown) => void): void {
    this.acces.run(sql`delete from acces.sessions where empreinte = ${fingerprint(sid)}`).then(
      () => callback?.(),
      (error: unknown) => callback?.(error),
    )
  }

  /**
   * At most once a minute: a write on every page would halve the throughput. Here and not in `touch`, for which
   * express-session would hash the session twice more.
   */
  private prolong(key: Buffer, role: Role | null): void {
    this.acces
      .run(
        sql`update acces.sessions set vue_le = now(),
            expire_le = now() + ${idleSeconds(role ?? undefined)} * interval '1 second' where empreinte = ${key}`,
      )
      .catch(() => undefined) // the next page prolongs it
  }
}

/** Name of the session cookie: bound to the host, and in production to https. */
export function cookieName(config: Config): string {
  return config.production ? '__Host-sid' : 'sid'
}

/** Name of one of our other cookies as the browser has it. */
export function cookieOnWire(config: Config, name: string): string {
  return config.production ? `__Host-${name}` : name
}

/** The session middleware of the organisme of each request; `req.organisme` must be known. */
export function sessions(config: Config, acces: Acces): RequestHandler {
  const byOrganisme = new Map<string, RequestHandler>()
  const open = (organismeId: string) =>
    session({
      name: cookieName(config),
      secret: config.sessionSecrets,
      resave: false,
      saveUninitialized: false,
      rolling: false,
      proxy: config.trustProxy !== undefined,
      store: new SessionStore(acces, organismeId),
      cookie: { httpOnly: true, sameSite: 'lax', secure: config.production, path: '/' },
    })
  return (req, res, next) => {
    const { id } = (req as Request & { organisme: Organisme }).organisme
    let handler = byOrganisme.get(id)
    if (!handler) byOrganisme.set(id, (handler = open(id)))
    void handler(req, res, next)
  }
}

function toUtilisateur(row: SessionRow): Utilisateur | undefined {
  if (row.id === null || row.role === null) return undefined
  const utilisateur: Utilisateur = {
    id: row.id,
    role: row.role,
    login: row.login,
    courriel: row.courriel,
    civilite: row.civilite,
    nom: row.nom,
    prenom: row.prenom,
    adherentId: row.adherent_id,
    adherentNumero: row.adherent_numero,
    structureId: row.structure_id,
    structureNom: row.structure_nom,
    structureNumero: row.structure_numero,
    secondFacteur: row.second_facteur,
    domaines: row.domaines,
  }
  return Object.assign(Object.create(READ_WITH_THE_SESSION) as object, utilisateur)
}

function toVue({ vue_comme: vue }: SessionRow): (VueComme & { ouverte: boolean }) | undefined {
  if (vue === null) return undefined
  const nowhere = {
    adherentId: null,
    adherentNumero: null,
    structureId: null,
    structureNom: null,
    structureNumero: null,
  }
  return Object.assign(Object.create(READ_WITH_THE_SESSION) as object, {
    ...vue,
    par: { ...vue.par, ...nowhere },
  })
}

/** express-session writes a session out as JSON to see whether it has changed: the person is no part of that. */
const READ_WITH_THE_SESSION = { toJSON: () => undefined }
