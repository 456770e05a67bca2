import { PIECES_JOINTES } from '../../kernel/files/allow-list.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { backToList, bandeauOf } from '../demandes/bandeau.ts'
import { nomDe, storePieces } from './envoi.ts'
import { reponse } from './forms.ts'
import { closeFil } from './gestion-queries.ts'
import { MAX_PIECES, etatDe, refuseClosed } from './message.ts'
import { insertMessage, listMessages, lockFil, readFil } from './queries.ts'
import { download } from './routes.ts'
import { shown } from './shown.ts'

const LISTE = '/gestion/messages'

/** The staff reads, answers, closes. */
export const gestion: Route[] = [
  page(LISTE, { can: 'gestion.messages.answer', run: () => redirect('/gestion/demandes?genre=message') }),
  page(`${LISTE}/:id`, {
    can: 'gestion.messages.answer',
    async run(ctx) {
      const { db, user, params } = ctx
      const fil = await readFil(db, params.id!)
      const messages = await listMessages(db, fil.id)
      return view('messages/fil', {
        suiviDemande: await bandeauOf(ctx, 'message', fil.id),
        fil,
        etat: etatDe(fil),
        messages: messages.map((message) => shown(message, `${LISTE}/${fil.id}`, user.id)),
        base: LISTE,
        gestion: true,
        regle: PIECES_JOINTES,
        breadcrumb: [{ libelle: 'Demandes', url: '/gestion/demandes' }, { libelle: 'Message' }],
      })
    },
  }),
  act(`${LISTE}/:id/reponse`, {
    can: 'gestion.messages.answer',
    form: reponse,
    upload: { rule: PIECES_JOINTES, maxFiles: MAX_PIECES },
    rerender: `${LISTE}/:id`,
    async run(ctx) {
      const { db, user, form, params, note } = ctx
      const fil = await lockFil(db, params.id!)
      refuseClosed(fil)
      const fichierIds = await storePieces(ctx)
      const id = await insertMessage(db, {
        filId: fil.id,
        auteurNom: nomDe(user),
        corps: form.message,
        fichierIds,
      })
      await queueMail(db, {
        key: `message:${id}`,
        template: 'message-repondu',
        to: fil.ouvert_par,
        data: { lien: `/messages/${fil.id}` },
      })
      note({
        action: 'message.repondu',
        objet: 'fil',
        objetId: fil.id,
        detail: { pieces: fichierIds.length },
      })
      return redirect(backToList(ctx), 'La réponse est envoyée\u00a0; un courriel l’annonce.')
    },
  }),
  act(`${LISTE}/:id/cloture`, {
    can: 'gestion.messages.answer',
    rerender: `${LISTE}/:id`,
    async run(ctx) {
      const { db, user, params, note } = ctx
      const fil = await lockFil(db, params.id!)
      refuseClosed(fil)
      await closeFil(db, fil.id, user.id)
      note({ action: 'message.clos', objet: 'fil', objetId: fil.id })
      return redirect(backToList(ctx), 'L’échange est clos.')
    },
  }),
  page(`${LISTE}/:id/fichiers/:fichier`, { can: 'gestion.messages.answer', journal: true, run: download }),
]
