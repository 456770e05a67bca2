import { type DestinationStream, type Logger, pino } from 'pino'
import type { RequestHandler } from 'express'
import type { ParvisRequest } from './request.ts'

declare module 'node:http' {
  interface ServerResponse {
    /** Why the request failed, for its line in the log. */
    err?: Error | undefined
  }
}

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

/**
 * One line a request, when it is over: route pattern, organisme, role, status, milliseconds. Written here and not by
 * pino-http, whose loggers of each request cost a tenth of a page. Failures go through the log that blanks secrets;
 * the other lines hold nothing to blank, so nothing is searched in them.
 */
export function requestLog(log: Logger): RequestHandler {
  const stream = (log as unknown as Record<symbol, DestinationStream>)[pino.symbols.streamSym]
  const lines = pino({ level: log.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream)
  return (raw, res, next) => {
    const start = performance.now()
    res.once('close', () => {
      const req = raw as unknown as Partial<ParvisRequest>
      const line = {
        requestId: req.requestId,
        method: raw.method,
        route: req.routePath ?? '-',
        status: res.statusCode,
        organisme: req.organisme?.code,
        utilisateur: req.user?.id,
        role: req.user?.role,
        responseTime: Math.round(performance.now() - start),
        ...(res.writableFinished ? {} : { aborted: true }),
      }
      const { err } = res
      if (err || res.statusCode >= 500) log.error({ ...line, err }, 'request failed')
      else lines.info(line, 'request')
    })
    next()
  }
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
