import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { date, datetime } from '../../kernel/formats.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { rolesOf } from '../audience/audience.ts'
import { listProfessions } from '../audience/queries.ts'
import { CATEGORIES, ETATS, categoryFilter, etatOf } from './actualite.ts'
import { findCabinets } from './cabinets.ts'
import { apercu, modification, nouvelle } from './forms.ts'
import {
  type Contenu,
  insertActualite,
  lockGeree,
  publishActualite,
  readGeree,
  updateActualite,
  withdrawActualite,
} from './gestion-queries.ts'
import { BASE, can, liste } from './gestion-liste.ts'

/** Where news is written, published and withdrawn. */
export const gestion: Route[] = [
  ...liste,
  page(`${BASE}/nouvelle`, {
    can,
    run: async ({ db, organisme, today }) =>
      view('actualites/redaction', {
        actualite: {
          pour_roles: rolesOf(organisme).map(({ valeur }) => valeur),
          visible_du: today,
          categorie: 'actualite',
        },
        ...(await choices(db, organisme)),
        breadcrumb: trail('Nouvelle actualité'),
      }),
  }),
  act(`${BASE}/nouvelle`, {
    can,
    form: nouvelle,
    async run({ db, organisme, form, today, note }) {
      const id = await insertActualite(db, await contenuOf(db, organisme, form))
      if (form.suite === 'publier') await publishActualite(db, id)
      note({
        action: form.suite === 'publier' ? 'actualites.publish' : 'actualites.create',
        objet: 'actualites',
        objetId: id,
        detail: { titre: form.titre },
      })
      return redirect(`${BASE}/${id}`, outcome(form, today))
    },
  }),
  act(`${BASE}/apercu`, {
    can,
    form: apercu,
    journal: false,
    async run({ db, organisme, form, today }) {
      const kept = form.id === undefined ? undefined : await readGeree(db, form.id)
      return view('actualites/redaction', {
        actualite: kept ?? {},
        etat: kept && ETATS[etatOf(kept, today)],
        values: { ...form, revision: form.revision || kept?.revision },
        apercu: { ...form, categorie: (CATEGORIES as Record<string, string>)[form.categorie] ?? '' },
        ...(await choices(db, organisme)),
        breadcrumb: trail(kept?.titre ?? 'Nouvelle actualité'),
      })
    },
  }),
  page(`${BASE}/:id`, {
    can,
    async run({ db, params, organisme, today }) {
      const [actualite, lists] = await Promise.all([readGeree(db, params.id!), choices(db, organisme)])
      return view('actualites/redaction', {
        actualite,
        etat: ETATS[etatOf(actualite, today)],
        ...lists,
        breadcrumb: trail(actualite.titre),
      })
    },
  }),
  act(`${BASE}/:id`, {
    can,
    form: modification,
    async run({ db, organisme, params, form, today, note }) {
      const before = await lockGeree(db, params.id!)
      if (before.revision !== form.revision) {
        const who = before.modifie_par_nom || 'Une autre personne'
        throw new Refusal(
          `${who} a modifié cette actualité le ${datetime(before.modifie_le)}, pendant que vous y travailliez. Rien n’a été enregistré : copiez votre texte, puis rechargez la page.`,
        )
      }
      await updateActualite(db, before.id, await contenuOf(db, organisme, form))
      if (form.suite === 'publier') await publishActualite(db, before.id)
      note({
        action:
          form.suite === 'publier' && before.publiee_le === null ? 'actualites.publish' : 'actualites.update',
        objet: 'actualites',
        detail: { titre: form.titre },
      })
      const shown = before.publiee_le !== null && before.retiree_le === null
      return redirect(
        `${BASE}/${before.id}`,
        outcome({ ...form, suite: shown ? 'publier' : form.suite }, today),
      )
    },
  }),
  act(`${BASE}/:id/retrait`, {
    can,
    rerender: `${BASE}/:id`,
    async run({ db, params, note }) {
      const before = await lockGeree(db, params.id!)
      if (before.publiee_le === null)
        throw new Refusal('Cette actualité n’est pas publiée : il n’y a rien à retirer.')
      if (before.retiree_le === null) await withdrawActualite(db, before.id)
      note({ action: 'actualites.withdraw', objet: 'actualites', detail: { titre: before.titre } })
      return redirect(`${BASE}/${before.id}`, 'L’actualité est retirée : plus personne ne la lit.')
    },
  }),
]

/** With the cabinets that were typed, as rows. @throws Refusal */
async function contenuOf(
  db: Db,
  organisme: Organisme,
  form: Omit<Contenu, 'pour_cabinets'> & { pour_cabinets: string },
): Promise<Contenu> {
  const cabinets = await findCabinets(db, form.pour_cabinets, organisme.vocabulaire.cabinet)
  return { ...form, pour_cabinets: cabinets.map(({ id }) => id) }
}

function outcome(
  form: { suite: string; visible_du: string; visible_au: string | null },
  today: string,
): string {
  if (form.suite === 'brouillon')
    return 'Le brouillon est enregistré : personne d’autre que vos collègues ne le voit.'
  if (form.visible_au !== null && form.visible_au < today)
    return 'L’actualité est enregistrée, mais son dernier jour est passé.'
  return form.visible_du > today
    ? `L’actualité est prête : elle paraîtra le ${date(form.visible_du)}.`
    : 'L’actualité est publiée.'
}

async function choices(db: Db, organisme: Organisme) {
  const professions = await listProfessions(db)
  return {
    roles: rolesOf(organisme),
    professions: professions.map((valeur) => ({ valeur, libelle: valeur })),
    categories: categoryFilter().slice(1),
  }
}

function trail(last: string) {
  return [{ libelle: 'Actualités', url: BASE }, { libelle: last }]
}
