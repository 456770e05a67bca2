import type { z } from 'zod'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Ctx, type Reply, type SignedIn, view } from '../../kernel/page.ts'
import { LISTE, rememberFilters } from './bandeau.ts'
import { completed, type question } from './forms.ts'
import type { Genre } from './genre.ts'
import { genreOf, genresFor } from './genres.ts'
import { type Demande, PLAFOND, countByKind, countListed, listDemandes } from './queries.ts'
import { listCollegues } from './suivi.ts'

const PAR_PAGE = 50
const DAY_MS = 86_400_000

type Listing = Ctx<undefined, z.output<typeof question>> & SignedIn

/** The inbox: one line for each thing that somebody asks of the organisme. */
export async function list(ctx: Listing): Promise<Reply> {
  const { db, query, now, user } = ctx
  const f = completed(query)
  const genres = genresFor(ctx)
  const ask = { filtres: f, genres: genres.map((g) => g.nom) }
  const [rows, total, counts, collegues] = await Promise.all([
    listDemandes(db, { ...ask, apres: query.apres, avant: query.avant, limit: PAR_PAGE + 1 }),
    countListed(db, ask),
    countByKind(db),
    listCollegues(db),
  ])
  rememberFilters(ctx, f)
  // The address says only what was chosen.
  const requete = {
    q: f.q,
    genre: f.genre,
    etat: query.etat ?? '',
    age: f.age,
    a: f.a,
    cabinet: f.cabinet,
    tri: query.tri ?? '',
  }
  const { lignes, pager } = keysetPage({
    rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: LISTE, query: requete, total, plafond: PLAFOND,
    nom: 'demandes',
  }) // prettier-ignore
  return view('demandes/liste', {
    demandes: lignes.map((d) => ({
      ...shown(d),
      jours: Math.floor((now.getTime() - Date.parse(d.recue_le)) / DAY_MS),
    })),
    requete,
    etat: f.etat,
    tri: f.tri,
    pager,
    choixGenres: [
      { valeur: '', libelle: 'Toutes' },
      ...genres.map((g) => ({
        valeur: g.nom,
        libelle: g.libelle,
        ...(f.etat === '' && { compte: counts.find((one) => one.genre === g.nom)?.n ?? 0 }),
      })),
    ],
    choixAQui: [
      { valeur: '', libelle: 'Tout le monde' },
      { valeur: 'moi', libelle: 'Moi' },
      { valeur: 'personne', libelle: 'Personne' },
      ...collegues.filter((c) => c.id !== user.id).map((c) => ({ valeur: c.id, libelle: c.nom })),
    ],
    confier: [
      { valeur: '', libelle: 'Personne' },
      ...collegues.map((c) => ({ valeur: c.id, libelle: c.nom })),
    ],
    moi: user.id,
    affine: f.q !== '' || f.genre !== '' || f.age !== '' || f.a !== '' || f.cabinet !== '',
  })
}

/** A line in the words of its kind. */
export function shown(d: Demande) {
  const genre: Genre = genreOf(d.genre)
  const etat =
    d.etat === 'precision'
      ? { libelle: 'Précision demandée', genre: 'cours' }
      : d.etat === 'attente'
        ? { libelle: d.precision_recue_le === null ? 'À traiter' : 'Précision reçue', genre: 'attente' }
        : genre.suite(d.issue)
  return { ...d, libelleGenre: genre.libelle, sujet: genre.sujet(d.detail), etatDit: etat }
}
