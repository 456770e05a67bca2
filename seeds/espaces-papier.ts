import { heading, paragraph, title } from '../src/kernel/pdf/blocks.ts'
import { Paper } from '../src/kernel/pdf/paper.ts'

export interface Guide {
  titre: string
  sousTitre: string
  /** Headings and their paragraphs. */
  parties: [string, string[]][]
}

/** A short paper of an organisme, as the portal makes papers; with the words that it holds. */
export async function guidePdf(
  organisme: { nom: string; couleur: string },
  emisLe: string,
  guide: Guide,
): Promise<{ bytes: Buffer; texte: string }> {
  const paper = new Paper({
    titre: guide.titre,
    auteur: organisme.nom,
    emisLe,
    reference: guide.titre,
    verification: `Document de ${organisme.nom}`,
    couleur: organisme.couleur,
  })
  title(paper, guide.titre, guide.sousTitre)
  for (const [name, paragraphs] of guide.parties) {
    heading(paper, name)
    for (const text of paragraphs) paragraph(paper, text)
  }
  const texte = [
    guide.titre,
    guide.sousTitre,
    ...guide.parties.flatMap(([name, texts]) => [name, ...texts]),
  ].join('\n')
  return { bytes: await paper.finish(), texte }
}
