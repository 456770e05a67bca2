import compression from 'compression'
import connectPgSimple from 'connect-pg-simple'
import express, { type Request, type Response } from 'express'
import session from 'express-session'
import helmet from 'helmet'
import passport from 'passport'
import type { IncomingMessage } from 'node:http'
import pg from 'pg'
import { menu } from '../../src/menu.ts'
import { modules } from '../../src/modules.ts'
import { assetUrl } from '../../src/kernel/assets.ts'
import { dayInFrance } from '../../src/kernel/clock.ts'
import { loadConfig } from '../../src/kernel/config.ts'
import { type Db, rowTypes } from '../../src/kernel/db.ts'
import { counts, frame } from '../../src/kernel/frame.ts'
import type { Organisme } from '../../src/kernel/organisme.ts'
import type { Ctx, PageRoute, Reply, Utilisateur } from '../../src/kernel/page.ts'
import { allowed } from '../../src/kernel/policy.ts'
import type { ParvisRequest } from '../../src/kernel/request.ts'
import type { Services } from '../../src/kernel/services.ts'
import { createViews } from '../../src/kernel/views.ts'
import { VIEWS_DIR } from '../../src/start.ts'
import { plainDb, setContext } from './db.ts'

/**
 * The same pages as most would first write them: Express with the usual middleware in its usual settings, a session
 * store that writes at each page, passport that reads the person again, queries one after the other and planned each
 * time, exact counts, stock Nunjucks, compression of the stream. Handlers, SQL and templates are those of the portal.
 */
const config = loadConfig()
const pool = new pg.Pool({
  connectionString: config.databaseUrl,
  max: 10,
  types: rowTypes,
  options: '-c timezone=UTC',
})
const services = {
  config,
  views: createViews({ viewsDir: VIEWS_DIR, assetUrl, compiler: 'stock' }),
  clock: () => new Date(),
} as Services

passport.serializeUser((user, done) => done(null, (user as { id: string }).id))
passport.deserializeUser(
  (req: IncomingMessage, id: string, done: (error: unknown, user?: Express.User | false) => void) => {
    pool
      .query<Utilisateur>(
        `select id, role, login, courriel, civilite, nom, prenom, adherent_id as "adherentId", null as "adherentNumero",
         structure_id as "structureId", null as "structureNom", null as "structureNumero", second_facteur as "secondFacteur", null as domaines
       from app.compte($1, $2)`,
        [(req as unknown as ParvisRequest).organisme.id, id],
      )
      .then(
        ({ rows }) => done(null, rows[0] ?? false),
        (error: unknown) => done(error),
      )
  },
)

const app = express()
app.get('/livez', (_req, res) => void res.send('ok'))
app.use(async (req, _res, next) => {
  ;(req as unknown as ParvisRequest).organisme = await organismeOf(req.hostname)
  next()
})
app.use(helmet())
app.use(compression())
app.use(
  session({
    secret: config.sessionSecrets[0]!,
    resave: false,
    saveUninitialized: false,
    store: new (connectPgSimple(session))({ pool, tableName: 'session_naive' }),
  }),
)
app.use(passport.initialize())
app.use(passport.session())

async function organismeOf(host: string): Promise<Organisme> {
  const { rows } = await pool.query<Organisme>('select * from app.organisme_par_hote($1)', [host])
  const organisme = rows[0]!
  const words = {
    adherent: 'adhérent',
    adherents: 'adhérents',
    cabinet: 'cabinet',
    cabinets: 'cabinets',
    organisme: 'OGA',
  }
  return { ...organisme, logoVersion: null, vocabulaire: { ...words, ...organisme.vocabulaire } }
}

const EXACT = ['documents', 'clotures', 'actualites', 'formations', 'transferts']

async function show(route: PageRoute, raw: Request, res: Response): Promise<void> {
  const req = raw as unknown as ParvisRequest
  req.requestId = 'naive'
  const user = req.user!
  const client = await pool.connect()
  try {
    await client.query('begin')
    await setContext(client, req.organisme.id, user)
    const { rows } = await client.query<{ numero: string }>('select numero from adherents where id = $1', [
      user.adherentId,
    ])
    user.adherentNumero = rows[0]?.numero ?? null
    const db = plainDb(client, {
      organismeId: req.organisme.id,
      ...user,
      utilisateurId: user.id,
    }) as unknown as Db
    const reply = await (route.run as (ctx: Ctx) => Promise<Reply>)(contextOf(req, db, route))
    const numbers = await counts(modules, req.organisme, db, user)
    for (const table of EXACT) await client.query(`select count(*) from ${table}`)
    await client.query('commit')
    if (reply.kind !== 'view') throw new Error('the naive stack shows views only')
    res.send(services.views.render(reply.name, { ...frame(services, menu, req, numbers), ...reply.data }))
  } finally {
    client.release()
  }
}

function contextOf(req: ParvisRequest, db: Db, route: PageRoute): Ctx {
  const now = new Date()
  return {
    db, user: req.user, organisme: req.organisme, services, params: req.params, query: route.query?.parse(req.query),
    form: undefined, files: [], now, today: dayInFrance(now), note: () => undefined,
    can: (action: Parameters<Ctx['can']>[0]) => action === 'public' || allowed(req.user!.role, action),
    request: { id: 'naive', ip: '', agent: '', path: req.path, url: req.originalUrl, cookie: () => undefined },
    session: { id: '', get: () => undefined, set: () => undefined },
  } as unknown as Ctx // prettier-ignore
}

for (const module of modules) {
  for (const route of module.routes) {
    if (route.method === 'GET') app.get(route.path, (req, res) => show(route, req, res))
  }
}
app.listen(config.port, '127.0.0.1')
