import type { RequestHandler } from 'express'
import type { IncomingMessage } from 'node:http'
import passport from 'passport'
import type { ParvisRequest } from '../request.ts'

/** Who is logged in. The person came with the session, so this asks the database nothing more. */
export function passportMiddleware(): RequestHandler[] {
  const site = new passport.Passport()
  site.serializeUser((user, done) => done(null, (user as { id: string }).id))
  type Done = (error: unknown, user?: Express.User | false) => void
  site.deserializeUser((req: IncomingMessage, id: unknown, done: Done) => {
    const request = req as unknown as ParvisRequest
    const { utilisateur, vue } = request.session
    // A session that looks as another is still that of who logged in.
    if (vue) request.vue = vue
    done(null, (vue?.par.id ?? utilisateur?.id) === id && utilisateur ? utilisateur : false)
  })
  return [site.initialize({ compat: false }), site.session()] as RequestHandler[]
}
