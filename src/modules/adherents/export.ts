import { Readable } from 'node:stream'
import { csvLines } from '../../kernel/csv.ts'
import type { Db } from '../../kernel/db.ts'
import * as formats from '../../kernel/formats.ts'
import { sql } from '../../kernel/sql.ts'
import { COMPTES, type Question, etatCompte } from './liste.ts'
import { selectAdherents } from './queries.ts'

const HEADER = [
  'N°', 'Civilité', 'Nom ou dénomination', 'SIRET', 'Statut juridique', 'Catégorie', 'Régime fiscal', 'Professions',
  'Adresse professionnelle', 'Code postal', 'Commune', 'Téléphones', 'Adresse électronique', 'Cabinet',
  'Numéro de dossier', 'Adhérent depuis le', 'Départ le', 'Compte',
] // prettier-ignore

/** Rows read at once: memory and the event loop are shared with everybody's pages. */
const BATCH = 1000

interface Row {
  id: string
  numero: string
  civilite: string
  denomination: string
  siret: string
  statut_juridique: string
  categorie: string
  regime_fiscal: string
  professions: string[]
  adresse_professionnelle: string[]
  code_postal: string
  ville: string
  telephones: string[]
  courriel: string
  cabinet: string | null
  numero_dossier: string
  adhesion_le: string
  perte_qualite_le: string | null
  compte: { active_le: string | null; bloque_le: string | null } | null
}

const COLUMNS = sql`a.id, a.numero, a.civilite, a.denomination, a.siret, a.statut_juridique, a.categorie,
  a.regime_fiscal, a.professions, a.adresse_professionnelle, a.code_postal, a.ville, a.telephones, a.courriel,
  s.numero || ' ' || s.nom as cabinet, a.numero_dossier, a.adhesion_le, a.perte_qualite_le`

/**
 * The whole list as a table, for the question of the page. Read inside the transaction, sent after it: a slow
 * client keeps no connection of the database.
 */
export async function exportAdherents(db: Db, q: Question): Promise<{ body: Readable; count: number }> {
  const parts = [csvLines([HEADER], true)]
  let count = 0
  let apres: string | undefined
  for (;;) {
    const rows = await selectAdherents<Row>(db, COLUMNS, { ...q, apres, avant: undefined }, BATCH)
    parts.push(csvLines(rows.map(cells), false))
    count += rows.length
    apres = rows.at(-1)?.id
    if (rows.length < BATCH) return { body: Readable.from(parts), count }
  }
}

/** No-break spaces are for pages; a spreadsheet searches for the plain ones. */
const plain = (text: string) => text.replace(/\u00a0/g, ' ')

function cells(row: Row): (string | null)[] {
  return [
    row.numero, row.civilite, row.denomination, plain(formats.siret(row.siret)), row.statut_juridique, row.categorie,
    row.regime_fiscal, row.professions.join(', '), row.adresse_professionnelle.join(', '), row.code_postal, row.ville,
    row.telephones.map((phone) => plain(formats.telephone(phone))).join(', '), row.courriel, row.cabinet,
    row.numero_dossier, formats.date(row.adhesion_le), formats.date(row.perte_qualite_le),
    COMPTES[etatCompte(row.compte)].libelle,
  ] // prettier-ignore
}
