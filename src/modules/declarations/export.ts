import type { Db } from '../../kernel/db.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import { type Declaration, STATUTS } from './declaration.ts'
import { type Question, listDeclarations } from './queries.ts'

type Ligne = Declaration

const chez = (row: Ligne, destinataire: string) =>
  row.suivis.find((suivi) => suivi.destinataire === destinataire)

/** What was sent for the clients of a firm, as a table. */
export const COLONNES: Column<Ligne>[] = [
  { titre: 'N° adhérent', valeur: (row) => row.adherent_numero },
  { titre: 'Adhérent', largeur: 34, valeur: (row) => row.adherent_nom },
  { titre: 'Formulaire', valeur: (row) => row.formulaire },
  { titre: 'Millésime', genre: 'nombre', valeur: (row) => row.millesime },
  { titre: 'Transmise le', genre: 'jour', valeur: (row) => row.transmise_le },
  { titre: 'Expéditeur', largeur: 24, valeur: (row) => row.expediteur },
  ...(['DGFiP', 'OGA', 'banque'] as const).map((destinataire): Column<Ligne> => ({
    titre: destinataire === 'banque' ? 'Banque' : destinataire,
    largeur: 24,
    valeur: (row) => {
      const suivi = chez(row, destinataire)
      return suivi && STATUTS[suivi.statut].libelle
    },
  })),
]

export function declarationBatches(db: Db, q: Question): AsyncGenerator<readonly Ligne[]> {
  return inBatches((last, size) =>
    listDeclarations(db, { ...q, apres: last?.id, avant: undefined, limit: size }),
  )
}
