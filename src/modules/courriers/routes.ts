import { z } from 'zod'
import { Refusal } from '../../kernel/errors.ts'
import { downloadable } from '../../kernel/files/store.ts'
import { plusieurs, uuid } from '../../kernel/forms.ts'
import { pluriel } from '../../kernel/formats.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import {
  type Ctx, type Reply, type Route, type SignedIn, act, file, page, stream, view,
} from '../../kernel/page.ts' // prettier-ignore
import { LIBELLES, awaitsAnswer, coteOf, intituleOf, marqueCopie, marqueReponse } from './courrier.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { COLONNES, courrierBatches } from './export.ts'
import { makeDuplicata, pdfNameOf } from './duplicata.ts'
import { LIBELLES_TRI, TRIS, question, requeteDe } from './liste.ts'
import { type Ligne, PLAFOND_COMPTE, countListed, listCourriers } from './liste-queries.ts'
import {
  type Question, listEnvois, listQuestions, listRelances, markRead, readCourrier,
} from './queries.ts' // prettier-ignore
import { findBrouillon } from './reponses/brouillons.ts'
import { listReponses } from './reponses/queries.ts'
import { pastille } from './reponses/reponse.ts'
import { routes as reponses } from './reponses/routes.ts'
import { scopeOf } from './scope.ts'
import { countPending, titulaireOf } from '../validations/queries.ts'
import { MAX_FICHIERS, checkEntrees, zipOf } from './zip.ts'

const PAR_PAGE = 25
const Choix = z.strictObject({ courrier: plusieurs(uuid, MAX_FICHIERS + 1) })

export const routes: Route[] = [
  page('/courriers', { can: 'courriers.read', query: question, run: (ctx) => list(ctx, false) }),
  page('/courriers.:format', {
    can: 'courriers.read',
    stepUp: true,
    query: question,
    words: FORMATS,
    journal: true,
    run: (ctx) => exported(ctx, false),
  }),
  page('/courriers/archives.:format', {
    can: 'courriers.read',
    stepUp: true,
    query: question,
    words: FORMATS,
    journal: true,
    run: (ctx) => exported(ctx, true),
  }),
  page('/courriers/archives', { can: 'courriers.read', query: question, run: (ctx) => list(ctx, true) }),
  act('/courriers/telechargement', {
    can: 'courriers.read',
    stepUp: true,
    form: Choix,
    rerender: '/courriers',
    run: downloadSeveral,
  }),
  page('/courriers/:id', { can: 'courriers.read', journal: true, run: open }),
  page('/courriers/:id/pdf', { can: 'courriers.read', journal: true, run: (ctx) => paper(ctx, true) }),
  page('/courriers/:id/duplicata', { can: 'courriers.read', journal: true, run: (ctx) => paper(ctx, false) }),
  ...reponses,
]

type Listing = Ctx<undefined, z.output<typeof question>> & SignedIn

/** The list, with its filters and its order, as a file. */
function exported(ctx: Listing, archives: boolean): Promise<Reply> {
  const { db, user, query } = ctx
  const q = archives && query.tri !== 'anciens' ? { ...query, tri: 'recents' as const } : query
  return exportTable(ctx, {
    name: archives ? 'courriers-archives' : 'courriers',
    title: 'Courriers',
    columns: COLONNES,
    batches: courrierBatches(db, { scope: scopeOf(user), archives, q }),
    note: { action: 'courriers.exportes', objet: 'courriers', detail: { archives, ...requeteDe(q) } },
  })
}

async function list({ db, user, query, today }: Listing, archives: boolean): Promise<Reply> {
  const scope = scopeOf(user)
  // The archives are long: they are read by date.
  const q = archives && query.tri !== 'anciens' ? { ...query, tri: 'recents' as const } : query
  const ask = { scope, archives, q, limit: PAR_PAGE + 1 }
  const [rows, total, titulaire] = await Promise.all([
    listCourriers(db, ask),
    countListed(db, ask),
    user.role === 'collaborateur' ? titulaireOf(db) : undefined,
  ])
  const path = archives ? '/courriers/archives' : '/courriers'
  const requete = requeteDe(q)
  const { lignes, pager } = keysetPage({
    rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path, query: requete, total,
    ...(archives ? { plafond: PLAFOND_COMPTE } : {}), nom: 'courriers',
  }) // prettier-ignore
  const suppleance = titulaire ? { titulaire, total: await countPending(db) } : null
  return view('courriers/liste', {
    archives,
    suppleance,
    cote: scope.cote,
    courriers: lignes.map((row) => shown(row, scope.cote, today)),
    tris: (archives ? (['anciens', 'recents'] as const) : TRIS).map((cle) => ({
      cle,
      libelle: LIBELLES_TRI[cle],
    })),
    tri: q.tri,
    requete,
    pager,
    cherche: q.numero !== '' || q.nom !== '',
  })
}

function shown(row: Ligne, cote: 'adherent' | 'cabinet', today: string) {
  const attend = awaitsAnswer(row)
  const mine = row.destinataire === cote
  return {
    ...row,
    intitule: intituleOf(row),
    nonLu: row.lu_le === null,
    aRepondre: attend && mine && !row.a_valider,
    enRetard: attend && mine && row.a_repondre_avant! < today,
    reponse: marqueReponse(row, cote),
    copie: row.adherent_id === null ? null : marqueCopie(row.destinataire, cote),
  }
}

async function open({ db, user, params, note }: Ctx & SignedIn): Promise<Reply> {
  const courrier = await readCourrier(db, params.id!)
  await markRead(db, user, courrier.id)
  const cote = coteOf(user.role)
  const [questions, envois, relances, answers, brouillon] = await Promise.all([
    listQuestions(db, courrier.id),
    listEnvois(db, courrier.id),
    listRelances(db, courrier.id),
    listReponses(db, courrier.id),
    findBrouillon(db, courrier.id),
  ])
  note({ action: 'courrier.ouvert', objet: 'courrier', adherentId: courrier.adherent_id })
  const pending = answers.find((r) => r.transmise_le === null && r.rejetee_le === null)
  return view('courriers/courrier', {
    courrier,
    type: LIBELLES[courrier.genre],
    copie: courrier.adherent_id === null ? null : marqueCopie(courrier.destinataire, cote),
    questions,
    intitule: demandesEnBref(questions),
    envois,
    relances: relances.map((r) => ({ ...r, type: LIBELLES[r.genre] })),
    reponses: answers.map((r) => ({ ...r, etat: pastille(r) })),
    attend: awaitsAnswer(courrier),
    peutRepondre: awaitsAnswer(courrier) && courrier.destinataire === cote && !pending,
    enValidation: pending !== undefined,
    brouillon,
    breadcrumb: [{ libelle: 'Nouveaux courriers', url: '/courriers' }, { libelle: LIBELLES[courrier.genre] }],
  })
}

/** « 3 pièces demandées, 1 reçue », « 2 questions ». */
function demandesEnBref(questions: readonly Question[]): string {
  const pieces = questions.filter((q) => q.nature === 'piece')
  const n = questions.length - pieces.length
  const received = pieces.filter((q) => q.satisfaite_le !== null || q.repondue_le !== null).length
  return [
    n > 0 ? pluriel(n, 'question', 'questions') : '',
    pieces.length > 0
      ? `${pluriel(pieces.length, 'pièce demandée', 'pièces demandées')}, ${pluriel(received, 'reçue', 'reçues')}`
      : '',
  ]
    .filter(Boolean)
    .join(' et ')
}

/** Its own PDF when it came with one, else the letter made from what it says. */
async function paper(ctx: Ctx & SignedIn, inline: boolean): Promise<Reply> {
  const { db, user, params, organisme, today, note } = ctx
  const courrier = await readCourrier(db, params.id!)
  await markRead(db, user, courrier.id)
  note({ action: 'courrier.pdf', objet: 'courrier', adherentId: courrier.adherent_id })
  if (courrier.cle !== null) {
    const stored = courrier as Parameters<typeof file>[0] & { antivirus: string }
    downloadable(stored)
    return file(stored, { inline })
  }
  const questions = await listQuestions(db, courrier.id)
  const bytes = await makeDuplicata(courrier, questions, organisme, today)
  return stream(bytes, 'application/pdf', pdfNameOf(courrier), inline)
}

/** Several courriers as one archive: each is a reading, kept and journaled one by one. */
async function downloadSeveral(ctx: Ctx<z.output<typeof Choix>> & SignedIn): Promise<Reply> {
  const { db, user, form, organisme, today, now, services, note } = ctx
  const ids = [...new Set(form.courrier)]
  if (ids.length === 0) throw new Refusal('Cochez au moins un courrier à télécharger.')
  if (ids.length > MAX_FICHIERS)
    throw new Refusal(`Choisissez ${MAX_FICHIERS} courriers au plus pour un même téléchargement.`)
  const found = await Promise.all(ids.map((id) => Promise.all([readCourrier(db, id), listQuestions(db, id)])))
  const entrees = found.map(([c, questions]) => ({
    nom: `${c.adherent_numero ?? c.structure_numero ?? ''} - ${pdfNameOf(c)}`,
    publieLe: c.publie_le ?? now.toISOString(),
    fichier: c.cle === null ? null : { cle: c.cle, nom: c.nom!, taille: c.taille!, antivirus: c.antivirus! },
    make: () => makeDuplicata(c, questions, organisme, today),
  }))
  checkEntrees(entrees)
  for (const [courrier] of found) {
    await markRead(db, user, courrier.id)
    const { id: objetId, adherent_id: adherentId, numero } = courrier
    note({ action: 'courrier.telecharge', objet: 'courrier', objetId, adherentId, detail: { numero } })
  }
  return stream(zipOf(services, entrees), 'application/zip', `Courriers du ${today}.zip`)
}
