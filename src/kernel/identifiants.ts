/*
 * French identifiers: companies, banks, places, telephones.
 *
 * Each `parse…` takes what a person typed (blanks, dots and hyphens allowed, any case), and gives the one form
 * that is stored, or null when it is wrong; none throws. What is stored is written for people by `siret` and
 * `telephone` of formats.ts and by the `format…` functions here. A right key does not prove that the company,
 * the account or the line exists.
 */

/** Blanks of every kind (the narrow and no-break ones of a French text too), dots and hyphens go. */
function compact(text: string): string {
  return text.replace(/[\s.\u00a0\u202f\u2009\u2011-]/g, '').toUpperCase()
}

/** Luhn sum (ISO/IEC 7812-1 annex B): from the right, every second digit doubled, minus 9 above 9. */
function luhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Remainder of a long decimal number by 97, cut in pieces that stay exact in a double. */
function mod97(digits: string): number {
  let rest = 0
  for (let i = 0; i < digits.length; i += 9) rest = Number(`${rest}${digits.slice(i, i + 9)}`) % 97
  return rest
}

/** SIREN: 9 digits with a Luhn key (code de commerce R123-221). Zeros alone pass Luhn but name nobody: refused. */
export function parseSiren(text: string): string | null {
  const siren = compact(text)
  return /^\d{9}$/.test(siren) && siren !== '000000000' && luhn(siren) ? siren : null
}

const LA_POSTE = '356000000'
const LA_POSTE_SIEGE = '35600000000048'

/**
 * SIRET: a SIREN and 5 digits, Luhn on the 14 (code de commerce R123-221). The post offices have outgrown the key:
 * for La Poste, head office apart, the sum of the digits is a multiple of 5 (Insee, as in python-stdnum fr.siret).
 */
export function parseSiret(text: string): string | null {
  const siret = compact(text)
  if (!/^\d{14}$/.test(siret) || parseSiren(siret.slice(0, 9)) === null) return null
  if (siret.startsWith(LA_POSTE) && siret !== LA_POSTE_SIEGE) {
    return [...siret].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0 ? siret : null
  }
  return luhn(siret) ? siret : null
}

/** The SIREN of a stored SIRET. */
export function sirenOf(siret: string): string {
  return siret.slice(0, 9)
}

/** The French VAT number of a stored SIREN: key = (12 + 3 × (SIREN mod 97)) mod 97 (CGI 286 ter; VIES notice). */
export function tvaOf(siren: string): string {
  return `FR${String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, '0')}${siren}`
}

/** Keys of the new style count in base 34: I and O are not used. */
const TVA_ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/**
 * VAT number: FR, two characters of key, a SIREN. Numbers of Monaco hold 000… in place of a SIREN.
 * Keys with a letter are checked as python-stdnum fr.tva does; we read them and never make them.
 */
export function parseTva(text: string): string | null {
  const tva = compact(text)
  const parts = /^FR([0-9A-HJ-NP-Z])([0-9A-HJ-NP-Z])(\d{9})$/.exec(tva)
  if (!parts) return null
  const [, first = '', second = '', siren = ''] = parts
  if (!siren.startsWith('000') && parseSiren(siren) === null) return null
  if (/^\d\d$/.test(first + second)) return tvaOf(siren) === tva ? tva : null
  const a = TVA_ALPHABET.indexOf(first)
  const b = TVA_ALPHABET.indexOf(second)
  const check = a < 10 ? a * 24 + b - 10 : a * 34 + b - 100
  return (Number(siren) + 1 + Math.floor(check / 11)) % 11 === check % 11 ? tva : null
}

/** FR 44 732829320 → « FR 44 732 829 320 », with no-break spaces. */
export function formatTva(tva: string): string {
  return `${tva.slice(0, 2)} ${tva.slice(2, 4)} ${tva.slice(4).replace(/(\d{3})(?=\d)/g, '$1 ')}`.replace(
    / /g,
    '\u00a0',
  )
}

export interface Rib {
  banque: string
  guichet: string
  compte: string
  cle: string
}

/** Letters of an account number count as the digits of three telephone rows: A,J=1 B,K,S=2 … I,R,Z=9. */
function ribDigits(compte: string): string {
  return compte.replace(/[A-Z]/g, (letter) => {
    const rank = letter.charCodeAt(0) - 64
    return String(rank < 19 ? ((rank - 1) % 9) + 1 : ((rank - 18) % 9) + 1)
  })
}

/** RIB key = 97 − ((89 banque + 15 guichet + 3 compte) mod 97), two digits (CFONB; fr.wikipedia « Clé RIB »). */
export function ribKey(banque: string, guichet: string, compte: string): string {
  const sum = 89n * BigInt(banque) + 15n * BigInt(guichet) + 3n * BigInt(ribDigits(compte))
  return String(97n - (sum % 97n)).padStart(2, '0')
}

/** RIB: bank 5 digits, branch 5 digits, account 11 characters, key 2 digits. */
export function parseRib(text: string): Rib | null {
  const parts = /^(\d{5})(\d{5})([0-9A-Z]{11})(\d{2})$/.exec(compact(text))
  if (!parts) return null
  const [, banque = '', guichet = '', compte = '', cle = ''] = parts
  return ribKey(banque, guichet, compte) === cle ? { banque, guichet, compte, cle } : null
}

/** ISO 7064 mod 97-10 over an IBAN whose four first characters went to the end; A=10 … Z=35. */
function ibanRest(bban: string, head: string): number {
  return mod97((bban + head).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55)))
}

/** The IBAN of a French RIB: check digits = 98 − (RIB and « FR00 » as a number mod 97) (ISO 13616). */
export function ibanOf(rib: Rib): string {
  const bban = rib.banque + rib.guichet + rib.compte + rib.cle
  return `FR${String(98 - ibanRest(bban, 'FR00')).padStart(2, '0')}${bban}`
}

/** IBAN of any country by its check digits (ISO 13616); those of France and Monaco also by their RIB. */
export function parseIban(text: string): string | null {
  const iban = compact(text)
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/.test(iban)) return null
  if (/^(FR|MC)/.test(iban) && parseRib(iban.slice(4)) === null) return null
  return ibanRest(iban.slice(4), iban.slice(0, 4)) === 1 ? iban : null
}

/** FR14 2004 1010 0505 0001 3M02 606, as printed on paper (ISO 13616), with no-break spaces. */
export function formatIban(iban: string): string {
  return iban.replace(/(.{4})(?=.)/g, '$1\u00a0')
}

/** FR14 **** 606: what pages show to those who need not know the account. */
export function maskIban(iban: string): string {
  return `${iban.slice(0, 4)}\u00a0****\u00a0${iban.slice(-3)}`
}

/** BIC, 8 or 11 characters (ISO 9362). It cannot be computed from a RIB: only a table of banks gives it. */
export function parseBic(text: string): string | null {
  const bic = compact(text)
  return /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bic) ? bic : null
}

/** Code NAF rév. 2, stored « 96.02A » (décret 2007-1888); the point may be missing, nothing else. */
export function parseNaf(text: string): string | null {
  const parts = /^(\d{2})\.?(\d{2}[A-Z])$/.exec(text.trim().toUpperCase())
  return parts ? `${parts[1] ?? ''}.${parts[2] ?? ''}` : null
}

/** Code postal: five digits. Several may serve one commune, and several communes one code. */
export function parseCodePostal(text: string): string | null {
  const code = compact(text)
  return /^\d{5}$/.test(code) ? code : null
}

/** Code commune of Insee: five characters, the second may be A or B in Corsica (code officiel géographique). */
export function parseCodeInsee(text: string): string | null {
  const code = compact(text)
  return /^\d[0-9AB]\d{3}$/.test(code) ? code : null
}

/**
 * A French telephone as E.164 (« +33557519961 »): ten digits from 0, or +33 / 0033 with or without « (0) »
 * (plan national de numérotation, Arcep). Other countries: null. Shown by pairs by `telephone` of formats.ts.
 */
export function parsePhone(text: string): string | null {
  const national = compact(text)
    .replace('(0)', '')
    .replace(/^(\+33|0033)0?/, '0')
    .replace(/[/()]/g, '')
  return /^0[1-9]\d{8}$/.test(national) ? `+33${national.slice(1)}` : null
}
