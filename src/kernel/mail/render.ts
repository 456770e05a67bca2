import type { Organisme } from '../organisme.ts'
import { palettes } from '../theme.ts'
import type { Views } from '../views.ts'
import type { Template } from './templates.ts'
import type { MailText } from './texts.ts'

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

/** What of an organisme stands in the letterhead. */
export type Letterhead = Pick<
  Organisme,
  'nom' | 'sigle' | 'forme' | 'adresse' | 'telephone' | 'courriel' | 'couleur'
>

/**
 * A mail from `views/mails/<template>.njk`: its blocks (objet, lignes, bouton, apres) put into the HTML and into the
 * plain text. `data` has been checked against templates.ts; `origin` (`https://host`) comes before its `lien`.
 */
export function renderMail(
  views: Views,
  template: Template,
  mail: {
    organisme: Letterhead
    data: Record<string, unknown> & { lien: string }
    origin: string
    /** What the organisme wrote in its place, variables replaced. */
    texte?: MailText | undefined
  },
): RenderedMail {
  const { fill, onFill, ink } = palettes(mail.organisme.couleur).light
  const shared = {
    ...mail.data,
    organisme: mail.organisme,
    couleurs: { fill, onFill, ink },
    adresse: new URL(mail.data.lien, mail.origin).href,
  }
  const { texte } = mail
  const page = texte ? 'gabarits/libre' : template
  const own = texte && { ...texte, paragraphes: texte.texte.split(/\n{2,}/).map((part) => part.split('\n')) }
  const put = (gabarit: string) =>
    views.render(`mails/${page}`, { ...shared, texte: own, gabarit: `mails/gabarits/${gabarit}.njk` })
  return { subject: toText(put('objet')), html: put('html'), text: toText(put('texte')) }
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#96': '`',
  '#92': '\\',
}

/** The few tags of our own templates become line breaks, and what autoescape wrote becomes text again. */
export function toText(html: string): string {
  return html
    .replace(/<br>\n?/g, '\n')
    .replace(/<\/p>\s*/g, '\n\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
