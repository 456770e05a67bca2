import { parseArgs } from 'node:util'
import { failToStart } from '../src/lifecycle.ts'
import { benchFec } from './fec.ts'
import { benchImport } from './import.ts'
import { compile } from './installation.ts'
import { type Window, load } from './load.ts'
import { benchPublication } from './publication.ts'
import { type BenchPage, pages } from './pages.ts'
import { type Server, type Usage, postgresCpu } from './process.ts'
import { type Measured, startServers } from './servers.ts'
import { type Sample, report } from './report.ts'
import { type BenchCluster, type BenchDatabase, startCluster } from './world.ts'

const USAGE = `npm run bench -- [--pages accueil,courriers] [--sizes 100,50000] [--rounds 3] [--seconds 4] [--warm 2000] [--connections 8]

Measures pages of the portal beside their FLOOR (the same statements and bytes without framework) and the naive stack,
in turns, and prints ratios. Everything runs on this machine, in a temporary folder that is removed.
Quicker: --sizes 100 --seconds 2
npm run bench -- --import 50000 measures an import of so many adhérents instead.
npm run bench -- --publication 5000 measures a campaign of so many PDFs, from the zip to the last mail.
npm run bench -- --fec 1000 measures the check of an accounting file of so many megabytes instead.
`

/** The compiler of JavaScript works by calls, not by time. */
const WARM_WITHIN_MS = 15_000

interface Options {
  pages: readonly BenchPage[]
  sizes: number[] | undefined
  rounds: number
  seconds: number
  warm: number
  connections: number
  import: number | undefined
  fec: number | undefined
  publication: number | undefined
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      pages: { type: 'string' },
      sizes: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      warm: { type: 'string', default: '2000' },
      connections: { type: 'string', default: '8' },
      import: { type: 'string' },
      fec: { type: 'string' },
      publication: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const chosen = values.pages?.split(',')
  return {
    pages: pages.filter((page) => !chosen || chosen.includes(page.name)),
    sizes: values.sizes?.split(',').map(Number),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    warm: Number(values.warm),
    connections: Number(values.connections),
    import: values.import === undefined ? undefined : Number(values.import),
    fec: values.fec === undefined ? undefined : Number(values.fec),
    publication: values.publication === undefined ? undefined : Number(values.publication),
  }
}

async function main(): Promise<void> {
  const options = readOptions()
  if (!options) return void process.stdout.write(USAGE)
  if (options.fec !== undefined) return benchFec(options.fec)
  if (options.import !== undefined) return benchImport(options.import)
  if (options.publication !== undefined) return benchPublication(options.publication)
  compile()
  const cluster = await startCluster()
  process.once('SIGINT', () => void cluster.stop().finally(() => process.exit(130)))
  try {
    const loaded = new Map<number, BenchDatabase>()
    const database = async (size: number) => {
      const there = loaded.get(size)
      if (there) return there
      say(`loading ${size} adhérents …`)
      const made = await cluster.database(size)
      loaded.set(size, made)
      return made
    }
    for (const page of options.pages) {
      const servers: Server[] = []
      try {
        const all: { adherents: number; measured: Measured[] }[] = []
        for (const adherents of options.sizes ?? page.sizes) {
          const measured = await startServers(cluster, await database(adherents), page, servers)
          all.push({ adherents, measured })
        }
        process.stdout.write(report(page, await measure(cluster, all, options), options))
      } finally {
        await Promise.all(servers.map((server) => server.stop()))
      }
    }
  } finally {
    await cluster.stop()
  }
}

async function measure(
  cluster: BenchCluster,
  all: { adherents: number; measured: Measured[] }[],
  options: Options,
): Promise<Sample[]> {
  const { connections, rounds, seconds, warm } = options
  const samples: Sample[] = []
  for (const { measured } of all) {
    for (const { target } of measured) await load(target, connections, WARM_WITHIN_MS, warm)
  }
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds} …`)
    for (const { adherents, measured } of all) {
      for (const { kind, server, target } of measured) {
        const [before, pg] = [await server.usage(), postgresCpu(cluster.dataDir)]
        const window = await load(target, connections, seconds * 1000)
        const [after, pgAfter] = [await server.usage(), postgresCpu(cluster.dataDir)]
        samples.push({ kind, adherents, round, ...figures(window, before, after, pg, pgAfter) })
      }
    }
  }
  return samples
}

function figures(window: Window, before: Usage, after: Usage, pg?: number, pgAfter?: number) {
  return {
    ...window,
    rate: window.requests / window.seconds,
    nodeUs: (after.cpu - before.cpu) / window.requests,
    pgUs: pg === undefined || pgAfter === undefined ? NaN : (pgAfter - pg) / window.requests,
    memory: after.memory,
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

main().catch(failToStart)
