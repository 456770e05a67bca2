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
