import type { Seed } from './demo.ts'

/** What each module puts into the demo world, after the cast. */
export const contents: ((seed: Seed) => Promise<void>)[] = []
