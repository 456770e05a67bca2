import { Refusal } from '../../../kernel/errors.ts'
import { datetime } from '../../../kernel/formats.ts'
import type { Nature } from '../modeles/modele.ts'

export interface Reponse {
  id: string
  numero: string | null
  courrier_id: string
  adherent_id: string | null
  structure_id: string | null
  /** Whose dossier, as it was called when the answer was written. */
  dossier: string
  auteur_id: string
  auteur_nom: string
  soumise_le: string
  precedente_id: string | null
  valide_par: string | null
  valide_nom: string
  au_nom_de_nom: string
  corrigee_le: string | null
  transmise_le: string | null
  rejetee_le: string | null
  motif: string
}

export type EtatReponse = 'a_valider' | 'transmise' | 'rejetee'

export function etatOf(reponse: Pick<Reponse, 'transmise_le' | 'rejetee_le'>): EtatReponse {
  if (reponse.rejetee_le !== null) return 'rejetee'
  return reponse.transmise_le === null ? 'a_valider' : 'transmise'
}

const PASTILLES: Record<EtatReponse, { libelle: string; genre: string }> = {
  a_valider: { libelle: 'En attente de validation', genre: 'attente' },
  transmise: { libelle: 'Transmise', genre: 'succes' },
  rejetee: { libelle: 'Rejetée', genre: 'erreur' },
}

export function pastille(reponse: Pick<Reponse, 'transmise_le' | 'rejetee_le'>) {
  return PASTILLES[etatOf(reponse)]
}

/** What two superviseurs must not do twice. @throws Refusal with who was first, and when */
export function mustWait(reponse: Reponse): void {
  const etat = etatOf(reponse)
  if (etat === 'a_valider') return
  const done = etat === 'transmise' ? 'acceptée' : 'rejetée'
  const par = reponse.valide_nom === '' ? '' : ` par ${reponse.valide_nom}`
  throw new Refusal(
    `Cette réponse a déjà été ${done}${par}, le ${datetime(reponse.transmise_le ?? reponse.rejetee_le)}. Rien n’a été changé.`,
  )
}

export interface LigneSaisie {
  questionId: string
  texte: string
  fichierIds: string[]
  /** Of a piece: there is none, and the text says why. */
  sansObjet: boolean
}

/** What a draft holds for the questions of its courrier. */
export interface Contenu {
  textes: Record<string, string>
  sans_objet: readonly string[]
}

/**
 * The questions that a draft answers: with words, or with a file. A piece is answered by a file, or by the reason why there
 * is none.
 * @throws Refusal when it answers none, or says half of what a piece wants
 */
export function answered(
  questions: readonly { id: string; ordre: number; nature: Nature }[],
  { textes, sans_objet }: Contenu,
  fichiers: readonly { question_id: string; fichier_id: string }[],
): LigneSaisie[] {
  const full = questions.flatMap(({ id, ordre, nature }) => {
    const texte = (textes[id] ?? '').trim()
    const fichierIds = fichiers.filter((f) => f.question_id === id).map((f) => f.fichier_id)
    const sansObjet = nature === 'piece' && sans_objet.includes(id)
    if (sansObjet && fichierIds.length > 0)
      throw new Refusal(`Pièce ${ordre} : un fichier est joint. Retirez-le, ou décochez « sans objet ».`)
    if (sansObjet && texte === '') throw new Refusal(`Pièce ${ordre} : dites pourquoi elle est sans objet.`)
    if (nature === 'piece' && texte !== '' && !sansObjet && fichierIds.length === 0)
      throw new Refusal(`Pièce ${ordre} : joignez un fichier, ou cochez « sans objet ».`)
    return texte === '' && fichierIds.length === 0 ? [] : [{ questionId: id, texte, fichierIds, sansObjet }]
  })
  if (full.length === 0) throw new Refusal('Répondez au moins à une question avant d’envoyer.')
  return full
}
