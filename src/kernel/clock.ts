export type Clock = () => Date

export const systemClock: Clock = () => new Date()

const paris = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short' })

/** The calendar date in France at that instant, AAAA-MM-JJ: the day that deadlines are counted in. */
export function dayInFrance(instant: Date): string {
  return paris.format(instant)
}
