import type { Ctx, SignedIn } from '../../kernel/page.ts'
import { lien } from '../../kernel/views.ts'
import { type Filtres, completed, filtres } from './forms.ts'
import { NOMS, type Nom } from './genre.ts'
import { genreOf } from './genres.ts'
import { findDemande, neighbours } from './queries.ts'
import { listCollegues, listMouvements, lookAt } from './suivi.ts'

export const LISTE = '/gestion/demandes'
/** Where the session keeps what the list was narrowed to, for the pages where one decides. */
const GARDE = 'demandes'

export type Asker = Pick<Ctx & SignedIn, 'db' | 'user' | 'session' | 'can'>

export function rememberFilters(ctx: Pick<Ctx, 'session'>, f: Filtres): void {
  ctx.session.set(GARDE, f)
}

export function rememberedFilters(ctx: Pick<Ctx, 'session'>): Filtres {
  return completed(filtres.parse(ctx.session.get(GARDE) ?? {}))
}

/** The list as it was left, for whoever has just decided. */
export function backToList(ctx: Pick<Ctx, 'session'>): string {
  return lien(LISTE, { ...rememberedFilters(ctx) })
}

/**
 * What stands above the page where a request is decided: who is on it, its history, the one before and the one after in
 * the list that one came from. Undefined for what is no request (a thread of the organisme's own).
 */
export async function bandeauOf(ctx: Asker, genre: Nom, objetId: string) {
  const { db, user } = ctx
  const demande = await findDemande(db, genre, objetId)
  if (!demande) return undefined
  // The kinds of this list that he decides are those that the list had shown him.
  const question = { filtres: rememberedFilters(ctx), genres: NOMS }
  const [regards, mouvements, collegues, { avant, apres }] = await Promise.all([
    lookAt(db, demande.id, user.id),
    listMouvements(db, demande.id),
    listCollegues(db),
    neighbours(db, question, demande.id),
  ])
  const at = (id: string | undefined) => (id === undefined ? null : `${LISTE}/${id}`)
  return {
    ...demande,
    regards,
    mouvements,
    mienne: demande.assignee_id === user.id,
    collegues: [
      { valeur: '', libelle: 'Personne' },
      ...collegues.map((c) => ({ valeur: c.id, libelle: c.id === user.id ? `${c.nom} (moi)` : c.nom })),
    ],
    moi: user.id,
    precisable:
      demande.etat !== 'traitee' &&
      (demande.demandeur_id !== null || genreOf(genre).demander !== undefined) &&
      genre !== 'message',
    avantUrl: at(avant),
    apresUrl: at(apres),
    listeUrl: backToList(ctx),
  }
}
