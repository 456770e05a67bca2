import { existingDay } from '../forms.ts'

/*
 * What people write in the cells of a table, as our columns want it. Each `parse…` takes the text of a cell, gives the one
 * form that is stored, or null when it cannot be read; none throws, and an empty cell is null: ask `cell === ''` first.
 */

/** Days of an Excel serial 0, for the years 1900 (Excel takes 1900 for a leap year: right from March on). */
const SERIAL_ORIGIN = Date.UTC(1899, 11, 30)
const DAY_MS = 86_400_000
/** 18 May 1927 and 31 December 2199: four digits alone are a year. */
const SERIALS = [10_000, 109_939] as const

const MONTHS = ['janv', 'fevr', 'mars', 'avri', 'mai', 'juin', 'juil', 'aout', 'sept', 'octo', 'nove', 'dece']

/**
 * A day as French tables have it: 31/12/2025, 31-12-25, 31.12.2025, 31 décembre 2025, 2025-12-31 (with or without a time),
 * 20251231, and the serial number of a spreadsheet (46022). Two digits of a year: up to 49 it is 20…, from 50 on 19….
 * @returns AAAA-MM-JJ, of a day that exists between 1900 and 2199.
 */
export function parseDay(cell: string): string | null {
  const text = plain(cell)
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}[:hH]\d{0,2}(?::\d{2}(?:\.\d+)?)?Z?)?$/.exec(
    text,
  )
  if (iso) return day(iso[1]!, iso[2]!, iso[3]!)
  const french =
    /^(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})(?: \d{1,2}[:h]\d{0,2}(?::\d{2})?)?$/i.exec(text)
  if (french) return day(french[3]!, french[2]!, french[1]!)
  const compact = /^((?:19|20|21)\d{2})(\d{2})(\d{2})$/.exec(text)
  if (compact) return day(compact[1]!, compact[2]!, compact[3]!)
  const words = /^(\d{1,2})(?:er)?[ -]([a-zéûà]+)\.?[ -](\d{4}|\d{2})$/i.exec(text)
  if (words) {
    const name = fold(words[2]!)
    const month = MONTHS.findIndex(
      (one) => name.startsWith(one.slice(0, 3)) && one.startsWith(name.slice(0, 4)),
    )
    return month < 0 ? null : day(words[3]!, String(month + 1), words[1]!)
  }
  const serial = /^(\d{5,6})(?:[.,]\d+)?$/.exec(text)
  const days = Number(serial?.[1])
  if (serial && days >= SERIALS[0] && days <= SERIALS[1]) {
    return new Date(SERIAL_ORIGIN + days * DAY_MS).toISOString().slice(0, 10)
  }
  return null
}

function day(year: string, month: string, date: string): string | null {
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19'
  const iso = `${century}${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return existingDay(iso) && iso >= '1900-01-01' && iso < '2200' ? iso : null
}

/**
 * An amount or a number, as French tables have it: 1 234,50 with any space, 1.234,50, 1234.5, -12, 12-, (12,00), 12 €.
 * « 1.234 » could be either of two numbers and is null, « 1,234 » is one and a bit, as French ones write it.
 * @returns the text of a decimal number, exact: what Postgres takes for `numeric`.
 */
export function parseAmount(cell: string): string | null {
  let text = cell.replace(/[\s\u00a0\u202f\u2009\u2007']/g, '').replace(/(€|eur(os?)?)$/i, '')
  text = text.replace(/[\u2212\u2013]/g, '-')
  const negative = /^\((.+)\)$/.exec(text) ?? /^-(.+)$/.exec(text) ?? /^(.+)-$/.exec(text)
  if (negative) text = negative[1]!
  text = text.replace(/^\+/, '')
  if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(text)) {
    if (/^\d{1,3}\.\d{3}$/.test(text) && !text.startsWith('0')) return null
    if (!text.startsWith('0')) text = text.replace(/\./g, '')
  } else if (/^\d{1,3}(,\d{3})+\.\d+$/.test(text)) text = text.replace(/,/g, '')
  text = text.replace(',', '.')
  if (!/^(\d{1,15}(\.\d{0,10})?|\.\d{1,10})$/.test(text)) return null
  const [whole = '', part = ''] = text.split('.')
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  const decimals = part.replace(/0+$/, '')
  const amount = decimals === '' ? digits : `${digits}.${decimals}`
  return negative && amount !== '0' ? `-${amount}` : amount
}

/** oui, vrai, true, x, 1, o or non, faux, false, 0, n. */
export function parseYesNo(cell: string): boolean | null {
  const text = fold(cell)
  if (['oui', 'o', 'vrai', 'true', 'x', '1', 'yes'].includes(text)) return true
  return ['non', 'n', 'faux', 'false', '0', 'no', '-'].includes(text) ? false : null
}

/** Blanks of every kind made plain and single, none at the ends; composed accents. */
export function plain(cell: string): string {
  return cell.replace(/[\s\u00a0\u202f\u2009\u2007\ufeff]+/g, ' ').trim().normalize('NFC') // prettier-ignore
}

/** As `plain`, in lower case and without accents nor signs: to compare headers and words (« N° adhérent » → « n adherent »). */
export function fold(cell: string): string {
  return cell
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
