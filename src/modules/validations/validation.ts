import type { Db } from '../../kernel/db.ts'
import { NotFound, Refusal } from '../../kernel/errors.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { nameOf } from '../courriers/queries.ts'
import type { LigneReponse } from '../courriers/reponses/queries.ts'
import type { Reponse } from '../courriers/reponses/reponse.ts'
import { type Titulaire, titulaireOf } from './queries.ts'

/** Who decides, and in whose name when he stands in for somebody. */
export interface Autorite {
  par: string
  nom: string
  auNomDe: string | null
  auNomDeNom: string
}

/** @throws NotFound for a collaborateur who stands in for nobody today: the queue does not exist for him */
export async function authorityOf(db: Db, user: Utilisateur): Promise<Autorite> {
  const own = { par: user.id, nom: nameOf(user), auNomDe: null, auNomDeNom: '' }
  if (user.role !== 'collaborateur') return own
  const titulaire: Titulaire | undefined = await titulaireOf(db)
  if (!titulaire) throw new NotFound('stands in for nobody')
  return { ...own, auNomDe: titulaire.id, auNomDeNom: titulaire.nom }
}

/** Nobody validates his own answer; the database says so too. @throws Refusal */
export function mustBeOfAnother(reponse: Pick<Reponse, 'auteur_id' | 'dossier'>, userId: string): void {
  if (reponse.auteur_id !== userId) return
  const which = reponse.dossier === '' ? '' : ` (${reponse.dossier})`
  throw new Refusal(
    `Vous ne pouvez pas valider votre propre réponse${which} : un autre superviseur doit le faire.`,
  )
}

export interface Correction {
  questionId: string
  texte: string
}

/** The texts that the superviseur changed. @throws Refusal when one is left empty while the answer has no file */
export function corrections(
  lignes: readonly LigneReponse[],
  typed: ReadonlyMap<string, string>,
): Correction[] {
  return lignes.flatMap((ligne) => {
    const texte = typed.get(ligne.question_id)
    if (texte === undefined || texte === ligne.texte) return []
    if (texte === '' && ligne.pieces.length === 0)
      throw new Refusal(
        'Une réponse ne peut pas être vide : rejetez-la plutôt.',
        `texte-${ligne.question_id}`,
      )
    return [{ questionId: ligne.question_id, texte }]
  })
}
