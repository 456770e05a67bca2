import { type Route, act, page, redirect, view } from '../../../kernel/page.ts'
import { BASE, trail } from './chemin.ts'
import { arrivee } from './forms.ts'
import { judge, refuseUnlessAddable } from './mouvement.ts'
import { connus, insertArrivee, lockMouvement, once, readMouvement, updateArrivee } from './queries.ts'

/** A client who comes, before it is sent (F54, F55). */
export const arrivees: Route[] = [
  page(`${BASE}/arrivee`, {
    can: 'clients.update',
    run: ({ today }) =>
      view('clients/arrivee', {
        action: `${BASE}/arrivee`,
        champs: { le: today },
        breadcrumb: trail('Ajouter un client'),
      }),
  }),
  act(`${BASE}/arrivee`, {
    can: 'clients.update',
    form: arrivee,
    async run({ db, form, note }) {
      const verdict = judge(form, await connus(db, [form.siret], [form.numero]))
      refuseUnlessAddable(form, verdict, form.confirme)
      const known = verdict.genre === 'nouveau' || verdict.genre === 'ailleurs' ? verdict.connu : null
      const id = await once(() =>
        insertArrivee(db, {
          ...form,
          adherentId: known?.adherent_id ?? null,
          ailleurs: verdict.genre === 'ailleurs',
        }),
      )
      note({ action: 'clients.arrivee', objet: 'mouvement', objetId: id })
      return redirect(
        BASE,
        `${form.nom} attend dans «\u00a0Nouveaux clients\u00a0». N’oubliez pas d’envoyer les mises à jour.`,
      )
    },
  }),
  page(`${BASE}/arrivee/:id`, {
    can: 'clients.update',
    async run({ db, params }) {
      const m = await readMouvement(db, params.id!, 'arrivee')
      return view('clients/arrivee', {
        action: `${BASE}/arrivee/${m.id}`,
        champs: { ...m, confirme: m.venant_d_ailleurs },
        modifie: true,
        ailleurs: m.venant_d_ailleurs,
        breadcrumb: trail('Modifier un nouveau client'),
      })
    },
  }),
  act(`${BASE}/arrivee/:id`, {
    can: 'clients.update',
    form: arrivee,
    async run({ db, params, form, note }) {
      const m = await lockMouvement(db, params.id!, 'arrivee')
      const verdict = judge(form, await connus(db, [form.siret], [form.numero]))
      refuseUnlessAddable(form, verdict, form.confirme)
      const known = verdict.genre === 'nouveau' || verdict.genre === 'ailleurs' ? verdict.connu : null
      const ailleurs = verdict.genre === 'ailleurs'
      await once(() => updateArrivee(db, m.id, { ...form, adherentId: known?.adherent_id ?? null, ailleurs }))
      note({ action: 'clients.arrivee_modifiee', objet: 'mouvement', objetId: m.id })
      return redirect(BASE, 'Le nouveau client est modifié.')
    },
  }),
]
