import { nombre, octets, pluriel } from '../formats.ts'
import { FileRefused } from '../files/errors.ts'
import { compoundSentence, theFile } from '../files/sentences.ts'

/*
 * Why a table is not read. Sentences for whoever sent it: what is wrong, and what to do.
 */

const AGAIN = 'puis envoyez-le de nouveau.'

export const tooManyRows = (rows: number) =>
  new FileRefused(`Ce fichier contient plus de ${nombre(rows)} lignes. Partagez-le en plusieurs fichiers.`)

export const tooManyColumns = (columns: number) =>
  new FileRefused(
    `Ce fichier contient plus de ${pluriel(columns, 'colonne', 'colonnes')}. Retirez celles qui ne servent pas, ${AGAIN}`,
  )

export const cellTooLong = (line: number, column: string, length: number) =>
  new FileRefused(
    `Ligne\u00a0${nombre(line)}, colonne «\u00a0${column}\u00a0»\u00a0: le texte dépasse ${nombre(length)} caractères. Raccourcissez-le, ${AGAIN}`,
  )

export const emptyTable = (name: string) =>
  new FileRefused(
    `${theFile(name)} ne contient aucune ligne. La première ligne donne les titres des colonnes, les suivantes les données.`,
  )

export const onlyHeader = (name: string) =>
  new FileRefused(`${theFile(name)} ne contient que la ligne des titres. Ajoutez les données, ${AGAIN}`)

export const quoteNotClosed = () =>
  new FileRefused(
    `Un guillemet ouvert dans ce fichier n’est jamais refermé. Enregistrez-le à nouveau en CSV depuis votre tableur, ${AGAIN}`,
  )

export const recordTooLong = () =>
  new FileRefused(
    `Une ligne de ce fichier est démesurée\u00a0: un guillemet n’y est sans doute pas refermé. Enregistrez-le à nouveau en CSV depuis votre tableur, ${AGAIN}`,
  )

export const unreadableText = (name: string) =>
  new FileRefused(
    `${theFile(name)} n’est pas un texte lisible. Enregistrez-le en «\u00a0CSV UTF-8\u00a0» ou en XLSX, ${AGAIN}`,
  )

export const unreadableWorkbook = (name: string) =>
  new FileRefused(
    `${theFile(name)} ne peut pas être lu comme un classeur. Ouvrez-le dans votre tableur, enregistrez-le en XLSX, ${AGAIN}`,
  )

export const protectedWorkbook = (name: string) => new FileRefused(compoundSentence(name))

export const workbookTooBig = (name: string, maxBytes: number) =>
  new FileRefused(
    `${theFile(name)} devient trop volumineux une fois décompressé\u00a0; la limite est de ${octets(maxBytes)}. Retirez les feuilles et les mises en forme inutiles, ou enregistrez-le en CSV, ${AGAIN}`,
  )

export const workbookTooSlow = (name: string) =>
  new FileRefused(
    `${theFile(name)} est trop lourd pour être lu. Retirez les feuilles et les mises en forme inutiles, ou enregistrez-le en CSV, ${AGAIN}`,
  )

export const notATable = (name: string) =>
  new FileRefused(`${theFile(name)} n’est pas un tableau\u00a0: envoyez un fichier CSV ou XLSX.`)
