import type { Organisme } from '../../kernel/organisme.ts'
import type { Permission } from '../../kernel/policy.ts'
import { listesDeClients } from '../clients/mises-a-jour/genre-de-demande.ts'
import { coordonnees } from '../coordonnees/genre-de-demande.ts'
import { demandesDeCompte } from '../demandes-de-compte/genre-de-demande.ts'
import { messages } from '../messages/genre-de-demande.ts'
import { transferts } from '../transferts/genre-de-demande.ts'
import type { Genre, Nom } from './genre.ts'

/** Everything that can be asked of the organisme. One line more is one more kind of request. */
const GENRES: readonly Genre[] = [coordonnees, listesDeClients, messages, transferts, demandesDeCompte]

/** Those that this person decides, in an organisme that has them. */
export function genresFor(ctx: {
  organisme: Pick<Organisme, 'modules'>
  can: (action: Permission) => boolean
}): Genre[] {
  return GENRES.filter(
    (g) => ctx.can(g.can) && (g.module === undefined || ctx.organisme.modules.includes(g.module)),
  )
}

export function genreOf(nom: Nom): Genre {
  return GENRES.find((g) => g.nom === nom)!
}
