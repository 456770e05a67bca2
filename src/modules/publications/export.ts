import { type Ctx, type Reply, type Route, page } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { etatOf } from './etat.ts'
import { type Publication, type PublicationListee, listPublications } from './queries.ts'

const COLONNES: Column<PublicationListee>[] = [
  { titre: 'Campagne', largeur: 44, valeur: (row) => row.titre },
  { titre: 'Créée le', genre: 'jour', valeur: (row) => row.creee_le },
  { titre: 'Par', largeur: 24, valeur: (row) => row.createur },
  { titre: 'État', largeur: 28, valeur: (row) => etatOf(row).libelle },
  { titre: 'Exercice', valeur: (row) => row.exercice },
  { titre: 'Documents', genre: 'nombre', valeur: (row) => row.lignes },
  { titre: 'Publiés', genre: 'nombre', valeur: (row) => row.publiees },
  { titre: 'Publiée le', genre: 'jour', valeur: (row) => row.publiee_le },
]

/** The campaigns of a kind as a file. */
export function exportCampagnes(ctx: Ctx, source: Publication['source'], name: string): Promise<Reply> {
  return exportTable(ctx, {
    name,
    title: 'Campagnes',
    columns: COLONNES,
    batches: inBatches((last: PublicationListee | undefined, size) =>
      listPublications(ctx.db, source, { apres: last?.id }, size),
    ),
    note: { action: 'publications.exportees', objet: 'publications', detail: { source } },
  })
}

export const exportation: Route[] = [
  page('/gestion/publications.:format', {
    can: 'gestion.publications.manage',
    words: FORMATS,
    journal: true,
    run: (ctx) => exportCampagnes(ctx, 'depot', 'publications'),
  }),
]
