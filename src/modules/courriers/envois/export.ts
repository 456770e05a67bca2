import { type Route, page } from '../../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../../kernel/tableur/export.ts'
import { type EnvoiCompte, listEnvoisGroupes } from './queries.ts'

const COLONNES: Column<EnvoiCompte>[] = [
  { titre: 'Modèle', largeur: 44, valeur: (row) => row.modele_nom },
  { titre: 'Exercice', valeur: (row) => row.exercice },
  { titre: 'Préparé le', genre: 'jour', valeur: (row) => row.cree_le },
  { titre: 'Par', largeur: 24, valeur: (row) => row.cree_nom },
  { titre: 'Confirmé le', genre: 'jour', valeur: (row) => row.confirme_le },
  { titre: 'À répondre avant le', genre: 'jour', valeur: (row) => row.a_repondre_avant },
  { titre: 'À envoyer', genre: 'nombre', valeur: (row) => row.prets },
  { titre: 'Envoyés', genre: 'nombre', valeur: (row) => row.envoyes },
  { titre: 'Écartés', genre: 'nombre', valeur: (row) => row.ecartes },
]

export const exportation: Route[] = [
  page('/gestion/courriers/envois.:format', {
    can: 'gestion.courriers.manage',
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'envois-groupes',
        title: 'Envois groupés',
        columns: COLONNES,
        batches: inBatches((last: EnvoiCompte | undefined, size) =>
          listEnvoisGroupes(ctx.db, { apres: last?.id }, size),
        ),
        note: { action: 'courriers.exportes', objet: 'courrier', detail: { liste: 'envois groupés' } },
      }),
  }),
]
