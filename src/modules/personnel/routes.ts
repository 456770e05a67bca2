import { inviteByMail, revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { tellOwner } from '../comptes/acts.ts'
import { listEvenements } from '../comptes/queries.ts'
import { openRetrait } from '../comptes/retraits-queries.ts'
import { event } from '../comptes/shown.ts'
import { CHOIX_DOMAINES, Modification, Nouveau } from './forms.ts'
import { mustBeAnother } from './personne.ts'
import { insertPersonne, listPersonnel, lockPersonne, readPersonne, updatePersonne } from './queries.ts'
import { FICHE, LISTE, can, pathOf, shown, sujet, trail } from './shown.ts'

/** Who is of the staff, with which role, and what he may do. */
export const routes: Route[] = [
  page(LISTE, {
    can,
    async run({ db, today }) {
      const people = await listPersonnel(db)
      return view('personnel/liste', { personnel: people.map((p) => shown(p, today)) })
    },
  }),
  page(`${LISTE}/nouveau`, {
    can,
    run: () =>
      view('personnel/edition', {
        choix: CHOIX_DOMAINES,
        breadcrumb: trail(undefined, 'Ajouter une personne'),
      }),
  }),
  act(`${LISTE}/nouveau`, {
    can,
    form: Nouveau,
    async run({ db, form, note }) {
      const id = await insertPersonne(db, form)
      await inviteByMail(db, id)
      note({ action: 'personnel.cree', ...sujet(id), detail: { role: form.role, domaines: form.domaines } })
      return redirect(
        pathOf(id),
        `Le compte est créé. Un courriel part à ${form.courriel} avec le lien d’activation, valable trois jours.`,
      )
    },
  }),
  page(FICHE, {
    can,
    async run({ db, params, user, today }) {
      const [personne, evenements, retrait] = await Promise.all([
        readPersonne(db, params.id!),
        listEvenements(db, params.id!, 20),
        openRetrait(db, params.id!),
      ])
      return view('personnel/fiche', {
        personne: shown(personne, today),
        evenements: evenements.map(event),
        retrait,
        soi: personne.id === user.id,
        breadcrumb: trail(personne),
      })
    },
  }),
  page(`${FICHE}/modification`, {
    can,
    async run({ db, params, user, today }) {
      const personne = await readPersonne(db, params.id!)
      return view('personnel/edition', {
        personne: shown(personne, today),
        soi: personne.id === user.id,
        choix: CHOIX_DOMAINES,
        breadcrumb: trail(personne, 'Modifier'),
      })
    },
  }),
  act(`${FICHE}/modification`, {
    can,
    form: Modification,
    async run({ db, params, form, user, request, note }) {
      const before = await lockPersonne(db, params.id!)
      const rights = form.role !== before.role || !same(form.domaines, before.domaines)
      if (rights) mustBeAnother(user, before, 'changer vos droits')
      const courriel = form.courriel ?? before.courriel
      if (courriel !== before.courriel && before.active_le !== null)
        throw new Refusal(
          'Le compte est activé\u00a0: son titulaire change lui-même son adresse, dans son profil.',
          'courriel',
        )
      await updatePersonne(db, before.id, { ...form, courriel })
      if ((rights || courriel !== before.courriel) && before.active_le === null) {
        // A link made for the old address or the old role opens nothing any more.
        await revokeActivation(db, before.id)
        if (before.bloque_le === null && before.parti_le === null) await inviteByMail(db, before.id)
      }
      if (rights) {
        await endSessions(db, before.id)
        if (before.active_le !== null) await tellOwner(db, before.id, 'droits', request.id)
      }
      note({
        action: rights ? 'personnel.droits' : 'personnel.modifie',
        ...sujet(before.id),
        detail: rights
          ? {
              de: { role: before.role, domaines: before.domaines },
              vers: { role: form.role, domaines: form.domaines },
            }
          : {},
      })
      return redirect(
        pathOf(before.id),
        rights ? 'Les droits sont changés et ses sessions sont fermées.' : 'La fiche est modifiée.',
      )
    },
  }),
]

function same(a: string[] | null, b: string[] | null): boolean {
  return JSON.stringify(a?.toSorted() ?? null) === JSON.stringify(b?.toSorted() ?? null)
}
