import type { IncomingHttpHeaders } from 'node:http'

/** A cookie of the request, decoded; undefined when it is not there or is no text. */
export function readCookie(req: { headers: IncomingHttpHeaders }, name: string): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at <= 0 || part.slice(0, at).trim() !== name) continue
    try {
      return decodeURIComponent(part.slice(at + 1).trim())
    } catch {
      return undefined
    }
  }
  return undefined
}
