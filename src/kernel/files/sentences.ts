import { nombre, octets } from '../formats.ts'
import type { ArchiveFault } from './archive.ts'
import type { PdfFault } from './pdf.ts'
import type { TextFault } from './text.ts'

/*
 * What we say of a file that we refuse: its name, what is wrong, what to do. The space before « ; » and inside
 * the guillemets does not break.
 */

export function theFile(name: string): string {
  return `Le fichier «\u00a0${name}\u00a0»`
}

const AGAIN = 'puis envoyez-le de nouveau.'

export function emptySentence(name: string): string {
  return `${theFile(name)} est vide. Vérifiez-le sur votre ordinateur, ${AGAIN}`
}

export function tooBigSentence(name: string, size: number | undefined, maxBytes: number): string {
  const limit = octets(maxBytes)
  // « pèse 5 Mo ; la limite est de 5 Mo » helps nobody.
  const exceeds =
    size === undefined || octets(size) === limit
      ? `dépasse la limite de ${limit}.`
      : `pèse ${octets(size)}\u00a0; la limite est de ${limit}.`
  return `${theFile(name)} ${exceeds} Réduisez-le ou envoyez-le en plusieurs fois.`
}

export function formatSentence(name: string, accepted: readonly string[]): string {
  const list = accepted.map((extension) => extension.toUpperCase()).join(', ')
  const remedy =
    accepted.length === 1 ? `Enregistrez-le en ${list}` : `Formats acceptés\u00a0: ${list}. Convertissez-le`
  return `${theFile(name)} n’est pas d’un format accepté. ${remedy}, ${AGAIN}`
}

/** The content is not what the extension says. */
export function disguiseSentence(name: string, extension: string): string {
  return (
    `${theFile(name)} n’est pas un vrai fichier ${extension.toUpperCase()}\u00a0: son contenu ne correspond pas à son extension. ` +
    `Ouvrez-le dans son logiciel d’origine, enregistrez-le en ${extension.toUpperCase()}, ${AGAIN}`
  )
}

export function damagedSentence(name: string): string {
  return `${theFile(name)} est abîmé ou incomplet. Ouvrez-le sur votre ordinateur, enregistrez-le à nouveau, ${AGAIN}`
}

export function markupSentence(name: string): string {
  return `${theFile(name)} contient du code de page web, ce que nous refusons par sécurité. Enregistrez-le à nouveau depuis son logiciel d’origine, ${AGAIN}`
}

export function pdfSentence(name: string, fault: PdfFault): string {
  switch (fault) {
    case 'not-pdf':
      return `${theFile(name)} n’est pas un vrai PDF. Ouvrez le document d’origine, choisissez «\u00a0Enregistrer en PDF\u00a0», ${AGAIN}`
    case 'damaged':
      return damagedSentence(name)
    case 'encrypted':
      return `${theFile(name)} est protégé par un mot de passe ou chiffré. Enregistrez-le sans protection, ${AGAIN}`
    case 'script':
      return `${theFile(name)} contient un programme (JavaScript), ce que nous refusons par sécurité. ${PRINT}`
    case 'launch':
      return `${theFile(name)} demande à lancer un programme, ce que nous refusons par sécurité. ${PRINT}`
    case 'attachment':
      return `${theFile(name)} contient d’autres fichiers. ${PRINT} Envoyez les autres fichiers à part.`
  }
}
const PRINT = `Imprimez-le en PDF pour n’en garder que les pages, ${AGAIN}`

export function archiveSentence(
  name: string,
  fault: ArchiveFault,
  limits: { maxEntries: number; maxBytes: number },
): string {
  switch (fault) {
    case 'damaged':
      return damagedSentence(name)
    case 'encrypted':
      return `${theFile(name)} est protégé par un mot de passe. Enregistrez-le sans protection, ${AGAIN}`
    case 'too-many':
      return `${theFile(name)} contient plus de ${nombre(limits.maxEntries)} éléments. Répartissez-les en plusieurs envois.`
    case 'too-big':
      return `${theFile(name)} devient trop volumineux une fois décompressé\u00a0; la limite est de ${octets(limits.maxBytes)}. Envoyez-le en plusieurs fois.`
    case 'unsafe-name':
      return `${theFile(name)} contient un élément dont le nom sort de son dossier, ce que nous refusons par sécurité. Refaites-le avec l’outil de votre ordinateur, ${AGAIN}`
    case 'program':
      return `${theFile(name)} contient un programme ou une page web, ce que nous refusons par sécurité. Retirez cet élément, ${AGAIN}`
    case 'nested':
      return `${theFile(name)} contient une autre archive. Décompressez-la, mettez ses fichiers directement dans le zip, ${AGAIN}`
    case 'macro':
      return `${theFile(name)} contient des macros, ce que nous refusons par sécurité. Enregistrez-le en classeur sans macros (XLSX), ${AGAIN}`
  }
}

/** An encrypted workbook is a compound file, as the XLS of before 2007 is. */
export function compoundSentence(name: string): string {
  return `${theFile(name)} est protégé par un mot de passe, ou d’un ancien format d’Excel. Enregistrez-le en XLSX sans protection, ${AGAIN}`
}

export function textSentence(name: string, extension: string, fault: TextFault): string {
  return fault === 'markup'
    ? markupSentence(name)
    : `${theFile(name)} n’est pas un texte lisible. Enregistrez-le en ${extension.toUpperCase()} avec l’encodage UTF-8, ${AGAIN}`
}

/** Sizes in pixels; `maxPixels` is a whole number of millions. */
export function pixelsSentence(name: string, width: number, height: number, maxPixels: number): string {
  const side = (pixels: number): string => pixels.toLocaleString('fr-FR')
  return (
    `L’image «\u00a0${name}\u00a0» mesure ${side(width)}\u00a0×\u00a0${side(height)}\u00a0points\u00a0; ` +
    `la limite est de ${maxPixels / 1e6}\u00a0millions de points. Réduisez ses dimensions, puis envoyez-la de nouveau.`
  )
}
