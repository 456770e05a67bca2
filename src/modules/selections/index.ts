import { z } from 'zod'
import { type Module, json, page } from '../../kernel/page.ts'
import { countSelection, listUnknown } from './queries.ts'
import { selectionFields } from './selection.ts'
import { phraseOf } from './shown.ts'

/** Adhérents chosen by profession, cabinet, exercice, state of the tracks: read by whoever writes to many. */
export const selections: Module = {
  name: 'selections',
  routes: [
    // For the script that counts while one chooses; without it the page of the form counts.
    page('/gestion/selections/compte', {
      can: 'gestion.adherents.read',
      query: z.object(selectionFields),
      run: async ({ db, query, today }) => {
        const [compte, unknown] = await Promise.all([
          countSelection(db, query, today),
          listUnknown(db, query),
        ])
        return json({ compte, phrase: phraseOf(compte, unknown) })
      },
    }),
  ],
}
