import { type Route, page } from '../../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../../kernel/tableur/export.ts'
import { type RelanceEnvoyee, listSent } from './queries.ts'
import { LIBELLES_RANG } from './regles.ts'

const COLONNES: Column<RelanceEnvoyee>[] = [
  { titre: 'Relance', largeur: 20, valeur: (row) => LIBELLES_RANG[row.rang] },
  { titre: 'N°', valeur: (row) => row.relance_numero },
  { titre: 'Envoyée le', genre: 'jour', valeur: (row) => row.jour },
  { titre: 'Par', largeur: 24, valeur: (row) => row.par_nom ?? (row.automatique ? 'automatique' : '') },
  { titre: 'Courrier', largeur: 44, valeur: (row) => row.objet },
  { titre: 'N° du courrier', valeur: (row) => row.courrier_numero },
  { titre: 'N° adhérent', valeur: (row) => row.adherent_numero },
  { titre: 'Nom', largeur: 40, valeur: (row) => row.adherent_nom },
  { titre: 'Répondu le', genre: 'jour', valeur: (row) => row.repondu_le },
  { titre: 'Clos le', genre: 'jour', valeur: (row) => row.clos_le },
]

export const exportation: Route[] = [
  page('/gestion/relances/envoyees.:format', {
    can: 'gestion.relances.manage',
    stepUp: true,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'relances',
        title: 'Relances envoyées',
        columns: COLONNES,
        batches: inBatches((last: RelanceEnvoyee | undefined, size) =>
          listSent(ctx.db, { apres: last?.id }, size),
        ),
        note: { action: 'courriers.exportes', objet: 'courrier', detail: { liste: 'relances' } },
      }),
  }),
]
