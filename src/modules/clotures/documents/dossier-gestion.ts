import { euros, nombre } from '../../../kernel/formats.ts'
import { callout, facts, heading, notice, paragraph, title } from '../../../kernel/pdf/blocks.ts'
import { bars, ring } from '../../../kernel/pdf/charts.ts'
import { mix } from '../../../kernel/pdf/colour.ts'
import type { Paper } from '../../../kernel/pdf/paper.ts'
import { scale } from '../../../kernel/pdf/scale.ts'
import { table, type Column, type Row } from '../../../kernel/pdf/table.ts'
import { tiles, type Tile } from '../../../kernel/pdf/tiles.ts'
import { analyseBic, analyseBnc, percents, type Analyse, type Ligne } from '../analyse.ts'
import type { Cases } from '../declaration-2035.ts'
import { drapeaux, type Drapeau } from '../prevention.ts'
import { intitules, regimeAt } from '../regime.ts'
import {
  evolution,
  financement,
  percentOf,
  ratios,
  soldes,
  type Bilan,
  type CompteResultat,
  type Mouvements,
} from '../soldes.ts'
import { position, type Diffusion, type Quartiles } from '../statistiques.ts'
import { identite, openPaper, periode, signature, type Socle } from './emetteur.ts'

/** Dossier de gestion: one to three years of a business beside its profession (arrêté in BOI-ANNX-000402). */
export type DossierGestionData = Socle & {
  profession: Profession | null
  /** Written by the permanent, one paragraph each. */
  commentaires: string[]
} & ({ categorie: 'BIC' | 'BA'; annees: AnneeBic[] } | { categorie: 'BNC'; annees: AnneeBnc[] })

/** Oldest first; « 2025 », or « 06/2025 » for a year that ends in June. */
interface Annee {
  libelle: string
  /** What the owner took out, and the cash at the end. */
  prelevements: number | null
  tresorerie: number | null
}

export interface AnneeBic extends Annee {
  compte: Partial<CompteResultat>
  bilan: Bilan | null
  mouvements: Omit<Mouvements, 'autofinancement'> | null
}

export interface AnneeBnc extends Annee {
  cases: Cases
}

export interface Profession {
  nom: string
  /** « région Nouvelle-Aquitaine, 2025 » */
  portee: string
  effectif: number
  diffusion: Diffusion
  /** By key of a line: mean, in percents of the turnover or recettes. */
  moyennes: Record<string, number | null>
  /** Euros. */
  recettes: Quartiles | null
  resultat: Quartiles | null
}

interface Mots {
  base: string
  /** Subject of « progresse », with its verb endings. */
  sujet: string
  pluriel: boolean
  /** Of what a percent is taken. */
  part: string
  resultat: string
  taux: string
}

const COMMERCE: Mots = {
  base: 'Chiffre d’affaires',
  sujet: 'Le chiffre d’affaires',
  pluriel: false,
  part: 'du chiffre d’affaires',
  resultat: 'Résultat',
  taux: 'Taux de résultat',
}

const MOTS: Record<'BIC' | 'BA' | 'BNC', Mots> = {
  BIC: COMMERCE,
  BA: COMMERCE,
  BNC: {
    base: 'Recettes',
    sujet: 'Les recettes',
    pluriel: true,
    part: 'des recettes',
    resultat: 'Bénéfice',
    taux: 'Taux de bénéfice',
  },
}

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

const NONE = '–'
const minus = (text: string) => text.replace('-', '−')
const money = (value: number | null) => (value === null ? NONE : minus(euros(value)))
const plain = (value: number | null) => (value === null ? NONE : minus(nombre(value, 0)))
/** One decimal, always, so that percents stand in columns. */
const part = (value: number | null) => {
  if (value === null) return NONE
  const text = nombre(value, 1)
  return minus(text.includes(',') ? text : `${text},0`)
}
const signed = (value: number) => `${value > 0 ? '+' : ''}${part(value)}`
const last = (values: number[]) => values.at(-1) ?? 0
const before = (values: number[]) => values.at(-2) ?? null

/** Against last year: a rate when both are profits, else last year's amount, because a rate would mislead. */
function change(values: number[]): string {
  const previous = before(values)
  if (previous === null) return 'premier exercice analysé'
  const rate = last(values) < 0 ? null : evolution(previous, last(values))
  return rate === null ? `contre ${money(previous)}` : `${signed(rate)} % en un an`
}

function keyFigures(analyse: Analyse, mots: Mots): Tile[] {
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

function synthese(paper: Paper, analyse: Analyse, mots: Mots, flags: Drapeau[]): void {
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

function evolutionChart(paper: Paper, labels: string[], analyse: Analyse, mots: Mots): void {
  heading(paper, 'Évolution', 180)
  const spoken = labels.map(
    (label, i) =>
      `${label} : ${mots.base.toLowerCase()} ${money(analyse.base[i] ?? 0)}, ${mots.resultat.toLowerCase()} ${money(analyse.resultat[i] ?? 0)}`,
  )
  bars(
    paper,
    labels,
    [
      { nom: mots.base, colour: paper.brand, values: analyse.base },
      { nom: mots.resultat, colour: mix(paper.brand, '#c9ced6', 0.35), values: analyse.resultat },
    ],
    money,
    `Histogramme. ${spoken.join(' ; ')}.`,
  )
}

/** Each line in euros and in percents of the base, over the years, then beside the profession. */
function lineTable(paper: Paper, labels: string[], analyse: Analyse, profession: Profession | null): void {
  const compared = profession !== null && profession.diffusion !== 'secret'
  const right = { align: 'right' } as const
  const columns: Column[] = [
    { titre: 'En euros et en %' },
    ...labels.flatMap((label) => [
      { titre: label, width: 54, ...right },
      { titre: `${label} %`, width: 38, ...right },
    ]),
    ...(compared
      ? [
          { titre: 'Prof. %', width: 42, ...right },
          { titre: 'Écart', width: 36, ...right },
        ]
      : []),
  ]
  table(
    paper,
    columns,
    analyse.lignes.map((line) => lineRow(line, analyse.base, compared ? profession.moyennes : null)),
    { dense: true },
  )
  if (compared) {
    notice(paper, `Profession : ${professionName(profession)}. L’écart est en points de pourcentage.`)
  }
}

function lineRow(line: Ligne, base: number[], means: Record<string, number | null> | null): Row {
  const shares = percents(line, base)
  const cells = [line.libelle, ...line.valeurs.flatMap((value, i) => [plain(value), part(shares[i] ?? null)])]
  if (means) {
    const mean = means[line.cle] ?? null
    const own = shares.at(-1) ?? null
    cells.push(part(mean), mean === null || own === null ? NONE : signed(own - mean))
  }
  return { cells, total: line.total }
}

function costs(paper: Paper, analyse: Analyse): void {
  if (analyse.postes.length === 0) return
  heading(paper, 'Où va l’argent', 150)
  const total = analyse.postes.reduce((sum, one) => sum + one.montant, 0)
  const slices = analyse.postes.map(({ nom, montant }) => ({
    nom,
    value: montant,
    texts: [money(montant), `${part(percentOf(montant, total))} %`] as const,
  }))
  const spoken = slices.map((slice) => `${slice.nom} ${slice.texts.join(', ')}`).join(' ; ')
  ring(paper, slices, money(total), `Anneau des charges, ${money(total)} au total. ${spoken}.`)
}

function finances(paper: Paper, annees: AnneeBic[]): void {
  const known = annees.filter((annee) => annee.bilan !== null)
  if (known.length > 0) {
    const all = known.map(({ bilan, compte }) => ratios(bilan as Bilan, compte.coutAchat ?? 0))
    const row = (nom: string, values: (number | null)[], unit: (value: number | null) => string) => ({
      cells: [nom, ...values.map(unit)],
    })
    const jours = (value: number | null) => (value === null ? NONE : `${nombre(value, 0)} jours`)
    const fois = (value: number | null) => (value === null ? NONE : nombre(value, 2))
    heading(paper, 'Ratios et équilibre financier', 180)
    table(
      paper,
      [
        { titre: 'À la clôture' },
        ...known.map(({ libelle }) => ({ titre: libelle, width: 90, align: 'right' as const })),
      ],
      [
        row(
          'Délai moyen de réalisation des stocks',
          all.map((r) => r.stockJours),
          jours,
        ),
        row(
          'Durée moyenne du crédit clients',
          all.map((r) => r.clientsJours),
          jours,
        ),
        row(
          'Durée moyenne du crédit fournisseurs',
          all.map((r) => r.fournisseursJours),
          jours,
        ),
        row(
          'Solvabilité à court terme',
          all.map((r) => r.solvabilite),
          fois,
        ),
        row(
          'Fonds de roulement',
          all.map((r) => r.fondsRoulement),
          money,
        ),
        row(
          'Besoin en fonds de roulement',
          all.map((r) => r.besoinFondsRoulement),
          money,
        ),
        {
          ...row(
            'Trésorerie',
            all.map((r) => r.tresorerie),
            money,
          ),
          total: true,
        },
      ],
    )
  }
  const year = annees.at(-1)
  if (year?.mouvements)
    fundsTable(paper, year.libelle, {
      ...year.mouvements,
      autofinancement: soldes(year.compte).autofinancement,
    })
}

function fundsTable(paper: Paper, label: string, m: Mouvements): void {
  const { ressources, emplois, variation } = financement(m)
  heading(paper, 'Tableau de financement', 240)
  table(
    paper,
    [{ titre: 'Ressources et emplois durables' }, { titre: label, width: 110, align: 'right' }],
    [
      { cells: ['Capacité d’autofinancement', money(m.autofinancement)] },
      { cells: ['Apports', money(m.apports)] },
      { cells: ['Nouveaux emprunts', money(m.nouveauxEmprunts)] },
      { cells: ['Cessions', money(m.cessions)] },
      { cells: ['Ressources', money(ressources)], total: true },
      { cells: ['Prélèvements', money(m.prelevements)] },
      { cells: ['Investissements', money(m.investissements)] },
      { cells: ['Remboursements d’emprunts', money(m.remboursements)] },
      { cells: ['Emplois', money(emplois)], total: true },
      { cells: ['Variation du fonds de roulement', money(variation)], total: true },
    ],
  )
}

function comparison(paper: Paper, analyse: Analyse, mots: Mots, profession: Profession | null): void {
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

function professionName({ nom, portee, effectif }: Profession): string {
  return `${nom}, ${portee}, ${nombre(effectif, 0)} entreprises`
}

function prevention(paper: Paper, flags: Drapeau[]): void {
  heading(paper, 'Prévention', 90)
  if (flags.length === 0) paragraph(paper, 'Aucun signal d’alerte n’est relevé sur cet exercice.')
  for (const flag of flags) callout(paper, flag.titre, flag.commentaire)
}

function signaux(data: DossierGestionData, analyse: Analyse): Parameters<typeof drapeaux>[0] {
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
