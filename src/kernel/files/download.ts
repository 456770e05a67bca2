import { create as contentDisposition } from 'content-disposition'
import type { ByteRange } from './contract.ts'

export interface DownloadFile {
  name: string
  mime: string
  /** In bytes. */
  size: number
  /** Hexadecimal. */
  sha256: string
}

export interface DownloadPlan {
  status: 200 | 206 | 304 | 416
  headers: Record<string, string>
  /** What to read from the storage; absent with 200 (everything), 304 and 416 (nothing). */
  range?: ByteRange
}

const ATTACHMENT_POLICY = "sandbox; default-src 'none'"
/**
 * Chromium shows a PDF in a page of its own making, with one plug-in element (object-src) and style attributes;
 * a sandboxed response stays blank there (crbug 271452).
 */
const INLINE_PDF_POLICY =
  "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/**
 * How a stored file is sent (RFC 9110, 13 and 14). Only a PDF is ever shown inline, whatever is asked for.
 * One range at most: a list of ranges, or one that cannot be read, gives the whole file, as the RFC allows.
 * `ifRange` is the If-Range header: a range of another version is not served.
 */
export function planDownload(
  file: DownloadFile,
  rangeHeader: string | undefined,
  ifNoneMatch: string | undefined,
  inline: boolean,
  ifRange?: string,
): DownloadPlan {
  const etag = `"${file.sha256}"`
  const shown = inline && file.mime === 'application/pdf'
  const common = {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': shown ? INLINE_PDF_POLICY : ATTACHMENT_POLICY,
  }
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag)) return { status: 304, headers: common }
  const range =
    ifRange === undefined || ifRange.trim() === etag ? parseRange(rangeHeader, file.size) : undefined
  if (range === 'unsatisfiable') {
    return {
      status: 416,
      headers: { ...common, 'Content-Range': `bytes */${file.size}`, 'Content-Length': '0' },
    }
  }
  const headers = {
    ...common,
    'Content-Type': file.mime,
    'Content-Disposition': contentDisposition(file.name, { type: shown ? 'inline' : 'attachment' }),
    'Content-Length': String(range ? range.end - range.start + 1 : file.size),
  }
  if (!range) return { status: 200, headers }
  const contentRange = `bytes ${range.start}-${range.end}/${file.size}`
  return { status: 206, headers: { ...headers, 'Content-Range': contentRange }, range }
}

/** If-None-Match compares weakly: W/"x" is "x". */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
}

function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header?.replace(/\s/g, '') ?? '')
  const first = match?.[1] ?? ''
  const last = match?.[2] ?? ''
  if (first === '' && last === '') return
  if (first === '') {
    const count = Math.min(Number(last), size)
    return count === 0 ? 'unsatisfiable' : { start: size - count, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return
  return start >= size ? 'unsatisfiable' : { start, end }
}
