import { randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime from 'postal-mime'

/** A mail of the demo, which left nowhere. */
export interface CaughtMail {
  id: string
  /** ISO instant. */
  le: string
  de: string
  a: string
  objet: string
  texte: string
  html: string
  /** Address of the mail's button. */
  lien: string | null
}

const KEPT = 200
const NAME = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z)_([0-9a-f-]{36})\.eml$/

/** Folder of the mails that leave nowhere. */
export function caughtMails(config: { dataDir: string }): string {
  return join(config.dataDir, 'courriels')
}

/** Keeps a raw message as a file, and only the last two hundred. */
export async function keepCaught(folder: string, raw: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true })
  const name = `${new Date().toISOString().replace(/[:.]/g, '-')}_${randomUUID()}.eml`
  const written = join(folder, `.${name}`)
  await writeFile(written, raw, { mode: 0o600 })
  await rename(written, join(folder, name))
  const names = await listNames(folder)
  await Promise.all(names.slice(KEPT).map((old) => rm(join(folder, old), { force: true })))
}

/** The mails of one organisme (its code), the newest first. */
export async function listCaught(folder: string, organisme: string): Promise<CaughtMail[]> {
  const mails = await Promise.all((await listNames(folder)).map((name) => read(folder, name)))
  return mails.flatMap((mail) => (mail?.organisme === organisme ? [mail.mail] : []))
}

/** One mail of that organisme with its raw form, or undefined. */
export async function readCaught(
  folder: string,
  organisme: string,
  id: string,
): Promise<{ mail: CaughtMail; raw: Buffer } | undefined> {
  const name = (await listNames(folder)).find((one) => NAME.exec(one)?.[2] === id)
  const found = name === undefined ? undefined : await read(folder, name)
  return found?.organisme === organisme ? found : undefined
}

async function listNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(ifAbsent<string[]>([]))
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
}

async function read(folder: string, name: string) {
  const raw = await readFile(join(folder, name)).catch(ifAbsent<undefined>(undefined))
  const [, when, id] = NAME.exec(name) ?? []
  if (!raw || when === undefined || id === undefined) return undefined
  const parsed = await PostalMime.parse(raw)
  const html = parsed.html ?? ''
  const mail: CaughtMail = {
    id,
    le: when.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/, 'T$1:$2:$3.$4Z'),
    de: parsed.from?.name || (parsed.from?.address ?? ''),
    a: parsed.to?.map((to) => to.address ?? '').join(', ') ?? '',
    objet: parsed.subject ?? '',
    texte: (parsed.text ?? '').trim(),
    html,
    lien: /<a href="(https?:[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null,
  }
  const organisme = parsed.headers.find((header) => header.key === 'x-parvis-organisme')?.value
  return { organisme, mail, raw }
}

function ifAbsent<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== 'ENOENT') throw error
    return instead
  }
}
