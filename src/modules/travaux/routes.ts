import { Forbidden } from '../../kernel/errors.ts'
import { type Ctx, type Route, type SignedIn, act, json, page, redirect, view } from '../../kernel/page.ts'
import {
  cancelTravail,
  listTravaux,
  pauseTravail,
  readTravail,
  resumeTravail,
} from '../../kernel/travaux/queries.ts'
import { showTravail } from '../../kernel/travaux/shown.ts'
import { type Travail, genreOf } from '../../kernel/travaux/travail.ts'

const can = 'gestion.travaux.read'
const SHOWN = 100

export const routes: Route[] = [
  page('/gestion/travaux', {
    can,
    run: async ({ db, now }) => {
      const travaux = await listTravaux(db, SHOWN)
      return view('travaux/liste', {
        travaux: travaux.map((t) => ({ ...showTravail(t, now), genre: genreOf(t.genre).libelle })),
      })
    },
  }),
  page('/gestion/travaux/:id', {
    can,
    run: async (ctx) => {
      const travail = await readTravail(ctx.db, ctx.params.id!)
      return view('travaux/travail', {
        travail: showTravail(travail, ctx.now),
        genre: genreOf(travail.genre).libelle,
        breadcrumb: [{ libelle: 'Travaux', url: '/gestion/travaux' }, { libelle: travail.titre }],
      })
    },
  }),
  // For the script of the progress bar.
  page('/gestion/travaux/:id/etat', {
    can,
    run: async ({ db, params, now }) => {
      const { etat, etape, fait, total, part, vivant } = showTravail(await readTravail(db, params.id!), now)
      return json({ etat, etape, fait, total, part, vivant })
    },
  }),
  act('/gestion/travaux/:id/pause', {
    can,
    rerender: '/gestion/travaux/:id',
    run: (ctx) => change(ctx, pauseTravail, 'travail.pause', 'Le travail est en pause. Rien n’est perdu.'),
  }),
  act('/gestion/travaux/:id/reprise', {
    can,
    rerender: '/gestion/travaux/:id',
    run: (ctx) =>
      change(ctx, resumeTravail, 'travail.reprise', 'Le travail reprend là où il s’était arrêté.'),
  }),
  page('/gestion/travaux/:id/annulation', {
    can,
    run: async (ctx) => {
      const travail = await readTravail(ctx.db, ctx.params.id!)
      const genre = genreOf(travail.genre)
      if (!ctx.can(genre.can)) throw new Forbidden(travail.genre)
      return view('travaux/annulation', {
        travail: showTravail(travail, ctx.now),
        consequence: genre.annulation ?? 'Ce qui est déjà fait reste fait ; le reste ne le sera pas.',
        retour: travail.lien === '' ? `/gestion/travaux/${travail.id}` : travail.lien,
        breadcrumb: [
          { libelle: 'Travaux', url: '/gestion/travaux' },
          { libelle: travail.titre, url: `/gestion/travaux/${travail.id}` },
          { libelle: 'Annuler' },
        ],
      })
    },
  }),
  act('/gestion/travaux/:id/annulation', {
    can,
    rerender: '/gestion/travaux/:id',
    run: (ctx) => change(ctx, cancelTravail, 'travail.annulation', 'Le travail est annulé.'),
  }),
]

async function change(
  ctx: Ctx & SignedIn,
  move: (db: Ctx['db'], id: string) => Promise<Travail>,
  action: string,
  notice: string,
) {
  const { genre, titre, lien } = await readTravail(ctx.db, ctx.params.id!)
  if (!ctx.can(genreOf(genre).can)) throw new Forbidden(genre)
  await move(ctx.db, ctx.params.id!)
  ctx.note({ action, objet: 'travail', detail: { genre, titre } })
  return redirect(lien === '' ? `/gestion/travaux/${ctx.params.id!}` : lien, notice)
}
