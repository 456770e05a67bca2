import { instantInFrance } from '../../kernel/clock.ts'
import { NotFound, Refusal } from '../../kernel/errors.ts'
import { LIBELLES_ROLE } from '../../kernel/frame.ts'
import { downloadable } from '../../kernel/files/store.ts'
import {
  type Ctx,
  type Reply,
  type Route,
  type SignedIn,
  act,
  file,
  page,
  redirect,
  view,
} from '../../kernel/page.ts'
import { publish, withdrawMany } from './acts.ts'
import { etatOf } from './document.ts'
import { Programmation, Publication, Retrait } from './forms.ts'
import { readScheduled, schedule, unschedule } from './programmation.ts'
import {
  listDocuments, listLectures, lockDocument, markRead, readDocument, readFiche,
} from './queries.ts' // prettier-ignore

export const routes: Route[] = [
  page('/documents', {
    can: 'documents.mine',
    run: async ({ db, user }) =>
      view('documents/liste', { documents: await listDocuments(db, user.adherentId!) }),
  }),
  page('/documents/:id', {
    can: 'documents.read',
    journal: true,
    run: (ctx) => open(ctx, 'document.ouvert', true),
  }),
  page('/documents/:id/telechargement', {
    can: 'documents.read',
    journal: true,
    run: (ctx) => open(ctx, 'document.telecharge', false),
  }),
  page('/gestion/documents/:id', {
    can: 'gestion.documents.publish',
    run: async ({ db, params }) => {
      const [document, lectures, programme] = await Promise.all([
        readFiche(db, params.id!),
        listLectures(db, params.id!),
        readScheduled(db, params.id!),
      ])
      const fiche = `/gestion/adherents/${document.adherent_id}`
      return view('documents/gestion', {
        document,
        lectures: lectures.map((l) => ({ ...l, libelleRole: LIBELLES_ROLE[l.role] })),
        programme,
        etat: etatOf(document),
        breadcrumb: [
          { libelle: 'Adhérents', url: '/gestion/adherents' },
          { libelle: `N°\u00a0${document.adherent_numero}`, url: fiche },
          { libelle: 'Clôtures et documents', url: `${fiche}/clotures` },
          { libelle: document.titre },
        ],
      })
    },
  }),
  page('/gestion/documents/:id/fichier', {
    can: 'gestion.documents.publish',
    journal: true,
    run: async ({ db, params, note }) => {
      const document = await readDocument(db, params.id!)
      downloadable(document)
      note({ action: 'document.ouvert', objet: 'document', adherentId: document.adherent_id })
      return file(document, { inline: true })
    },
  }),
  act('/gestion/documents/:id/publication', {
    can: 'gestion.documents.publish',
    form: Publication,
    rerender: '/gestion/documents/:id',
    run: async ({ db, params, user, note }) => {
      await unschedule(db, params.id!)
      const document = await lockDocument(db, params.id!)
      if (etatOf(document) !== 'en_preparation') throw new Refusal('Ce document est déjà publié ou retiré.')
      await publish(db, document, user.id)
      note({ action: 'document.publie', objet: 'document', adherentId: document.adherent_id })
      return redirect(
        `/gestion/documents/${document.id}`,
        'Le document est publié : l’adhérent le trouve dans son espace et un courriel le prévient.',
      )
    },
  }),
  act('/gestion/documents/:id/programmation', {
    can: 'gestion.documents.publish',
    form: Programmation,
    rerender: '/gestion/documents/:id',
    run: async ({ db, params, form, now, note }) => {
      const document = await lockDocument(db, params.id!)
      if (etatOf(document) !== 'en_preparation') throw new Refusal('Ce document est déjà publié ou retiré.')
      const at = instantInFrance(form.jour, form.heure)
      if (at <= now) throw new Refusal('Cette heure est déjà passée.', 'jour')
      await schedule(db, document, at)
      const detail = { publier_le: at.toISOString() }
      note({ action: 'document.programme', objet: 'document', adherentId: document.adherent_id, detail })
      return redirect(`/gestion/documents/${document.id}`, 'La publication est programmée.')
    },
  }),
  act('/gestion/documents/:id/retrait', {
    can: 'gestion.documents.publish',
    form: Retrait,
    rerender: '/gestion/documents/:id',
    run: async ({ db, params, user, form, note }) => {
      await unschedule(db, params.id!)
      const document = await lockDocument(db, params.id!)
      const etat = etatOf(document)
      if (etat === 'retire' || etat === 'remplace') throw new Refusal('Ce document n’est plus en vigueur.')
      await withdrawMany(db, [document.id], user.id, form.motif)
      note({
        action: 'document.retire',
        objet: 'document',
        adherentId: document.adherent_id,
        detail: { motif: form.motif },
      })
      return redirect(
        `/gestion/documents/${document.id}`,
        etat === 'publie'
          ? 'Le document est retiré\u00a0: l’adhérent voit qu’il l’a été, et ne peut plus l’ouvrir.'
          : 'Le document est retiré\u00a0: il ne sera pas publié.',
      )
    },
  }),
]

/** Opening is reading: the first time is kept, and every time is in the journal. */
async function open({ db, params, note }: Ctx & SignedIn, action: string, inline: boolean): Promise<Reply> {
  const document = await readDocument(db, params.id!)
  if (document.retire_le !== null) throw new NotFound('withdrawn')
  downloadable(document)
  await markRead(db, document.id)
  note({ action, objet: 'document', adherentId: document.adherent_id })
  return file(document, { inline })
}
