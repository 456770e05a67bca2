import { callout, heading } from '../../../../kernel/pdf/blocks.ts'
import { bars } from '../../../../kernel/pdf/charts.ts'
import type { Paper } from '../../../../kernel/pdf/paper.ts'
import type { Tile } from '../../../../kernel/pdf/tiles.ts'
import { mix } from '../../../../kernel/theme.ts'
import type { Analyse } from '../../analyse.ts'
import type { Drapeau } from '../../prevention.ts'
import { evolution, percentOf } from '../../soldes.ts'
import { NONE, before, last, money, part, signed, type Mots } from './words.ts'

/* First page: the figures to remember, two sentences, the years side by side. */

export function keyFigures(analyse: Analyse, mots: Mots): Tile[] {
  const share = percentOf(last(analyse.resultat), last(analyse.base))
  return [
    { nom: mots.base, valeur: money(last(analyse.base)), note: change(analyse.base) },
    { nom: 'Excédent brut', valeur: money(last(analyse.excedentBrut)), note: change(analyse.excedentBrut) },
    { nom: mots.resultat, valeur: money(last(analyse.resultat)), note: change(analyse.resultat) },
    {
      nom: mots.taux,
      valeur: share === null ? NONE : `${part(share)} %`,
      note: mots.part,
    },
  ]
}

export function synthese(paper: Paper, analyse: Analyse, mots: Mots, flags: Drapeau[]): void {
  const result = last(analyse.resultat)
  const previous = before(analyse.resultat)
  const kept = result < 0 ? `une perte de ${money(-result)}` : `un bénéfice de ${money(result)}`
  const compared =
    previous === null
      ? ''
      : `, contre ${previous < 0 ? `une perte de ${money(-previous)}` : money(previous)} un an plus tôt`
  const watch =
    flags.length === 0
      ? 'Aucun signal d’alerte n’est relevé.'
      : `À surveiller : ${flags.map((flag) => lower(flag.titre)).join(', ')}.`
  callout(paper, 'En résumé', `L’exercice laisse ${kept}${compared}. ${trend(analyse.base, mots)} ${watch}`)
}

function trend(base: number[], { sujet, pluriel }: Mots): string {
  const previous = before(base)
  if (previous === null)
    return 'C’est le premier exercice que nous analysons : la comparaison viendra l’an prochain.'
  const rate = evolution(previous, last(base))
  const s = pluriel ? 'nt' : ''
  if (rate === null) return `${sujet} ne se compare${s} pas à l’an dernier.`
  if (Math.abs(rate) < 0.05) return pluriel ? `${sujet} sont stables.` : `${sujet} est stable.`
  const verb = rate > 0 ? (pluriel ? 'progressent' : 'progresse') : pluriel ? 'reculent' : 'recule'
  return `${sujet} ${verb} de ${part(Math.abs(rate))} %.`
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

export function evolutionChart(paper: Paper, labels: string[], analyse: Analyse, mots: Mots): void {
  heading(paper, `${mots.base} et ${mots.resultat.toLowerCase()}`, 180)
  const spoken = labels.map(
    (label, i) =>
      `${label} : ${mots.base.toLowerCase()} ${money(analyse.base[i] ?? 0)}, ${mots.resultat.toLowerCase()} ${money(analyse.resultat[i] ?? 0)}`,
  )
  bars(
    paper,
    labels,
    [
      { nom: mots.base, colour: paper.brand, values: analyse.base },
      { nom: mots.resultat, colour: mix('#c9ced6', paper.brand, 0.35), values: analyse.resultat },
    ],
    money,
    `Histogramme. ${spoken.join(' ; ')}.`,
  )
}

/** Against last year: a rate when both are profits, else last year's amount, because a rate would mislead. */
function change(values: number[]): string {
  const previous = before(values)
  if (previous === null) return 'premier exercice'
  const rate = last(values) < 0 ? null : evolution(previous, last(values))
  return rate === null ? `contre ${money(previous)}` : `${signed(rate)} % en un an`
}
