import type { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { DEMO } from '../config.ts'
import type { Role } from '../db.ts'
import { Refusal } from '../errors.ts'
import { FRENCH_COMMON_PASSWORDS } from './common-passwords.ts'

/*
 * What a new password must be: long, and hard to guess. No classes of characters, no forced renewal (CNIL 2022-100
 * accepts « devinabilité » as proof, ANSSI asks 12 and 16 characters, ASVS 5.0 6.2.5 refuses composition rules).
 */

export const LONGEST = 128

/** Least number of characters, and least zxcvbn score (0 to 4), by role. */
export function passwordRule(role: Role): { length: number; score: 3 | 4 } {
  return role === 'adherent' || role === 'collaborateur' ? { length: 12, score: 3 } : { length: 16, score: 4 }
}

export interface PasswordOwner {
  role: Role
  /** Words that everybody around this person can guess: names, numbers, town, those of the organisme. */
  words: readonly string[]
}

/** Words of the trade that count for nothing in any password here. */
const TRADE = [
  'cga',
  'oga',
  'omga',
  'aga',
  'cns',
  'extranet',
  'parvis',
  'adherent',
  'cabinet',
  'comptable',
  'motdepasse',
]

/**
 * Refuses a password that is too short, too long, known, or easy to guess for whoever knows its owner.
 * @param field name of the form field that the sentence belongs to
 * @throws Refusal with a sentence that says what to do instead
 */
export async function checkPassword(password: string, owner: PasswordOwner, field: string): Promise<void> {
  const rule = passwordRule(owner.role)
  const length = [...password].length
  if (length < rule.length) {
    throw new Refusal(
      `Ce mot de passe compte ${length} caractère${length > 1 ? 's' : ''} : il en faut au moins ${rule.length}. Une phrase fait très bien l’affaire.`,
      field,
    )
  }
  if (length > LONGEST)
    throw new Refusal(`Ce mot de passe dépasse ${LONGEST} caractères\u00a0: raccourcissez-le.`, field)
  const { rest, found } = withoutWords(password, [...owner.words, ...TRADE])
  const measure = await measurer()
  if (measure.check(beginning(password)).score < rule.score) {
    throw new Refusal(
      'Ce mot de passe est trop facile à deviner. Choisissez par exemple quatre mots sans rapport entre eux.',
      field,
    )
  }
  // What others can guess counts for nothing: the rest must hold alone.
  if (found.length > 0 && measure.check(beginning(rest)).score < rule.score) {
    throw new Refusal(
      `Ce mot de passe repose sur ${found
        .map((word) => `«\u00a0${word}\u00a0»`)
        .join(', ')
        .replace(
          /, (?=[^,]*$)/,
          ' et ',
        )}, que votre entourage peut deviner. Choisissez des mots sans rapport avec vous ni avec votre organisme.`,
      field,
    )
  }
}

/** zxcvbn's time grows fast with length; a password whose beginning is strong is strong. */
const beginning = (text: string) => text.slice(0, 40)

/** Lower case without accents, character by character: positions stay those of the text. */
function fold(text: string): string {
  return [...text]
    .map((char) => {
      const plain = char.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
      return plain.length === char.length ? plain : char
    })
    .join('')
}

function withoutWords(password: string, words: readonly string[]): { rest: string; found: string[] } {
  const parts = words
    .flatMap((word) => fold(word).split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length >= 3)
    .sort((a, b) => b.length - a.length)
  let rest = password
  const found: string[] = []
  for (const part of new Set(parts)) {
    for (let at = fold(rest).indexOf(part); at >= 0; at = fold(rest).indexOf(part)) {
      const seen = rest.slice(at, at + part.length)
      if (!found.includes(seen)) found.push(seen)
      rest = rest.slice(0, at) + rest.slice(at + part.length)
    }
  }
  return { rest, found: found.slice(0, 3) }
}

let measured: Promise<ZxcvbnFactory> | undefined

/** Loaded at the first need: its dictionaries weigh some 30 MB, and most processes see few new passwords. */
function measurer(): Promise<ZxcvbnFactory> {
  measured ??= load()
  return measured
}

async function load(): Promise<ZxcvbnFactory> {
  const [core, common, french] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-fr'),
  ])
  return new core.ZxcvbnFactory({
    dictionary: {
      ...common.dictionary,
      ...french.dictionary,
      courants: [DEMO.password, ...FRENCH_COMMON_PASSWORDS],
    },
    graphs: common.adjacencyGraphs,
    l33tMaxSubstitutions: 10,
  })
}
