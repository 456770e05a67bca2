import { Refusal } from '../../kernel/errors.ts'

/*
 * How the names of the files carry what we need: « {numero}_{exercice}_{type}.pdf ». Words between braces are read, « * »
 * stands for anything, the rest must be there as it is; capitals and the folder do not count.
 */

const PARTS = {
  numero: '([0-9a-z]{1,20})',
  exercice: '(20\\d\\d)',
  type: '([^.]{1,60}?)',
  titre: '(.{1,120}?)',
} as const
type Part = keyof typeof PARTS

export interface Lu {
  numero: string
  exercice: string
  type: string
  titre: string
}

export interface Motif {
  /** What the name says; undefined when it is not built like that. */
  read(name: string): Lu | undefined
  has(part: Part): boolean
}

/** @throws Refusal with the sentence that says what is wrong with it */
export function parseMotif(text: string): Motif {
  const parts: Part[] = []
  let stars = 0
  const source = text
    .trim()
    .replace(/\.pdf$/i, '')
    .split(/(\{[^{}]*\}|\*)/)
    .map((piece) => {
      if (piece === '*') {
        stars += 1
        return '.{0,120}?'
      }
      const named = /^\{(.*)\}$/.exec(piece)?.[1]?.trim().toLowerCase()
      if (named === undefined) return escaped(piece)
      if (!isPart(named))
        throw new Refusal(
          `{${named}} n’existe pas. Utilisez {numero}, {exercice}, {type} ou {titre}, et * pour ce qui varie.`,
          'motif',
        )
      if (parts.includes(named))
        throw new Refusal(`{${named}} figure deux fois dans le modèle de nom.`, 'motif')
      parts.push(named)
      return PARTS[named]
    })
    .join('')
  if (!parts.includes('numero'))
    throw new Refusal('Le modèle de nom doit contenir {numero}, le numéro de l’adhérent.', 'motif')
  // A name that can be read in a thousand ways takes a thousand times longer to read.
  const open = stars + parts.filter((part) => part === 'type' || part === 'titre').length
  if (open > 3)
    throw new Refusal('Le modèle de nom peut contenir trois de {type}, {titre} et * au plus.', 'motif')
  if (/[}*][{*]/.test(text.replace(/\s/g, '')))
    throw new Refusal(
      'Séparez {numero}, {exercice}, {type}, {titre} et * par un signe, par exemple «\u00a0_\u00a0».',
      'motif',
    )
  const shape = new RegExp(`^${source}$`, 'i')
  return {
    has: (part) => parts.includes(part),
    read(name) {
      const found = shape.exec(baseOf(name))
      if (!found) return undefined
      const lu: Lu = { numero: '', exercice: '', type: '', titre: '' }
      parts.forEach((part, i) => (lu[part] = found[i + 1]!.trim()))
      return lu
    },
  }
}

/** Without its folder and its extension, at most 150 characters. */
export function baseOf(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  return last
    .replace(/\.pdf$/i, '')
    .normalize('NFC')
    .slice(0, 150)
}

function isPart(name: string): name is Part {
  return Object.hasOwn(PARTS, name)
}

function escaped(text: string): string {
  return text.normalize('NFC').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
