import { type Route, page } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import type { Db } from '../../kernel/db.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { type ElementListe, listEverything } from './queries.ts'
import { BASE, line } from './gestion-pages.ts'

function columns(organisme: Organisme): Column<ElementListe>[] {
  return [
    { titre: 'Dossier', largeur: 44, valeur: (row) => row.lieu.join(' / ') },
    { titre: 'Titre', largeur: 44, valeur: (row) => row.titre },
    { titre: 'Genre', valeur: (row) => line(row, organisme).libelle },
    { titre: 'Résumé', largeur: 50, valeur: (row) => row.resume },
    { titre: 'Adresse', largeur: 30, valeur: (row) => row.url },
    { titre: 'Pour', largeur: 40, valeur: (row) => line(row, organisme).pour },
    { titre: 'Modifié le', genre: 'jour', valeur: (row) => row.modifie_le },
    { titre: 'Retiré le', genre: 'jour', valeur: (row) => row.retire_le },
    { titre: 'Versions', genre: 'nombre', valeur: (row) => row.versions },
    { titre: 'Lecteurs', genre: 'nombre', valeur: (row) => row.lecteurs },
    { titre: 'Lectures', genre: 'nombre', valeur: (row) => row.lectures },
  ]
}

/** The whole tree as a list: where each thing stands, for whom, and whether it is read. */
export const exportation: Route[] = [
  page(`${BASE}.:format`, {
    can: 'gestion.espaces.manage',
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'espaces-documents',
        title: 'Espaces documents',
        columns: columns(ctx.organisme),
        batches: inOrderOfTheTree(ctx.db),
        note: { action: 'espaces.exportes', objet: 'espaces' },
      }),
  }),
]

const LOT = 1000

/** Read by id, some at a time; put in the order in which people look for things. */
async function* inOrderOfTheTree(db: Db): AsyncGenerator<readonly ElementListe[]> {
  const all: ElementListe[] = []
  for (let last: string | undefined; ;) {
    const rows = await listEverything(db, last, LOT)
    all.push(...rows)
    last = rows.at(-1)?.id
    if (rows.length < LOT) break
  }
  const place = ({ lieu, titre }: ElementListe) => [...lieu, titre].join('\u0000')
  yield all.sort((a, b) => place(a).localeCompare(place(b), 'fr'))
}
