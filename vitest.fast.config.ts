import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, mergeConfig } from 'vitest/config'
import everything from './vitest.config.ts'

/** What takes its time: a whole portal, a browser, a process, a broken disk, a PDF that is read again. */
const SLOW = /support\/(portal|browser|process|pdf)|kernel\/pdf\/pool|startEmbeddedPostgres|execFile/

/** What `npm run check` runs: rules, formats, queries, the walls of the database; a minute with types and lint. */
export default mergeConfig(
  everything,
  defineConfig({
    test: {
      exclude: readdirSync('test', { recursive: true, encoding: 'utf8' })
        .map((name) => join('test', name))
        .filter((path) => path.endsWith('.test.ts') && SLOW.test(readFileSync(path, 'utf8'))),
    },
  }),
)
