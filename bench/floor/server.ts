import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import pg from 'pg'
import { rowTypes } from '../../src/kernel/db.ts'
import type { Plan } from './capture.ts'
import { paste } from './cut.ts'

/**
 * The FLOOR: what a page costs when there is nothing but node:http, pg and string literals. Same statements, named and
 * pipelined, in the same transaction, COMMIT in the same pipeline; same bytes; no framework, no template, no log, no
 * check of the cookie's signature.
 */
const plan = JSON.parse(readFileSync(process.env.FLOOR_PLAN!, 'utf8')) as Plan
const page = paste(plan.pieces)
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 10,
  types: rowTypes,
  options: '-c timezone=UTC',
  pipeline: true,
})

async function answer(cookie: string): Promise<string> {
  const sid = decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1)).slice(2)
  const session = createHash('sha256')
    .update(sid.slice(0, sid.indexOf('.')))
    .digest()
  const client = await pool.connect()
  const rows: unknown[][] = []
  for (const batch of plan.batches) {
    const results = await Promise.all(
      batch.map(({ name, text, values }) =>
        client.query({ name, text, values: values.map((v) => ('session' in v ? session : v.value)) }),
      ),
    )
    for (const result of results) rows.push(result.rows as unknown[])
  }
  client.release()
  return page(rows)
}

const headers = Object.fromEntries(plan.headers)

createServer((req, res) => {
  if (req.url === '/livez') return void res.end('ok\n')
  answer(req.headers.cookie ?? '').then(
    (html) => {
      res.writeHead(200, { ...headers, 'Content-Length': Buffer.byteLength(html) })
      res.end(html)
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      res.writeHead(500).end()
    },
  )
}).listen(Number(process.env.PORT), '127.0.0.1')
