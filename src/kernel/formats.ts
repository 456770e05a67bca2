/*
 * How French dates, amounts and numbers are written. Every function is pure and is a Nunjucks filter.
 * null, undefined and '' give ''; anything else that cannot be read throws a RangeError, so that a wrong
 * column shows in a test and not as « Invalid Date » on a page.
 *
 * Rows come from Postgres as strings, so the common paths cut strings and build no Intl or Date object.
 * Spacing follows CLDR for fr-FR: U+202F groups thousands and precedes %, U+00A0 precedes a unit.
 */

const FINE = '\u202f'
const INSECABLE = '\u00a0'
const JOURS = ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi']
const MOIS = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
]
const DAY_MS = 86_400_000

/** A day ('2026-02-03'), an instant (ISO or Postgres text form, with its offset) or a Date. */
export type DateLike = string | Date | null | undefined
/** Numbers of Postgres `numeric` and `bigint` columns arrive as strings. */
export type NumberLike = string | number | bigint | null | undefined

const isDay = /^\d{4}-\d{2}-\d{2}$/

function isEmpty(value: unknown): value is null | undefined | '' {
  return value === null || value === undefined || value === ''
}

function instant(value: string | Date): number {
  const ms = value instanceof Date ? value.getTime() : Date.parse(isoText(value))
  if (Number.isNaN(ms)) throw new RangeError(`not a date: ${String(value)}`)
  return ms
}

/** Postgres writes « 2026-02-03 13:05:00+00 »; Date.parse wants a T and minutes in the offset. */
function isoText(value: string): string {
  const text = value.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')
  if (!/(Z|[+-]\d{2}:?\d{2})$/.test(text)) throw new RangeError(`instant without offset: ${value}`)
  return text
}

const paris = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  dateStyle: 'short',
  timeStyle: 'short',
  hourCycle: 'h23',
})

/** Offset of Europe/Paris in hours. Summer time from the last Sunday of March to that of October, 01:00 UTC
 *  (directive 2000/84/EC; the same rule since 1996). */
function parisOffset(ms: number): number {
  const year = new Date(ms).getUTCFullYear()
  let summer = summers.get(year)
  if (!summer) {
    summer = [lastSunday(year, 2), lastSunday(year, 9)]
    summers.set(year, summer)
  }
  return ms >= summer[0] && ms < summer[1] ? 2 : 1
}

const summers = new Map<number, [number, number]>()

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1))
  return last.getTime() - last.getUTCDay() * DAY_MS
}

/** An instant as our rows have it, in UTC, on a day that every month has. */
const utcText =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|\+00(?::?00)?)$/

/** The same as below by cutting text, as long as Paris is on the same day; undefined when another way is needed. */
function parisTextOfRow(value: string): string | undefined {
  if (!utcText.test(value)) return undefined
  const hour = Number(value.slice(11, 13)) + parisOffsetOfRow(value)
  if (hour > 23 || value < '1996') return undefined
  return `${value.slice(0, 10)}T${hour < 10 ? '0' : ''}${hour}${value.slice(13, 16)}`
}

function parisOffsetOfRow(value: string): number {
  const year = value.slice(0, 4)
  let summer = summerTexts.get(year)
  if (!summer) {
    const text = (month: number) => new Date(lastSunday(Number(year), month)).toISOString().slice(5, 13)
    summer = [text(2), text(9)]
    summerTexts.set(year, summer)
  }
  const hour = `${value.slice(5, 10)}T${value.slice(11, 13)}`
  return hour >= summer[0] && hour < summer[1] ? 2 : 1
}

const summerTexts = new Map<string, [string, string]>()

/** 'YYYY-MM-DDTHH:MM' as the clocks of Paris show it, seconds may follow. */
function parisText(value: string | Date): string {
  const quick = typeof value === 'string' ? parisTextOfRow(value) : undefined
  if (quick !== undefined) return quick
  const ms = instant(value)
  if (ms < Date.UTC(1996, 0, 1)) return paris.format(ms).replace(', ', 'T')
  return new Date(ms + parisOffset(ms) * 3_600_000).toISOString()
}

/** 'YYYY-MM-DD' in Paris. Throws a RangeError on a day that does not exist (2026-02-30). */
export function isoDay(value: string | Date): string {
  if (typeof value !== 'string' || !isDay.test(value)) return parisText(value).slice(0, 10)
  const month = Number(value.slice(5, 7))
  const day = Number(value.slice(8, 10))
  if (day > 28 && new Date(`${value}T00:00:00Z`).getUTCDate() !== day)
    throw new RangeError(`no such day: ${value}`)
  if (month < 1 || month > 12 || day < 1) throw new RangeError(`no such day: ${value}`)
  return value
}

function dayNumber(iso: string): number {
  return Date.parse(`${iso}T00:00:00Z`) / DAY_MS
}

/** 03/02/2026, in Europe/Paris. */
export function date(value: DateLike): string {
  if (isEmpty(value)) return ''
  const iso = isoDay(value)
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}`
}

function weekday(iso: string): string {
  return JOURS[new Date(`${iso}T00:00:00Z`).getUTCDay()] ?? ''
}

function dayAndMonth(iso: string): string {
  const day = Number(iso.slice(8, 10))
  return `${day === 1 ? '1er' : day}${INSECABLE}${MOIS[Number(iso.slice(5, 7)) - 1] ?? ''}`
}

/** mardi 3 février 2026 (« 1er » for the first of a month). */
export function jour(value: DateLike): string {
  if (isEmpty(value)) return ''
  const iso = isoDay(value)
  return `${weekday(iso)} ${dayAndMonth(iso)} ${iso.slice(0, 4)}`
}

/** février 2026 */
export function mois(value: DateLike): string {
  if (isEmpty(value)) return ''
  const iso = isoDay(value)
  return `${MOIS[Number(iso.slice(5, 7)) - 1] ?? ''} ${iso.slice(0, 4)}`
}

/** 14 h 05, in Europe/Paris. Takes an instant, never a bare day. */
export function heure(value: DateLike): string {
  if (isEmpty(value)) return ''
  const text = parisText(value)
  return `${Number(text.slice(11, 13))}${INSECABLE}h${INSECABLE}${text.slice(14, 16)}`
}

/** 03/02/2026 à 14 h 05, in Europe/Paris. Takes an instant, never a bare day. */
export function datetime(value: DateLike): string {
  return isEmpty(value) ? '' : `${date(value)} à ${heure(value)}`
}

/**
 * How far a day is: « aujourd’hui », « demain, le … », « dans 3 jours, le vendredi 6 février »,
 * « en retard de 2 jours, depuis le mardi 3 février ». The year is written when it is not today's.
 * `today` is the day of the request, so that a page and its tests agree.
 */
export function delai(value: DateLike, today: string | Date): string {
  if (isEmpty(value)) return ''
  const iso = isoDay(value)
  const now = isoDay(today)
  const days = dayNumber(iso) - dayNumber(now)
  const when = `${weekday(iso)} ${dayAndMonth(iso)}${iso.slice(0, 4) === now.slice(0, 4) ? '' : ` ${iso.slice(0, 4)}`}`
  if (days === 0) return 'aujourd’hui'
  if (days === 1) return `demain, le ${when}`
  if (days > 1) return `dans ${groups(String(days))}${INSECABLE}jours, le ${when}`
  if (days === -1) return `en retard d’un jour, depuis le ${when}`
  return `en retard de ${groups(String(-days))}${INSECABLE}jours, depuis le ${when}`
}

function groups(digits: string): string {
  return digits.length < 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, FINE)
}

const decimal = /^(-?)(\d+)(?:\.(\d+))?$/

/** Rounds half away from zero, on the text, so that 1.005 from Postgres stays exact. */
function fixed(
  value: string | number | bigint,
  decimals: number,
): { sign: string; whole: string; part: string } {
  if (Number.isSafeInteger(value)) {
    const whole = String(Math.abs(value as number))
    return { sign: (value as number) < 0 ? '-' : '', whole, part: '0'.repeat(decimals) }
  }
  const text = typeof value === 'string' ? value : plain(value)
  const match = decimal.exec(text)
  if (!match) throw new RangeError(`not a number: ${text}`)
  const sign = match[1] ?? ''
  const whole = match[2] ?? '0'
  const part = match[3] ?? ''
  let digits = BigInt(whole + part.slice(0, decimals).padEnd(decimals, '0'))
  if ((part[decimals] ?? '0') >= '5') digits += 1n
  const rounded = digits.toString().padStart(decimals + 1, '0')
  const cut = rounded.length - decimals
  return { sign: digits === 0n ? '' : sign, whole: rounded.slice(0, cut), part: rounded.slice(cut) }
}

function plain(value: number | bigint): string {
  if (typeof value === 'bigint') return value.toString()
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) throw new RangeError(`not a number: ${value}`)
  const text = String(value)
  return text.includes('e') ? value.toFixed(20) : text
}

/** 1 234 567,5: at most `decimals` decimals (2), none that are zeros at the end. */
export function nombre(value: NumberLike, decimals = 2): string {
  if (isEmpty(value)) return ''
  const { sign, whole, part } = fixed(value, decimals)
  const tail = part.replace(/0+$/, '')
  return `${sign}${groups(whole)}${tail === '' ? '' : `,${tail}`}`
}

/** Euros: 18 420 € when the amount is round, else 18 420,50 €. `cents: true` always writes the cents. */
export function euros(value: NumberLike, cents = false): string {
  if (isEmpty(value)) return ''
  const { sign, whole, part } = fixed(value, 2)
  return `${sign}${groups(whole)}${part === '00' && !cents ? '' : `,${part}`}${INSECABLE}€`
}

/** 12,5 %. Takes percents, not a ratio: 12.5 and not 0.125. */
export function pourcent(value: NumberLike, decimals = 1): string {
  return isEmpty(value) ? '' : `${nombre(value, decimals)}${FINE}%`
}

/** A size in bytes: 850 octets, 12 Ko, 1,2 Mo. Units of 1 024, as Windows shows them and as our limits count. */
export function octets(value: NumberLike): string {
  if (isEmpty(value)) return ''
  let size = Number(value)
  if (!(size >= 0)) throw new RangeError(`not a size: ${value}`)
  if (size < 1024) return `${nombre(size, 0)}${INSECABLE}octet${size >= 2 ? 's' : ''}`
  const units = ['Ko', 'Mo', 'Go']
  let unit = 0
  size /= 1024
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${nombre(size, size < 10 ? 1 : 0)}${INSECABLE}${units[unit] ?? ''}`
}

/** 05 57 00 00 00 from +33557000000 or 0557000000; another country's number is returned as it was typed. */
export function telephone(value: string | null | undefined): string {
  if (isEmpty(value)) return ''
  const national = value.replace(/[\s.]/g, '').replace(/^(\+33|0033)(\(0\))?/, '0')
  if (!/^0[1-9]\d{8}$/.test(national)) return value
  return national.replace(/(\d{2})(?=\d)/g, `$1${INSECABLE}`)
}

/** 000 000 018 00010 from 14 digits (SIRET), 000 000 018 from 9 (SIREN); anything else comes back unchanged. */
export function siret(value: string | null | undefined): string {
  if (isEmpty(value)) return ''
  if (!/^(\d{9}|\d{14})$/.test(value)) return value
  const siren = `${value.slice(0, 3)}${INSECABLE}${value.slice(3, 6)}${INSECABLE}${value.slice(6, 9)}`
  return value.length === 9 ? siren : `${siren}${INSECABLE}${value.slice(9)}`
}

/** « 0 adhérent », « 1 adhérent », « 2 adhérents »: in French the plural begins at two. */
export function pluriel(count: number | string, one: string, many: string): string {
  return `${nombre(count, 0)}${INSECABLE}${Number(count) >= 2 ? many : one}`
}

/** First letter in capital, for a sentence that begins with a formatted value. */
export function majuscule(text: string): string {
  return text.charAt(0).toLocaleUpperCase('fr') + text.slice(1)
}
