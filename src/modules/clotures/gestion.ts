import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { DOCUMENTS } from '../../kernel/files/allow-list.ts'
import { storeBytes, storeFile } from '../../kernel/files/store.ts'
import { type Ctx, type Route, type SignedIn, act, page, redirect, stream, view } from '../../kernel/page.ts'
import { issue, publish } from '../documents/acts.ts'
import type { Genre } from '../documents/document.ts'
import { lockDocument, nextNumber } from '../documents/queries.ts'
import { GENRES_IN_PATH, GENRE_OF, type GenreInPath, couvertureOf, mayIssue } from './emission.ts'
import { etapes } from './etapes.ts'
import { Depot, Emission } from './forms.ts'
import { gestionCarte } from './gestion-carte.ts'
import { makePaper } from './papiers.ts'
import { current, titlesOf } from './presentation.ts'
import { listClotures, lockCloture, readAdherent, readCloture, readRegles } from './queries.ts'

const words = { genre: GENRES_IN_PATH }

export const gestion: Route[] = [
  ...etapes,
  page('/gestion/adherents/:id/clotures', {
    can: 'gestion.clotures.manage',
    run: async ({ db, params, today }) => {
      const [adherent, clotures, regles] = await Promise.all([
        readAdherent(db, params.id!),
        listClotures(db, params.id!),
        readRegles(db),
      ])
      return view('clotures/gestion', {
        adherent,
        cartes: clotures.map((c) => gestionCarte(c, adherent, regles, today)),
        breadcrumb: trail(adherent),
      })
    },
  }),
  page('/gestion/clotures/:id', {
    can: 'gestion.clotures.manage',
    run: async ({ db, params, today }) => {
      const { cloture, adherent, regles } = await read(db, params.id!)
      const carte = gestionCarte(cloture, adherent, regles, today)
      return view('clotures/gestion', {
        adherent,
        cartes: [carte],
        seule: true,
        breadcrumb: trail(adherent, carte.titre),
      })
    },
  }),
  page('/gestion/clotures/:id/:genre', {
    can: 'gestion.documents.issue',
    words,
    run: async ({ db, params, today }) => {
      const genre = GENRE_OF[params.genre as GenreInPath]
      const { cloture, adherent, regles } = await read(db, params.id!)
      return view('clotures/emission', {
        genre: params.genre,
        cloture,
        adherent,
        titre: titleOf(genre, titlesOf(cloture, regles, today)),
        couverture: couvertureOf(cloture, adherent, regles),
        decision: mayIssue(genre, cloture, adherent, regles, today),
        remplace: current(cloture, genre),
        breadcrumb: trail(adherent, titleOf(genre, titlesOf(cloture, regles, today))),
      })
    },
  }),
  page('/gestion/clotures/:id/:genre/apercu', {
    can: 'gestion.documents.issue',
    words,
    run: async ({ db, params, today, organisme }) => {
      const genre = GENRE_OF[params.genre as GenreInPath]
      const all = await read(db, params.id!)
      const paper = await makePaper(db, genre, { ...all, organisme, today, numero: 'APERÇU', remplace: null })
      return stream(paper.bytes, 'application/pdf', paper.name, true)
    },
  }),
  act('/gestion/clotures/:id/:genre', {
    can: 'gestion.documents.issue',
    words,
    form: Emission,
    run: async (ctx) => {
      const { db, params, today, organisme, form } = ctx
      const genre = GENRE_OF[params.genre as GenreInPath]
      const all = await locked(db, params.id!)
      const decision = mayIssue(genre, all.cloture, all.adherent, all.regles, today)
      if (!decision.ok) throw new Refusal(decision.raison)
      const remplace = current(all.cloture, genre)?.numero ?? null
      const numero = PREFIX[genre] + (await nextNumber(db, genre, Number(today.slice(0, 4))))
      const paper = await makePaper(db, genre, { ...all, organisme, today, numero, remplace })
      const stored = await storeBytes(ctx, { name: paper.name, mime: 'application/pdf', bytes: paper.bytes })
      return finish(ctx, all, genre, {
        numero,
        fichierId: stored.id,
        origine: 'genere',
        publier: form.publier,
        titre: null,
      })
    },
  }),
  act('/gestion/clotures/:id/:genre/depot', {
    can: 'gestion.documents.issue',
    words,
    form: Depot,
    upload: { rule: DOCUMENTS, maxFiles: 1 },
    rerender: '/gestion/clotures/:id/:genre',
    run: async (ctx) => {
      const { db, params, files, form } = ctx
      const genre = GENRE_OF[params.genre as GenreInPath]
      const [received] = files
      if (!received) throw new Refusal('Choisissez le fichier PDF à déposer.', 'fichier')
      const all = await locked(db, params.id!)
      const fichierId = await storeFile(ctx, received)
      return finish(ctx, all, genre, {
        numero: null,
        fichierId,
        origine: 'depose',
        publier: form.publier,
        titre: form.titre,
      })
    },
  }),
]

function trail(adherent: { id: string; numero: string }, page?: string) {
  const fiche = `/gestion/adherents/${adherent.id}`
  return [
    { libelle: 'Adhérents', url: '/gestion/adherents' },
    { libelle: `N°\u00a0${adherent.numero}`, url: fiche },
    { libelle: 'Clôtures et documents', ...(page !== undefined && { url: `${fiche}/clotures` }) },
    ...(page === undefined ? [] : [{ libelle: page }]),
  ]
}

async function read(db: Db, id: string) {
  const [cloture, regles] = await Promise.all([readCloture(db, id), readRegles(db)])
  return { cloture, regles, adherent: await readAdherent(db, cloture.adherent_id) }
}

/** Two people never issue for the same exercice at once: the second waits, then sees what the first did. */
async function locked(db: Db, id: string) {
  await lockCloture(db, id)
  return read(db, id)
}

interface Issued {
  numero: string | null
  fichierId: string
  origine: 'genere' | 'depose'
  publier: boolean
  titre: string | null
}

async function finish(
  ctx: Ctx & SignedIn,
  all: Awaited<ReturnType<typeof read>>,
  genre: Genre,
  issued: Issued,
) {
  const { db, user, today, note } = ctx
  const { cloture, adherent, regles } = all
  const waiting = mayIssue(genre, cloture, adherent, regles, today)
  if (issued.origine === 'depose' && !waiting.ok) throw new Refusal(waiting.raison)
  const id = await issue(db, {
    adherentId: adherent.id,
    clotureId: cloture.id,
    genre,
    titre:
      issued.titre ||
      `${titleOf(genre, titlesOf(cloture, regles, today))} – exercice ${cloture.fin.slice(0, 4)}`,
    numero: issued.numero,
    fichierId: issued.fichierId,
    origine: issued.origine,
    emisPar: user.id,
    remplaceId: current(cloture, genre)?.id ?? null,
  })
  note({
    action: 'document.emis',
    objet: 'document',
    objetId: id,
    adherentId: adherent.id,
    detail: { genre, numero: issued.numero },
  })
  if (!issued.publier) {
    return redirect(`/gestion/documents/${id}`, 'Le document est prêt. Relisez-le, puis publiez-le.')
  }
  await publish(db, await lockDocument(db, id), user.id)
  note({ action: 'document.publie', objet: 'document', objetId: id, adherentId: adherent.id })
  return redirect(
    `/gestion/documents/${id}`,
    'Le document est publié : l’adhérent le trouve dans son espace et un courriel le prévient.',
  )
}

/** The attestation's number is the bare yearly series; the other papers say what they are. */
const PREFIX: Record<Genre, string> = { attestation: '', compte_rendu: 'CR-', dossier_gestion: 'DG-' }

function titleOf(
  genre: Genre,
  titles: { attestation: string; compteRendu: string; dossierGestion: string },
): string {
  return {
    attestation: titles.attestation,
    compte_rendu: titles.compteRendu,
    dossier_gestion: titles.dossierGestion,
  }[genre]
}
