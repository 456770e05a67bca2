import { Readable } from 'node:stream'
import { csvLines } from '../../kernel/csv.ts'
import type { Db } from '../../kernel/db.ts'
import * as formats from '../../kernel/formats.ts'
import { sql } from '../../kernel/sql.ts'
import { COMPTES, type Question, etatCompte } from './liste.ts'
import { type Ligne, listAdherents } from './queries.ts'

const HEADER = [
  'N°', 'Civilité', 'Nom ou dénomination', 'SIRET', 'Statut juridique', 'Catégorie', 'Régime fiscal', 'Professions',
  'Adresse professionnelle', 'Code postal', 'Commune', 'Téléphones', 'Adresse électronique', 'Cabinet',
  'Numéro de dossier', 'Adhérent depuis le', 'Départ le', 'Compte',
] // prettier-ignore

/** Rows read at once: memory and the event loop are shared with everybody's pages. */
const BATCH = 2000

/**
 * The whole list as a table, for the question of the page. Read inside the transaction, sent after it: a slow
 * client keeps no connection of the database.
 */
export async function exportAdherents(db: Db, q: Question): Promise<{ body: Readable; count: number }> {
  const parts = [csvLines([HEADER], true)]
  let count = 0
  let apres: string | undefined
  for (;;) {
    const rows = await listAdherents(db, { ...q, apres, avant: undefined }, BATCH)
    const details = await readDetails(
      db,
      rows.map((row) => row.id),
    )
    parts.push(
      csvLines(
        rows.map((row) => cells(row, details.get(row.id))),
        false,
      ),
    )
    count += rows.length
    apres = rows.at(-1)?.id
    if (rows.length < BATCH) return { body: Readable.from(parts), count }
  }
}

interface Detail {
  id: string
  siret: string
  statut_juridique: string
  regime_fiscal: string
  adresse_professionnelle: string[]
  code_postal: string
  telephones: string[]
  courriel: string
  numero_dossier: string
  adhesion_le: string
}

async function readDetails(db: Db, ids: readonly string[]): Promise<Map<string, Detail>> {
  const rows =
    await db.many<Detail>(sql`select id, siret, statut_juridique, regime_fiscal, adresse_professionnelle,
    code_postal, telephones, courriel, numero_dossier, adhesion_le from adherents where id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.id, row]))
}

/** No-break spaces are for pages; a spreadsheet searches for the plain ones. */
const plain = (text: string) => text.replace(/\u00a0/g, ' ')

function cells(row: Ligne, d: Detail | undefined): (string | null | undefined)[] {
  return [
    row.numero, row.civilite, row.denomination, plain(formats.siret(d?.siret)), d?.statut_juridique, row.categorie,
    d?.regime_fiscal, row.professions.join(', '), d?.adresse_professionnelle.join(', '), d?.code_postal, row.ville,
    d?.telephones.map((phone) => plain(formats.telephone(phone))).join(', '), d?.courriel,
    row.cabinet_numero === null ? '' : `${row.cabinet_numero} ${row.cabinet_nom ?? ''}`, d?.numero_dossier,
    formats.date(d?.adhesion_le), formats.date(row.perte_qualite_le), COMPTES[etatCompte(row.compte)].libelle,
  ] // prettier-ignore
}
