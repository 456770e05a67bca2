import { Refusal } from '../../kernel/errors.ts'
import { TABLEAUX } from '../../kernel/files/allow-list.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { type Route, act, page, redirect } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { startEssai } from './essai.ts'
import { isOpen } from './etat.ts'
import { NouvelIndex } from './forms.ts'
import { A_CORRIGER, VERDICTS, type Verdict } from './ligne.ts'
import {
  type LigneMontree,
  insertFichier,
  listLignesBy,
  lockPublication,
  readPublication,
} from './queries.ts'

const can = 'gestion.publications.manage'

/** What the trial refused: as a file to correct, which then comes back as the index. */
export const routes: Route[] = [
  page('/gestion/publications/:id/a-corriger.:format', {
    can,
    words: FORMATS,
    journal: true,
    run: async (ctx) => {
      const publication = await readPublication(ctx.db, ctx.params.id!)
      return exportTable(ctx, {
        name: 'a-corriger',
        title: 'À corriger',
        columns: CORRECTION,
        batches: inBatches((last: LigneMontree | undefined, size) =>
          listLignesBy(ctx.db, publication.id, A_CORRIGER, last?.ordre ?? -1, size),
        ),
        note: { action: 'publication.a-corriger', objet: 'publication', objetId: publication.id },
      })
    },
  }),
  act('/gestion/publications/:id/index', {
    can,
    form: NouvelIndex,
    upload: { rule: TABLEAUX, maxFiles: 1 },
    rerender: '/gestion/publications/:id',
    run: async (ctx) => {
      const { db, params, files, note } = ctx
      const publication = await lockPublication(db, params.id!)
      if (publication.verifiee_le === null || !isOpen(publication))
        throw new Refusal('Cette campagne ne se corrige plus.')
      if (!files[0]) throw new Refusal('Choisissez l’index corrigé.', 'index')
      await insertFichier(db, publication.id, await storeFile(ctx, files[0]), 'index')
      await startEssai(db, publication.id, publication.titre, true)
      note({ action: 'publication.corrigee', objet: 'publication' })
      return redirect(`/gestion/publications/${publication.id}`, 'L’index est reçu. L’essai recommence.')
    },
  }),
]

const CORRECTION: Column<LigneMontree>[] = [
  { titre: 'Ligne', genre: 'nombre', valeur: (l) => l.ordre },
  { titre: 'Fichier', valeur: (l) => l.nom },
  { titre: 'N° adhérent', valeur: (l) => l.numero },
  { titre: 'Type', valeur: (l) => l.type },
  { titre: 'Exercice', valeur: (l) => (l.exercice === null ? '' : String(l.exercice)) },
  { titre: 'Titre', valeur: (l) => l.titre },
  { titre: 'Réponse attendue', valeur: (l) => (l.attend ? 'oui' : 'non') },
  { titre: 'Échéance', genre: 'jour', valeur: (l) => l.avant },
  { titre: 'Verdict', valeur: (l) => VERDICTS[l.verdict as Verdict]?.libelle ?? '' },
  { titre: 'Pourquoi', valeur: (l) => l.raison },
]
