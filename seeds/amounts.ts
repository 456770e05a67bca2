import { type Analyse, analyseBic, analyseBnc } from '../src/modules/clotures/analyse.ts'
import { percentOf } from '../src/modules/clotures/soldes.ts'
import { diffusion, mean, quartiles } from '../src/modules/clotures/statistiques.ts'
import { PROFESSIONS } from './professions.ts'
import { randomStream, spread } from './random.ts'

export type Comptes =
  | { genre: '2035'; cases: Record<string, number> }
  | { genre: 'resultat'; compte: Record<string, number>; bilan: Record<string, number>; prelevements: number }

/** How the expenses of a liberal profession split, in parts of what is spent. */
const SHARES_2035 = {
  BA: 0.07,
  BD: 0.02,
  JY: 0.02,
  BS: 0.01,
  BV: 0.07,
  BF: 0.15,
  BH: 0.13,
  BJ: 0.14,
  BK: 0.3,
  BM: 0.08,
  BN: 0.01,
}

/** Believable amounts of one year of a business of that profession. @param trend 1 is an ordinary year. */
export function comptesOf(profession: string, random: () => number, trend: number): Comptes {
  const p = PROFESSIONS[profession] ?? PROFESSIONS['Agent commercial']!
  const recettes = Math.round(p.recettes * 1000 * trend)
  const resultat = Math.round(p.resultat * 1000 * trend * spread(random, 0.06))
  const spent = Math.max(recettes - resultat, 0)
  if (p.categorie === 'BNC') {
    const amortissement = Math.round(spent * 0.08)
    const cases: Record<string, number> = { AA: recettes, CH: amortissement }
    for (const [box, share] of Object.entries(SHARES_2035)) {
      cases[box] = Math.round((spent - amortissement) * share * spread(random, 0.08))
    }
    return { genre: '2035', cases }
  }
  const goods =
    p.categorie === 'BIC' && ['Boulangerie-pâtisserie', 'Fleuriste', 'Restaurant'].includes(profession)
  const purchases = Math.round(spent * (goods ? 0.42 : 0.3))
  const staff = Math.round(spent * 0.28)
  const dotations = Math.round(spent * 0.07)
  const compte = {
    ventesMarchandises: goods ? recettes : 0,
    coutAchat: goods ? purchases : 0,
    productionVendue: goods ? 0 : recettes,
    consommationsTiers: Math.round(spent * (goods ? 0.16 : 0.28)) + (goods ? 0 : purchases),
    impotsTaxes: Math.round(spent * 0.02),
    personnel: staff,
    dotations,
    autresCharges: Math.round(spent * 0.01),
    chargesFinancieres: Math.round(spent * 0.015),
  }
  const bilan = {
    stockDebut: Math.round(purchases * 0.08),
    stockFin: Math.round(purchases * 0.09),
    creances: Math.round(recettes * 0.06),
    disponibilites: Math.round(recettes * 0.09),
    dettesFournisseurs: Math.round(purchases * 0.1),
    dettesExploitation: Math.round(purchases * 0.1 + spent * 0.05),
    dettesCourtTerme: Math.round(purchases * 0.1 + spent * 0.06),
    capitauxPermanents: Math.round(recettes * 0.34),
    actifImmobilise: Math.round(recettes * 0.26),
    chiffreAffairesTtc: Math.round(recettes * 1.2),
    achatsTtc: Math.round(purchases * 1.2),
  }
  return { genre: 'resultat', compte, bilan, prelevements: Math.round(resultat * 0.8) }
}

/** What peers of that profession look like, over an invented sample: what a dossier de gestion compares with. */
export function statisticOf(profession: string, year: number, effectif: number) {
  const random = randomStream(year * 7919 + [...profession].reduce((n, c) => n * 31 + c.charCodeAt(0), 7))
  const sample = Array.from({ length: effectif }, () =>
    analyseOf(comptesOf(profession, random, spread(random, 0.35))),
  )
  const bases = sample.map((one) => one.base[0] ?? 0)
  const shown = diffusion(bases)
  const keys = [...new Set(sample.flatMap((one) => one.lignes.map((line) => line.cle)))]
  const average = (key: string) =>
    mean(
      sample.map(
        (one) =>
          percentOf(one.lignes.find((line) => line.cle === key)?.valeurs[0] ?? 0, one.base[0] ?? 0) ?? 0,
      ),
    )
  return {
    diffusion: shown,
    moyennes: Object.fromEntries(keys.map((key) => [key, shown === 'secret' ? null : average(key)])),
    recettes: shown === 'secret' ? null : quartiles(bases),
    resultat: shown === 'secret' ? null : quartiles(sample.map((one) => one.resultat[0] ?? 0)),
  }
}

function analyseOf(comptes: Comptes): Analyse {
  return comptes.genre === '2035' ? analyseBnc([comptes.cases]) : analyseBic([comptes.compte])
}

/** Recettes (or turnover) and result of a year. */
export function measuresOf(comptes: Comptes): { recettes: number; resultat: number } {
  const { base, resultat } = analyseOf(comptes)
  return { recettes: base[0] ?? 0, resultat: resultat[0] ?? 0 }
}
