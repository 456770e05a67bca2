/*
 * Arithmetic on calendar days. A limit written in a law is a day of the calendar, not an instant: ISO strings
 * 'AAAA-MM-JJ', no clock, no time zone. Every function throws a RangeError on what is no day (2026-02-30).
 */

/** A calendar day, 'AAAA-MM-JJ'; two of them compare as text. */
export type Jour = string

/** Adds months, and falls back on the last day of a shorter month: 31/12 + 2 is 28/02 or 29/02. */
export function addMonths(day: Jour, months: number): Jour {
  const [year, month, date] = split(day)
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date, last))
  return first.toISOString().slice(0, 10)
}

export function addDays(day: Jour, days: number): Jour {
  const [year, month, date] = split(day)
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10)
}

/** Days from one day to another, negative when it is before. */
export function daysBetween(from: Jour, to: Jour): number {
  return (Date.UTC(...utc(to)) - Date.UTC(...utc(from))) / 86_400_000
}

/** Saturdays, Sundays and public holidays are not working days. */
export function addWorkingDays(day: Jour, count: number): Jour {
  let current = day
  for (let left = count; left > 0;) {
    current = addDays(current, 1)
    if (isWorkingDay(current)) left -= 1
  }
  return current
}

const FIXED_HOLIDAYS = new Set(['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'])

/** Public holidays of code du travail L3133-1; Alsace-Moselle and overseas days are not counted. */
export function isWorkingDay(day: Jour): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  if (weekday === 0 || weekday === 6 || FIXED_HOLIDAYS.has(day.slice(5))) return false
  return !movableHolidays(day.slice(0, 4)).includes(day)
}

const movable = new Map<string, Jour[]>()

/** Easter Monday, Ascension, Whit Monday. */
function movableHolidays(year: string): Jour[] {
  let days = movable.get(year)
  if (!days) {
    const easter = easterSunday(Number(year))
    days = [1, 39, 50].map((after) => addDays(easter, after))
    movable.set(year, days)
  }
  return days
}

/** Gregorian computus of Meeus, Jones and Butcher. */
function easterSunday(year: number): Jour {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const n = h + l - 7 * Math.floor((a + 11 * h + 22 * l) / 451) + 114
  return `${year}-0${Math.floor(n / 31)}-${String((n % 31) + 1).padStart(2, '0')}`
}

function utc(day: Jour): [number, number, number] {
  const [year, month, date] = split(day)
  return [year, month - 1, date]
}

/** Throws a RangeError on what is no day of the calendar (2026-02-30, 03/02/2026). */
function split(day: Jour): [number, number, number] {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  const [year, month, date] = [Number(parts?.[1]), Number(parts?.[2]), Number(parts?.[3])]
  // A day that every month has needs no calendar.
  const usual = month >= 1 && month <= 12 && date >= 1 && date <= 28
  if (!parts || (!usual && new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10) !== day)) {
    throw new RangeError(`not a day: ${day}`)
  }
  return [year, month, date]
}
