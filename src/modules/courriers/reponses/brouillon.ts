import { createHash } from 'node:crypto'
import { z } from 'zod'

export const MAX_TEXTE = 20_000
const UUID_PART = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const FIELD = new RegExp(`^(texte|base|photos|choix|sansobjet)-(${UUID_PART})$`)

/** What was typed for one question, and the fingerprint of the text that the page had shown before. */
export interface Typed {
  questionId: string
  texte: string
  base: string
}

export interface Saisie {
  envoyer: boolean
  typed: Typed[]
  /** Questions whose photos become one PDF. */
  photos: Set<string>
  /** Pieces that there are none of, as was ticked. */
  sansObjet: Set<string>
}

/** The form has three fields per question, named after it; any other field is a forged one. */
export const Saisie: z.ZodType<Saisie> = z.record(z.string(), z.string()).transform((fields, ctx) => {
  const typed = new Map<string, Typed>()
  const photos = new Set<string>()
  const sansObjet = new Set<string>()
  let envoyer = false
  const issue = (champ: string, message: string) => ctx.addIssue({ code: 'custom', path: [champ], message })
  for (const [name, value] of Object.entries(fields)) {
    const [, kind, questionId = ''] = FIELD.exec(name) ?? []
    if (name === 'geste') envoyer = value === 'envoyer'
    else if (kind === 'photos') photos.add(questionId)
    else if (kind === 'sansobjet') sansObjet.add(questionId)
    else if (kind === 'texte' || kind === 'base') {
      const one = typed.get(questionId) ?? { questionId, texte: '', base: '' }
      if (kind === 'base') one.base = value.slice(0, 40)
      else one.texte = clean(value)
      if (one.texte.length > MAX_TEXTE)
        issue(
          name,
          `Votre réponse dépasse ${MAX_TEXTE.toLocaleString('fr-FR')} caractères : joignez plutôt un PDF.`,
        )
      typed.set(questionId, one)
    } else issue(name, 'Ce champ n’est pas attendu ici.')
  }
  return { envoyer, typed: [...typed.values()], photos, sansObjet }
})

function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').normalize('NFC')
}

/** A short name of a text: what a page was made from is told from what has changed since. */
export function empreinte(texte: string): string {
  return createHash('sha256').update(texte).digest('base64url').slice(0, 16)
}

export interface Conflit {
  questionId: string
  /** What the draft holds, typed by somebody else. */
  autre: string
  mien: string
}

export interface Fusion {
  textes: Record<string, string>
  conflits: Conflit[]
  changed: boolean
}

/**
 * Joins what was typed with what the draft holds by now. Whoever left a question as he found it takes nothing away;
 * only when both have changed the same question is it a conflict, and the draft keeps what it has.
 */
export function merge(stored: Record<string, string>, typed: readonly Typed[]): Fusion {
  const textes = { ...stored }
  const conflits: Conflit[] = []
  let changed = false
  for (const { questionId, texte, base } of typed) {
    const now = stored[questionId] ?? ''
    if (texte === now || empreinte(texte) === base) continue
    if (empreinte(now) === base || now === '') {
      textes[questionId] = texte
      changed = true
    } else {
      conflits.push({ questionId, autre: now, mien: texte })
    }
  }
  return { textes, conflits, changed }
}

/** Somebody else who saved that lately is said to be writing. */
const PRESENCE_MS = 2 * 60_000

export function isWriting(modifieLe: string, now: Date): boolean {
  return now.getTime() - Date.parse(modifieLe) < PRESENCE_MS
}
