import { z } from 'zod'
import { date, paragraphe, plusieurs, uuid } from '../../kernel/forms.ts'
import { MAX_TEXTE } from '../courriers/reponses/brouillon.ts'

const FIELD = /^texte-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** The texts as the superviseur leaves them, by question. */
export const Acceptation: z.ZodType<Map<string, string>> = z
  .record(z.string(), z.string().max(MAX_TEXTE, 'Ce texte est trop long.'))
  .transform((fields, ctx) => {
    const texts = new Map<string, string>()
    for (const [name, value] of Object.entries(fields)) {
      const id = FIELD.exec(name)?.[1]
      if (id === undefined)
        ctx.addIssue({ code: 'custom', path: [name], message: 'Ce champ n’est pas attendu ici.' })
      else texts.set(id, value.replace(/\r\n?/g, '\n').normalize('NFC').trim())
    }
    return texts
  })

export const Rejet = z.strictObject({ motif: paragraphe('le motif du rejet', 2000) })

export const Lot = z.strictObject({ reponse: plusieurs(uuid, 200) })

export const Suppleance = z.strictObject({
  suppleant: uuid,
  du: date('le premier jour'),
  au: date('le dernier jour'),
})
