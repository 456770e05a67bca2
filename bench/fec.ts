import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { controlerAilleurs } from '../src/modules/fec/controle/lancer.ts'
import { writeFec } from './fec/generate.ts'

const MO = 1024 * 1024

/**
 * What the check of an accounting file of so many megabytes costs: megabytes a second, by the clock and of processor, the
 * memory that it adds, and how long the main thread was kept waiting.
 */
export async function benchFec(megabytes: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parvis-bench-fec-'))
  const chemin = join(folder, 'fec')
  try {
    const { lines } = writeFec(chemin, megabytes * MO)
    const base = process.memoryUsage().rss
    const cpu = process.cpuUsage()
    const start = performance.now()
    let most = base
    let late = 0
    let last = start
    const watch = setInterval(() => {
      const now = performance.now()
      late = Math.max(late, now - last - 50)
      last = now
      most = Math.max(most, process.memoryUsage().rss)
    }, 50)
    const attendu = { siren: '000000018', categorie: 'BIC' as const, exercices: [] }
    const rapport = await controlerAilleurs({ chemin, nom: '000000018FEC20251231.txt', attendu })
    clearInterval(watch)
    const seconds = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(cpu)
    if (rapport.lignes !== lines || rapport.constats.length > 0)
      throw new Error('the check has found what is not there')
    process.stdout.write(
      [
        `FEC of ${megabytes} MB, ${lines} lines`,
        `  ${(megabytes / seconds).toFixed(1)} MB/s (${seconds.toFixed(1)} s)`,
        `  ${(megabytes / ((user + system) / 1e6)).toFixed(1)} MB per second of processor`,
        `  ${Math.round((most - base) / MO)} MB more memory than before, with the thread`,
        `  main thread late by ${Math.round(late)} ms at most`,
        '',
      ].join('\n'),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
