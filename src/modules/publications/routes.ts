import { z } from 'zod'
import { Refusal } from '../../kernel/errors.ts'
import { CAMPAGNE, TABLEAUX } from '../../kernel/files/allow-list.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { nombre, pluriel } from '../../kernel/formats.ts'
import {
  type Ctx,
  type ReceivedFile,
  type Route,
  type SignedIn,
  act,
  page,
  redirect,
  view,
} from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { readTravail } from '../../kernel/travaux/queries.ts'
import { showTravail } from '../../kernel/travaux/shown.ts'
import { startEssai, namedBy } from './essai.ts'
import { etatOf } from './etat.ts'
import { Cadence, Confirmation, NouvelIndex, Nouvelle } from './forms.ts'
import { GENRES_LIGNE, LIBELLES_GENRE, VERDICTS, VERDICT_NAMES, type Verdict } from './ligne.ts'
import { parseMotif } from './motif.ts'
import { startPublication } from './publication.ts'
import { publicationAt } from './quand.ts'
import {
  type LigneMontree, type NewLigne, type Publication, countVerdicts, dropArchive, insertFichier, insertLignes,
  insertPublication, listFichiers, listLignesBy, listMotifs, listPublications, lockPublication, readBilan,
  readPublication, readReglages, rememberMotif, saveReglages,
} from './queries.ts' // prettier-ignore

const can = 'gestion.publications.manage'
const MAX_PDFS = 100
const PAR_PAGE = 100
const PUBLIABLES: readonly Verdict[] = ['pret', 'parti']
/** What the file to correct holds. */
const A_CORRIGER = VERDICT_NAMES.filter((v) => !PUBLIABLES.includes(v) && v !== 'deja')

export const GENRES = GENRES_LIGNE.map((valeur) => ({ valeur, libelle: LIBELLES_GENRE[valeur] }))

export const routes: Route[] = [
  page('/gestion/publications', {
    can,
    run: async ({ db }) => {
      const publications = await listPublications(db, 'depot', 100)
      return view('publications/liste', {
        publications: publications.map((p) => ({ ...p, etat: etatOf(p) })),
        source: 'depot',
      })
    },
  }),
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
  page('/gestion/publications/reglages', {
    can,
    run: async ({ db }) => {
      const { par_minute, delai_minutes } = await readReglages(db)
      return view('publications/reglages', {
        parMinute: par_minute,
        delaiMinutes: delai_minutes,
        breadcrumb: [
          { libelle: 'Publications', url: '/gestion/publications' },
          { libelle: 'Cadence des courriels' },
        ],
      })
    },
  }),
  act('/gestion/publications/reglages', {
    can,
    form: Cadence,
    run: async ({ db, form, note }) => {
      await saveReglages(db, { par_minute: form.parMinute, delai_minutes: form.delaiMinutes })
      note({ action: 'publication.cadence', objet: 'publication', detail: { ...form } })
      return redirect('/gestion/publications', 'La cadence des courriels est enregistrée.')
    },
  }),
  page('/gestion/publications/:id', { can, run: showPublication }),
  page('/gestion/publications/:id/lignes', {
    can,
    query: z.object({
      verdict: z.enum(['', ...VERDICT_NAMES, 'echec']).catch(''),
      apres: z.coerce.number().int().min(0).catch(0),
    }),
    run: async ({ db, params, query }) => {
      const publication = await readPublication(db, params.id!)
      const { verdict, apres } = query
      const [rows, verdicts] = await Promise.all([
        listLignesBy(db, publication.id, verdict === '' ? [] : [verdict], apres, PAR_PAGE + 1),
        countVerdicts(db, publication.id),
      ])
      const lignes = rows.slice(0, PAR_PAGE)
      return view('publications/lignes', {
        publication,
        lignes: lignes.map(showLigne),
        verdict,
        choix: choicesOf(verdicts),
        suivante: rows.length > PAR_PAGE ? lignes.at(-1)!.ordre : null,
        breadcrumb: [...crumbs(publication), { libelle: 'Lignes' }],
      })
    },
  }),
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
      if (publication.verifiee_le === null || !open(publication))
        throw new Refusal('Cette campagne ne se corrige plus.')
      if (!files[0]) throw new Refusal('Choisissez l’index corrigé.', 'index')
      await insertFichier(db, publication.id, await storeFile(ctx, files[0]), 'index')
      await startEssai(db, publication.id, publication.titre, true)
      note({ action: 'publication.corrigee', objet: 'publication' })
      return redirect(`/gestion/publications/${publication.id}`, 'L’index est reçu. L’essai recommence.')
    },
  }),
  act('/gestion/publications/:id/confirmation', {
    can,
    form: Confirmation,
    rerender: '/gestion/publications/:id',
    run: async ({ db, params, form, now, user, note }) => {
      const publication = await lockPublication(db, params.id!)
      if (publication.confirmee_le !== null) throw new Refusal('Cette campagne est déjà confirmée.')
      if (publication.annulee_le !== null) throw new Refusal('Cette campagne est abandonnée.')
      if (publication.verifiee_le === null) throw new Refusal('Attendez la fin de l’essai.')
      if (form.quand === 'plus_tard') throw new Refusal('Choisissez quand publier.', 'quand')
      const at = publicationAt(form, now)
      const kept = form.avecPartis ? PUBLIABLES : ['pret']
      const n = await db.run(sql`update publication_lignes set retenue_le = now()
        where publication_id = ${publication.id} and verdict = any(${kept})`)
      if (n === 0) throw new Refusal('Aucun document n’est prêt à être publié.')
      await db.run(sql`update publications set confirmee_le = now(), confirmee_par = ${user.id},
        avec_partis = ${form.avecPartis}, prevenir = ${form.prevenir}, publier_le = ${at?.toISOString() ?? null}::timestamptz
        where id = ${publication.id}`)
      await startPublication(db, publication, `/gestion/publications/${publication.id}`)
      note({
        action: 'publication.confirmee',
        objet: 'publication',
        detail: { documents: n, publier_le: at },
      })
      return redirect(
        `/gestion/publications/${publication.id}`,
        `${pluriel(n, 'document va être publié', 'documents vont être publiés')}${at ? ' à l’heure prévue' : ''}.`,
      )
    },
  }),
  act('/gestion/publications/:id/abandon', {
    can,
    rerender: '/gestion/publications/:id',
    run: async ({ db, params, user, note }) => {
      const publication = await lockPublication(db, params.id!)
      if (!open(publication)) throw new Refusal('Cette campagne est confirmée : annulez le travail en cours.')
      await db.run(
        sql`update publications set annulee_le = now(), annulee_par = ${user.id} where id = ${publication.id}`,
      )
      await dropArchive(db, publication.id)
      note({ action: 'publication.abandonnee', objet: 'publication' })
      return redirect('/gestion/publications', 'La campagne est abandonnée. Rien n’a été publié.')
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

async function showPublication({ db, params, now }: Ctx & SignedIn) {
  const publication = await readPublication(db, params.id!)
  const travailId = publication.travail_id ?? publication.essai_id
  const [travail, verdicts, bilan, fichiers, reglages] = await Promise.all([
    travailId === null ? null : readTravail(db, travailId),
    countVerdicts(db, publication.id),
    readBilan(db, publication.id),
    listFichiers(db, publication.id),
    readReglages(db),
  ])
  const aCorriger = A_CORRIGER.reduce((sum, v) => sum + (verdicts[v] ?? 0), 0)
  return view('publications/publication', {
    publication,
    etat: etatOf(publication),
    ouverte: open(publication),
    travail: travail && showTravail(travail, now),
    verdicts: choicesOf(verdicts).slice(1),
    compte: verdicts,
    aCorriger,
    bilan,
    fichiers: fichiers.filter((f) => f.genre !== 'pdf'),
    pdfs: fichiers.filter((f) => f.genre === 'pdf').length,
    reglages,
    tableaux: TABLEAUX,
    genre: publication.genre && LIBELLES_GENRE[publication.genre],
    breadcrumb: crumbs(publication).map((c, i, all) => (i === all.length - 1 ? { libelle: c.libelle } : c)),
  })
}

const open = (p: Publication) => p.confirmee_le === null && p.annulee_le === null

function crumbs(p: Publication): { libelle: string; url: string }[] {
  const root =
    p.source === 'depot'
      ? { libelle: 'Publications', url: '/gestion/publications' }
      : { libelle: 'Documents en nombre', url: '/gestion/emissions' }
  return [root, { libelle: p.titre, url: `/gestion/publications/${p.id}` }]
}

function choicesOf(counts: Partial<Record<Verdict | 'a_verifier', number>>) {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0)
  const some = VERDICT_NAMES.filter((v) => (counts[v] ?? 0) > 0)
  return [
    { valeur: '', libelle: 'Toutes', compte: total, genre: 'neutre', aide: '' },
    ...some.map((v) => ({ valeur: v, compte: counts[v]!, ...VERDICTS[v] })),
  ]
}

function showLigne(l: LigneMontree) {
  const verdict = VERDICTS[l.verdict as Verdict] as { libelle: string; genre: string } | undefined
  return {
    ...l,
    libelle: verdict?.libelle ?? 'À vérifier',
    couleur: verdict?.genre ?? 'neutre',
    genreLibelle: l.genre === null ? l.type : LIBELLES_GENRE[l.genre],
  }
}
