import { date } from '../../kernel/formats.ts'
import { callout, heading, notice, paragraph, title } from '../../kernel/pdf/blocks.ts'
import { letterhead } from '../../kernel/pdf/letterhead.ts'
import { Paper } from '../../kernel/pdf/paper.ts'
import type { Demande } from './modeles/modele.ts'

/** What the paper of a courrier is made of: plain data, for the PDF thread. */
export interface LettreData {
  emetteur: { nom: string; forme: string; contact: string[]; couleur: string }
  numero: string
  genre: string
  objet: string
  corps: string
  publieLe: string
  aRepondreAvant: string | null
  destinataire: string[]
  concerne: string | null
  copie: string | null
  questions: Demande[]
  /** Number of the courrier that it follows. */
  suite: string | null
  /** A mise en demeure says so above everything else. */
  formelle: boolean
  /** Day on which this duplicate is made. */
  editeLe: string
}

/** A courrier as paper: to read, to print, to keep. The portal holds the original, so that each one made is a duplicate. */
export function render(data: LettreData): Promise<Buffer> {
  const reference = `Courrier n° ${data.numero} du ${date(data.publieLe)}`
  const paper = new Paper({
    titre: `${data.genre} n° ${data.numero}`,
    auteur: data.emetteur.nom,
    emisLe: data.publieLe.slice(0, 10),
    reference,
    verification: `Duplicata édité le ${date(data.editeLe)}`,
    couleur: data.emetteur.couleur,
  })
  letterhead(paper, {
    nom: data.emetteur.nom,
    lignes: [data.emetteur.forme],
    contact: data.emetteur.contact,
    logo: null,
  })
  for (const line of data.destinataire) {
    paper.tag('P', () => paper.text(line, paper.left, paper.y, { size: 10, align: 'right' }, paper.width))
    paper.y += 14
  }
  paper.y += 12
  const about = [
    reference,
    data.suite === null ? '' : `suite du courrier n° ${data.suite}`,
    data.concerne ?? '',
  ]
  title(paper, data.objet, about.filter(Boolean).join(' · '))
  if (data.formelle) {
    callout(
      paper,
      'Mise en demeure',
      'Cette lettre fait suite à des relances restées sans réponse. Elle fait courir le dernier délai, indiqué ci-dessous.',
    )
  }
  for (const part of data.corps.split('\n\n')) if (part.trim() !== '') paragraph(paper, part)
  for (const [i, { nature, texte }] of data.questions.entries()) {
    heading(paper, `${nature === 'piece' ? 'Pièce demandée' : 'Question'} ${i + 1}`, 40)
    paragraph(paper, texte)
  }
  if (data.aRepondreAvant !== null) {
    callout(
      paper,
      `Votre réponse est attendue avant le ${date(data.aRepondreAvant)}`,
      'Répondez question par question dans votre espace, avec les pièces demandées.',
    )
  }
  if (data.copie !== null) notice(paper, `Copie : ${data.copie}`)
  return paper.finish()
}
