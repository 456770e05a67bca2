import { seedActualites } from './actualites.ts'
import { seedCourriers } from './courriers.ts'
import { seedClients } from './clients.ts'
import { seedAffectations } from './affectations.ts'
import { seedCoordonnees } from './coordonnees.ts'
import { seedClotures } from './clotures.ts'
import { seedDemandesDeCompte } from './demandes-de-compte.ts'
import type { Seed } from './demo.ts'
import { seedEspaces } from './espaces.ts'
import { seedFormations } from './formations.ts'
import { seedMentions } from './mentions.ts'
import { seedPapiers } from './papiers.ts'
import { seedRelances } from './relances.ts'
import { seedSuivi } from './suivi.ts'
import { seedStatistiques } from './statistiques.ts'
import { seedTransferts } from './transferts.ts'

/** What each module puts into the demo world, after the cast. */
export const contents: ((seed: Seed) => Promise<void>)[] = [
  seedAffectations,
  seedClotures,
  seedPapiers,
  seedSuivi,
  seedCoordonnees,
  seedDemandesDeCompte,
  seedActualites,
  seedFormations,
  seedEspaces,
  seedStatistiques,
  seedTransferts,
  seedCourriers,
  seedRelances,
  seedClients,
  seedMentions,
]
