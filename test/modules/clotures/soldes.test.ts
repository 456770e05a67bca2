import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  evolution,
  financement,
  percentOf,
  ratios,
  soldes,
  type Bilan,
} from '../../../src/modules/clotures/soldes.ts'

const shop = {
  ventesMarchandises: 120_000,
  coutAchat: 70_000,
  productionVendue: 60_000,
  consommationsTiers: 38_000,
  impotsTaxes: 2_500,
  personnel: 31_000,
  dotations: 6_500,
  autresCharges: 300,
  chargesFinancieres: 1_200,
}

describe('soldes intermédiaires de gestion', () => {
  it('of a shop that also produces', () => {
    expect(soldes(shop)).toEqual({
      chiffreAffaires: 180_000,
      margeCommerciale: 50_000,
      production: 60_000,
      valeurAjoutee: 72_000,
      excedentBrut: 38_500,
      resultatExploitation: 31_700,
      resultatCourant: 30_500,
      resultatExceptionnel: 0,
      resultat: 30_500,
      autofinancement: 37_000,
    })
  })

  it('take everything in, once', () => {
    const all = soldes({
      ...shop,
      productionStockee: -1_000,
      productionImmobilisee: 400,
      subventions: 700,
      reprises: 250,
      autresProduits: 90,
      produitsFinanciers: 35,
      produitsExceptionnels: 5_000,
      chargesExceptionnelles: 1_800,
      impotSocietes: 2_000,
    })
    expect(all.production).toBe(59_400)
    expect(all.excedentBrut).toBe(38_600)
    expect(all.resultatExploitation).toBe(32_140)
    expect(all.resultatCourant).toBe(30_975)
    expect(all.resultatExceptionnel).toBe(3_200)
    expect(all.resultat).toBe(32_175)
    expect(all.autofinancement).toBe(32_175 + 6_500 - 250)
  })

  it('of a business without any activity are all zero', () => {
    expect(new Set(Object.values(soldes({})))).toEqual(new Set([0]))
  })

  it('a euro more of any charge is a euro less of résultat', () => {
    const charges = [
      'coutAchat',
      'consommationsTiers',
      'impotsTaxes',
      'personnel',
      'dotations',
      'autresCharges',
    ] as const
    fc.assert(
      fc.property(fc.constantFrom(...charges), fc.integer({ min: 1, max: 1e6 }), (charge, more) => {
        expect(soldes({ ...shop, [charge]: shop[charge] + more }).resultat).toBe(30_500 - more)
      }),
    )
  })
})

describe('ratios', () => {
  const bilan: Bilan = {
    stockDebut: 10_000,
    stockFin: 18_000,
    creances: 21_600,
    disponibilites: 6_400,
    dettesFournisseurs: 10_800,
    dettesExploitation: 19_000,
    dettesCourtTerme: 20_000,
    capitauxPermanents: 65_000,
    actifImmobilise: 40_000,
    chiffreAffairesTtc: 216_000,
    achatsTtc: 129_600,
  }

  it('count days of a year of 360 and the working capital', () => {
    expect(ratios(bilan, 70_000)).toEqual({
      stockJours: 72,
      clientsJours: 36,
      fournisseursJours: 30,
      fondsRoulement: 25_000,
      besoinFondsRoulement: 20_600,
      tresorerie: 4_400,
      solvabilite: 1.4,
    })
  })

  it('are unknown, not zero, where there is nothing to divide by', () => {
    const none = ratios({ ...bilan, chiffreAffairesTtc: 0, achatsTtc: 0, dettesCourtTerme: 0 }, 0)
    expect([none.stockJours, none.clientsJours, none.fournisseursJours, none.solvabilite]).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it('the financing table says by how much the working capital grew', () => {
    const year = { autofinancement: 37_000, apports: 1_000, nouveauxEmprunts: 20_000, cessions: 500 }
    const uses = { prelevements: 28_000, investissements: 26_000, remboursements: 6_500 }
    expect(financement({ ...year, ...uses })).toEqual({
      ressources: 58_500,
      emplois: 60_500,
      variation: -2_000,
    })
  })

  it('percents and changes', () => {
    expect(percentOf(50_000, 180_000)).toBeCloseTo(27.778, 3)
    expect(percentOf(1, 0)).toBeNull()
    expect(evolution(100_000, 80_000)).toBe(-20)
    expect(evolution(0, 80_000)).toBeNull()
    expect(evolution(-5_000, 80_000)).toBeNull()
  })
})
