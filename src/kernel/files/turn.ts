import { setImmediate as nextTurn } from 'node:timers/promises'

/** Two cores' worth; a third file waits. */
const AT_ONCE = 2
const waiting: (() => void)[] = []
let running = 0

/** Runs the work when fewer than two others run, in the order of the calls. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running += 1
  else await new Promise<void>((start) => waiting.push(start))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // The place passes straight on, so that nobody slips in between.
    if (next) next()
    else running -= 1
  }
}

/** How long a file may hold the process before others get their turn. */
const HOLD_MS = 15

/** A function to await in a long loop: it lets the other requests through when it is time to. */
export function pacer(): () => Promise<void> | undefined {
  let since = performance.now()
  let calls = 0
  return () => {
    calls += 1
    // Reading the clock costs more than a step of the loop.
    if (calls % 256 !== 0 || performance.now() - since < HOLD_MS) return undefined
    return nextTurn().then(() => {
      since = performance.now()
    })
  }
}
