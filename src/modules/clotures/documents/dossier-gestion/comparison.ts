import { nombre } from '../../../../kernel/formats.ts'
import { callout, heading, notice, paragraph } from '../../../../kernel/pdf/blocks.ts'
import type { Paper } from '../../../../kernel/pdf/paper.ts'
import { scale } from '../../../../kernel/pdf/scale.ts'
import type { Analyse } from '../../analyse.ts'
import type { Drapeau, Signaux } from '../../prevention.ts'
import { position, type Quartiles } from '../../statistiques.ts'
import type { Annee, DossierGestionData, Profession } from './data.ts'
import { before, last, money, type Mots } from './words.ts'

export function comparison(paper: Paper, analyse: Analyse, mots: Mots, profession: Profession | null): void {
  heading(paper, 'Votre place dans la profession', 130)
  if (profession === null) {
    paragraph(paper, 'Aucune statistique n’est disponible pour votre profession.')
    return
  }
  if (profession.diffusion === 'secret') {
    paragraph(
      paper,
      `${professionName(profession)} : l’effectif est insuffisant pour une comparaison qui respecte le secret statistique.`,
    )
    return
  }
  const caution =
    profession.diffusion === 'non_significatif'
      ? ' L’effectif est faible : ces repères sont à lire avec prudence.'
      : ''
  paragraph(paper, `${professionName(profession)}.${caution}`)
  const scales: [string, number, Quartiles | null][] = [
    [mots.base, last(analyse.base), profession.recettes],
    [mots.resultat, last(analyse.resultat), profession.resultat],
  ]
  for (const [nom, value, quartiles] of scales) {
    if (quartiles === null) continue
    scale(
      paper,
      { nom, value, ...quartiles },
      money,
      `${nom} : ${money(value)}, ${PLACES[position(value, quartiles)]}. Premier quartile ${money(quartiles.q1)}, médiane ${money(quartiles.mediane)}, troisième quartile ${money(quartiles.q3)}.`,
    )
    notice(paper, `Votre position : ${PLACES[position(value, quartiles)]}.`)
  }
}

const PLACES: Record<1 | 2 | 3 | 4, string> = {
  1: 'dans le quart le plus bas de la profession',
  2: 'entre le premier quartile et la médiane',
  3: 'entre la médiane et le troisième quartile',
  4: 'dans le quart le plus haut de la profession',
}

export function professionName({ nom, portee, effectif }: Profession): string {
  return `${nom}, ${portee}, ${nombre(effectif, 0)} entreprises`
}

export function prevention(paper: Paper, flags: Drapeau[]): void {
  heading(paper, 'Prévention', 90)
  if (flags.length === 0) paragraph(paper, 'Aucun signal d’alerte n’est relevé sur cet exercice.')
  for (const flag of flags) callout(paper, flag.titre, flag.commentaire)
}

/** What the warnings look at. */
export function signaux(data: DossierGestionData, analyse: Analyse): Signaux {
  const years: Annee[] = data.annees
  const profession = data.profession
  return {
    recettes: last(analyse.base),
    recettesAvant: before(analyse.base),
    resultat: last(analyse.resultat),
    excedentBrut: last(analyse.excedentBrut),
    q1Resultat:
      profession === null || profession.diffusion === 'secret' ? null : (profession.resultat?.q1 ?? null),
    cotisations: data.categorie === 'BNC' ? (data.annees.at(-1)?.cases.BK ?? null) : null,
    prelevements: years.at(-1)?.prelevements ?? null,
    tresorerie: years.at(-1)?.tresorerie ?? null,
    tresorerieAvant: years.at(-2)?.tresorerie ?? null,
  }
}
