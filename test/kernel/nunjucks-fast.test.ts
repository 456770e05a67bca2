import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import nunjucks from 'nunjucks'
import { describe, expect, it } from 'vitest'
import { filesUnder } from '../../scripts/build-assets.ts'
import { createViews } from '../../src/kernel/views.ts'
import { HOSTILE, REFUSED, sample } from './views/sample.ts'

const viewsDir = ['views', 'test/kernel/views']
const fast = createViews({ viewsDir })
const stock = createViews({ viewsDir, compiler: 'stock' })

/** What a render gives: its bytes, or why it failed (the last line says it; those above name files). */
function outcome(views: typeof fast, name: string, data: object): string {
  try {
    return views.render(name, data)
  } catch (error) {
    return `thrown: ${(error as Error).message.split('\n').at(-1)?.trim()}`
  }
}

function same(name: string, data: object): string {
  const expected = outcome(stock, name, data)
  expect(outcome(fast, name, data)).toBe(expected)
  return expected
}

class Objet {
  nom = '<nom>'
  a = { b: 'é' };
  ['un deux'] = 12
  #own = 'own'
  f(n = 0): string {
    return `${this.#own}${n}`
  }
  get get(): string {
    return this.#own
  }
  toString(): string {
    return `objet & ${this.nom}`
  }
}

const torture = (valeurs: unknown[]) => ({
  ...sample(HOSTILE),
  cle: 'x',
  valeurs,
  objets: [new Objet(), { nom: 'n', f: () => 'flèche', g: null, a: undefined }],
  listes: [[1, '<'], [], ['a', 'b', 'c']],
  dico: { a: '<', b: 2 },
  paires: [
    ['a', 1],
    ['b', '&'],
  ],
  ensemble: new Set(['x', 'y']),
  rien: [],
  nul: null,
  montre: (loop: object) => JSON.stringify(loop),
})

describe('templates compiled fast', () => {
  const views = filesUnder('views', ['.njk']).map((file) => file.slice('views/'.length))

  it.each(views)('%s gives what stock nunjucks gives', (name) => {
    same(name, sample(HOSTILE))
    same(name, sample('l’été', REFUSED))
    same(name, sample('x', { user: null, menu: [], lignes: [], organisme: undefined }))
    same(name, {})
  })

  it('every macro gives what stock nunjucks gives', () => {
    for (const changes of [{}, REFUSED, { lignes: [] }, { errors: { resume: HOSTILE, champs: [] } }]) {
      expect(same('page', sample(HOSTILE, changes))).toContain('&lt;img')
    }
    same('visiteur', sample(HOSTILE))
    same('nu', { requestId: 'x' })
  })

  it('all that the language has gives what stock nunjucks gives', () => {
    const html = same(
      'torture',
      torture([
        ...['&', '"', "'", '<', '>', '\\', 'a\\b'],
        '',
        0,
        -1,
        1.5,
        NaN,
        true,
        false,
        null,
        undefined,
        [1, [2, '>']],
        { x: '"', toString: () => '<x>' },
        new nunjucks.runtime.SafeString('<b>sûr</b>'),
        10n,
        new Date(0),
        'plain',
      ]),
    )
    expect(html).not.toContain('thrown')
    expect(html).toContain('<b>sûr</b>')
    expect(html).toContain('frame.set("x", t_1);')
    expect(html).toContain('function root(env, context, frame, runtime, cb)')
  })

  it('any value gives what stock nunjucks gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true })),
        (values) => {
          same('torture', torture(values))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('names the file in the error of a template that does not parse', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parvis-fast-'))
    try {
      writeFileSync(join(folder, 'faux.njk'), '{% if x %}')
      expect(() => createViews({ viewsDir: folder }).render('faux', {})).toThrow('faux.njk')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
