import { facts, heading, notice, paragraph, title } from '../../../kernel/pdf/blocks.ts'
import { tiles } from '../../../kernel/pdf/tiles.ts'
import { analyseBic, analyseBnc } from '../analyse.ts'
import { drapeaux } from '../prevention.ts'
import { intitules, regimeAt } from '../regime.ts'
import { comparison, prevention, signaux } from './dossier-gestion/comparison.ts'
import type { DossierGestionData } from './dossier-gestion/data.ts'
import { evolutionChart, keyFigures, synthese } from './dossier-gestion/summary.ts'
import { costs, finances, lineTable } from './dossier-gestion/tables.ts'
import { MOTS } from './dossier-gestion/words.ts'
import { identite, openPaper, periode, signature } from './emetteur.ts'

export type { AnneeBic, AnneeBnc, DossierGestionData, Profession } from './dossier-gestion/data.ts'

export function render(data: DossierGestionData): Promise<Buffer> {
  const regime = regimeAt(data.emisLe, data.regles)
  const titre = intitules(regime).dossierGestion
  const { paper, code } = openPaper('dossier_gestion', titre, data, regime)
  const mots = MOTS[data.categorie]
  const analyse =
    data.categorie === 'BNC'
      ? analyseBnc(data.annees.map((a) => a.cases))
      : analyseBic(data.annees.map((a) => a.compte))
  const labels = data.annees.map((annee) => annee.libelle)
  const flags = drapeaux(signaux(data, analyse))

  title(paper, titre, `N° ${data.numero}, exercice ${periode(data.exercice)}`)
  if (data.remplace !== null) paragraph(paper, `Il annule et remplace le dossier n° ${data.remplace}.`)
  facts(paper, [...identite(data), ['Catégorie', data.categorie]])
  tiles(paper, keyFigures(analyse, mots))
  synthese(paper, analyse, mots, flags)
  evolutionChart(paper, labels, analyse, mots)

  heading(
    paper,
    data.categorie === 'BNC' ? 'Votre déclaration, ligne à ligne' : 'Soldes intermédiaires de gestion',
    120,
  )
  lineTable(paper, labels, analyse, data.profession)
  costs(paper, analyse)
  if (data.categorie !== 'BNC') finances(paper, data.annees)
  comparison(paper, analyse, mots, data.profession)
  prevention(paper, flags)
  if (data.commentaires.length > 0) {
    heading(paper, 'Commentaires')
    for (const text of data.commentaires) paragraph(paper, text)
  }
  signature(paper, data.signataire, data.emisLe)
  notice(
    paper,
    'Ce dossier est établi d’après les documents que vous nous avez remis. Il est confidentiel et ne constitue pas une certification des comptes.',
  )
  notice(paper, `Pour vérifier ce dossier, indiquez-nous son numéro et son code : ${code}.`)
  return paper.finish()
}
