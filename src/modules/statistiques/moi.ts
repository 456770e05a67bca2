import { type Analyse, analyseBic, analyseBnc } from '../clotures/analyse.ts'
import type { Cases } from '../clotures/declaration-2035.ts'
import { percentOf } from '../clotures/soldes.ts'
import type { CompteResultat } from '../clotures/soldes.ts'
import type { Poste } from './statistique.ts'

/* The figures of one adhérent under the same postes as those of his profession. */

export type MesChiffres = Partial<Record<Poste, number>>

type Comptes = { genre: '2035'; cases: Cases } | { genre: 'resultat'; compte: Partial<CompteResultat> }

/** By year, for the accounts that are kept. @param rows oldest first */
export function myFigures(rows: readonly { annee: number; comptes: unknown }[]): Map<number, MesChiffres> {
  const mine = new Map<number, MesChiffres>()
  for (const { annee, comptes } of rows) {
    const figures = figuresOf(comptes as Comptes)
    const before = mine.get(annee - 1)?.recettes
    if (before && figures.recettes !== undefined) figures.evolution = (figures.recettes / before - 1) * 100
    mine.set(annee, figures)
  }
  return mine
}

function figuresOf(comptes: Comptes): MesChiffres {
  return comptes.genre === '2035' ? ofBnc(analyseBnc([comptes.cases])) : ofBic(analyseBic([comptes.compte]))
}

function ofBnc(analyse: Analyse): MesChiffres {
  const box = (...names: string[]) => names.reduce((sum, name) => sum + lineOf(analyse, name), 0)
  return {
    ...common(analyse, box('BA')),
    personnel: box('BB', 'BC'),
    loyers: box('BF', 'BG'),
    vehicule: box('BJ'),
    charges_sociales: box('BK'),
    amortissements: box('CH'),
  }
}

function ofBic(analyse: Analyse): MesChiffres {
  return {
    ...common(analyse, lineOf(analyse, 'cout_achat')),
    personnel: lineOf(analyse, 'personnel'),
    amortissements: lineOf(analyse, 'dotations'),
  }
}

function common(analyse: Analyse, achats: number): MesChiffres {
  const base = analyse.base[0] ?? 0
  const marge = percentOf(base - achats, base)
  return {
    recettes: base,
    achats,
    ...(marge === null ? {} : { marge_brute: marge }),
    ebe: analyse.excedentBrut[0] ?? 0,
    resultat: analyse.resultat[0] ?? 0,
  }
}

function lineOf(analyse: Analyse, key: string): number {
  return analyse.lignes.find((line) => line.cle === key)?.valeurs[0] ?? 0
}
