import { type Route, page } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { question, requeteDe } from './liste.ts'
import { type Ligne, listComptes } from './queries.ts'
import { LISTE, line } from './shown.ts'

function columns(today: string): Column<Ligne>[] {
  return [
    { titre: 'Nom', largeur: 40, valeur: (row) => row.nom },
    { titre: 'Identifiant', largeur: 24, valeur: (row) => row.login },
    { titre: 'Adresse électronique', largeur: 36, valeur: (row) => row.courriel },
    { titre: 'Rôle', largeur: 16, valeur: (row) => line(row, today).libelleRole },
    { titre: 'Cabinet', valeur: (row) => row.cabinet },
    { titre: 'État', largeur: 16, valeur: (row) => line(row, today).etat.libelle },
    { titre: 'Deux étapes', valeur: (row) => (row.facteur ? 'oui' : 'non') },
    { titre: 'Activé le', genre: 'jour', valeur: (row) => row.active_le },
    { titre: 'Dernière connexion', genre: 'jour', valeur: (row) => row.derniere_connexion_le },
  ]
}

/** The list of accounts as a file, with the filters and the order of the page. */
export const exportation: Route[] = [
  page(`${LISTE}.:format`, {
    can: 'gestion.comptes.manage',
    stepUp: true,
    query: question,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'comptes',
        title: 'Comptes',
        columns: columns(ctx.today),
        batches: inBatches((last: Ligne | undefined, size) =>
          listComptes(ctx.db, { ...ctx.query, apres: last?.id, avant: undefined }, size),
        ),
        note: { action: 'comptes.exportes', objet: 'compte', detail: requeteDe(ctx.query) },
      }),
  }),
]
