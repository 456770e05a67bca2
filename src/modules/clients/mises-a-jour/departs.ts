import { Refusal } from '../../../kernel/errors.ts'
import { type Route, act, page, redirect, view } from '../../../kernel/page.ts'
import { readClient } from '../queries.ts'
import { BASE, trail } from './chemin.ts'
import { depart, departDe } from './forms.ts'
import { RAISONS } from './mouvement.ts'
import { findClient, insertDepart, lockMouvement, once, readMouvement, updateDepart } from './queries.ts'

const RAISONS_CHOIX = Object.entries(RAISONS).map(([valeur, libelle]) => ({ valeur, libelle }))

/** A client who goes, before it is sent (F54, F55). */
export const departs: Route[] = [
  page(`${BASE}/depart`, {
    can: 'clients.update',
    query: departDe,
    async run({ db, query, today }) {
      const client = query?.client === undefined ? undefined : await readClient(db, query.client)
      return view('clients/depart', {
        action: `${BASE}/depart`,
        champs: { numero: client?.numero, le: today },
        client,
        raisons: RAISONS_CHOIX,
        breadcrumb: trail('Enlever un client'),
      })
    },
  }),
  act(`${BASE}/depart`, {
    can: 'clients.update',
    form: depart,
    async run({ db, form, note }) {
      const client = await findClient(db, form.numero)
      if (!client) {
        throw new Refusal(`Aucun client de votre liste ne porte le n°\u00a0${form.numero}.`, 'numero')
      }
      const id = await once(() => insertDepart(db, client, form))
      note({ action: 'clients.depart', objet: 'mouvement', objetId: id, adherentId: client.id })
      return redirect(
        BASE,
        `${client.denomination} attend dans «\u00a0Départs clients\u00a0». N’oubliez pas d’envoyer les mises à jour.`,
      )
    },
  }),
  page(`${BASE}/depart/:id`, {
    can: 'clients.update',
    async run({ db, params }) {
      const m = await readMouvement(db, params.id!, 'depart')
      return view('clients/depart', {
        action: `${BASE}/depart/${m.id}`,
        champs: m,
        client: { denomination: m.nom, numero: m.numero },
        modifie: true,
        raisons: RAISONS_CHOIX,
        breadcrumb: trail('Modifier un départ'),
      })
    },
  }),
  act(`${BASE}/depart/:id`, {
    can: 'clients.update',
    form: depart,
    async run({ db, params, form, note }) {
      const m = await lockMouvement(db, params.id!, 'depart')
      if (form.numero !== m.numero)
        throw new Refusal('Le client d’un départ ne change pas\u00a0: retirez-le.', 'numero')
      await updateDepart(db, m.id, form)
      note({ action: 'clients.depart_modifie', objet: 'mouvement', objetId: m.id, adherentId: m.adherent_id })
      return redirect(BASE, 'Le départ est modifié.')
    },
  }),
]
