import { z } from 'zod'
import { Refusal } from '../../kernel/errors.ts'
import { coche, paragraphe } from '../../kernel/forms.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import type { Db } from '../../kernel/db.ts'
import { type Ctx, type Route, type SignedIn, act, page, redirect, view } from '../../kernel/page.ts'
import { backToList, bandeauOf } from '../demandes/bandeau.ts'
import { ecarts } from './ecarts.ts'
import { nameOf, readFiche } from './inbox.ts'
import { etatDe, refuseClosed, valeurDe } from './modification.ts'
import {
  type Modification, applyModification, closeModification, lockCoordonnees, lockModification, sujetDe,
} from './queries.ts' // prettier-ignore
import { type Valeur, identiques, lisible, zones } from './zones.ts'

/** What the person had before his eyes: decided on anything else, the decision would be blind. */
const Acceptation = z.strictObject({ actuelle: z.string().max(2000), confirme: coche })
const Refus = z.strictObject({ motif: paragraphe('le motif du refus', 1000) })

export const gestion: Route[] = [
  page('/gestion/modifications', {
    can: 'gestion.modifications.decide',
    run: () => redirect('/gestion/demandes?genre=coordonnees'),
  }),
  page('/gestion/modifications/:id', {
    can: 'gestion.modifications.decide',
    async run(ctx) {
      const { db, params } = ctx
      const m = await readFiche(db, params.id!)
      const { zone } = m
      const actuelle = valeurDe(m.fiche, zone)
      // Once decided, the page shows what was decided upon, not what the fiche says today.
      const gauche = m.issue === null ? actuelle : m.avant
      const [avant, apres] = ecarts(lisible(zone, gauche), lisible(zone, m.apres))
      return view('coordonnees/modification', {
        demande: m,
        suiviDemande: await bandeauOf(ctx, 'coordonnees', m.id),
        libelle: zones[zone].libelle,
        etat: etatDe(m.issue),
        avant,
        apres,
        jeton: jeton(actuelle),
        changee: m.issue === null && !identiques(zone, m.avant, actuelle) ? lisible(zone, m.avant) : null,
        breadcrumb: [
          { libelle: 'Demandes', url: '/gestion/demandes' },
          { libelle: `N°\u00a0${m.fiche.numero}` },
        ],
      })
    },
  }),
  act('/gestion/modifications/:id/acceptation', {
    can: 'gestion.modifications.decide',
    form: Acceptation,
    rerender: '/gestion/modifications/:id',
    async run(ctx) {
      const { db, params, user, form, note } = ctx
      const m = await open(db, params.id!)
      const { zone } = m
      const actuelle = valeurDe(await lockCoordonnees(db, sujetDe(m)), zone)
      if (form.actuelle !== jeton(actuelle)) {
        throw new Refusal(
          'La fiche a changé pendant que vous lisiez cette page. Comparez de nouveau, puis décidez.',
        )
      }
      if (!identiques(zone, m.avant, actuelle) && !form.confirme) {
        throw new Refusal(
          'Cochez cette case si la valeur demandée doit bien remplacer celle d’aujourd’hui.',
          'confirme',
        )
      }
      await applyModification(db, sujetDe(m), zone, m.apres)
      await closeModification(db, m.id, { issue: 'acceptee', by: user.id })
      await announce({ db, note }, m, 'acceptee')
      return redirect(
        backToList(ctx),
        `La zone «\u00a0${zones[zone].libelle}\u00a0» est à jour\u00a0; l’auteur de la demande est prévenu.`,
      )
    },
  }),
  act('/gestion/modifications/:id/refus', {
    can: 'gestion.modifications.decide',
    form: Refus,
    rerender: '/gestion/modifications/:id',
    async run(ctx) {
      const { db, params, user, form, note } = ctx
      const m = await open(db, params.id!)
      await closeModification(db, m.id, { issue: 'refusee', by: user.id, motif: form.motif })
      await announce({ db, note }, m, 'refusee')
      return redirect(
        backToList(ctx),
        'La demande est refusée\u00a0; son auteur est prévenu et lira le motif.',
      )
    },
  }),
]

/** Locks a request that nobody has decided yet. @throws Refusal with the name of whoever was first */
async function open(db: Db, id: string): Promise<Modification> {
  const m = await lockModification(db, id)
  if (m.issue !== null) refuseClosed(m, await nameOf(db, m.close_par))
  return m
}

/** The journal keeps which zone and what was decided; the mail says no more than that it was. */
async function announce(
  { db, note }: Pick<Ctx & SignedIn, 'db' | 'note'>,
  m: Modification,
  resultat: 'acceptee' | 'refusee',
): Promise<void> {
  const { id: objetId, adherent_id: adherentId, zone } = m
  note({ action: `coordonnees.${resultat}`, objet: 'modification', objetId, adherentId, detail: { zone } })
  await queueMail(db, {
    key: `modification:${m.id}`,
    template: 'mise-a-jour-traitee',
    to: m.demande_par,
    data: { lien: m.adherent_id === null ? '/cabinet' : '/coordonnees', resultat },
  })
}

function jeton(valeur: Valeur): string {
  return JSON.stringify(valeur)
}
