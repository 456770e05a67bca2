import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http'
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { assets } from './assets.ts'
import { passportMiddleware } from './auth/passport.ts'
import { bodyClock } from './body-clock.ts'
import { sameOriginOnly } from './csrf.ts'
import { errorPage, notFoundPage } from './error-page.ts'
import { receiver } from './files/receive.ts'
import type { Menu } from './frame.ts'
import { health } from './health.ts'
import { requestLog } from './log.ts'
import {
  type Organisme,
  type Organismes,
  organismeByHost,
  ORGANISMES_CHANGED,
  readLogo,
} from './organisme.ts'
import type { Module } from './page.ts'
import { learnPhrases } from './phrases.ts'
import { replier } from './reply.ts'
import type { ParvisRequest } from './request.ts'
import { mount } from './router.ts'
import { methods, requestId, securityHeaders } from './security.ts'
import type { Services } from './services.ts'
import { sessions } from './session.ts'
import { themeCss } from './theme.ts'

/** The middleware in order, on one screen. */
export function createExpress(services: Services, modules: readonly Module[], menu: Menu): Express {
  const { config, database, log } = services
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy.split(','))

  app.use(
    inOrder(
      requestId,
      bodyClock(config.bodySeconds),
      health(services),
      requestLog(log),
      securityHeaders(config),
      methods,
    ),
  )
  app.use('/public', assets())
  const organismes = organismeByHost(database.acces)
  // Every web process hears of a change, whoever made it.
  database.listen(ORGANISMES_CHANGED, () => organismes.forget())
  app.use(findOrganisme(services, organismes))
  app.get('/theme.css', theme)
  app.get('/logo.png', logo(services))
  app.use(inOrder(sameOriginOnly, sessions(config, database.acces), ...passportMiddleware()))
  learnPhrases(modules)
  mount(app, modules, services, receiver(services), replier(services, menu, organismes))
  app.use(notFoundPage)
  app.use(errorPage(services, menu))
  return app
}

/**
 * For `createServer`: requests and responses born with the prototypes of this application. Otherwise Express puts them
 * on each request, and V8 before Node 24 makes new hidden classes for every property that follows: three quarters of
 * what Express costs, and 15 KB that only a full collection frees.
 */
export function bornFor(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  // Functions and not classes, because the prototype is Express's own and not one that derives from it.
  function Req(this: IncomingMessage, ...args: unknown[]) {
    Reflect.apply(IncomingMessage, this, args)
  }
  function Res(this: ServerResponse, ...args: unknown[]) {
    Reflect.apply(ServerResponse, this, args)
  }
  Req.prototype = app.request
  Res.prototype = app.response
  return { IncomingMessage: Req, ServerResponse: Res } as unknown as ReturnType<typeof bornFor>
}

/** Several middlewares as one: a layer of the router costs more than what most of them do. */
function inOrder(...steps: RequestHandler[]): RequestHandler {
  return (req, res, next) => {
    let done = 0
    const go: NextFunction = (error?: unknown) => {
      const step = error === undefined || error === null ? steps[done++] : undefined
      if (!step) return next(error)
      try {
        void step(req, res, go)
      } catch (failure) {
        next(failure)
      }
    }
    go()
  }
}

/** The organisme is that of the host name, and of nothing else that a browser says. */
function findOrganisme(services: Services, find: Organismes): RequestHandler {
  return async (req: Request, res: Response, next: NextFunction) => {
    const host = (req.hostname ?? '').toLowerCase()
    const organisme = await find(host)
    if (!organisme || organisme.suspendu) {
      // An organisme that is suspended is known by its host and by nothing else: its pages and its files are all closed.
      const html = services.views.render(organisme ? 'erreurs/suspendu' : 'erreurs/421', {
        requestId: (req as unknown as ParvisRequest).requestId,
      })
      res.status(421).type('html').send(html)
      return
    }
    ;(req as unknown as ParvisRequest).organisme = organisme
    next()
  }
}

const YEAR = 'public, max-age=31536000, immutable'

function theme(req: Request, res: Response): void {
  const { couleur } = organismeOf(req)
  res.setHeader('Cache-Control', req.query.v === undefined ? 'no-cache' : YEAR)
  res.type('css').send(themeCss(couleur))
}

function logo(services: Services): RequestHandler {
  return async (req, res, next) => {
    const image = await readLogo(services.database.acces, organismeOf(req).id)
    if (!image) return next()
    res.setHeader('Cache-Control', req.query.v === undefined ? 'no-cache' : YEAR)
    res.type('png').send(image)
  }
}

function organismeOf(req: Request): Organisme {
  return (req as unknown as ParvisRequest).organisme
}
