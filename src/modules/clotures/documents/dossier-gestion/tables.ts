import { nombre } from '../../../../kernel/formats.ts'
import { heading, notice } from '../../../../kernel/pdf/blocks.ts'
import { ring } from '../../../../kernel/pdf/charts.ts'
import type { Paper } from '../../../../kernel/pdf/paper.ts'
import { table, type Column, type Row } from '../../../../kernel/pdf/table.ts'
import { percents, type Analyse, type Ligne } from '../../analyse.ts'
import { financement, percentOf, ratios, soldes, type Bilan, type Mouvements } from '../../soldes.ts'
import { professionName } from './comparison.ts'
import type { AnneeBic, Profession } from './data.ts'
import { NONE, money, part, plain, signed } from './words.ts'

/** Each line in euros and in percents of the base, over the years, then beside the profession. */
export function lineTable(
  paper: Paper,
  labels: string[],
  analyse: Analyse,
  profession: Profession | null,
): void {
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

export function costs(paper: Paper, analyse: Analyse): void {
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

export function finances(paper: Paper, annees: AnneeBic[]): void {
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
