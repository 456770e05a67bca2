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
