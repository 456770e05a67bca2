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
import * as m0090 from './0090_travaux.ts'
import * as m0091 from './0091_publications.ts'
import * as m0140 from './0140_comptes.ts'
import * as m0141 from './0141_reglages.ts'
import * as m0085 from './0085_reprises.ts'
import * as m0086 from './0086_demandes.ts'
import * as m0100 from './0100_modeles_courriers.ts'
import * as m0101 from './0101_courriers_suivis.ts'
import * as m0102 from './0102_relances.ts'
import * as m0103 from './0103_envois_courriers.ts'
import * as m0130 from './0130_imports.ts'
import * as m0131 from './0131_journal_en_lot.ts'
import * as m0150 from './0150_espaces.ts'
import * as m0151 from './0151_statistiques.ts'
import * as m0152 from './0152_actualites.ts'
import * as m0153 from './0153_formations.ts'
import * as m0110 from './0110_suivi.ts'
import * as m0111 from './0111_agendas.ts'
import * as m0120 from './0120_fec.ts'
import * as m0160 from './0160_journal.ts'
import * as m0170 from './0170_plateforme.ts'
import * as m0171 from './0171_file_d_attente.ts'
import * as m0180 from './0180_actualites_pour_des_cabinets.ts'
import * as m0181 from './0181_precisions_de_compte.ts'
import * as m0182 from './0182_fichiers_effaces.ts'
import * as m0189 from './0189_import_de_declarations.ts'
import * as m0183 from './0183_courriels_en_lot.ts'
import * as m0188 from './0188_invitations.ts'
import * as m0199 from './0199_comptes_de_la_plateforme.ts'
import * as m0190 from './0190_remplacement_retire.ts'
import * as m0191 from './0191_portefeuille_compte.ts'
import * as m0192 from './0192_fonctions_fermees.ts'

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
  ['0090_travaux', m0090],
  ['0120_fec', m0120],
  ['0091_publications', m0091],
  ['0140_comptes', m0140],
  ['0141_reglages', m0141],
  ['0085_reprises', m0085],
  ['0086_demandes', m0086],
  ['0100_modeles_courriers', m0100],
  ['0101_courriers_suivis', m0101],
  ['0102_relances', m0102],
  ['0103_envois_courriers', m0103],
  ['0130_imports', m0130],
  ['0131_journal_en_lot', m0131],
  ['0150_espaces', m0150],
  ['0151_statistiques', m0151],
  ['0152_actualites', m0152],
  ['0153_formations', m0153],
  ['0110_suivi', m0110],
  ['0111_agendas', m0111],
  ['0160_journal', m0160],
  ['0170_plateforme', m0170],
  ['0171_file_d_attente', m0171],
  ['0180_actualites_pour_des_cabinets', m0180],
  ['0181_precisions_de_compte', m0181],
  ['0183_courriels_en_lot', m0183],
  ['0188_invitations', m0188],
  ['0182_fichiers_effaces', m0182],
  ['0189_import_de_declarations', m0189],
  ['0199_comptes_de_la_plateforme', m0199],
  ['0190_remplacement_retire', m0190],
  ['0191_portefeuille_compte', m0191],
  ['0192_fonctions_fermees', m0192],
]
