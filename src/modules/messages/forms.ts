import { z } from 'zod'
import { paragraphe, plusieurs, texte, uuid } from '../../kernel/forms.ts'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'
import { MAX_COPIES } from './message.ts'

export const redaction = z.strictObject({
  destinataire: z.uuid('Choisissez un destinataire dans la liste.'),
  copies: plusieurs(uuid, MAX_COPIES),
  objet: texte('l’objet', 150),
  message: paragraphe('votre message', 10_000),
})

export const suite = z.strictObject({ message: paragraphe('votre message', 10_000) })
export const reponse = z.strictObject({ message: paragraphe('la réponse', 10_000) })

export const pages = z.object(keysetQuery(UUID))
