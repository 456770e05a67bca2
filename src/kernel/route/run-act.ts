import { rm } from 'node:fs/promises'
import type { Response } from 'express'
import { confirmAct, needsStepUp } from '../auth/step-up.ts'
import { checkCsrf } from '../csrf.ts'
import { TooMany } from '../errors.ts'
import { inspectAll } from '../files/receive.ts'
import { type UploadedFile, tooManyFiles } from '../files/upload.ts'
import type { ActRoute, Ctx, ReceivedFile, Reply } from '../page.ts'
import type { ParvisRequest } from '../request.ts'
import { isOfEndedSession } from '../reprises/ended.ts'
import { forget } from '../reprises/keep.ts'
import { type Reprise, takeFiles } from '../reprises/restore.ts'
import { keepForLater, keepForNow, wantsJson } from '../reprises/too-late.ts'
import { sql } from '../sql.ts'
import { toAgain } from './again.ts'
import { inTransaction, journal, makeCtx } from './context.ts'
import { authorize, checkParams } from './gate.ts'
import { pagePathOf, repriseOf, tooLate } from './late-form.ts'
import { runPage } from './run-page.ts'
import type { Site } from './site.ts'

/** Runs an act, and answers: rights, body, token, files, form, one transaction, and its reply after the commit. */
export async function runAct(site: Site, route: ActRoute, req: ParvisRequest, res: Response): Promise<void> {
  const temps: string[] = []
  try {
    const page = pagePathOf(site, route, req)
    if (route.can !== 'public' && !req.user) {
      checkParams(route, req)
      return await tooLate(site, req, res, await keepForLater(site, route, req, res, page, temps))
    }
    // Before the body: nobody makes us store a file for an act that he may not do.
    if (!authorize(route, req, res)) return
    checkParams(route, req)
    await receiveAndRun(site, route, req, res, { page, temps })
  } finally {
    await Promise.all(temps.map((path) => rm(path, { force: true })))
  }
}

interface Around {
  /** Address of the page of the form. */
  page: string | undefined
  temps: string[]
}

async function receiveAndRun(
  site: Site,
  route: ActRoute,
  req: ParvisRequest,
  res: Response,
  { page, temps }: Around,
): Promise<void> {
  const { services } = site
  let fields: Record<string, unknown> = {}
  try {
    let stale = false
    const check = (early: Record<string, unknown>) => {
      stale = page !== undefined && !wantsJson(req) && isOfEndedSession(req, early)
      if (!stale) checkCsrf(req, early)
      // Kept for the page shown again when a file is refused on its way.
      fields = early
    }
    const body = await site.receive(req, res, route.upload, check, route.large)
    fields = body.fields
    temps.push(...body.files.map((file) => file.tempPath))
    const { _csrf: _, _reprise: repriseId, _reprise_fichier: wanted, ...typed } = fields
    const reprise = await repriseOf(services, req, repriseId)
    const again = reprise ? await takeFiles(services, reprise, wanted, temps) : []
    const files = await received(route, [...again, ...body.files])
    if (stale) {
      const id = await keepForNow(services, req, page!, typed, files)
      return await tooLate(site, req, res, { to: `${page!}?reprise=${id}`, sentence: '' })
    }
    if (needsStepUp(route, req, services.clock())) {
      const id = await keepForNow(services, req, req.path, typed, [])
      return await tooLate(site, req, res, { to: confirmAct(id), sentence: '' })
    }
    const reply = await commit(site, route, req, { typed, files, reprise })
    await site.send(req, res, reply, {})
  } catch (error) {
    await showAgain(site, route, req, res, { error, fields })
  }
}

interface Sent {
  typed: Record<string, unknown>
  files: ReceivedFile[]
  reprise: Reprise | undefined
}

/** The handler and its row in the journal, all or nothing. @throws what the form or the handler refuses */
function commit(site: Site, route: ActRoute, req: ParvisRequest, sent: Sent): Promise<Reply> {
  const form = route.form ? route.form.parse(sent.typed) : undefined
  return inTransaction(site.services, req, async (db) => {
    const { ctx, notes } = makeCtx(site.services, req, db)
    Object.assign(ctx, { form, files: sent.files })
    const answer = await (route.run as (c: Ctx) => Promise<Reply>)(ctx)
    if (route.journal !== false) journal(db, route, req, notes)
    if (sent.reprise) await forget(db, sql`id = ${sent.reprise.id}`)
    return answer
  })
}

/** A refused form is shown again with what was typed; anything else, and a form without a page, is the error's page. */
async function showAgain(
  site: Site,
  route: ActRoute,
  req: ParvisRequest,
  res: Response,
  { error, fields }: { error: unknown; fields: Record<string, unknown> },
): Promise<void> {
  const again = toAgain(error, fields, route.can === 'public')
  const shown = again && site.pages.get(route.rerender ?? route.path)
  if (!again || !shown || (shown.can !== 'public' && !req.user)) throw error
  if (error instanceof TooMany) res.setHeader('Retry-After', String(error.retryAfter))
  const { reply, ...extras } = await runPage(site, shown, req, again).catch((failure: unknown) => {
    throw again.status === 403 ? error : failure
  })
  // A page that sends elsewhere cannot show the fault: the fault itself is the answer.
  if (reply.kind !== 'view') throw error
  await site.send(req, res, reply, { ...extras, again })
}

async function received(route: ActRoute, files: UploadedFile[]): Promise<ReceivedFile[]> {
  if (!route.upload) return []
  if (files.length > route.upload.maxFiles) throw tooManyFiles(route.upload.maxFiles)
  return inspectAll(files, route.upload.rule)
}
