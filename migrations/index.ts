import type { Knex } from 'knex'
import * as m0001 from './0001_socle.ts'
import * as m0002 from './0002_acces.ts'
import * as m0005 from './0005_courriels.ts'
import * as m0010 from './0010_actualites.ts'
import * as m0011 from './0011_formations.ts'
import * as m0012 from './0012_transferts.ts'
import * as m0020 from './0020_coordonnees.ts'
import * as m0021 from './0021_demandes_de_compte.ts'
import * as m0022 from './0022_adherents.ts'
import * as m0030 from './0030_clotures.ts'
import * as m0040 from './0040_plateforme.ts'
import * as m0041 from './0041_gestion.ts'
import * as m0050 from './0050_courriers.ts'
import * as m0060 from './0060_clients.ts'
import * as m0061 from './0061_cabinet.ts'
import * as m0062 from './0062_messages.ts'
import * as m0063 from './0063_declarations.ts'
import * as m0070 from './0070_supervision.ts'
import * as m0080 from './0080_vitesse.ts'
import * as m0081 from './0081_portefeuille.ts'

export interface Migration {
  up(knex: Knex): Promise<void>
}

/** In order, by name without extension: the same list under tsx, vitest and a build. */
export const migrations: [name: string, migration: Migration][] = [
  ['0001_socle', m0001],
  ['0002_acces', m0002],
  ['0005_courriels', m0005],
  ['0010_actualites', m0010],
  ['0011_formations', m0011],
  ['0012_transferts', m0012],
  ['0020_coordonnees', m0020],
  ['0021_demandes_de_compte', m0021],
  ['0022_adherents', m0022],
  ['0030_clotures', m0030],
  ['0040_plateforme', m0040],
  ['0041_gestion', m0041],
  ['0050_courriers', m0050],
  ['0060_clients', m0060],
  ['0061_cabinet', m0061],
  ['0062_messages', m0062],
  ['0063_declarations', m0063],
  ['0070_supervision', m0070],
  ['0080_vitesse', m0080],
  ['0081_portefeuille', m0081],
]
