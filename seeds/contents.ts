import { seedCoordonnees } from './coordonnees.ts'
import { seedClotures } from './clotures.ts'
import type { Seed } from './demo.ts'
import { seedPapiers } from './papiers.ts'

/** What each module puts into the demo world, after the cast. */
export const contents: ((seed: Seed) => Promise<void>)[] = [seedClotures, seedPapiers, seedCoordonnees]
