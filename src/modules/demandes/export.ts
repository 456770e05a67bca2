import type { Db } from '../../kernel/db.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import { shown } from './liste.ts'
import { type Demande, type Question, listDemandes } from './queries.ts'

type Ligne = ReturnType<typeof shown>

/** The inbox as a table. */
export const COLONNES: Column<Ligne>[] = [
  { titre: 'Reçue le', genre: 'jour', valeur: (row) => row.recue_le },
  { titre: 'Demande', largeur: 24, valeur: (row) => row.libelleGenre },
  { titre: 'Sujet', largeur: 50, valeur: (row) => row.sujet },
  { titre: 'N°', valeur: (row) => row.numero },
  { titre: 'De', largeur: 34, valeur: (row) => row.nom },
  { titre: 'État', largeur: 20, valeur: (row) => row.etatDit.libelle },
  { titre: 'Confiée à', largeur: 24, valeur: (row) => row.assignee_nom },
  { titre: 'Traitée le', genre: 'jour', valeur: (row) => row.close_le },
]

export async function* demandeBatches(db: Db, q: Question): AsyncGenerator<readonly Ligne[]> {
  const batches = inBatches((last: Demande | undefined, size) =>
    listDemandes(db, { ...q, apres: last?.id, avant: undefined, limit: size }),
  )
  for await (const rows of batches) yield rows.map(shown)
}
