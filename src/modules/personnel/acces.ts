import { inviteByMail } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { reopen, shut, tellOwner, voidLinks } from '../comptes/acts.ts'
import { mustReach } from '../comptes/compte.ts'
import { Blocage, Depart } from './forms.ts'
import { mustBeAnother } from './personne.ts'
import { lockPersonne, readPersonne, refused, setDepart } from './queries.ts'
import { FICHE, can, pathOf, shown, sujet, trail } from './shown.ts'

/** Whether somebody of the staff comes in: his link, his sessions, the lock on his account, his departure. */
export const acces: Route[] = [
  act(`${FICHE}/invitation`, {
    can,
    rerender: FICHE,
    async run({ db, params, note }) {
      const personne = await lockPersonne(db, params.id!)
      if (personne.active_le !== null) throw new Refusal('Ce compte est déjà activé.')
      if (personne.parti_le !== null) throw new Refusal('Le départ de cette personne est enregistré.')
      mustReach(personne)
      await inviteByMail(db, personne.id)
      note({ action: 'compte.invite', ...sujet(personne.id) })
      return redirect(pathOf(personne.id), `Un nouveau lien d’activation part à ${personne.courriel}.`)
    },
  }),
  page(`${FICHE}/blocage`, {
    can,
    async run({ db, params, today }) {
      const personne = shown(await readPersonne(db, params.id!), today)
      return view('comptes/blocage', {
        compte: { ...personne, nom: personne.nomComplet },
        retour: pathOf(personne.id),
        breadcrumb: trail(personne, 'Bloquer le compte'),
      })
    },
  }),
  act(`${FICHE}/blocage`, {
    can,
    form: Blocage,
    async run({ db, params, form, user, request, note }) {
      const personne = await lockPersonne(db, params.id!)
      mustBeAnother(user, personne, 'bloquer')
      await refused(() => shut(db, personne, request.id))
      note({ action: 'compte.bloque', ...sujet(personne.id), detail: { motif: form.motif } })
      return redirect(pathOf(personne.id), 'Le compte est bloqué et ses sessions sont fermées.')
    },
  }),
  act(`${FICHE}/deblocage`, {
    can,
    rerender: FICHE,
    async run({ db, params, user, request, note }) {
      const personne = await lockPersonne(db, params.id!)
      mustBeAnother(user, personne, 'débloquer')
      await reopen(db, personne, request.id)
      note({ action: 'compte.debloque', ...sujet(personne.id) })
      return redirect(pathOf(personne.id), 'Le compte est débloqué.')
    },
  }),
  act(`${FICHE}/sessions`, {
    can,
    rerender: FICHE,
    async run({ db, params, user, request, note }) {
      const personne = await lockPersonne(db, params.id!)
      mustBeAnother(user, personne, 'déconnecter')
      await endSessions(db, personne.id)
      await tellOwner(db, personne.id, 'sessions', request.id)
      note({ action: 'sessions.fin', ...sujet(personne.id) })
      return redirect(pathOf(personne.id), 'Ses sessions sont fermées.')
    },
  }),
  act(`${FICHE}/depart`, {
    can,
    form: Depart,
    rerender: FICHE,
    async run({ db, params, form, user, today, note }) {
      const personne = await lockPersonne(db, params.id!)
      mustBeAnother(user, personne, 'faire partir')
      if (personne.parti_le !== null) throw new Refusal('Son départ est déjà enregistré.')
      if (Math.abs(Date.parse(form.le) - Date.parse(today)) > 366 * 86_400_000)
        throw new Refusal('Cette date est à plus d’un an d’aujourd’hui. Vérifiez l’année.', 'le')
      await setDepart(db, personne.id, form.le)
      if (form.le <= today) await Promise.all([endSessions(db, personne.id), voidLinks(db, personne.id)])
      note({ action: 'personnel.depart', ...sujet(personne.id), detail: { le: form.le } })
      return redirect(
        pathOf(personne.id),
        form.le <= today
          ? 'Le départ est enregistré et ses sessions sont fermées.'
          : 'Le départ est enregistré\u00a0: ce jour-là, son accès se ferme.',
      )
    },
  }),
  act(`${FICHE}/retour`, {
    can,
    rerender: FICHE,
    async run({ db, params, user, note }) {
      const personne = await lockPersonne(db, params.id!)
      mustBeAnother(user, personne, 'faire revenir')
      if (personne.parti_le === null) throw new Refusal('Aucun départ n’est enregistré.')
      await setDepart(db, personne.id, null)
      note({ action: 'personnel.retour', ...sujet(personne.id) })
      return redirect(pathOf(personne.id), 'Le départ est annulé.')
    },
  }),
]
