import { z } from 'zod'
import type { Db } from '../db.ts'
import { sql } from '../sql.ts'
import type { Views } from '../views.ts'
import { toText } from './render.ts'
import { type Template, templates } from './templates.ts'

/*
 * The words of a mail, which an organisme may write itself: plain text with variables of this list, replaced once, never
 * a template. None of them names a client or an amount, and the button always leads where the mail leads.
 */

export interface MailText {
  objet: string
  /** Paragraphs, an empty line between two. */
  texte: string
  bouton: string
}

/** Variables of every mail; a mail may have its own beside them. */
export const VARIABLES = ['organisme', 'sigle', 'telephone', 'courriel', 'site'] as const

interface Emitter {
  nom: string
  sigle: string
  telephone: string
  courriel: string
  site?: string
}

/** What a mail says in each case: « acceptee » and « refusee » are two texts. One case, `''`, when it has only one. */
export function variantsOf(template: Template): { cle: string; data: Record<string, unknown> }[] {
  let all: { cle: string; data: Record<string, unknown> }[] = [{ cle: '', data: {} }]
  for (const [name, type] of fieldsOf(template)) {
    const values =
      type instanceof z.ZodBoolean ? [true, false] : type instanceof z.ZodEnum ? type.options : null
    if (values === null) {
      all = all.map(({ cle, data }) => ({ cle, data: { ...data, [name]: `{${name}}` } }))
      continue
    }
    all = all.flatMap(({ cle, data }) =>
      values.map((value) => ({
        cle: [cle, nameOf(name, value)].filter(Boolean).join('.'),
        data: { ...data, [name]: value },
      })),
    )
  }
  return all
}

/** The case of one mail, from what it was given. */
export function variantOf(template: Template, data: Record<string, unknown>): string {
  return fieldsOf(template)
    .filter(([, type]) => type instanceof z.ZodBoolean || type instanceof z.ZodEnum)
    .map(([name]) => nameOf(name, data[name]))
    .join('.')
}

const nameOf = (name: string, value: unknown) =>
  typeof value === 'boolean' ? (value ? name : `sans-${name}`) : String(value)

function fieldsOf(template: Template): [string, unknown][] {
  return Object.entries(templates[template].shape).filter(([name]) => name !== 'lien')
}

/** What a text of that mail may hold between braces. */
export function variablesOf(template: Template): string[] {
  const own = fieldsOf(template).filter(
    ([, type]) => !(type instanceof z.ZodBoolean || type instanceof z.ZodEnum),
  )
  return [...VARIABLES, ...own.map(([name]) => name)]
}

/** The names between braces that mean nothing in that mail. */
export function unknownVariables(template: Template, text: string): string[] {
  const known = variablesOf(template)
  return [...text.matchAll(/\{([^{}\n]*)\}/g)]
    .map(([, name]) => name!)
    .filter((name) => !known.includes(name))
}

/** The text with its variables replaced, each once: what replaces them is not read again. */
export function fillText(text: MailText, organisme: Emitter, data: Record<string, unknown>): MailText {
  const values: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(data).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
    ),
    organisme: organisme.nom,
    sigle: organisme.sigle,
    telephone: organisme.telephone,
    courriel: organisme.courriel,
    site: organisme.site ?? '',
  }
  const fill = (part: string) => part.replace(/\{([^{}\n]*)\}/g, (_all, name: string) => values[name] ?? '')
  return { objet: fill(text.objet), texte: fill(text.texte), bouton: fill(text.bouton) }
}

const BRACED = {
  nom: '{organisme}',
  sigle: '{sigle}',
  telephone: '{telephone}',
  courriel: '{courriel}',
  site: '{site}',
}

/** The text that comes with the portal, its variables between braces. */
export function defaultText(views: Views, template: Template, data: Record<string, unknown>): MailText {
  const put = (gabarit: string) =>
    toText(
      views.render(`mails/${template}`, {
        ...data,
        organisme: BRACED,
        gabarit: `mails/gabarits/${gabarit}.njk`,
      }),
    )
  return { objet: put('objet'), texte: put('lignes'), bouton: put('bouton') }
}

/** What the organisme of the transaction wrote for that case, or undefined. */
export function ownText(db: Db, template: Template, variante: string): Promise<MailText | undefined> {
  return db.maybe<MailText>(
    sql`select objet, texte, bouton from textes_courriels where modele = ${template} and variante = ${variante}`,
  )
}
