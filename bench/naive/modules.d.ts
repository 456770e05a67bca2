declare module 'compression' {
  import type { RequestHandler } from 'express'
  export default function compression(): RequestHandler
}
declare module 'connect-pg-simple' {
  import type session from 'express-session'
  import type pg from 'pg'
  export default function connect(
    s: typeof session,
  ): new (options: { pool: pg.Pool; tableName: string }) => session.Store
}
