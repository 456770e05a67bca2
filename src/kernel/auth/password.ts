import { hash, parseOptions, verify } from '@node-rs/argon2'
import type { PasswordCost } from '../config.ts'
import { TooMany } from '../errors.ts'

/*
 * Passwords are hashed with argon2id (the default of the library), as they were typed: no trimming, no Unicode form.
 * A hash takes tens of milliseconds and megabytes, so only a few run at once and the rest wait their turn.
 */

const AT_ONCE = 2
const QUEUE = 50
let running = 0
const waiting: (() => void)[] = []

/** Runs when its turn comes. @throws TooMany when the queue is full. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= QUEUE) {
      throw new TooMany('Beaucoup de personnes se connectent en ce moment. Réessayez dans une minute.', 10)
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

/** The text to store for a password. @throws TooMany when too many hashes wait already. */
export function hashPassword(cost: PasswordCost, password: string): Promise<string> {
  return inTurn(() => hash(password, cost))
}

/**
 * Whether the password is the one of this hash. Without a hash (unknown log-in, account never activated) it takes the
 * same time and says no.
 * @throws TooMany when too many hashes wait already.
 */
export async function verifyPassword(
  cost: PasswordCost,
  stored: string | null,
  password: string,
): Promise<boolean> {
  const against = stored ?? (await dummy(cost))
  const right = await inTurn(() => verify(against, password))
  return right && stored !== null
}

/** Whether a hash was made with another cost than today's, and should be made again while the password is at hand. */
export function isOutdated(cost: PasswordCost, stored: string): boolean {
  const made = parseOptions(stored)
  return (
    made.memoryCost !== cost.memoryCost ||
    made.timeCost !== cost.timeCost ||
    made.parallelism !== cost.parallelism
  )
}

const dummies = new Map<string, Promise<string>>()

function dummy(cost: PasswordCost): Promise<string> {
  const key = `${cost.memoryCost},${cost.timeCost},${cost.parallelism}`
  let made = dummies.get(key)
  if (!made) dummies.set(key, (made = hash('nobody has this password', cost)))
  return made
}
