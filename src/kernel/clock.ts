export type Clock = () => Date

export const systemClock: Clock = () => new Date()

const paris = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short' })

/** The calendar date in France at that instant, AAAA-MM-JJ: the day that deadlines are counted in. */
export function dayInFrance(instant: Date): string {
  // Asked several times a page, and a day begins with a minute.
  const minute = Math.floor(instant.getTime() / 60_000)
  if (minute !== last.minute) last = { minute, day: paris.format(instant) }
  return last.day
}

let last = { minute: NaN, day: '' }

/** The instant of an hour of France: « 2026-02-03 », « 08:30 ». In the hour that a change of time leaves out, the next one. */
export function instantInFrance(day: string, time: string): Date {
  const asUtc = Date.parse(`${day}T${time}:00Z`)
  for (const offset of [2, 1]) {
    const instant = new Date(asUtc - offset * 3_600_000)
    if (WALL.format(instant).replace(' ', 'T') === `${day}T${time}`) return instant
  }
  return new Date(asUtc - 3_600_000)
}

const WALL = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})
