/* Charts as coordinates: a view writes them into attributes of SVG, because no style may be written into a page. */

export interface Boite {
  largeur: number
  hauteur: number
  debut: number
  fin: number
  /** From debut to fin, at least one so that it shows. */
  etendue: number
  mediane: number
  moyenne: number
  moi: number | null
  zero: number | null
}

const LARGEUR = 240
const MARGE = 8

/** Quartiles on a line, the median as a stroke, the mean as a point, one's own figure as a diamond. */
export function boite(
  { q1, mediane, q3, moyenne }: { q1: number; mediane: number; q3: number; moyenne: number },
  moi: number | null,
): Boite {
  const all = [q1, q3, moyenne, ...(moi === null ? [] : [moi])]
  // A little room on each side, so that the box stands in the middle; zero is marked where it falls inside.
  const room = (Math.max(...all) - Math.min(...all) || Math.abs(mediane) || 1) * 0.4
  const low = Math.min(...all) - room
  const high = Math.max(...all) + room
  const span = high - low
  const x = (value: number) => round(MARGE + ((value - low) / span) * (LARGEUR - 2 * MARGE))
  return {
    largeur: LARGEUR,
    hauteur: 28,
    debut: x(q1),
    fin: x(q3),
    etendue: Math.max(1, round(x(q3) - x(q1))),
    mediane: x(mediane),
    moyenne: x(moyenne),
    moi: moi === null ? null : x(moi),
    zero: low < 0 && high > 0 ? x(0) : null,
  }
}

export interface Serie {
  nom: string
  /** 1 to 3: which colour and dash of the style sheet. */
  rang: number
  /** One a year, null where nothing is shown. */
  valeurs: (number | null)[]
}

export interface Courbes {
  largeur: number
  hauteur: number
  bas: number
  annees: { x: number; libelle: string }[]
  reperes: { y: number; valeur: number }[]
  series: { nom: string; rang: number; trait: string; points: { x: number; y: number }[] }[]
}

const CADRE = { largeur: 420, hauteur: 240, gauche: 78, droite: 16, haut: 12, bas: 34 }

/** Lines over years, from zero (or below) to a round number above all. */
export function courbes(annees: readonly number[], series: readonly Serie[]): Courbes {
  const values = series.flatMap(({ valeurs }) => valeurs.filter((value) => value !== null))
  const step = roundStep((Math.max(0, ...values) - Math.min(0, ...values)) / 4)
  const low = Math.floor(Math.min(0, ...values) / step) * step
  const high = Math.max(low + step, Math.ceil(Math.max(0, ...values) / step) * step)
  const x = (i: number) =>
    round(CADRE.gauche + ((CADRE.largeur - CADRE.gauche - CADRE.droite) * (i + 0.5)) / annees.length)
  const y = (value: number) =>
    round(CADRE.haut + ((high - value) / (high - low)) * (CADRE.hauteur - CADRE.haut - CADRE.bas))
  const marks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step)
  return {
    largeur: CADRE.largeur,
    hauteur: CADRE.hauteur,
    bas: y(low),
    annees: annees.map((annee, i) => ({ x: x(i), libelle: String(annee) })),
    reperes: marks.map((valeur) => ({ y: y(valeur), valeur })),
    series: series.map(({ nom, rang, valeurs }) => {
      const points = valeurs.flatMap((value, i) => (value === null ? [] : [{ x: x(i), y: y(value) }]))
      return { nom, rang, points, trait: points.map((point) => `${point.x},${point.y}`).join(' ') }
    }),
  }
}

/** 1, 2 or 5 times a power of ten, at least what is asked. */
function roundStep(asked: number): number {
  if (asked <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(asked))
  return ([1, 2, 5, 10].find((times) => times * power >= asked) ?? 10) * power
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
