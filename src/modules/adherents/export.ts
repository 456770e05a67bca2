import type { Db } from '../../kernel/db.ts'
import * as formats from '../../kernel/formats.ts'
import { sql } from '../../kernel/sql.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import { COMPTES, type Question, etatCompte } from './liste.ts'
import { selectAdherents } from './queries.ts'

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

/** No-break spaces are for pages; a spreadsheet searches for the plain ones. */
const plain = (text: string) => text.replace(/\u00a0/g, ' ')

export const COLONNES: Column<Row>[] = [
  { titre: 'N°', valeur: (row) => row.numero },
  { titre: 'Civilité', valeur: (row) => row.civilite },
  { titre: 'Nom ou dénomination', largeur: 34, valeur: (row) => row.denomination },
  { titre: 'SIRET', largeur: 20, valeur: (row) => plain(formats.siret(row.siret)) },
  { titre: 'Statut juridique', valeur: (row) => row.statut_juridique },
  { titre: 'Catégorie', valeur: (row) => row.categorie },
  { titre: 'Régime fiscal', valeur: (row) => row.regime_fiscal },
  { titre: 'Professions', largeur: 30, valeur: (row) => row.professions.join(', ') },
  { titre: 'Adresse professionnelle', largeur: 40, valeur: (row) => row.adresse_professionnelle.join(' ; ') },
  { titre: 'Code postal', valeur: (row) => row.code_postal },
  { titre: 'Commune', largeur: 24, valeur: (row) => row.ville },
  {
    titre: 'Téléphones',
    largeur: 18,
    valeur: (row) => row.telephones.map((phone) => plain(formats.telephone(phone))).join(', '),
  },
  { titre: 'Adresse électronique', largeur: 34, valeur: (row) => row.courriel },
  { titre: 'Cabinet', largeur: 30, valeur: (row) => row.cabinet },
  { titre: 'Numéro de dossier', valeur: (row) => row.numero_dossier },
  { titre: 'Adhérent depuis le', genre: 'jour', valeur: (row) => row.adhesion_le },
  { titre: 'Départ le', genre: 'jour', valeur: (row) => row.perte_qualite_le },
  { titre: 'Compte', valeur: (row) => COMPTES[etatCompte(row.compte)].libelle },
]

/** The whole list, for the question of the page and in its order. */
export function allAdherents(db: Db, q: Question): AsyncGenerator<readonly Row[]> {
  return inBatches((last, size) =>
    selectAdherents<Row>(db, COLUMNS, { ...q, apres: last?.id, avant: undefined }, size),
  )
}
