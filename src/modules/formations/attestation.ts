import { facts, notice, paragraph, signature, title } from '../../kernel/pdf/blocks.ts'
import { type Letterhead, letterhead } from '../../kernel/pdf/letterhead.ts'
import { Paper } from '../../kernel/pdf/paper.ts'

/** Plain data: the paper is made on a thread of its own. Every text is ready. */
export interface AttestationPresence {
  emetteur: Letterhead & { couleur: string }
  /** AAAA-MM-JJ. */
  emisLe: string
  adherent: { nom: string; numero: string }
  formation: { titre: string; horaires: string; duree: string; lieu: string; intervenant: string | null }
  signataire: { lieu: string; nom: string; qualite: string }
}

/** Attestation of attendance: who, at what, when, how long. */
export function render(data: AttestationPresence): Promise<Buffer> {
  const { emetteur, emisLe, adherent, formation, signataire } = data
  const titre = 'Attestation de présence'
  const paper = new Paper({
    titre,
    auteur: emetteur.nom,
    emisLe,
    reference: `${titre} : ${formation.titre}`,
    verification: `Document établi par ${emetteur.nom} d’après la feuille d’émargement.`,
    couleur: emetteur.couleur,
  })
  letterhead(paper, emetteur)
  title(paper, titre, formation.titre)
  paragraph(
    paper,
    `${emetteur.nom} atteste que la personne désignée ci-dessous a suivi la formation indiquée.`,
  )
  paper.y += 4
  facts(paper, [
    ['Nom', adherent.nom],
    ['N° d’adhérent', adherent.numero],
    ['Formation', formation.titre],
    ['Date et horaires', formation.horaires],
    ['Durée', formation.duree],
    ['Lieu', formation.lieu],
    ['Intervenant', formation.intervenant],
  ])
  signature(paper, signataire.lieu, signataire.nom, signataire.qualite)
  notice(paper, 'Attestation délivrée d’après la feuille d’émargement de la formation.')
  return paper.finish()
}
