import { buffer } from 'node:stream/consumers'
import { Unavailable } from '../../kernel/errors.ts'
import { PdfPool, pdfKind } from '../../kernel/pdf/pool.ts'
import type { JobContext } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { CHARACTERS } from './texte-limites.ts'

const TEXT_OF_PDF = pdfKind<{ bytes: Uint8Array }>(new URL('./texte-pdf.ts', import.meta.url))

/** A file that takes longer to read, or more memory, is found by its name alone. */
const TIME_MS = 20_000
const MEMORY_BYTES = 160 * 1024 * 1024
const LOOK_EVERY_MS = 50

/** Texts are read one at a time, so that two large files do not add up. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * Job `espaces.lire`: what the file of a version says, kept for the search. A file that cannot be read is no fault of
 * the queue: its version says so, and it is not tried again.
 * @throws Unavailable while the antivirus has not answered, so that the queue tries again
 */
export async function readText(payload: Record<string, unknown>, ctx: JobContext): Promise<void> {
  const row = await ctx.transaction((db) =>
    db.maybe<{
      cle: string
      mime: string
      antivirus: string
    }>(sql`select f.cle, f.mime, f.antivirus from espace_versions v
      join fichiers f on f.organisme_id = v.organisme_id and f.id = v.fichier_id
      where v.id = ${payload.id} and v.texte_etat = 'en_attente'`),
  )
  if (!row) return
  // Nothing is opened before the antivirus has looked at it; the queue comes back.
  if (row.antivirus === 'en_attente') throw new Unavailable('the antivirus has not answered yet')
  const sound = row.antivirus !== 'infecte'
  const text = sound ? await textOf(row.mime, () => ctx.services.storage.open(row.cle)) : null
  const state = text === null ? 'illisible' : text.trim() === '' ? 'sans_texte' : 'lu'
  await ctx.transaction((db) =>
    db.run(
      sql`update espace_versions set texte = ${text ?? ''}, texte_etat = ${state} where id = ${payload.id}`,
    ),
  )
}

type Open = () => Promise<AsyncIterable<Buffer>>

/** '' for a file that has no words, null for one that cannot be read. @throws what the storage throws. */
async function textOf(mime: string, open: Open): Promise<string | null> {
  if (mime === 'text/plain' || mime === 'text/csv') return clean(await head(await open()))
  if (mime !== 'application/pdf') return ''
  const reading = turn.then(async () => textOfPdf(new Uint8Array(await buffer(await open()))))
  turn = reading.catch(() => undefined)
  return reading
}

/**
 * The words of a PDF, read on a thread that is ended when it takes too long or too much memory: streams of a PDF may
 * unfold to a thousand times their size.
 * @returns null when it cannot be read.
 */
export async function textOfPdf(
  bytes: Uint8Array,
  limits: { timeMs?: number; memoryBytes?: number } = {},
): Promise<string | null> {
  const pool = new PdfPool(limits.timeMs ?? TIME_MS)
  const most = process.memoryUsage.rss() + (limits.memoryBytes ?? MEMORY_BYTES) + bytes.byteLength
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() > most) void pool.close()
  }, LOOK_EVERY_MS)
  try {
    return clean((await pool.make(TEXT_OF_PDF, { bytes })).toString())
  } catch {
    return null
  } finally {
    clearInterval(watch)
    await pool.close()
  }
}

async function head(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    parts.push(part)
    size += part.length
    if (size >= CHARACTERS) break
  }
  return Buffer.concat(parts).toString('utf8').slice(0, CHARACTERS)
}

/** Without what Postgres cannot keep; words cut at the end of a line are whole again. */
function clean(text: string): string {
  return text
    .replace(/(\p{L})-\s*\n\s*(\p{Ll})/gu, '$1$2')
    .replace(/[^\P{Cc}\n\t]/gu, ' ')
    .replace(/[ \t\u00a0\u202f]+/g, ' ')
    .slice(0, CHARACTERS)
}
