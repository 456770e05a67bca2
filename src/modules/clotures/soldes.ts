/*
 * Soldes intermédiaires de gestion and ratios of a commercial business (BIC, and BA kept the same way).
 * Formulas of the plan comptable général; the list is the one that a dossier de gestion must hold
 * (arrêté in BOI-ANNX-000402). Amounts are euros; they may be negative. A figure that the business does not have
 * is 0, a ratio that cannot be computed is null: never a false zero.
 */

export interface CompteResultat {
  ventesMarchandises: number
  /** Purchases and the change of their stock. */
  coutAchat: number
  productionVendue: number
  productionStockee: number
  productionImmobilisee: number
  /** Raw materials, other purchases and external charges. */
  consommationsTiers: number
  subventions: number
  impotsTaxes: number
  personnel: number
  reprises: number
  autresProduits: number
  dotations: number
  autresCharges: number
  produitsFinanciers: number
  chargesFinancieres: number
  produitsExceptionnels: number
  chargesExceptionnelles: number
  impotSocietes: number
}

export interface Soldes {
  /** Turnover excluding tax: sales of goods and production sold. */
  chiffreAffaires: number
  margeCommerciale: number
  production: number
  valeurAjoutee: number
  excedentBrut: number
  resultatExploitation: number
  resultatCourant: number
  resultatExceptionnel: number
  resultat: number
  /** Capacité d'autofinancement. */
  autofinancement: number
}

/** Accounts left out are zero, as on a return where the box is empty. */
export function soldes(accounts: Partial<CompteResultat>): Soldes {
  const c = { ...ZERO, ...accounts }
  const margeCommerciale = c.ventesMarchandises - c.coutAchat
  const production = c.productionVendue + c.productionStockee + c.productionImmobilisee
  const valeurAjoutee = margeCommerciale + production - c.consommationsTiers
  const excedentBrut = valeurAjoutee + c.subventions - c.impotsTaxes - c.personnel
  const resultatExploitation = excedentBrut + c.reprises + c.autresProduits - c.dotations - c.autresCharges
  const resultatCourant = resultatExploitation + c.produitsFinanciers - c.chargesFinancieres
  const resultatExceptionnel = c.produitsExceptionnels - c.chargesExceptionnelles
  const resultat = resultatCourant + resultatExceptionnel - c.impotSocietes
  return {
    chiffreAffaires: c.ventesMarchandises + c.productionVendue,
    margeCommerciale,
    production,
    valeurAjoutee,
    excedentBrut,
    resultatExploitation,
    resultatCourant,
    resultatExceptionnel,
    resultat,
    autofinancement: resultat + c.dotations - c.reprises,
  }
}

const ZERO: CompteResultat = {
  ventesMarchandises: 0,
  coutAchat: 0,
  productionVendue: 0,
  productionStockee: 0,
  productionImmobilisee: 0,
  consommationsTiers: 0,
  subventions: 0,
  impotsTaxes: 0,
  personnel: 0,
  reprises: 0,
  autresProduits: 0,
  dotations: 0,
  autresCharges: 0,
  produitsFinanciers: 0,
  chargesFinancieres: 0,
  produitsExceptionnels: 0,
  chargesExceptionnelles: 0,
  impotSocietes: 0,
}

/** What the balance sheet says, euros. */
export interface Bilan {
  stockDebut: number
  stockFin: number
  /** Customers, VAT included. */
  creances: number
  disponibilites: number
  /** Suppliers, VAT included. */
  dettesFournisseurs: number
  /** Suppliers, tax, social and other debts of the trade. */
  dettesExploitation: number
  /** All debts due within a year, those to banks too. */
  dettesCourtTerme: number
  capitauxPermanents: number
  actifImmobilise: number
  chiffreAffairesTtc: number
  achatsTtc: number
}

export interface Ratios {
  /** Days of a year of 360, as the arrêté counts. */
  stockJours: number | null
  clientsJours: number | null
  fournisseursJours: number | null
  fondsRoulement: number
  besoinFondsRoulement: number
  tresorerie: number
  /** (receivables + cash) / short-term debts; 1 or more pays them all. */
  solvabilite: number | null
}

export function ratios(bilan: Bilan, coutAchat: number): Ratios {
  const fondsRoulement = bilan.capitauxPermanents - bilan.actifImmobilise
  const besoinFondsRoulement = bilan.stockFin + bilan.creances - bilan.dettesExploitation
  return {
    stockJours: days((bilan.stockDebut + bilan.stockFin) / 2, coutAchat),
    clientsJours: days(bilan.creances, bilan.chiffreAffairesTtc),
    fournisseursJours: days(bilan.dettesFournisseurs, bilan.achatsTtc),
    fondsRoulement,
    besoinFondsRoulement,
    tresorerie: fondsRoulement - besoinFondsRoulement,
    solvabilite: quotient(bilan.creances + bilan.disponibilites, bilan.dettesCourtTerme),
  }
}

/** What came in and went out over the year besides the trade itself, euros. */
export interface Mouvements {
  autofinancement: number
  apports: number
  nouveauxEmprunts: number
  cessions: number
  prelevements: number
  investissements: number
  remboursements: number
}

export interface Financement {
  ressources: number
  emplois: number
  /** Ressources less emplois: by how much the fonds de roulement grew. */
  variation: number
}

/** Tableau de financement: lasting resources against lasting uses. */
export function financement(m: Mouvements): Financement {
  const ressources = m.autofinancement + m.apports + m.nouveauxEmprunts + m.cessions
  const emplois = m.prelevements + m.investissements + m.remboursements
  return { ressources, emplois, variation: ressources - emplois }
}

function days(part: number, whole: number): number | null {
  const ratio = quotient(part, whole)
  return ratio === null ? null : ratio * 360
}

function quotient(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** Percents (12.5, not 0.125) of a whole; null when the whole is zero. */
export function percentOf(part: number, whole: number): number | null {
  const ratio = quotient(part, whole)
  return ratio === null ? null : ratio * 100
}

/** Change in percents from one year to the next; null from nothing, or from a loss (a sign would mislead). */
export function evolution(before: number, now: number): number | null {
  return before > 0 ? ((now - before) / before) * 100 : null
}
