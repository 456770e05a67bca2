import { cpus } from 'node:os'
import type { Window } from './load.ts'
import type { BenchPage } from './pages.ts'
import { KINDS, type Kind } from './servers.ts'

export interface Sample extends Window {
  kind: Kind
  adherents: number
  round: number
  /** Requests a second. */
  rate: number
  /** Microseconds of a core for one request. */
  nodeUs: number
  pgUs: number
  /** Bytes. */
  memory: number
}

type Figure = 'rate' | 'nodeUs' | 'pgUs' | 'p50' | 'p99' | 'memory' | 'bytes'

const NAMES: Record<Kind, string> = { floor: 'FLOOR', parvis: 'Parvis', naive: 'naive' }

/** Medians of the rounds; a ratio is the median of the ratios of each round. */
export function report(
  page: BenchPage,
  samples: readonly Sample[],
  run: { connections: number; rounds: number; seconds: number },
): string {
  const sizes = [...new Set(samples.map((s) => s.adherents))]
  const of = (kind: Kind, size: number) => samples.filter((s) => s.kind === kind && s.adherents === size)
  const value = (kind: Kind, size: number, figure: Figure) => median(of(kind, size).map((s) => s[figure]))
  const ratio = (kind: Kind, size: number, to: Kind, toSize: number, figure: Figure) =>
    median(of(kind, size).map((s, i) => s[figure] / of(to, toSize)[i]![figure]))

  const head = [
    '',
    'req/s',
    '/FLOOR',
    '/naive',
    'CPU/FLOOR',
    'p50 ms',
    'p99 ms',
    'node µs',
    'pg µs',
    'MB',
    'bytes',
  ]
  const lines = sizes.flatMap((size) => [
    [`${size} adhérents`],
    ...KINDS.map((kind) => [
      `  ${NAMES[kind]}`,
      value(kind, size, 'rate').toFixed(0),
      ratio(kind, size, 'floor', size, 'rate').toFixed(2),
      ratio(kind, size, 'naive', size, 'rate').toFixed(2),
      cpuRatio(of(kind, size), of('floor', size)).toFixed(2),
      value(kind, size, 'p50').toFixed(1),
      value(kind, size, 'p99').toFixed(1),
      value(kind, size, 'nodeUs').toFixed(0),
      value(kind, size, 'pgUs').toFixed(0),
      (value(kind, size, 'memory') / 1e6).toFixed(0),
      value(kind, size, 'bytes').toFixed(0),
    ]),
  ])
  const growth =
    sizes.length < 2
      ? []
      : [
          `Parvis at ${sizes.at(-1)} adhérents over ${sizes[0]}: ` +
            (['rate', 'nodeUs', 'pgUs'] as const)
              .map((f) => `${f} ${ratio('parvis', sizes.at(-1)!, 'parvis', sizes[0]!, f).toFixed(2)}`)
              .join(', '),
        ]
  return [
    '',
    `${page.name}: ${page.path} as ${page.organisme}/${page.login}; ${run.connections} connections, ${run.rounds} rounds of ` +
      `${run.seconds} s in turns, Node ${process.versions.node}, ${cpus().length} cores`,
    ...columns([head, ...lines]),
    ...growth,
    '',
  ].join('\n')
}

/** Node and Postgres together. */
function cpuRatio(samples: readonly Sample[], floor: readonly Sample[]): number {
  return median(samples.map((s, i) => (s.nodeUs + s.pgUs) / (floor[i]!.nodeUs + floor[i]!.pgUs)))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function columns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, i) =>
    Math.max(...rows.map((row) => (i === 0 || row.length > 1 ? (row[i]?.length ?? 0) : 0))),
  )
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  )
}
