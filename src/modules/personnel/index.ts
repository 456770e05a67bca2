import { inviteByMail, revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Module, act, page, redirect, view } from '../../kernel/page.ts'
import { reopen, shut, tellOwner, voidLinks } from '../comptes/acts.ts'
import { ETATS, etatOf, mustReach } from '../comptes/compte.ts'
import { listEvenements } from '../comptes/queries.ts'
import { openRetrait } from '../comptes/retraits-queries.ts'
import { event } from '../comptes/shown.ts'
import { exportation } from './export.ts'
import { Blocage, CHOIX_DOMAINES, Depart, Modification, Nouveau } from './forms.ts'
import { type Personne, ROLES, droitsOf, mustBeAnother } from './personne.ts'
import {
  insertPersonne,
  listPersonnel,
  lockPersonne,
  readPersonne,
  refused,
  setDepart,
  updatePersonne,
} from './queries.ts'
import { phrases } from './phrases.ts'

const LISTE = '/gestion/personnel'
const FICHE = `${LISTE}/:id`
const can = 'personnel.manage'
const pathOf = (id: string) => `${LISTE}/${id}`
const sujet = (id: string) => ({ objet: 'personnel', objetId: id })

/** The organisme's own people: their accounts, their role, what they may do. Administrateurs only. */
export const personnel: Module = {
  name: 'personnel',
  phrases,
  routes: [
    ...exportation,
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
  ],
}

function shown(personne: Personne, today: string) {
  const etat = etatOf(personne, today)
  return {
    ...personne,
    nomComplet: `${personne.prenom} ${personne.nom}`.trim(),
    libelleRole: ROLES[personne.role],
    droits: droitsOf(personne),
    droitsCourts: droitsOf(personne, 3),
    etat: ETATS[etat],
    cleEtat: etat,
  }
}

function same(a: string[] | null, b: string[] | null): boolean {
  return JSON.stringify(a?.toSorted() ?? null) === JSON.stringify(b?.toSorted() ?? null)
}

function trail(personne: { id: string; prenom: string; nom: string } | undefined, here?: string) {
  const list = { libelle: 'Personnel', url: LISTE }
  if (!personne) return [list, { libelle: here! }]
  const nom = `${personne.prenom} ${personne.nom}`.trim()
  if (here === undefined) return [list, { libelle: nom }]
  return [list, { libelle: nom, url: pathOf(personne.id) }, { libelle: here }]
}
