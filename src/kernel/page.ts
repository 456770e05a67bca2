import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Db, Role } from './db.ts'
import type { FileRule } from './files/allow-list.ts'
import type { Organisme } from './organisme.ts'
import type { Phrases } from './phrases.ts'
import type { Permission } from './policy.ts'
import type { Services } from './services.ts'

/** The person behind the request, with the rights of this instant. */
export interface Utilisateur {
  id: string
  role: Role
  login: string
  courriel: string
  civilite: string
  nom: string
  prenom: string
  adherentId: string | null
  adherentNumero: string | null
  structureId: string | null
  structureNom: string | null
  structureNumero: string | null
  /** Whether a second factor is set up. */
  secondFacteur: boolean
  /** The parts of the work that a permanent was given; null is all of them. */
  domaines: readonly string[] | null
}

/** « Voir comme »: a session of `par` that looks at the portal through the eyes of the person of the request. */
export interface VueComme {
  id: string
  par: Utilisateur
  /** ISO instant. */
  expireLe: string
}

/** A file that has been received, checked against the rule of the route, and waits in the temporary folder. */
export interface ReceivedFile {
  field: string
  tempPath: string
  name: string
  extension: string
  mime: string
  size: number
  sha256: string
}

/** What a handler gets. `Form` and `Query` are what zod made of what the browser sent. */
export interface Ctx<Form = unknown, Query = unknown> {
  db: Db
  organisme: Organisme
  services: Services
  /** Of the path; every `:…id` is a uuid, checked. */
  params: Record<string, string>
  query: Query
  form: Form
  files: ReceivedFile[]
  /** Calendar date in France, AAAA-MM-JJ. */
  today: string
  now: Date
  request: {
    id: string
    ip: string
    agent: string
    path: string
    url: string
    cookie(name: string): string | undefined
  }
  /** What the journal says of this act, beside who, when and where. */
  note(entry: JournalNote): void
  /** Whether the person may do that; the same table as the routes. */
  can(action: Permission): boolean
  /** The data that the session keeps between two pages before and after log-in. */
  session: SessionDoor
}

export interface SignedIn {
  user: Utilisateur
}

export interface JournalNote {
  /** Overrides the name of the action (the route's `can`). */
  action?: string
  objet?: string
  objetId?: string | null
  adherentId?: string | null
  detail?: Record<string, unknown>
}

export interface SessionDoor {
  /** The secret id: hash it with `fingerprint` before it goes near a table. */
  readonly id: string
  get(key: string): unknown
  set(key: string, value: unknown): void
}

export interface CookieToSet {
  name: string
  value: string
  /** Seconds; 0 deletes it. */
  maxAge: number
}

interface Effects {
  /** Carried out after the commit and before the reply. */
  signIn?: { id: string; role: Role; vueComme?: string }
  signOut?: boolean
  /** A new id for the session, with what it keeps: an id known before this step is worth nothing after it. */
  renew?: boolean
  cookies?: CookieToSet[]
  /** The row of the organisme was written: the next page of this process already shows it. */
  organismeChanged?: true
}

export type Reply =
  | ({ kind: 'view'; name: string; data: Record<string, unknown>; status: number } & Effects)
  | ({ kind: 'redirect'; to: string; notice: string | undefined } & Effects)
  | { kind: 'file'; key: string; name: string; mime: string; size: number; sha256: string; inline: boolean }
  | {
      kind: 'stream'
      body: Readable | Buffer | string
      mime: string
      name?: string | undefined
      inline?: boolean
      isolated?: boolean
    }
  | { kind: 'json'; data: unknown; status: number }

export function view(name: string, data: Record<string, unknown> = {}, effects: Effects = {}): Reply {
  return { kind: 'view', name, data, status: 200, ...effects }
}

/** 303 to a path of ours; the notice is shown once, at the top of the page that comes. */
export function redirect(to: string, notice?: string, effects: Effects = {}): Reply {
  return { kind: 'redirect', to, notice, ...effects }
}

/** A stored file, streamed after the transaction is over, with ranges. The row came through the policies. */
export function file(
  row: { cle: string; nom: string; mime: string; taille: number; sha256: string },
  options: { inline?: boolean } = {},
): Reply {
  return {
    kind: 'file',
    key: row.cle,
    name: row.nom,
    mime: row.mime,
    size: row.taille,
    sha256: row.sha256,
    inline: options.inline ?? false,
  }
}

/** A body made on the way (CSV, calendar, generated PDF), as an attachment when it has a name. */
export function stream(body: Readable | Buffer | string, mime: string, name?: string, inline = false): Reply {
  return { kind: 'stream', body, mime, name, inline }
}

/** HTML that is not a page of ours (a mail), as it is: no script, no origin, no sending; its own styles hold. */
export function isolatedHtml(html: string): Reply {
  return { kind: 'stream', body: html, mime: 'text/html; charset=utf-8', isolated: true }
}

export function json(data: unknown, status = 200): Reply {
  return { kind: 'json', data, status }
}

type Handler<C> = (ctx: C) => Promise<Reply> | Reply
type CtxFor<Can extends Permission, Form, Query> = Ctx<Form, Query> &
  (Can extends 'public' ? { user: Utilisateur | null } : SignedIn)

interface RouteBase<Can extends Permission> {
  path: string
  can: Can
  /** What a parameter may be when it is not a uuid: these words, or this shape of the whole. */
  words?: Record<string, readonly string[] | RegExp>
  /** Takes many dossiers out at once: the password is asked again when it was not given lately (auth/step-up.ts). */
  stepUp?: true
}

export interface PageRoute<Can extends Permission = Permission> extends RouteBase<Can> {
  method: 'GET'
  /** zod for the address after `?`; what does not fit is replaced by its defaults (use .catch). */
  query?: z.ZodType
  /** A reading that the journal keeps (a document opened, a file downloaded). */
  journal?: boolean
  run: Handler<never>
}

export interface ActRoute<Can extends Permission = Permission> extends RouteBase<Can> {
  method: 'POST'
  form?: z.ZodType
  upload?: { rule: FileRule; maxFiles: number }
  /** Takes a text of up to a megabyte (a pasted list) instead of 256 Ko. */
  large?: true
  /** Page shown again with values and errors when the form is refused; the same path when absent. */
  rerender?: string
  /** False for what is not an act of the trade (log-in steps write their own rows). */
  journal?: boolean
  /** The only acts of a session that looks as another person: they are done by who looks, and the look is over. */
  endsView?: true
  run: Handler<never>
}

export type Route = PageRoute | ActRoute

/** A page. */
export function page<Can extends Permission, Q extends z.ZodType = z.ZodUnknown>(
  path: string,
  route: {
    can: Can
    query?: Q
    journal?: boolean
    words?: Record<string, readonly string[] | RegExp>
    stepUp?: true
    run: Handler<CtxFor<Can, undefined, z.output<Q>>>
  },
): PageRoute<Can> {
  return { method: 'GET', path, ...route }
}

/** An act: one POST, one transaction, one row of the journal. */
export function act<Can extends Permission, F extends z.ZodType = z.ZodUnknown>(
  path: string,
  route: {
    can: Can
    form?: F
    upload?: { rule: FileRule; maxFiles: number }
    large?: true
    rerender?: string
    journal?: boolean
    endsView?: true
    words?: Record<string, readonly string[] | RegExp>
    stepUp?: true
    run: Handler<CtxFor<Can, z.output<F>, undefined>>
  },
): ActRoute<Can> {
  return { method: 'POST', path, ...route }
}

/** A folder of `src/modules`. */
export interface Module {
  name: string
  /** Present only for organismes that have it switched on; always when absent. */
  module?: string
  routes: readonly Route[]
  /** Numbers for the menu, read beside the page in the same round trip. */
  counts?: (db: Db, user: Utilisateur) => Promise<Record<string, number>>
  jobs?: Record<string, JobHandler>
  /** What its actions mean in the journal. */
  phrases?: Phrases
  /** What runs by the clock, for every organisme. */
  tasks?: Record<string, PlatformTask>
}

export interface MenuEntry {
  libelle: string
  url: string
  icone?: string
  can: Permission
  module?: string
  /** Name of a number given by a module's `counts`. */
  compte?: string
  /** Other addresses that belong under this entry. */
  aussi?: readonly string[]
  /** Shown only to whom this number is given, be it zero: a task that some people have for a time. */
  si?: string
  enfants?: MenuEntry[]
  /** A heading, which shows when any of its pages does. */
  groupe?: true
}

export interface JobContext {
  services: Services
  organisme: { id: string; hote: string }
  /** True when the queue will not try again after this time. */
  lastAttempt: boolean
  /** A transaction of the organisme as `systeme`. Never held open while a mail leaves or a PDF is made. */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>
}

/** A job that runs by the clock, for the whole platform; five cron fields, UTC. */
export interface PlatformTask {
  cron: string
  run(services: Services): Promise<void>
}

/** Work done later; it may run twice, so it must be harmless twice. */
export type JobHandler = (payload: Record<string, unknown>, ctx: JobContext) => Promise<void>
