/** Series and breaks are few in sound accounts; beyond, counting them tells nothing more. */
const SERIES_MAX = 2_000
const TROUS_MAX = 5_000

export interface Trou {
  de: number
  a: number
  /** Line before which the numbers are missing. */
  ligne: number
}

interface Serie {
  premier: number
  dernier: number
  trous: Trou[]
}

/**
 * Numbers that are missing in the series of EcritureNum, in whatever order they come: a break is closed again when its
 * numbers come later. « AC0012 » is number 12 of the series « AC ».
 */
class Suite {
  private readonly series = new Map<string, Serie>()
  private trous = 0
  incomplet = false

  ajouter(nom: string, n: number, ligne: number): void {
    const serie = this.series.get(nom)
    if (!serie) {
      if (this.series.size >= SERIES_MAX) this.incomplet = true
      else this.series.set(nom, { premier: n, dernier: n, trous: [] })
      return
    }
    if (n > serie.dernier) {
      if (n > serie.dernier + 1)
        this.ouvrir(serie, { de: serie.dernier + 1, a: n - 1, ligne }, serie.trous.length)
      serie.dernier = n
    } else if (n < serie.premier) {
      if (n < serie.premier - 1) this.ouvrir(serie, { de: n + 1, a: serie.premier - 1, ligne }, 0)
      serie.premier = n
    } else if (serie.trous.length > 0) this.fermer(serie, n)
  }

  manquants(): Trou[] {
    return [...this.series.values()].flatMap(({ trous }) => trous).sort((x, y) => x.ligne - y.ligne)
  }

  private ouvrir(serie: Serie, trou: Trou, at: number): void {
    if (this.trous >= TROUS_MAX) {
      this.incomplet = true
      return
    }
    serie.trous.splice(at, 0, trou)
    this.trous++
  }

  private fermer(serie: Serie, n: number): void {
    let low = 0
    let high = serie.trous.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (serie.trous[middle]!.a < n) low = middle + 1
      else high = middle
    }
    const trou = serie.trous[low]!
    if (n < trou.de || n > trou.a) return
    const parts = [
      { de: trou.de, a: n - 1, ligne: trou.ligne },
      { de: n + 1, a: trou.a, ligne: trou.ligne },
    ].filter(({ de, a }) => de <= a)
    serie.trous.splice(low, 1, ...parts)
    this.trous += parts.length - 1
  }
}

/** Programs number entries over the whole file or journal by journal: the reading that leaves fewer breaks is theirs. */
export class Numeros {
  private readonly ensemble = new Suite()
  private readonly parJournal = new Suite()

  ajouter(journal: string, num: string, ligne: number): void {
    const parts = /^(.*?)(\d{1,15})$/.exec(num)
    if (!parts) return
    const prefixe = parts[1]!
    const n = Number(parts[2])
    this.ensemble.ajouter(prefixe, n, ligne)
    this.parJournal.ajouter(`${journal}\0${prefixe}`, n, ligne)
  }

  /** Empty as well when there are too many series to tell. */
  manquants(): Trou[] {
    const lists = [this.ensemble, this.parJournal]
      .filter((suite) => !suite.incomplet)
      .map((suite) => suite.manquants())
    const size = (list: Trou[]) => list.reduce((sum, { de, a }) => sum + a - de + 1, 0)
    return lists.sort((x, y) => size(x) - size(y))[0] ?? []
  }
}
