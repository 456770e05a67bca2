import { accountById, asPerson } from '../auth/account.ts'
import { Forbidden } from '../errors.ts'
import { FileRefused } from '../files/errors.ts'
import { type Receive, inspectAll } from '../files/receive.ts'
import type { ActRoute, ReceivedFile } from '../page.ts'
import { allowed } from '../policy.ts'
import type { ParvisRequest } from '../request.ts'
import type { Response } from 'express'
import type { Services } from '../services.ts'
import { endedSession, sameToken } from './ended.ts'
import { keep, worthKeeping } from './keep.ts'

/** Where a person who comes too late goes, and what he is told there. */
export interface Later {
  to: string
  sentence: string
}

interface Site {
  services: Services
  receive: Receive
}

/**
 * A form that arrives after the session has run out by itself: nothing is done, and what was typed waits, sealed, for
 * its author. Only a page of ours shown under that very session knows its token, so no other site can plant anything.
 * @param page path of the page of the form; undefined when the act has none
 * @throws Forbidden when there is no such session, or the person may not do this any more
 */
export async function keepForLater(
  site: Site,
  route: ActRoute,
  req: ParvisRequest,
  res: Response,
  page: string | undefined,
  temps: string[],
): Promise<Later> {
  const { services } = site
  const { acces } = services.database
  // A script asks for an answer that it can read; it keeps the text itself.
  if (wantsJson(req)) throw new Forbidden('no session')
  const ended = await endedSession(services.config, acces, req)
  const account = ended && (await accountById(acces, req.organisme.id, ended.accountId))
  if (!ended || !account || route.can === 'public' || !allowed(account.role, route.can))
    throw new Forbidden('no session')
  const check = (fields: Record<string, unknown>) => {
    if (!sameToken(fields._csrf, ended.csrf)) throw new Forbidden('csrf')
  }
  const body = await site.receive(req, res, route.upload, check, route.large)
  temps.push(...body.files.map((file) => file.tempPath))
  const { files, refused } = await sound(body.files, route)
  const values = worthKeeping(body.fields)
  if (page === undefined || (Object.keys(values).length === 0 && files.length === 0)) {
    const sentence = 'Votre session s’est terminée. Rien n’a été fait : connectez-vous, puis recommencez.'
    return { to: login(page ?? refererOf(req)), sentence }
  }
  const id = await asPerson(services, account, (db) =>
    keep({ db, services, organisme: req.organisme, user: account }, page, values, files),
  )
  return { to: login(`${page}?reprise=${id}`), sentence: waits(files.length, refused) }
}

/**
 * The same for somebody who is here: his page stood open under a session that has run out, or he must first say again
 * who he is.
 * @returns the id under which he finds it again
 */
export async function keepForNow(
  services: Services,
  req: ParvisRequest,
  path: string,
  fields: Record<string, unknown>,
  files: readonly ReceivedFile[],
): Promise<string> {
  const user = req.user!
  const account = await accountById(services.database.acces, req.organisme.id, user.id)
  if (!account) throw new Forbidden('csrf')
  return asPerson(services, account, (db) =>
    keep({ db, services, organisme: req.organisme, user }, path, worthKeeping(fields), files),
  )
}

async function sound(
  received: Parameters<typeof inspectAll>[0],
  route: ActRoute,
): Promise<{ files: ReceivedFile[]; refused: boolean }> {
  if (!route.upload) return { files: [], refused: false }
  try {
    return { files: await inspectAll(received, route.upload.rule), refused: false }
  } catch (error) {
    if (error instanceof FileRefused) return { files: [], refused: true }
    throw error
  }
}

function waits(files: number, refused: boolean): string {
  const what =
    files > 0
      ? 'ce que vous aviez écrit et vos fichiers vous attendent'
      : 'ce que vous aviez écrit vous attend'
  const but = refused ? ' Vos fichiers n’ont pas pu être gardés : l’un d’eux n’est pas accepté ici.' : ''
  return `Votre session s’est terminée et rien n’a été envoyé. Connectez-vous : ${what}.${but}`
}

export function wantsJson(req: ParvisRequest): boolean {
  return (req.headers.accept ?? '').includes('application/json')
}

function login(retour: string): string {
  return `/connexion?retour=${encodeURIComponent(retour)}`
}

/** The page of ours that the button stood on; the home page when the browser does not say. */
function refererOf(req: ParvisRequest): string {
  try {
    const { host, pathname } = new URL(req.headers.referer ?? '')
    return host === req.headers.host ? pathname : '/'
  } catch {
    return '/'
  }
}
