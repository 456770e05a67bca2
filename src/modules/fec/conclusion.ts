import { type Rapport, conclure } from './controle/rapport.ts'

export interface ConclusionPage {
  titre: string
  texte: string
  couleur: 'succes' | 'alerte' | 'erreur'
  icone: string
  pastille: string
}

export const MENTION =
  'La conformité structurelle du FEC ne présage pas de la régularité de la comptabilité, ni de sa valeur probante.'

/** The eight conclusions of the DGFiP's tool (errors or none, data missing or none, header whole or not), in our words. */
export function conclusionDe(rapport: Pick<Rapport, 'constats'>): ConclusionPage {
  const { conforme, donnees, entete } = conclure(rapport)
  const manques = donnees ? '' : ' De plus, certaines données attendues manquent.'
  if (!entete && !conforme)
    return refus(`La structure du fichier n’est pas celle du texte, et des lignes sont en erreur.${manques}`)
  if (!entete)
    return refus(
      `La structure du fichier n’est pas celle du texte : ses colonnes ne sont pas celles qui sont demandées.${manques}`,
    )
  if (!conforme)
    return refus(
      `Les colonnes sont les bonnes, mais des lignes sont en erreur : l’administration refuserait le fichier.${manques}`,
    )
  if (!donnees)
    return {
      titre: 'La structure de ce fichier est conforme, avec des données absentes',
      texte: 'L’administration prendrait ce fichier et signalerait les données qui manquent.',
      couleur: 'alerte',
      icone: 'alert-triangle',
      pastille: 'conforme, données absentes',
    }
  return {
    titre: 'La structure de ce fichier est conforme',
    texte: 'L’administration prendrait ce fichier (article A. 47 A-1 du livre des procédures fiscales).',
    couleur: 'succes',
    icone: 'circle-check',
    pastille: 'conforme',
  }
}

function refus(texte: string): ConclusionPage {
  return {
    titre: 'Ce fichier n’est pas conforme',
    texte,
    couleur: 'erreur',
    icone: 'circle-x',
    pastille: 'non conforme',
  }
}
