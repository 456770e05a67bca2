/*
 * The legal calendar of a clôture. Days are calendar days, ISO strings 'AAAA-MM-JJ' without a time zone.
 *
 * Sources disagree from one year to the next, so no delay is a constant of the code: each organisme holds
 * dated ParametresLegaux, and the ones in force on the day that starts a delay apply to it.
 */

import { addDays, addMonths, addWorkingDays, type Jour } from './calendrier.ts'

export interface ParametresLegaux {
  /** First day on which these values apply. */
  depuis: Jour
  /** Months from reception to the end of the examen de cohérence (CGI 1649 quater E). */
  eccvMois: number
  /** The same when the year also has an examen périodique de sincérité. */
  eccvMoisSiEps: number
  /** Months from the end of the checks to the compte rendu de mission. */
  crmApresMois: number
  /** Months from reception to the dossier de gestion (annexe II, 371 E 1° and 371 Q 1°). */
  dgMois: number
  /** At most so many months after the clôture, when it is not a 31 December (371 E 1°). */
  dgMoisApresClotureSiDecalee: number
  /** Years between two EPS when an expert-comptable keeps or presents the accounts (371 E 4°). */
  epsAnneesAvecExpert: number
  epsAnneesSansExpert: number
  /** Days given beyond the paper filing date to those who file by EDI-TDFC. */
  depotJoursTdfc: number
  /** Months after the filing date for the ECF report, when the year does not end on 31 December. */
  ecfMois: number
  /** A first adhésion counts for the year when made less than so many months after it opened (371 L, 371 W). */
  adhesionMois: number
  /** Days between démission and adhésion elsewhere that keep the year whole. */
  transfertJours: number
}

/** What the texts said when this was written; an organisme's own rows take precedence. */
export const PARAMETRES_LEGAUX: readonly ParametresLegaux[] = [
  {
    depuis: '2000-01-01',
    eccvMois: 6,
    eccvMoisSiEps: 9,
    crmApresMois: 2,
    dgMois: 2,
    dgMoisApresClotureSiDecalee: 9,
    epsAnneesAvecExpert: 6,
    epsAnneesSansExpert: 3,
    depotJoursTdfc: 15,
    ecfMois: 6,
    adhesionMois: 5,
    transfertJours: 30,
  },
]

/** The parameters in force on a day. Throws a RangeError when none had begun: a silent default would be a false date. */
export function parametresAt(list: readonly ParametresLegaux[], day: Jour): ParametresLegaux {
  const inForce = list.filter((p) => p.depuis <= day).sort((a, b) => (a.depuis < b.depuis ? 1 : -1))[0]
  if (!inForce) throw new RangeError(`no legal parameters in force on ${day}`)
  return inForce
}

/** The limits of one clôture; a date is null while what starts it has not happened. */
export interface Echeances {
  /** Last day to file the return by EDI: when the liasse is expected. */
  liasse: Jour
  controle: Jour | null
  compteRendu: Jour | null
  dossierGestion: Jour | null
}

/** All the limits that a clôture shows. `controleLe` is the day on which ECCV and EPS ended. */
export function echeances(
  cloture: { fin: Jour; recueLe: Jour | null; eps: boolean; controleLe: Jour | null },
  parametres: readonly ParametresLegaux[] = PARAMETRES_LEGAUX,
): Echeances {
  const { fin, recueLe, eps, controleLe } = cloture
  return {
    liasse: liasseDueDate(fin, parametresAt(parametres, fin)),
    controle: recueLe && controleDueDate(recueLe, eps, parametresAt(parametres, recueLe)),
    compteRendu: controleLe && addMonths(controleLe, parametresAt(parametres, controleLe).crmApresMois),
    dossierGestion: recueLe && dgDueDate(recueLe, fin, parametresAt(parametres, recueLe)),
  }
}

/** Dossier de gestion: reception + 2 months, and at most clôture + 9 months when it is not a 31 December. */
export function dgDueDate(recueLe: Jour, fin: Jour, p: ParametresLegaux): Jour {
  const afterReception = addMonths(recueLe, p.dgMois)
  if (fin.endsWith('-12-31')) return afterReception
  const afterCloture = addMonths(fin, p.dgMoisApresClotureSiDecalee)
  return afterReception < afterCloture ? afterReception : afterCloture
}

/** End of the ECCV, later when the year also has an EPS. */
export function controleDueDate(recueLe: Jour, eps: boolean, p: ParametresLegaux): Jour {
  return addMonths(recueLe, eps ? p.eccvMoisSiEps : p.eccvMois)
}

/** Compte rendu de mission: so many months after the end of the checks. */
export function crmDueDate(controleLe: Jour, p: ParametresLegaux): Jour {
  return addMonths(controleLe, p.crmApresMois)
}

/** Filing on paper: second working day after 1 May of the year that follows the clôture. */
export function filingDate(fin: Jour): Jour {
  return addWorkingDays(`${Number(fin.slice(0, 4)) + 1}-05-01`, 2)
}

/** Filing by EDI-TDFC (18 May 2019 for the incomes of 2018). */
export function liasseDueDate(fin: Jour, p: ParametresLegaux): Jour {
  return addDays(filingDate(fin), p.depotJoursTdfc)
}

/** ECF report to the DGFiP: 31 October for a calendar year, else six months after the filing date. */
export function ecfDueDate(fin: Jour, p: ParametresLegaux): Jour {
  if (fin.endsWith('-12-31')) return `${Number(fin.slice(0, 4)) + 1}-10-31`
  return addMonths(filingDate(fin), p.ecfMois)
}

/** The year by which the next EPS must be made, counted from the last one or else from the adhésion. */
export function epsDueYear(lastYear: number, accountsByExpert: boolean, p: ParametresLegaux): number {
  return lastYear + (accountsByExpert ? p.epsAnneesAvecExpert : p.epsAnneesSansExpert)
}
