import { randomInt } from 'node:crypto'
import type { PasswordCost } from '../config.ts'
import { hashPassword, verifyPassword } from './password.ts'

/*
 * Ten codes for the day when the telephone is lost. The first sign tells which of the ten it is, so that one hash is
 * enough to check it; the eleven others are 55 random bits, hashed like passwords (ASVS 5.0 6.5.2).
 */

const HOW_MANY = 10
/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Ten new codes, as they are shown once (`3K7Q-M2FX-P9TR`). */
export function newCodes(): string[] {
  return Array.from({ length: HOW_MANY }, (_, index) => {
    const signs = Array.from({ length: 11 }, () => ALPHABET[randomInt(32)]).join('')
    return `${index}${signs}`.match(/.{4}/g)!.join('-')
  })
}

/** Upper case, without blanks and hyphens; the letters that people read for digits become digits. */
function compact(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
}

/** What to store, in the order of the codes. */
export function hashCodes(cost: PasswordCost, codes: readonly string[]): Promise<string[]> {
  return Promise.all(codes.map((code) => hashPassword(cost, compact(code))))
}

/** Which of the stored hashes this is the code of (0 to 9), or null. A code that has served is stored as ''. */
export async function codeIndex(
  cost: PasswordCost,
  stored: readonly string[],
  typed: string,
): Promise<number | null> {
  const code = compact(typed)
  if (!/^\d[0-9A-Z]{11}$/.test(code)) return null
  const index = Number(code[0])
  return (await verifyPassword(cost, stored[index] || null, code)) ? index : null
}
