import { organismeByHost } from '../organisme.ts'
import type { JobContext } from '../page.ts'
import { type RenderedMail, renderMail } from './render.ts'
import { isTemplate, templates } from './templates.ts'
import { fillText, ownText, variantOf } from './texts.ts'

/** What a row of the queue says of its letter. */
export interface Draft {
  modele: string
  donnees: Record<string, unknown>
}

export interface Letter extends RenderedMail {
  organisme: { code: string; sigle: string }
}

/** Puts letters together for one task; the same letter to many people once. It throws when template or data are wrong. */
export function letterWriter(ctx: JobContext): (draft: Draft) => Promise<Letter> {
  const { services, transaction } = ctx
  const { hote } = ctx.organisme
  const { protocol, port } = services.config.baseUrl
  const organismeOf = organismeByHost(services.database.acces)
  const letters = new Map<string, Promise<Letter>>()

  const write = async ({ modele, donnees }: Draft): Promise<Letter> => {
    const organisme = await organismeOf(hote)
    if (!organisme || !isTemplate(modele)) throw new Error(`no template or organisme for a mail ${modele}`)
    const data = templates[modele].parse(donnees)
    const own = await transaction((db) => ownText(db, modele, variantOf(modele, data)))
    const rendered = renderMail(services.views, modele, {
      organisme,
      data,
      origin: `${protocol}//${hote}${port && `:${port}`}`,
      texte: own && fillText(own, organisme, data),
    })
    return { ...rendered, organisme }
  }

  return (draft) => {
    const key = `${draft.modele} ${JSON.stringify(draft.donnees)}`
    const letter = letters.get(key) ?? write(draft)
    letters.set(key, letter)
    return letter
  }
}
