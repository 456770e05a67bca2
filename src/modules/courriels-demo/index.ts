import { NotFound } from '../../kernel/errors.ts'
import { caughtMails, listCaught, readCaught } from '../../kernel/mail/caught.ts'
import { type Ctx, type Module, isolatedHtml, page, stream, view } from '../../kernel/page.ts'

/** The mails of the demo, which left nowhere. Open to everybody, so it exists in the demo only: their links open accounts. */
export const courrielsDemo: Module = {
  name: 'courriels-demo',
  routes: [
    page('/courriels-demo', {
      can: 'public',
      run: async (ctx) =>
        view('courriels-demo/liste', { courriels: await listCaught(folder(ctx), ctx.organisme.code) }),
    }),
    page('/courriels-demo/:id', {
      can: 'public',
      run: async (ctx) => view('courriels-demo/courriel', { courriel: (await find(ctx)).mail }),
    }),
    page('/courriels-demo/:id/apercu', {
      can: 'public',
      run: async (ctx) => isolatedHtml((await find(ctx)).mail.html),
    }),
    page('/courriels-demo/:id/fichier', {
      can: 'public',
      run: async (ctx) => stream((await find(ctx)).raw, 'message/rfc822', 'courriel.eml'),
    }),
  ],
}

function folder({ services }: Ctx): string {
  if (!services.config.demo) throw new NotFound('demo only')
  return caughtMails(services.config)
}

async function find(ctx: Ctx) {
  const found = await readCaught(folder(ctx), ctx.organisme.code, ctx.params.id!)
  if (!found) throw new NotFound('no such mail')
  return found
}
