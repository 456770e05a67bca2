import { createHash } from 'node:crypto'

/** « 2026-000001 »: attestations are numbered in one continuous series a year (instruction 5 J-3-32 of 1995). */
export function numeroAttestation(annee: number, rang: number): string {
  if (!Number.isInteger(rang) || rang < 1 || rang > 999_999) throw new RangeError(`not a rank: ${rang}`)
  return `${annee}-${String(rang).padStart(6, '0')}`
}

/**
 * The code printed on a paper, « 3f2a 91bc 04de 77a1 »: the first 64 bits of SHA-256 over what the paper says, whatever the
 * order of its keys. Change one figure and the code changes; the code itself proves nothing until the organisme that issued
 * the paper finds it in its books.
 */
export function codeVerification(kind: string, data: unknown): string {
  const digest = createHash('sha256')
    .update(`${kind}\n${canonical(data)}`)
    .digest('hex')
  return (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' ')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`)
    .join(',')}}`
}
