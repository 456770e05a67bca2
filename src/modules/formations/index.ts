import { z } from 'zod'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type Ctx, type Module, act, page, redirect, stream, view } from '../../kernel/page.ts'
import { isoDay, telephone } from '../../kernel/formats.ts'
import { calendrier } from './calendrier.ts'
import {
  type Formation,
  type FormationFiche,
  duree,
  hasBegun,
  horaires,
  mayCancel,
  isFull,
  placesLeft,
  placesSentence,
  statut,
} from './formation.ts'
import { attestation } from './attester.ts'
import { inscriptions } from './gestion-inscriptions.ts'
import { gestion } from './gestion.ts'
import { cancel, enrol } from './inscription.ts'
import { listFormations, readAttendance, readFormation } from './queries.ts'
import { phrases } from './phrases.ts'

const PAR_PAGE = 30

const query = z.object({
  vue: z.enum(['inscrit']).optional().catch(undefined),
  ...keysetQuery(UUID),
})

export const formations: Module = {
  name: 'formations',
  phrases,
  module: 'formations',
  routes: [
    page('/formations', {
      can: 'formations.read',
      query,
      async run({ db, query: asked, now }) {
        const { vue, apres, avant } = asked
        const rows = await listFormations(db, {
          inscrit: vue === 'inscrit',
          apres,
          avant,
          limit: PAR_PAGE + 1,
        })
        const { lignes, pager } = keysetPage({
          rows,
          size: PAR_PAGE,
          asked,
          cursor: (row) => row.id,
          path: '/formations',
          query: { vue },
          nom: 'formations',
        })
        return view('formations/liste', {
          formations: lignes.map((f) => shown(f, now)),
          requete: { vue },
          pager,
        })
      },
    }),
    page('/formations/:id', {
      can: 'formations.read',
      async run({ db, params, now, today }) {
        const formation = await readFormation(db, params.id!)
        return view('formations/formation', {
          formation: { ...formation, ...shown(formation, now) },
          reste: isFull(formation) ? 0 : placesLeft(formation),
          commencee: hasBegun(formation, now),
          avant: isoDay(formation.debut) > today,
          annulable: mayCancel(formation, today),
          zones: details(formation),
          breadcrumb: [{ libelle: 'Formations', url: '/formations' }, { libelle: formation.titre }],
        })
      },
    }),
    page('/formations/:id/calendrier.ics', {
      can: 'formations.read',
      async run({ db, params, organisme, now }) {
        const formation = await readFormation(db, params.id!)
        const contact = [organisme.nom, telephone(organisme.telephone), organisme.courriel]
          .filter(Boolean)
          .join(', ')
        const day = isoDay(formation.debut)
        return stream(
          calendrier(formation, contact, now),
          'text/calendar; charset=utf-8',
          `formation-${day}.ics`,
        )
      },
    }),
    page('/formations/:id/attestation', {
      can: 'formations.enrol',
      journal: true,
      async run(ctx) {
        const row = await readAttendance(ctx.db, ctx.params.id!, { adherentId: ctx.user.adherentId! })
        return attestation(ctx, row)
      },
    }),
    act('/formations/:id/inscription', {
      can: 'formations.enrol',
      rerender: '/formations/:id',
      async run(ctx) {
        const waits = await enrol(ctx.db, ctx.params.id!, ctx.user.adherentId!, ctx.now)
        note(ctx, waits ? 'formations.wait' : 'formations.enrol')
        return redirect(
          `/formations/${ctx.params.id}`,
          waits
            ? 'Vous êtes sur la liste d’attente. Si une place se libère, elle est à vous et un courriel vous prévient.'
            : 'Votre inscription est enregistrée. Votre place est retenue.',
        )
      },
    }),
    act('/formations/:id/annulation', {
      can: 'formations.enrol',
      rerender: '/formations/:id',
      async run(ctx) {
        await cancel(ctx.db, ctx.params.id!, ctx.user.adherentId!, ctx.today)
        note(ctx, 'formations.cancel')
        return redirect(
          `/formations/${ctx.params.id}`,
          'Votre inscription est annulée. Votre place est rendue.',
        )
      },
    }),
    ...gestion,
    ...inscriptions,
  ],
}

function note(ctx: Ctx, action: string): void {
  ctx.note({ action, objet: 'formations', objetId: ctx.params.id ?? null })
}

/** Zones of the record; what is not filled in is left out. */
function details(formation: FormationFiche) {
  const { intervenant, public_vise, tarif } = formation
  return [
    { libelle: 'Date et horaires', valeur: horaires(formation) },
    { libelle: 'Durée', valeur: duree(formation.duree_minutes) },
    { libelle: 'Places', valeur: placesSentence(formation) },
    { libelle: 'Lieu', lignes: [formation.lieu, ...formation.adresse] },
    { libelle: 'Intervenant', valeur: intervenant },
    { libelle: 'Pour qui', valeur: public_vise },
    { libelle: 'Tarif', valeur: tarif },
  ].filter((zone) => zone.lignes !== undefined || zone.valeur !== '')
}

/** A session with its ready words. */
function shown<F extends Formation>(formation: F, now: Date) {
  return {
    ...formation,
    statut: statut(formation, now),
    duree: duree(formation.duree_minutes),
    placesTexte: placesSentence(formation),
  }
}
