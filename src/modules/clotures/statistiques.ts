/*
 * Figures by profession: quartiles, and what must stay hidden so that nobody is recognised.
 */

export interface Quartiles {
  q1: number
  mediane: number
  q3: number
}

/** Linear interpolation at h = (n − 1) p, « type 7 » of Hyndman and Fan. Null for an empty list. */
export function quantile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const h = (sorted.length - 1) * p
  const low = sorted[Math.floor(h)]
  const high = sorted[Math.ceil(h)]
  return low === undefined || high === undefined ? null : low + (h - Math.floor(h)) * (high - low)
}

export function quartiles(values: readonly number[]): Quartiles | null {
  const [q1, mediane, q3] = [0.25, 0.5, 0.75].map((p) => quantile(values, p))
  if (q1 == null || mediane == null || q3 == null) return null
  return { q1, mediane, q3 }
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Fewest businesses behind a figure that may be shown, and the largest part that one of them may hold (percents). */
const FEWEST = 3
const LARGEST_PART = 85
/** Below this a figure is shown as « n.s. »: true, but not significant. */
const SIGNIFICANT = 10

export type Diffusion = 'secret' | 'non_significatif' | 'diffusable'

/**
 * Secret statistique (rule of Insee for businesses): fewer than 3, or one holding more than 85 % of the total of
 * absolute values, is hidden. Losses count by their size: a large one is as recognisable as a large profit.
 */
export function diffusion(values: readonly number[]): Diffusion {
  if (values.length < FEWEST) return 'secret'
  const sizes = values.map(Math.abs)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > 0 && (Math.max(...sizes) / total) * 100 > LARGEST_PART) return 'secret'
  return values.length < SIGNIFICANT ? 'non_significatif' : 'diffusable'
}

/** Where a member stands among its profession, from the three quartiles alone. */
export function position(value: number, { q1, mediane, q3 }: Quartiles): 1 | 2 | 3 | 4 {
  if (value < q1) return 1
  if (value < mediane) return 2
  return value < q3 ? 3 : 4
}
