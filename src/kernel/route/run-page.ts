import { NotFound } from '../errors.ts'
import { counts } from '../frame.ts'
import { type Ctx, type PageRoute, type Reply, redirect } from '../page.ts'
import type { ParvisRequest } from '../request.ts'
import type { Reprise } from '../reprises/restore.ts'
import type { Again } from './again.ts'
import { inTransaction, journal, makeCtx } from './context.ts'
import { repriseOf } from './late-form.ts'
import type { Site } from './site.ts'

interface Shown {
  reply: Reply
  numbers: Record<string, number>
  reprise: Reprise | undefined
}

/** Runs a page, with what stands beside it in the menu; `again`: after a form that was refused. */
export async function runPage(
  { services, modules }: Site,
  route: PageRoute,
  req: ParvisRequest,
  again?: Again,
): Promise<Shown> {
  // Taken apart only by pages that read it: most addresses have none.
  const { reprise: asked, ...rest } = route.query || req.url.includes('reprise=') ? req.query : {}
  const kept = again ? again.reprise : req.user && asked
  const reprise = await repriseOf(services, req, kept)
  const work = inTransaction(services, req, async (db) => {
    const { ctx, notes } = makeCtx(services, req, db)
    const query = route.query ? route.query.safeParse(again ? {} : rest) : undefined
    if (query && !query.success) throw new NotFound('query')
    Object.assign(ctx, { query: query?.data, again })
    const [reply, numbers] = await Promise.all([
      (route.run as (c: Ctx) => Promise<Reply>)(ctx),
      req.user ? counts(modules, req.organisme, db, req.user) : {},
    ])
    if (route.journal && !again && req.method === 'GET') journal(db, route, req, notes)
    return { reply, numbers, reprise }
  })
  if (!reprise || again) return work
  // The form is gone (closed by now, or somebody else's): the text is read on a page of its own.
  const elsewhere = { reply: redirect(`/reprises/${reprise.id}`), numbers: {}, reprise: undefined }
  return work.then(
    (shown) => (shown.reply.kind === 'view' ? shown : elsewhere),
    (error: unknown) => {
      if (error instanceof NotFound) return elsewhere
      throw error
    },
  )
}
