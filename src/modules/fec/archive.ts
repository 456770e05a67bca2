import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cleanFileName } from '../../kernel/files/file-name.ts'
import { type StoredZip, openReceivedZip, openStoredZip } from '../../kernel/files/stored-zip.ts'
import type { ReceivedFile } from '../../kernel/page.ts'
import type { Services } from '../../kernel/services.ts'

export const ZIP = 'application/zip'

/** An accounting file, by itself or in a zip. */
export interface Fec {
  /** Its own name, which says the SIREN and the closing. */
  nom: string
  /** In bytes, unpacked. */
  taille: number
}

const TEXTE = /\.(txt|csv)$/i
const NOM_DE_FEC = /FEC\d{8}[^/\\]*$/

/** Where the accounting file is in a zip: the only text, or the only one so named beside its notice; else undefined. */
function place(zip: StoredZip): (Fec & { rang: number }) | undefined {
  const textes = zip.entries
    .map(({ name, size }, rang) => ({ rang, nom: name, taille: size }))
    .filter(({ nom, taille }) => TEXTE.test(nom) && taille > 0)
  const nommes = textes.filter(({ nom }) => NOM_DE_FEC.test(nom))
  const [seul, autre] = textes.length === 1 ? textes : nommes
  if (!seul || autre) return undefined
  return { ...seul, nom: cleanFileName(seul.nom) }
}

/** The accounting file that was received; undefined when it is none, or a zip without one, or with several. */
export async function fecRecu(
  received: Pick<ReceivedFile, 'mime' | 'name' | 'size' | 'tempPath'>,
): Promise<Fec | undefined> {
  const { mime, name: nom, size: taille, tempPath } = received
  if (mime === 'text/plain' || mime === 'text/csv') return { nom, taille }
  if (mime !== ZIP) return undefined
  const zip = await openReceivedZip(tempPath)
  try {
    return place(zip)
  } finally {
    zip.close()
  }
}

/**
 * Works on a received accounting file as a file of its own: unpacked on the disk when it came in a zip, and gone
 * afterwards. Unpacking stops at the size that the zip declares, which was checked when it came.
 */
export async function avecFecRecu<T>(
  services: Services,
  received: Pick<ReceivedFile, 'mime' | 'tempPath'>,
  work: (chemin: string) => Promise<T>,
): Promise<T> {
  if (received.mime !== ZIP) return work(received.tempPath)
  const zip = await openReceivedZip(received.tempPath)
  return sur(services, (chemin) => poser(zip, chemin), work)
}

/** The same, of one that is stored: the store may be far away, and a check may read the file twice. */
export async function avecFecGarde<T>(
  services: Services,
  fichier: { cle: string; mime: string },
  work: (chemin: string) => Promise<T>,
): Promise<T> {
  const { storage } = services
  const prendre = async (chemin: string) =>
    fichier.mime === ZIP
      ? poser(await openStoredZip(storage, fichier.cle), chemin)
      : pipeline(await storage.open(fichier.cle), createWriteStream(chemin, { mode: 0o600 }))
  return sur(services, prendre, work)
}

async function poser(zip: StoredZip, chemin: string): Promise<void> {
  try {
    const { rang } = place(zip)!
    await pipeline(await zip.open(rang), createWriteStream(chemin, { mode: 0o600 }))
  } finally {
    zip.close()
  }
}

async function sur<T>(
  { config }: Services,
  prendre: (chemin: string) => Promise<void>,
  work: (chemin: string) => Promise<T>,
): Promise<T> {
  const folder = join(config.dataDir, 'temp')
  const chemin = join(folder, `fec-${randomUUID()}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    await prendre(chemin)
    return await work(chemin)
  } finally {
    await rm(chemin, { force: true })
  }
}
