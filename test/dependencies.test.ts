import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs', 'dependencies.md'), 'utf8')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

describe('dependencies', () => {
  test.each([
    ['dependencies', '## At run time'],
    ['devDependencies', '## For development and tests'],
  ] as const)('each of %s is explained in docs/dependencies.md, and nothing else is', (kind, heading) => {
    const section = text.slice(text.indexOf(heading)).split('\n## ')[0]!
    const named = [...section.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    )
    expect(named.sort()).toEqual(Object.keys(manifest[kind]).sort())
  })

  test('every version is pinned', () => {
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-beta\.\d+)?$/)
    }
  })

  test('nothing runs at install time', () => {
    expect(
      Object.keys(manifest.scripts).filter((name) => /^(pre|post)|^install$|^prepare$/.test(name)),
    ).toEqual([])
  })
})
