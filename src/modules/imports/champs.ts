import { courriel as courrielValide } from '../../kernel/forms.ts'
import { date as enDate, siret as enSiret, telephone as enTelephone } from '../../kernel/formats.ts'
import { parseCodePostal, parsePhone, parseSiret } from '../../kernel/identifiants.ts'
import { fold, parseAmount, parseDay } from '../../kernel/tableur/values.ts'
import { lignePostale } from '../coordonnees/adresse.ts'
import type { Champ, Lu } from './genre.ts'

/* How a cell is read for its field. Sentences are for whoever corrects the file: what was found, what is awaited. */

const montre = (cellule: string) =>
  `«\u00a0${cellule.length > 40 ? `${cellule.slice(0, 40)}…` : cellule}\u00a0»`

export function texte(max: number): Champ['lire'] {
  return (cellule) =>
    cellule.length > max ? { faute: `${montre(cellule)} dépasse ${max} caractères.` } : { valeur: cellule }
}

export function jour(cellule: string): Lu {
  const lu = parseDay(cellule)
  return lu === null
    ? { faute: `${montre(cellule)} n’est pas une date. Écrivez-la jj/mm/aaaa.` }
    : { valeur: lu }
}

export function montant(cellule: string): Lu {
  const lu = parseAmount(cellule)
  return lu === null ? { faute: `${montre(cellule)} n’est pas un montant.` } : { valeur: Number(lu) }
}

/** Spreadsheets drop the zeros before a number. */
export function siret(cellule: string): Lu {
  const chiffres = cellule.replace(/\s/g, '')
  const lu = parseSiret(/^\d{5,13}$/.test(chiffres) ? chiffres.padStart(14, '0') : chiffres)
  if (lu !== null) return { valeur: lu }
  return /^\d{9}$/.test(chiffres)
    ? { faute: `${montre(cellule)} est un SIREN\u00a0: indiquez le SIRET, de 14 chiffres.` }
    : { faute: `${montre(cellule)} n’est pas un SIRET\u00a0: 14 chiffres, dont une clé, sont attendus.` }
}

export function codePostal(cellule: string): Lu {
  const lu = parseCodePostal(/^\d{4}$/.test(cellule) ? `0${cellule}` : cellule)
  return lu === null ? { faute: `${montre(cellule)} n’est pas un code postal.` } : { valeur: lu }
}

export function telephone(cellule: string): Lu {
  const lu = parsePhone(/^[1-9]\d{8}$/.test(cellule) ? `0${cellule}` : cellule)
  if (lu !== null) return { valeur: lu }
  return /^\+[\d .()-]{6,20}$/.test(cellule)
    ? { valeur: cellule }
    : { faute: `${montre(cellule)} n’est pas un numéro de téléphone.` }
}

/** One or several, as our exports write them. */
export function telephones(cellule: string): Lu {
  const lus = cellule
    .split(/\s*[,;/|]\s*/)
    .filter((un) => un !== '')
    .map(telephone)
  const faute = lus.find((lu) => 'faute' in lu)
  return faute ?? { valeur: lus.map((lu) => ('valeur' in lu ? lu.valeur : '')) }
}

export function courriel(cellule: string): Lu {
  const lu = courrielValide.safeParse(cellule)
  return lu.success
    ? { valeur: lu.data }
    : { faute: `${montre(cellule)} n’est pas une adresse électronique.` }
}

export function commune(cellule: string): Lu {
  return { valeur: lignePostale(cellule) }
}

/** The values that the base knows, under the words that people use for them. @param dire how one is named to people */
export function parmi(
  mots: Readonly<Record<string, readonly string[]>>,
  dire: (valeur: string) => string = (valeur) => valeur,
): Champ['lire'] {
  const valeurs = new Map(
    Object.entries(mots).flatMap(([valeur, autres]) => [valeur, ...autres].map((mot) => [fold(mot), valeur])),
  )
  const liste = Object.keys(mots)
    .filter((mot) => mot !== '')
    .map(dire)
    .join(', ')
  return (cellule) => {
    const valeur = valeurs.get(fold(cellule))
    return valeur === undefined
      ? { faute: `${montre(cellule)} n’est pas prévu\u00a0: ${liste}.` }
      : { valeur }
  }
}

export const civilite = parmi({
  'M.': ['M', 'Monsieur', 'Mr'],
  Mme: ['Madame', 'Mlle', 'Mademoiselle'],
  '': ['Sté', 'Société', 'SARL'],
})

export function liste(cellule: string): Lu {
  return { valeur: cellule.split(/\s*[,;/|]\s*/).filter((un) => un !== '') }
}

/** « 33500 LIBOURNE » at the end of an address in one cell, as our exports and others write it. */
const COMMUNE = /\s*[,;] ?(\d{5} [^,;]+)$/

/** The lines of an address in one cell: our exports part them by semicolons. */
export function lignesDAdresse(cellule: string): string[] {
  return cellule.replace(COMMUNE, '').split(/\s*;\s*/)
}

/** « 12 rue X » « Bât. B » 33500 LIBOURNE: how an address is stored. undefined when the row gives no street: what stands stays. */
export function adresse(lus: ReadonlyMap<string, unknown>, prefixe = ''): string[] | undefined {
  const dit = (nom: string) => lus.get(`${prefixe}${nom}`) as string | null | undefined
  const voie = dit('adresse')
  if (voie === undefined) return undefined
  const commune = [dit('code_postal'), dit('ville')].filter((un) => un !== undefined && un !== null).join(' ')
  const complement = dit('complement')
  const derniere = commune !== '' ? commune : (COMMUNE.exec(voie ?? '')?.[1] ?? '')
  return [...lignesDAdresse(voie ?? ''), complement ?? '', derniere].filter((ligne) => ligne !== '')
}

/** A value as the page of the differences and the file to correct show it. */
export function montreValeur(valeur: unknown): string {
  if (valeur === null || valeur === undefined) return ''
  if (Array.isArray(valeur)) return valeur.map(montreValeur).join(', ')
  if (typeof valeur === 'string') {
    if (/^\d{4}-\d{2}-\d{2}$/.test(valeur)) return enDate(valeur)
    return /^\d{14}$/.test(valeur)
      ? enSiret(valeur)
      : /^\+33\d{9}$/.test(valeur)
        ? enTelephone(valeur)
        : valeur
  }
  if (typeof valeur === 'number') return String(valeur).replace('.', ',')
  return JSON.stringify(valeur)
}
