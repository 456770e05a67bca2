import type { Token } from '../../kernel/auth/tokens.ts'
import { date, heure, isoDay } from '../../kernel/formats.ts'

/** Why a link no longer opens anything, in words. @param today day of the request, AAAA-MM-JJ. */
export function closedSentence(token: Pick<Token, 'state' | 'expiresAt'>, today: string): string {
  if (token.state === 'servi') return 'Ce lien a déjà servi.'
  if (token.state === 'expire') return `Ce lien a expiré ${since(token.expiresAt, today)}.`
  return 'Ce lien n’est plus valable\u00a0: le mot de passe a changé depuis.'
}

function since(instant: string, today: string): string {
  const day = isoDay(instant)
  if (day === today) return `à ${heure(instant)}`
  const days = Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000)
  return days === 1 ? 'depuis hier' : `depuis le ${date(instant)}`
}
