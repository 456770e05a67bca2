import { z } from 'zod'
import { Forbidden, Refusal, TooMany } from '../errors.ts'
import { type FormErrors, toFormErrors } from '../forms.ts'

/** What a page shows again after a refused form. */
export interface Again {
  errors: FormErrors
  values: Record<string, unknown>
  status: number
  /** Id of what was kept from a session that ran out, when the form came from there. */
  reprise?: unknown
}

/** What a form that was refused, or came from a session that ran out, shows again; undefined for any other fault. */
export function toAgain(
  error: unknown,
  fields: Record<string, unknown>,
  forVisitors: boolean,
): Again | undefined {
  const { _csrf: _, ...values } = fields
  const again = (status: number, resume: string | null, champs: FormErrors['champs'] = []): Again => ({
    errors: { resume, champs },
    values,
    status,
    reprise: fields._reprise,
  })
  if (error instanceof z.ZodError) return { ...again(422, null), errors: toFormErrors(error) }
  if (error instanceof Refusal) {
    const { field, message, status } = error
    return field === undefined ? again(status, message) : again(status, null, [{ champ: field, message }])
  }
  if (error instanceof TooMany) return again(429, error.message)
  // A form for visitors that stood open longer than its session: 403 as ever, but with the form and a fresh token.
  if (forVisitors && error instanceof Forbidden && error.message === 'csrf') return again(403, STALE)
  return undefined
}

const STALE =
  'Cette page était ouverte depuis trop longtemps. Rien n’a été enregistré : validez-la de nouveau.'
