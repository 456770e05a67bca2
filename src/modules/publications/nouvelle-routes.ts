import { Refusal } from '../../kernel/errors.ts'
import { CAMPAGNE } from '../../kernel/files/allow-list.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { nombre } from '../../kernel/formats.ts'
import { type ReceivedFile, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { namedBy, startEssai } from './essai.ts'
import { Nouvelle } from './forms.ts'
import { GENRES_LIGNE, LIBELLES_GENRE } from './ligne.ts'
import { parseMotif } from './motif.ts'
import {
  type NewLigne, insertFichier, insertLignes, insertPublication, listMotifs, rememberMotif,
} from './queries.ts' // prettier-ignore

const can = 'gestion.publications.manage'
const MAX_PDFS = 100
/** The columns of an index, in the words that the form and the file to correct use. */
const INDEX = ['Fichier', 'N° adhérent', 'Type', 'Exercice', 'Titre', 'Réponse attendue', 'Échéance'] as const
const GENRES = GENRES_LIGNE.map((valeur) => ({ valeur, libelle: LIBELLES_GENRE[valeur] }))

/** A new campaign: its files are received, then tried; nothing is published. */
export const routes: Route[] = [
  page('/gestion/publications/nouvelle', {
    can,
    run: async ({ db }) =>
      view('publications/nouvelle', {
        genres: GENRES,
        motifs: await listMotifs(db),
        regle: CAMPAGNE,
        breadcrumb: [{ libelle: 'Publications', url: '/gestion/publications' }, { libelle: 'Nouvelle' }],
      }),
  }),
  page('/gestion/publications/modele.:format', {
    can,
    words: FORMATS,
    journal: false,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'index-de-publication',
        title: 'Index',
        columns: INDEX.map((titre) => ({ titre, valeur: () => '' })),
        batches: inBatches<never>(() => Promise.resolve([])),
        note: { action: 'publication.modele', objet: 'publication' },
      }),
  }),
  act('/gestion/publications/nouvelle', {
    can,
    form: Nouvelle,
    upload: { rule: CAMPAGNE, maxFiles: MAX_PDFS + 1 },
    run: async (ctx) => {
      const { db, form, files, note } = ctx
      const received = sortFiles(files)
      if (received.index === undefined && form.motif === '')
        throw new Refusal('Sans index, indiquez comment lire le nom des fichiers.', 'motif')
      const motif = form.motif === '' ? undefined : parseMotif(form.motif)
      const exercice = form.exercice === '' ? null : Number(form.exercice)
      const id = await insertPublication(db, {
        ...form,
        source: 'depot',
        genre: form.genre || null,
        exercice,
      })
      if (form.motif !== '') await rememberMotif(db, form.motif)
      const keep = async (file: ReceivedFile, genre: 'archive' | 'index' | 'pdf') =>
        insertFichier(db, id, await storeFile(ctx, file), genre)
      if (received.archive) await keep(received.archive, 'archive')
      if (received.index) await keep(received.index, 'index')
      const lignes: NewLigne[] = []
      for (const [i, pdf] of received.pdfs.entries()) {
        const about = { nom: pdf.name, taille: pdf.size, sha256: pdf.sha256 }
        const named = namedBy(pdf.name, motif, received.index !== undefined)
        lignes.push({ ordre: i + 1, source_id: await keep(pdf, 'pdf'), ...about, ...named })
      }
      await insertLignes(db, id, lignes)
      await startEssai(db, id, form.titre, false)
      note({
        action: 'publication.deposee',
        objet: 'publication',
        objetId: id,
        detail: { fichiers: files.length },
      })
      return redirect(
        `/gestion/publications/${id}`,
        'Les fichiers sont reçus. L’essai commence : rien n’est publié.',
      )
    },
  }),
]

interface Sorted {
  archive?: ReceivedFile
  index?: ReceivedFile
  pdfs: ReceivedFile[]
}

/** One zip, or PDFs; and one index at most. @throws Refusal */
function sortFiles(files: readonly ReceivedFile[]): Sorted {
  const of = (...extensions: string[]) => files.filter((f) => extensions.includes(f.extension))
  const [archives, pdfs, indexes] = [of('zip'), of('pdf'), of('csv', 'xlsx')]
  if (archives.length + pdfs.length === 0)
    throw new Refusal('Choisissez un zip de PDF, ou des PDF.', 'fichiers')
  if (archives.length > 1) throw new Refusal('Déposez un seul zip à la fois.', 'fichiers')
  if (archives.length === 1 && pdfs.length > 0)
    throw new Refusal('Déposez un zip, ou des PDF, mais pas les deux ensemble.', 'fichiers')
  if (pdfs.length > MAX_PDFS)
    throw new Refusal(`Au-delà de ${nombre(MAX_PDFS)} PDF, mettez-les dans un zip.`, 'fichiers')
  if (indexes.length > 1) throw new Refusal('Déposez un seul index à la fois.', 'index')
  return { ...(archives[0] && { archive: archives[0] }), ...(indexes[0] && { index: indexes[0] }), pdfs }
}
