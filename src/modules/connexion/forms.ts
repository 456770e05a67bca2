import { z } from 'zod'
import { DEFI } from '../../kernel/auth/defi.ts'
import { NEW_PASSWORD } from '../../kernel/auth/new-password.ts'
import { texte } from '../../kernel/forms.ts'
import { STATUTS } from './statut.ts'

export const ConnexionQuery = z.object({
  statut: z.enum(STATUTS).optional().catch(undefined),
  retour: z.string().optional().catch(undefined),
})

export const ConnexionForm = z.strictObject({
  statut: z.enum(STATUTS).optional().catch(undefined),
  identifiant: texte('votre identifiant', 254),
  motDePasse: z
    .string({ error: 'Indiquez votre mot de passe.' })
    .min(1, 'Indiquez votre mot de passe.')
    .max(1000),
  retour: z.string().default(''),
  defi: DEFI,
})

export const CodeQuery = z.object({ secours: z.literal('oui').optional().catch(undefined) })

export const CodeForm = z.strictObject({
  code: z.string().trim().max(100).default(''),
  secours: z.string().trim().max(100).optional(),
})

export const OubliForm = z.strictObject({ identifiant: texte('votre identifiant', 254), defi: DEFI })

export const NouveauMotDePasseForm = z.strictObject(NEW_PASSWORD)
