import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Services } from '../../kernel/services.ts'
import { Refusal } from '../../kernel/errors.ts'
import { downloadable } from '../../kernel/files/store.ts'
import { octets } from '../../kernel/formats.ts'

export const MAX_FICHIERS = 500
const MAX_OCTETS = 200 * 1024 * 1024

/** One PDF of the archive: a stored file, or one to be made when its turn comes. */
export interface Entree {
  nom: string
  publieLe: string
  fichier: { cle: string; nom: string; taille: number; antivirus: string } | null
  make: () => Promise<Buffer>
}

/** @throws Refusal above 500 files or 200 Mo, and while a file is not known to be sound. */
export function checkEntrees(entrees: readonly Entree[]): void {
  if (entrees.length > MAX_FICHIERS)
    throw new Refusal(`Choisissez ${MAX_FICHIERS} courriers au plus pour un même téléchargement.`)
  const weight = entrees.reduce((sum, { fichier }) => sum + (fichier?.taille ?? 0), 0)
  if (weight > MAX_OCTETS) {
    throw new Refusal(
      `Ces courriers pèsent ensemble ${octets(weight)}\u00a0: la limite est de ${octets(MAX_OCTETS)}. Choisissez-en moins.`,
    )
  }
  for (const { fichier } of entrees) if (fichier) downloadable(fichier)
}

/** The archive as it leaves: each file is opened when the one before has gone, so that none is held in memory. */
export function zipOf(services: Services, entrees: readonly Entree[]): Readable {
  const zip = new ZipFile()
  const out = Readable.from(zip.outputStream as AsyncIterable<Buffer>)
  const names = new Set<string>()
  const fail = (error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error)))
  for (const { nom, publieLe, fichier, make } of entrees) {
    const options = { mtime: new Date(publieLe), compress: false }
    zip.addReadStreamLazy(unique(nom, names), options, (done) => {
      const open = fichier ? services.storage.open(fichier.cle) : make().then((pdf) => Readable.from([pdf]))
      open.then(
        (stream) => done(null, stream),
        (error: unknown) => {
          fail(error)
          done(error, Readable.from([]))
        },
      )
    })
  }
  zip.end()
  return out
}

/** Two courriers may bear the same name; two files of an archive may not. */
function unique(nom: string, taken: Set<string>): string {
  const clean = nom.replace(/[/\\:*?"<>|]+/g, '-')
  let name = clean
  for (let n = 2; taken.has(name); n++) name = clean.replace(/\.pdf$/, ` (${n}).pdf`)
  taken.add(name)
  return name
}
