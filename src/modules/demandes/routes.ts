import { Refusal } from '../../kernel/errors.ts'
import { pluriel } from '../../kernel/formats.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import type { Db } from '../../kernel/db.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { LISTE, backToList } from './bandeau.ts'
import { COLONNES, demandeBatches } from './export.ts'
import { Affectation, Lot, Precision, completed, question } from './forms.ts'
import { genreOf, genresFor } from './genres.ts'
import { list, shown } from './liste.ts'
import { askBack, mustBeAskable } from './precision.ts'
import { lockDemande, readDemande } from './queries.ts'
import { type Collegue, assign, listCollegues } from './suivi.ts'

const can = 'gestion.demandes.handle'

export const routes: Route[] = [
  page(LISTE, { can, query: question, run: list }),
  page(`${LISTE}.:format`, {
    can,
    stepUp: true,
    query: question,
    words: FORMATS,
    journal: true,
    run(ctx) {
      const asked = completed(ctx.query)
      return exportTable(ctx, {
        name: 'demandes',
        title: 'Demandes',
        columns: COLONNES,
        batches: demandeBatches(ctx.db, { filtres: asked, genres: genresFor(ctx).map((g) => g.nom) }),
        note: { action: 'demandes.exportees', objet: 'demandes', detail: { ...asked } },
      })
    },
  }),
  act(`${LISTE}/affectation`, {
    can,
    form: Lot,
    rerender: LISTE,
    async run(ctx) {
      const { db, user, form, note } = ctx
      const ids = [...new Set(form.demande)].sort()
      if (ids.length === 0) throw new Refusal('Cochez au moins une demande.')
      const to = await colleague(db, form.a)
      let given = 0
      for (const id of ids) {
        if (!(await assign(db, user, (await lockDemande(db, id)).id, to))) continue
        given++
        note({ action: 'demande.confiee', objet: 'demande', objetId: id, detail: { a: to?.id ?? null } })
      }
      if (given === 0)
        note({ action: 'demande.confiee', objet: 'demande', detail: { a: to?.id ?? null, lignes: 0 } })
      const said = pluriel(given, 'demande', 'demandes')
      return redirect(
        backToList(ctx),
        to === null ? `${said} sans personne désormais.` : `${said} : ${to.nom} s’en occupe.`,
      )
    },
  }),
  page(`${LISTE}/:id`, {
    can,
    async run(ctx) {
      const demande = await readDemande(ctx.db, ctx.params.id!)
      return redirect(genreOf(demande.genre).url(demande.objet_id))
    },
  }),
  act(`${LISTE}/:id/affectation`, {
    can,
    form: Affectation,
    rerender: `${LISTE}/:id`,
    async run({ db, user, params, form, note }) {
      const demande = await lockDemande(db, params.id!)
      const to = await colleague(db, form.a)
      await assign(db, user, demande.id, to)
      note({ action: 'demande.confiee', objet: 'demande', detail: { a: to?.id ?? null } })
      return redirect(
        genreOf(demande.genre).url(demande.objet_id),
        to === null
          ? 'Plus personne ne s’occupe de cette demande : elle est à qui la prend.'
          : to.id === user.id
            ? 'Vous vous occupez de cette demande.'
            : `${to.nom} s’occupe de cette demande.`,
      )
    },
  }),
  page(`${LISTE}/:id/precision`, {
    can,
    async run(ctx) {
      const demande = await readDemande(ctx.db, ctx.params.id!)
      mustBeAskable(demande)
      const { url, libelle } = genreOf(demande.genre)
      return view('demandes/precision', {
        demande: shown(demande),
        visiteur: demande.demandeur_id === null,
        retour: url(demande.objet_id),
        breadcrumb: [
          { libelle: 'Demandes', url: LISTE },
          { libelle, url: url(demande.objet_id) },
          { libelle: 'Demander une précision' },
        ],
      })
    },
  }),
  act(`${LISTE}/:id/precision`, {
    can,
    form: Precision,
    async run(ctx) {
      const { db, params, form, note } = ctx
      const demande = await readDemande(db, params.id!)
      if (!genresFor(ctx).some((g) => g.nom === demande.genre))
        throw new Refusal('Cette demande n’est pas de votre ressort.')
      await askBack(ctx, demande.id, shown(demande).sujet, form.message)
      note({ action: 'demande.precision', objet: 'demande', adherentId: demande.adherent_id })
      return redirect(
        genreOf(demande.genre).url(demande.objet_id),
        'Votre question est partie. La demande reviendra dans la liste quand la réponse arrivera.',
      )
    },
  }),
]

/** @throws Refusal for somebody who is not, or no longer, of those who treat requests */
async function colleague(db: Db, id: string): Promise<Collegue | null> {
  if (id === '') return null
  const found = (await listCollegues(db)).find((one) => one.id === id)
  if (!found) throw new Refusal('Choisissez un collègue qui traite les demandes.', 'a')
  return found
}
