import { date, euros, pluriel } from '../../../kernel/formats.ts'
import { callout, facts, heading, notice, paragraph, title } from '../../../kernel/pdf/blocks.ts'
import type { Paper } from '../../../kernel/pdf/paper.ts'
import { table } from '../../../kernel/pdf/table.ts'
import type { Exercice } from '../adhesion.ts'
import type { Jour } from '../calendrier.ts'
import { intitules, regimeAt, type Categorie } from '../regime.ts'
import { identite, openPaper, periode, signature, type Socle } from './emetteur.ts'

/** Compte rendu de mission. No official model was found: scope of annexe II 371 E and 371 Q, list of BOI-ANNX-000465. */
export interface CompteRenduData extends Socle {
  categorie: Categorie
  /** « Déclaration contrôlée », « Réel simplifié »… */
  regimeFiscal: string
  /** Day of reception of the liasse. */
  recueLe: Jour
  /** A. */
  pieces: { nom: string; recueLe: Jour | null; observation: string | null }[]
  /** B. */
  controles: { nom: string; resultat: ResultatControle; commentaire: string | null }[]
  questions: { posees: number; poseesLe: Jour | null; reponduesLe: Jour | null }
  /** C. Null when the member is not liable to VAT. */
  tva: { lignes: { nom: string; declare: number; resultat: number }[]; explication: string | null } | null
  /** D. Null when no EPS was made for this year. */
  eps: { pieces: number; periode: Exercice; conclusion: string; fichierDetruitLe: Jour | null } | null
  /** E. */
  fec: { etat: 'conforme' | 'non_conforme' | 'non_fourni'; commentaire: string | null }
  /** F. */
  conclusion: Conclusion
  /** Number of the return that corrected the anomalies. */
  rectificative: string | null
  observations: string[]
  /** G. */
  destinataires: string[]
}

export type ResultatControle = 'ras' | 'question_posee' | 'regularise' | 'non_regularise' | 'sans_reponse'

export type Conclusion = 'absence' | 'regularisees' | 'subsistantes' | 'impossible'

const RESULTAT: Record<ResultatControle, string> = {
  ras: 'Rien à signaler',
  question_posee: 'Question posée',
  regularise: 'Régularisé',
  non_regularise: 'Non régularisé',
  sans_reponse: 'Sans réponse',
}

const CONCLUSION: Record<Conclusion, [titre: string, texte: string]> = {
  absence: ['Absence d’anomalie', 'Nos contrôles n’ont fait apparaître aucune anomalie.'],
  regularisees: ['Anomalies régularisées', 'Les anomalies relevées ont été expliquées ou corrigées.'],
  subsistantes: ['Anomalies subsistantes', 'Des anomalies relevées n’ont pas été corrigées à ce jour.'],
  impossible: [
    'Examen impossible faute de réponse',
    'Nos questions sont restées sans réponse après nos relances.',
  ],
}

const FEC: Record<CompteRenduData['fec']['etat'], string> = {
  conforme: 'Conforme',
  non_conforme: 'Non conforme',
  non_fourni: 'Non fourni',
}

export function render(data: CompteRenduData): Promise<Buffer> {
  const regime = regimeAt(data.emisLe, data.regles)
  const titles = intitules(regime)
  const { paper, code } = openPaper('compte_rendu', titles.compteRendu, data, regime)

  title(paper, titles.compteRendu, `N° ${data.numero}, exercice ${periode(data.exercice)}`)
  if (data.remplace !== null) paragraph(paper, `Il annule et remplace le compte rendu n° ${data.remplace}.`)
  facts(paper, [
    ...identite(data),
    ['Catégorie et régime', `${data.categorie}, ${data.regimeFiscal}`],
    ['Liasse reçue le', date(data.recueLe)],
  ])
  callout(paper, CONCLUSION[data.conclusion][0], conclusionText(data))

  heading(paper, 'A. Documents reçus')
  table(
    paper,
    [{ titre: 'Document' }, { titre: 'Reçu le', width: 90 }, { titre: 'Observation', width: 180 }],
    data.pieces.map(({ nom, recueLe, observation }) => ({
      cells: [nom, recueLe === null ? 'Non reçu' : date(recueLe), observation ?? ''],
    })),
  )
  heading(paper, `B. ${titles.controle}`)
  paragraph(paper, questionsText(data))
  table(
    paper,
    [{ titre: 'Contrôle' }, { titre: 'Résultat', width: 90 }, { titre: 'Commentaire', width: 180 }],
    data.controles.map(({ nom, resultat, commentaire }) => ({
      cells: [nom, RESULTAT[resultat], commentaire ?? ''],
    })),
  )
  heading(paper, 'C. Rapprochement de la TVA')
  tva(paper, data.tva)
  heading(paper, regime === 'AGREE' ? 'D. Examen périodique de sincérité' : 'D. Contrôle de pièces')
  eps(paper, data.eps)
  heading(paper, 'E. Fichier des écritures comptables')
  facts(paper, [
    ['Capacité à produire le fichier', FEC[data.fec.etat]],
    ['Commentaire', data.fec.commentaire],
  ])
  heading(paper, 'F. Conclusion')
  paragraph(paper, `${CONCLUSION[data.conclusion][0]}. ${conclusionText(data)}`)
  for (const text of data.observations) paragraph(paper, text)
  heading(paper, 'G. Destinataires', 110)
  paragraph(paper, `${data.destinataires.join(', ')}.`)
  signature(paper, data.signataire, data.emisLe)
  notice(paper, 'Le présent compte rendu ne constitue pas une certification des comptes.')
  notice(paper, `Pour vérifier ce compte rendu, indiquez-nous son numéro et son code : ${code}.`)
  return paper.finish()
}

function conclusionText({ conclusion, rectificative }: CompteRenduData): string {
  const text = CONCLUSION[conclusion][1]
  return rectificative === null ? text : `${text} Déclaration rectificative n° ${rectificative}.`
}

function questionsText({ questions: { posees, poseesLe, reponduesLe } }: CompteRenduData): string {
  if (posees === 0) return 'Aucune question n’a été nécessaire.'
  const asked = `${pluriel(posees, 'question posée', 'questions posées')}${poseesLe === null ? '' : ` le ${date(poseesLe)}`}`
  return reponduesLe === null
    ? `${asked}, sans réponse à ce jour.`
    : `${asked}, réponse reçue le ${date(reponduesLe)}.`
}

function tva(paper: Paper, data: CompteRenduData['tva']): void {
  if (data === null) {
    paragraph(paper, 'L’adhérent n’est pas redevable de la TVA sur l’exercice.')
    return
  }
  const right = { align: 'right', width: 100 } as const
  const sum = (key: 'declare' | 'resultat') => data.lignes.reduce((total, line) => total + line[key], 0)
  const rows = data.lignes.map((line) => ({
    nom: line.nom,
    declare: line.declare,
    resultat: line.resultat,
    total: false,
  }))
  table(
    paper,
    [
      { titre: 'Chiffre d’affaires' },
      { titre: 'Déclaré en TVA', ...right },
      { titre: 'Porté au résultat', ...right },
      { titre: 'Écart', ...right },
    ],
    [...rows, { nom: 'Total', declare: sum('declare'), resultat: sum('resultat'), total: true }].map(
      (row) => ({
        cells: [row.nom, euros(row.declare), euros(row.resultat), euros(row.resultat - row.declare)],
        total: row.total,
      }),
    ),
  )
  paragraph(paper, data.explication ?? 'Aucun écart n’appelle d’explication.')
}

function eps(paper: Paper, data: CompteRenduData['eps']): void {
  if (data === null) {
    paragraph(paper, 'L’exercice n’était pas concerné.')
    return
  }
  facts(paper, [
    ['Pièces examinées', pluriel(data.pieces, 'pièce', 'pièces')],
    ['Période', periode(data.periode)],
    ['Conclusion', data.conclusion],
    ['Fichier source détruit le', date(data.fichierDetruitLe)],
  ])
}
