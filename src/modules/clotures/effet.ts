import { date } from '../../kernel/formats.ts'
import type { Jour } from './calendrier.ts'
import type { Track } from './cloture.ts'
import type { Cloture } from './queries.ts'

/** Does this state say that something happened on a day that may be before the one on which it is written? */
export function isDated(track: Track, to: string): boolean {
  return (track === 'reception' && to === 'recue') || (track !== 'crm' && to.startsWith('termine'))
}

/** A thing has not happened tomorrow, nor before what it follows. @returns the sentence, or null */
export function wrongDay(
  cloture: Pick<Cloture, 'debut' | 'recue_le'>,
  track: Track,
  effet: Jour,
  today: Jour,
): string | null {
  if (effet > today) return `Cette date n’est pas encore venue\u00a0: nous sommes le ${date(today)}.`
  if (track === 'reception' && effet <= cloture.debut)
    return `La date est antérieure à l’exercice, ouvert le ${date(cloture.debut)}.`
  if (track !== 'reception' && cloture.recue_le !== null && effet < cloture.recue_le)
    return `La date est antérieure à la réception de la liasse, le ${date(cloture.recue_le)}.`
  return null
}
