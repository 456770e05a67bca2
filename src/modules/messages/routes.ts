import { PIECES_JOINTES } from '../../kernel/files/allow-list.ts'
import { downloadable } from '../../kernel/files/store.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Ctx, type Reply, type Route, act, file, page, redirect, view } from '../../kernel/page.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { adresseDe, nomDe, send, storePieces } from './envoi.ts'
import { COLONNES, filBatches } from './export.ts'
import { pages, redaction, suite } from './forms.ts'
import { MAX_PIECES, etatDe } from './message.ts'
import {
  insertMessage, listCollegues, listDestinataires, listFils, listMessages, markRead, readFil, readPiece,
} from './queries.ts' // prettier-ignore
import { shown } from './shown.ts'

const PAR_PAGE = 25

/** Dialogue OGA: Votre courrier, Nous contacter (F57 to F62). */
export const routes: Route[] = [
  page('/messages', {
    can: 'messages.read',
    query: pages,
    async run({ db, query }) {
      const rows = await listFils(db, { ...query, limit: PAR_PAGE + 1 })
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: '/messages', nom: 'messages envoyés',
      }) // prettier-ignore
      return view('messages/liste', {
        fils: lignes.map((fil) => ({ ...fil, etat: etatDe(fil) })),
        pager,
      })
    },
  }),
  page('/messages.:format', {
    can: 'messages.read',
    stepUp: true,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'messages',
        title: 'Messages',
        columns: COLONNES,
        batches: filBatches(ctx.db),
        note: { action: 'messages.exportes', objet: 'messages' },
      }),
  }),
  page('/messages/nouveau', {
    can: 'messages.send',
    async run({ db, user }) {
      const [destinataires, collegues] = await Promise.all([listDestinataires(db), listCollegues(db)])
      return view('messages/redaction', {
        de: adresseDe(user),
        destinataires: destinataires.map(({ id, libelle }) => ({ valeur: id, libelle })),
        collegues: collegues.map(({ id, nom }) => ({ valeur: id, libelle: nom })),
        regle: PIECES_JOINTES,
        maxPieces: MAX_PIECES,
        breadcrumb: [
          { libelle: 'Page d’accueil', url: '/' },
          { libelle: 'Votre courrier', url: '/messages' },
          { libelle: 'Nous contacter' },
        ],
      })
    },
  }),
  act('/messages/nouveau', {
    can: 'messages.send',
    form: redaction,
    upload: { rule: PIECES_JOINTES, maxFiles: MAX_PIECES },
    async run(ctx) {
      const id = await send(ctx)
      const detail = { pieces: ctx.files.length }
      ctx.note({
        action: 'message.envoye',
        objet: 'fil',
        objetId: id,
        adherentId: ctx.user.adherentId,
        detail,
      })
      return redirect(
        `/messages/${id}`,
        'Votre message est envoyé. La réponse arrivera ici, et un courriel vous en préviendra.',
      )
    },
  }),
  page('/messages/:id', {
    can: 'messages.read',
    async run({ db, user, params }) {
      const fil = await readFil(db, params.id!)
      const [messages] = await Promise.all([listMessages(db, fil.id), markRead(db, fil.id)])
      return view('messages/fil', {
        fil,
        etat: etatDe(fil),
        messages: messages.map((message) => shown(message, `/messages/${fil.id}`, user.id)),
        base: '/messages',
        regle: PIECES_JOINTES,
        breadcrumb: [
          { libelle: 'Page d’accueil', url: '/' },
          { libelle: 'Votre courrier', url: '/messages' },
          { libelle: 'Message' },
        ],
      })
    },
  }),
  act('/messages/:id/suite', {
    can: 'messages.send',
    form: suite,
    upload: { rule: PIECES_JOINTES, maxFiles: MAX_PIECES },
    rerender: '/messages/:id',
    async run(ctx) {
      const { db, user, form, params, organisme, note } = ctx
      const fil = await readFil(db, params.id!)
      const fichierIds = await storePieces(ctx)
      const id = await insertMessage(db, {
        filId: fil.id,
        auteurNom: nomDe(user),
        corps: form.message,
        fichierIds,
      })
      await queueMail(db, {
        key: `message:${id}:organisme`,
        template: 'message-recu',
        to: { nom: organisme.nom, courriel: organisme.courriel },
        data: { lien: `/gestion/messages/${fil.id}` },
      })
      note({
        action: 'message.poursuivi',
        objet: 'fil',
        objetId: fil.id,
        detail: { pieces: fichierIds.length },
      })
      return redirect(`/messages/${fil.id}`, 'Votre message est envoyé.')
    },
  }),
  page('/messages/:id/fichiers/:fichier', { can: 'messages.read', journal: true, run: download }),
]

/** One file of a thread, with its row in the journal. @throws Refusal while the antivirus has not let it through */
export async function download({ db, params, note }: Ctx): Promise<Reply> {
  const row = await readPiece(db, params.id!, params.fichier!)
  downloadable(row)
  const detail = { fichier: row.id, nom: row.nom }
  note({ action: 'message.piece', objet: 'fil', objetId: params.id!, adherentId: row.adherent_id, detail })
  return file(row)
}
