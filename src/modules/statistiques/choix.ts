import type { Choix } from './queries.ts'

export interface Demande {
  profession: string
  annee?: number | undefined
  region?: string | undefined
  tranche: string
}

/**
 * The table to show: what was asked as far as it exists, else one's own profession, the newest year, the whole country.
 * @param all newest year first
 */
export function choose(all: readonly Choix[], asked: Demande, mine: readonly string[]): Choix | undefined {
  const names = new Set(all.map(({ profession }) => profession))
  const profession = [asked.profession, ...mine, all[0]?.profession ?? ''].find((name) => names.has(name))
  const of = (test: (choix: Choix) => boolean) =>
    all.filter((one) => one.profession === profession && test(one))
  const year = of((one) => one.annee === asked.annee)
  const years = year.length > 0 ? year : of((one) => one.annee === of(() => true)[0]?.annee)
  const region = years.filter((one) => one.region === (asked.region ?? ''))
  const regions = region.length > 0 ? region : years
  return (
    regions.find((one) => one.tranche === asked.tranche) ??
    regions.find((one) => one.tranche === '') ??
    regions[0]
  )
}

export interface Liste {
  valeur: string
  libelle: string
}

const collator = new Intl.Collator('fr')

/** What each list of the form offers, beside the others that are chosen. */
export function lists(all: readonly Choix[], { profession, annee, region }: Choix) {
  const ofProfession = all.filter((one) => one.profession === profession)
  const ofYear = ofProfession.filter((one) => one.annee === annee)
  const ofRegion = ofYear.filter((one) => one.region === region)
  return {
    professions: unique(all.map((one) => one.profession))
      .sort(collator.compare)
      .map((name) => ({ valeur: name, libelle: name })),
    annees: unique(ofProfession.map((one) => String(one.annee))).map((year) => ({
      valeur: year,
      libelle: year,
    })),
    regions: named(
      ofYear.map((one) => one.region),
      'France entière',
    ),
    tranches: named(
      ofRegion.map((one) => one.tranche),
      'Toutes',
    ),
  }
}

function named(values: string[], empty: string): Liste[] {
  return unique(values)
    .sort(collator.compare)
    .map((valeur) => ({ valeur, libelle: valeur === '' ? empty : valeur }))
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
