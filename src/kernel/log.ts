import type { IncomingMessage, ServerResponse } from 'node:http'
import { type DestinationStream, type Logger, pino } from 'pino'
import { pinoHttp } from 'pino-http'
import type { RequestHandler } from 'express'
import type { ParvisRequest } from './request.ts'

const SECRET_NAMES = [
  'password', 'mot_de_passe', 'motDePasse', 'secret', 'token', 'jeton', '_csrf', 'csrfToken', 'key', 'otp', 'code',
  'salt', 'cookie', 'authorization', 'iban', 'siret', 'pass',
] // prettier-ignore

/** JSON lines on standard output. Bodies and addresses with their ids are never logged; secret names are blanked. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]),
      censor: '[caché]',
    },
    timestamp: pino.stdTimeFunctions.isoTime,
    // The usual one prints every property of an error: the connection with its keys, the values that Postgres repeats.
    serializers: { err: serializeError },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** One line a request: route pattern, organisme, role, status, milliseconds. */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp<IncomingMessage, ServerResponse>({
    logger: log,
    quietReqLogger: true,
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request failed',
    serializers: { req: () => undefined, res: () => undefined, err: serializeError },
    customProps: (raw, res) => {
      const req = raw as unknown as Partial<ParvisRequest>
      return {
        requestId: req.requestId,
        method: raw.method,
        route: req.routePath ?? '-',
        status: res.statusCode,
        organisme: req.organisme?.code,
        utilisateur: req.user?.id,
        role: req.user?.role,
      }
    },
  })
}

/** Name, code (as `kind`) and stack; never the values that Postgres repeats in `detail`. */
export function serializeError(error: Error & { code?: string }): Record<string, unknown> {
  return {
    type: error.name,
    // « code » is among the secret names.
    kind: error.code,
    message: error.message,
    stack: error.stack,
    cause:
      error.cause instanceof Error ? { message: error.cause.message, stack: error.cause.stack } : undefined,
  }
}
