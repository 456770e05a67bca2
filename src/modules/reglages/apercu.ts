import { facts, paragraph, signature, title } from '../../kernel/pdf/blocks.ts'
import { type Letterhead, letterhead } from '../../kernel/pdf/letterhead.ts'
import { Paper } from '../../kernel/pdf/paper.ts'

/** A page that is about nobody, to see the letterhead. */
export interface ApercuData {
  tete: Letterhead
  couleur: string
  /** AAAA-MM-JJ */
  emisLe: string
  lieu: string
  signataire: string
  qualite: string
}

export function render(data: ApercuData): Promise<Buffer> {
  const paper = new Paper({
    titre: 'Aperçu de l’en-tête',
    auteur: data.tete.nom,
    emisLe: data.emisLe,
    reference: 'Aperçu sans valeur',
    verification: '',
    couleur: data.couleur,
  })
  letterhead(paper, data.tete)
  title(paper, 'Aperçu', 'Ce document ne concerne personne')
  paragraph(paper, 'Voilà comment vos attestations, comptes rendus et dossiers de gestion se présentent.')
  facts(paper, [
    ['Adhérent', 'M. ou Mme EXEMPLE'],
    ['Numéro d’adhérent', '000'],
  ])
  signature(paper, data.lieu, data.signataire, data.qualite)
  return paper.finish()
}
