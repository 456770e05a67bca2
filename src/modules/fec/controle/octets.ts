/*
 * Amounts and dates of a FEC, read from the bytes of the file: making a string of each of the twelve fields that are
 * looked at would cost more than all the checks. Each reading returns a fault and leaves its value in `lu`.
 */

/** Value of the last reading: an amount in ten-thousandths of a euro, or a day as the number AAAAMMJJ. */
export const lu = { valeur: 0 }

/** Amounts are summed as whole numbers, exact up to 900 billion euros. */
export const UNITE = 10_000
/** Less than half a cent: not a difference. */
export const DEMI_CENTIME = UNITE / 200

export type FauteMontant = '' | 'point' | 'milliers' | 'illisible'

const POINT = 0x2e
const VIRGULE = 0x2c
const DECIMALES = 4

/**
 * A number of LPF A47 A-1, VIII: decimal comma, no thousands separator, sign first or last. A point or a separator is
 * a fault, and the value is read all the same, so that the balances still say something.
 */
export function lireMontant(buf: Buffer, debut: number, fin: number): FauteMontant {
  let faute: FauteMontant = ''
  let entier = 0
  let decimales = -1
  let fraction = 0
  let chiffres = 0
  let signe = 0
  let fini = false
  for (let i = debut; i < fin; i++) {
    const c = buf[i]!
    if (c >= 0x30 && c <= 0x39) {
      if (fini) return 'illisible'
      chiffres++
      if (decimales < 0) entier = entier * 10 + c - 0x30
      else {
        if (decimales < DECIMALES) fraction = fraction * 10 + c - 0x30
        decimales++
      }
    } else if (c === VIRGULE || c === POINT) {
      if (fini) return 'illisible'
      if (c === POINT) faute = faute || 'point'
      if (decimales >= 0) {
        // « 1.234,56 »: what stood after the first mark were thousands.
        if (decimales !== 3) return 'illisible'
        entier = entier * 1000 + fraction
        faute = 'milliers'
      }
      decimales = 0
      fraction = 0
    } else if (c === 0x2d || c === 0x2b) {
      if (signe !== 0) return 'illisible'
      signe = c === 0x2d ? -1 : 1
      fini = chiffres > 0
    } else if (c === 0x20 || c === 0xa0 || c === 0xc2 || c === 0xe2 || c === 0x80 || c === 0xaf) {
      // A blank, plain or not breaking, in Latin-1 or in UTF-8 (C2 A0, E2 80 AF).
      if (chiffres > 0 && blancAvantChiffre(buf, i, fin)) faute = 'milliers'
    } else return 'illisible'
  }
  if (chiffres === 0) return 'illisible'
  for (let d = Math.max(0, decimales); d < DECIMALES; d++) fraction *= 10
  const valeur = entier * UNITE + fraction
  lu.valeur = signe < 0 && valeur !== 0 ? -valeur : valeur
  return faute
}

function blancAvantChiffre(buf: Buffer, from: number, fin: number): boolean {
  for (let i = from; i < fin; i++) if (buf[i]! >= 0x30 && buf[i]! <= 0x39) return true
  return false
}

/** `vide`: zeros and marks only, which stands for no date; `forme`: understood, but not written AAAAMMJJ. */
export type FauteJour = '' | 'vide' | 'forme' | 'siecle' | 'impossible' | 'illisible'

/** A date of LPF A47 A-1, IX, AAAAMMJJ. The DGFiP's tool also understands other orders, marks and a time: so do we. */
export function lireJour(buf: Buffer, debut: number, fin: number): FauteJour {
  lu.valeur = 0
  if (fin - debut === 8) {
    let n = 0
    let chiffres = 0
    for (let i = debut; i < fin; i++) {
      const c = buf[i]! - 0x30
      if (c >= 0 && c <= 9) {
        n = n * 10 + c
        chiffres++
      }
    }
    if (chiffres === 8 && n >= 19_000_000 && n < 21_000_000 && existe(n)) {
      lu.valeur = n
      return ''
    }
  }
  return autreForme(buf.toString('latin1', debut, fin))
}

const HEURE = '(?:[T ]\\d{1,2}:\\d{1,2}(?::\\d{1,2})?)?'
const ANNEE_DABORD = new RegExp(`^(\\d{4})[/.-]*([01]\\d)[/.-]*([0-3]\\d)${HEURE}$`)
const JOUR_DABORD = new RegExp(`^([0-3]\\d)[/.-]*([01]\\d)[/.-]*(\\d{4})${HEURE}$`)

function autreForme(texte: string): FauteJour {
  if (/^[0/.-]+$/.test(texte)) return 'vide'
  const a = ANNEE_DABORD.exec(texte)
  const j = JOUR_DABORD.exec(texte)
  const lectures = [
    ...(a
      ? [{ annee: Number(a[1]), mois: Number(a[2]), jour: Number(a[3]), droite: texte.length === 8 }]
      : []),
    ...(j ? [{ annee: Number(j[3]), mois: Number(j[2]), jour: Number(j[1]), droite: false }] : []),
  ]
  const actuelle = lectures.find(({ annee }) => annee >= 1900 && annee <= 2099)
  const lecture = actuelle ?? lectures[0]
  if (!lecture) return 'illisible'
  const n = lecture.annee * 10_000 + lecture.mois * 100 + lecture.jour
  if (!existe(n)) return 'impossible'
  lu.valeur = n
  if (!actuelle) return 'siecle'
  return lecture.droite ? '' : 'forme'
}

const JOURS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function existe(n: number): boolean {
  const annee = Math.floor(n / 10_000)
  const mois = Math.floor(n / 100) % 100
  const jour = n % 100
  if (mois < 1 || mois > 12 || jour < 1 || jour > JOURS[mois - 1]!) return false
  return mois !== 2 || jour !== 29 || (annee % 4 === 0 && (annee % 100 !== 0 || annee % 400 === 0))
}

/** AAAA-MM-JJ of the number AAAAMMJJ. */
export function isoDe(n: number): string {
  const t = String(n).padStart(8, '0')
  return `${t.slice(0, 4)}-${t.slice(4, 6)}-${t.slice(6)}`
}
