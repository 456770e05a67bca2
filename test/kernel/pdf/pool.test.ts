import { execFile } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterEach, describe, expect, it } from 'vitest'
import { PdfPool, pdfKind } from '../../../src/kernel/pdf/pool.ts'
import { attestation } from '../../modules/clotures/documents/fixtures.ts'

const renderer = <Data>(name: string) => pdfKind<Data>(new URL(`./renderers/${name}.ts`, import.meta.url))
const ECHO = renderer<{ text: string; waitMs?: number }>('echo')
const DIES = renderer<{ how: 'exit' | 'memory' }>('dies')
const HANGS = renderer<null>('hangs')

let pool: PdfPool
afterEach(() => pool.close())

const texts = async (files: Promise<Buffer>[]) => (await Promise.all(files)).map((file) => file.toString())

describe('the PDF thread', () => {
  it('makes documents one after the other, in the order of the orders', async () => {
    pool = new PdfPool()
    const ended: string[] = []
    const make = (text: string, waitMs: number) =>
      pool.make(ECHO, { text, waitMs }).then(() => ended.push(text))
    await Promise.all([make('slow', 60), make('middle', 20), make('quick', 0)])
    expect(ended).toEqual(['slow', 'middle', 'quick'])
  })

  it('leaves the main thread free', async () => {
    pool = new PdfPool(1_500)
    await pool.make(ECHO, { text: 'warm' })
    const making = pool.make(HANGS, null)
    let ticks = 0
    const clock = setInterval(() => (ticks += 1), 10)
    await expect(making).rejects.toThrow()
    clearInterval(clock)
    expect(ticks).toBeGreaterThan(30)
  })

  it('tells what went wrong in a document, and goes on', async () => {
    pool = new PdfPool()
    const failed = await pool.make(renderer<null>('throws'), null).catch((error: unknown) => error as Error)
    expect(failed).toMatchObject({ message: 'PDF not made: no such day: 2026-02-30' })
    expect((failed as Error & { cause: Error }).cause.stack).toContain('renderers/throws')
    expect(await texts([pool.make(ECHO, { text: 'after' })])).toEqual(['%PDF after'])
  })

  it('refuses data that are not plain, and a module that does not exist', async () => {
    pool = new PdfPool()
    await expect(pool.make(ECHO, { text: (() => 'x') as unknown as string })).rejects.toThrow(
      /could not be cloned/,
    )
    await expect(pool.make(renderer<null>('absent'), null)).rejects.toThrow(/absent/)
    expect(await texts([pool.make(ECHO, { text: 'after' })])).toEqual(['%PDF after'])
  })

  it.each(['exit', 'memory'] as const)(
    'begins again when it dies (%s): only its own order is lost',
    async (how) => {
      pool = new PdfPool()
      const before = pool.make(ECHO, { text: 'before' })
      const fatal = expect(pool.make(DIES, { how })).rejects.toThrow(/PDF thread ended|memory/)
      const after = pool.make(ECHO, { text: 'after' })
      await fatal
      expect(await texts([before, after])).toEqual(['%PDF before', '%PDF after'])
    },
  )

  it('begins again when a document takes too long: those behind it are made', async () => {
    pool = new PdfPool(1_500)
    const late = expect(pool.make(HANGS, null)).rejects.toThrow('PDF not made in 1500 ms')
    const after = pool.make(ECHO, { text: 'after' })
    await late
    expect(await texts([after])).toEqual(['%PDF after'])
  })

  it('when closed, tells those who wait, and can be used again', async () => {
    pool = new PdfPool()
    const waiting = [pool.make(HANGS, null), pool.make(ECHO, { text: 'behind' })].map((file) =>
      expect(file).rejects.toThrow('closed'),
    )
    await pool.close()
    await Promise.all(waiting)
    expect(await texts([pool.make(ECHO, { text: 'again' })])).toEqual(['%PDF again'])
  })

  it('is given no secret of the process', async () => {
    pool = new PdfPool()
    process.env.SESSION_SECRETS = 'not for the thread'
    const seen = (await pool.make(renderer<null>('environment'), null)).toString()
    delete process.env.SESSION_SECRETS
    expect(seen).not.toContain('not for the thread')
  })
})

describe('whatever runs the code', () => {
  const run = promisify(execFile)
  const root = new URL('../../../', import.meta.url)
  const script = (pool: string, document: string) => `
    import { makePdf, pdfKind } from ${JSON.stringify(pool)}
    import { createHash } from 'node:crypto'
    const file = await makePdf(pdfKind(new URL(${JSON.stringify(document)})), ${JSON.stringify(attestation)})
    console.log(createHash('sha256').update(file).digest('hex'))`

  it('an attestation has the same bytes under vitest, under tsx and compiled, and the process ends by itself', async () => {
    pool = new PdfPool()
    const { createHash } = await import('node:crypto')
    const document = new URL('src/modules/clotures/documents/attestation.ts', root)
    const here = createHash('sha256')
      .update(await pool.make(pdfKind<typeof attestation>(document), attestation))
      .digest('hex')
    const source = script(new URL('src/kernel/pdf/pool.ts', root).href, document.href)
    const underTsx = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
      cwd: root,
    })
    expect(underTsx.stdout.trim()).toBe(here)

    const project = compile(root)
    const built = (path: string) => new URL(`dist/src/${path}`, `file://${project}/`).href
    // Named as source, as modules do: the pool itself looks for the compiled file.
    const compiled = script(built('kernel/pdf/pool.js'), built('modules/clotures/documents/attestation.ts'))
    const underNode = await run(process.execPath, ['--input-type=module', '-e', compiled], {
      cwd: project,
    }).finally(() => rmSync(project, { recursive: true }))
    expect(underNode.stdout.trim()).toBe(here)
  }, 60_000)
})

/** What `tsc` makes of the source, file by file, in the dist folder of a project that has the same source beside it. */
function compile(root: URL): string {
  const project = mkdtempSync(join(tmpdir(), 'compiled-'))
  symlinkSync(new URL('node_modules', root), join(project, 'node_modules'))
  symlinkSync(new URL('src', root), join(project, 'src'))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  const { config } = ts.readConfigFile(
    new URL('tsconfig.json', root).pathname,
    ts.sys.readFile.bind(ts.sys),
  ) as {
    config: { compilerOptions: Record<string, unknown> }
  }
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root.pathname)
  const compilerOptions = {
    ...options,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  }
  const files = [
    'src/kernel',
    'src/kernel/pdf',
    'src/modules/clotures',
    'src/modules/clotures/documents',
    'src/modules/clotures/documents/dossier-gestion',
  ]
    .flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`))
    .filter((name) => name.endsWith('.ts'))
  for (const file of files) {
    const target = join(project, 'dist', file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    const { outputText } = ts.transpileModule(readFileSync(new URL(file, root), 'utf8'), {
      compilerOptions,
      fileName: file,
    })
    writeFileSync(target, outputText)
  }
  return project
}
