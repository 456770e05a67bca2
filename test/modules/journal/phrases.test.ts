import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { kernelPhrases } from '../../../src/kernel/phrases.ts'
import { modules } from '../../../src/modules.ts'

const SRC = new URL('../../../src', import.meta.url).pathname
const sentences = new Set(
  [kernelPhrases, ...modules.map((m) => m.phrases ?? {})].flatMap((all) => Object.keys(all)),
)

/** Names that `action:` gives in the source, in both branches of a choice; addresses of forms are no actions. */
function literals(text: string): string[] {
  const found: string[] = []
  for (const [, first, second] of text.matchAll(
    /\baction: (?:[^'\n`]*\? )?'([\w.-]+)'(?: : '([\w.-]+)')?/g,
  )) {
    found.push(first!)
    if (second !== undefined) found.push(second)
  }
  return found
}

it('every action that the code writes into the journal has a sentence', () => {
  const missing = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => literals(readFileSync(join(SRC, name), 'utf8')).map((action) => `${action} (${name})`))
    .filter((line) => !sentences.has(line.split(' ')[0]!))
  expect(missing, 'add them to phrases.ts of their module').toEqual([])
})

it('every act, and every page that the journal keeps, has a sentence for the right it is done by', () => {
  const kept = modules.flatMap((m) =>
    m.routes
      .filter((r) => (r.method === 'POST' ? r.journal !== false : r.journal === true))
      .map((r) => r.can),
  )
  const missing = [...new Set(kept)].filter((can) => can !== 'public' && !sentences.has(can))
  expect(missing, 'add them to phrases.ts of their module').toEqual([])
})
