import { resultat2035, roundEuro, totaux2035, type Cases, type Totaux2035 } from './declaration-2035.ts'
import { percentOf, soldes, type CompteResultat, type Soldes } from './soldes.ts'

/*
 * The figures of one business over one to three years, made ready for a dossier de gestion: the same lines for the
 * paper and for a page. Years come oldest first. Euros.
 */

export interface Ligne {
  cle: string
  libelle: string
  /** One for each year. */
  valeurs: number[]
  /** A step of the calculation, written in bold. */
  total: boolean
}

export interface Poste {
  nom: string
  montant: number
}

export interface Analyse {
  /** What percents are taken of: turnover, or recettes. */
  base: number[]
  excedentBrut: number[]
  resultat: number[]
  lignes: Ligne[]
  /** Where the money went in the last year, largest first. */
  postes: Poste[]
}

/** At most this many slices can be told apart in a ring; the smaller ones are added up. */
const SLICES = 7

type LineOf<T> = [cle: string, libelle: string, value: (year: T) => number, total?: boolean]

type AnneeBic = { c: Partial<CompteResultat>; s: Soldes }

const of = (key: keyof CompteResultat) => (year: AnneeBic) => year.c[key] ?? 0

const LIGNES_BIC: LineOf<AnneeBic>[] = [
  ['ventes', 'Ventes de marchandises', of('ventesMarchandises')],
  ['cout_achat', 'Coût d’achat des marchandises', of('coutAchat')],
  ['marge', 'Marge commerciale', ({ s }) => s.margeCommerciale, true],
  ['production', 'Production de l’exercice', ({ s }) => s.production],
  ['consommations', 'Consommations en provenance de tiers', of('consommationsTiers')],
  ['valeur_ajoutee', 'Valeur ajoutée', ({ s }) => s.valeurAjoutee, true],
  ['subventions', 'Subventions d’exploitation', of('subventions')],
  ['impots', 'Impôts et taxes', of('impotsTaxes')],
  ['personnel', 'Charges de personnel', of('personnel')],
  ['excedent_brut', 'Excédent brut d’exploitation', ({ s }) => s.excedentBrut, true],
  ['autres_produits', 'Reprises et autres produits', ({ c }) => (c.reprises ?? 0) + (c.autresProduits ?? 0)],
  ['dotations', 'Dotations aux amortissements', of('dotations')],
  ['autres_charges', 'Autres charges', of('autresCharges')],
  ['exploitation', 'Résultat d’exploitation', ({ s }) => s.resultatExploitation, true],
  ['financier', 'Résultat financier', ({ c }) => (c.produitsFinanciers ?? 0) - (c.chargesFinancieres ?? 0)],
  ['courant', 'Résultat courant avant impôts', ({ s }) => s.resultatCourant, true],
  ['exceptionnel', 'Résultat exceptionnel', ({ s }) => s.resultatExceptionnel],
  ['impot_societes', 'Impôt sur les sociétés', of('impotSocietes')],
  ['resultat', 'Résultat de l’exercice', ({ s }) => s.resultat, true],
  ['autofinancement', 'Capacité d’autofinancement', ({ s }) => s.autofinancement, true],
]

export function analyseBic(comptes: Partial<CompteResultat>[]): Analyse {
  const years = comptes.map((c) => ({ c, s: soldes(c) }))
  const last = comptes.at(-1) ?? {}
  return {
    base: years.map(({ s }) => s.chiffreAffaires),
    excedentBrut: years.map(({ s }) => s.excedentBrut),
    resultat: years.map(({ s }) => s.resultat),
    lignes: lines(LIGNES_BIC, years),
    postes: largest([
      { nom: 'Achats de marchandises', montant: last.coutAchat ?? 0 },
      { nom: 'Achats et services extérieurs', montant: last.consommationsTiers ?? 0 },
      { nom: 'Personnel', montant: last.personnel ?? 0 },
      { nom: 'Impôts et taxes', montant: last.impotsTaxes ?? 0 },
      { nom: 'Amortissements', montant: last.dotations ?? 0 },
      { nom: 'Frais financiers', montant: last.chargesFinancieres ?? 0 },
      { nom: 'Autres charges', montant: (last.autresCharges ?? 0) + (last.chargesExceptionnelles ?? 0) },
    ]),
  }
}

type AnneeBnc = { c: Cases; t: Totaux2035 }

const box =
  (...names: string[]) =>
  ({ c }: AnneeBnc) =>
    names.reduce((sum, name) => sum + roundEuro(c[name] ?? 0), 0)

const LIGNES_BNC: LineOf<AnneeBnc>[] = [
  ['AA', 'Recettes encaissées', box('AA')],
  ['AB', 'Débours payés pour les clients', box('AB')],
  ['AC', 'Honoraires rétrocédés', box('AC')],
  ['AE', 'Produits financiers', box('AE')],
  ['AF', 'Gains divers', box('AF')],
  ['AG', 'Total des recettes', ({ t }) => t.AG, true],
  ['BA', 'Achats', box('BA')],
  ['BB', 'Salaires nets', box('BB')],
  ['BC', 'Charges sociales sur salaires', box('BC')],
  ['BD', 'Taxe sur la valeur ajoutée', box('BD')],
  ['JY', 'Contribution économique territoriale', box('JY')],
  ['BS', 'Autres impôts', box('BS')],
  ['BV', 'CSG déductible', box('BV')],
  ['BF', 'Loyer et charges locatives', box('BF')],
  ['BG', 'Location de matériel', box('BG')],
  ['BH', 'Travaux, fournitures, services extérieurs', box('BH')],
  ['BJ', 'Transports et déplacements', box('BJ')],
  ['BK', 'Charges sociales personnelles', box('BK')],
  ['BM', 'Frais divers de gestion', box('BM')],
  ['BN', 'Frais financiers', box('BN')],
  ['BP', 'Pertes diverses', box('BP')],
  ['BR', 'Total des dépenses', ({ t }) => t.BR, true],
  ['excedent', 'Excédent ou insuffisance', ({ t }) => t.CA - t.CF, true],
  ['plus', 'Plus-values, réintégrations, SCM', box('CB', 'CC', 'CD')],
  ['CH', 'Dotations aux amortissements', box('CH')],
  ['moins', 'Moins-values, déductions, SCM', box('CG', 'CK', 'CL', 'CM')],
  ['resultat', 'Bénéfice ou déficit', ({ t }) => resultat2035(t), true],
]

export function analyseBnc(cases: Cases[]): Analyse {
  const years = cases.map((c) => ({ c, t: totaux2035(c) }))
  const last = years.at(-1)
  const spent = (...names: string[]) => (last ? box(...names)(last) : 0)
  return {
    base: years.map(({ t }) => t.AG),
    excedentBrut: years.map(({ t }) => t.CA - t.CF),
    resultat: years.map(({ t }) => resultat2035(t)),
    lignes: lines(LIGNES_BNC, years),
    postes: largest([
      { nom: 'Achats', montant: spent('BA') },
      { nom: 'Personnel', montant: spent('BB', 'BC') },
      { nom: 'Impôts et taxes', montant: spent('BD', 'JY', 'BS', 'BV') },
      { nom: 'Loyers et locations', montant: spent('BF', 'BG') },
      { nom: 'Travaux et services extérieurs', montant: spent('BH') },
      { nom: 'Transports et déplacements', montant: spent('BJ') },
      { nom: 'Cotisations personnelles', montant: spent('BK') },
      { nom: 'Frais de gestion', montant: spent('BM') },
      { nom: 'Frais financiers et pertes', montant: spent('BN', 'BP') },
      { nom: 'Amortissements', montant: spent('CH') },
    ]),
  }
}

/** Lines that were zero every year say nothing and are left out; totals stay. */
function lines<T>(model: LineOf<T>[], years: T[]): Ligne[] {
  return model
    .map(([cle, libelle, value, total = false]) => ({ cle, libelle, total, valeurs: years.map(value) }))
    .filter((line) => line.total || line.valeurs.some((value) => value !== 0))
}

/** Positive amounts, largest first, the smallest added up under « Autres postes ». */
function largest(postes: Poste[]): Poste[] {
  const sorted = postes.filter((one) => one.montant > 0).sort((a, b) => b.montant - a.montant)
  if (sorted.length <= SLICES) return sorted
  const rest = sorted.slice(SLICES - 1).reduce((sum, one) => sum + one.montant, 0)
  return [...sorted.slice(0, SLICES - 1), { nom: 'Autres postes', montant: rest }]
}

/** The line's value of each year in percents of that year's base. */
export function percents(line: Ligne, base: number[]): (number | null)[] {
  return line.valeurs.map((value, i) => percentOf(value, base[i] ?? 0))
}
