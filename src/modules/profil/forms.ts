import { z } from 'zod'
import { NEW_PASSWORD } from '../../kernel/auth/new-password.ts'
import { courriel } from '../../kernel/forms.ts'

const motDePasse = z
  .string({ error: 'Indiquez votre mot de passe actuel.' })
  .min(1, 'Indiquez votre mot de passe actuel.')
  .max(1000)

export const MotDePasseForm = z.strictObject({ motDePasse, ...NEW_PASSWORD })

export const CourrielForm = z.strictObject({ courriel, motDePasse })

export const SecondFacteurForm = z.strictObject({
  code: z
    .string({ error: 'Indiquez le code.' })
    .trim()
    .regex(/^\d{3} ?\d{3}$/, 'Indiquez les six chiffres que l’application affiche.'),
  motDePasse,
})

export const ConfirmationForm = z.strictObject({ motDePasse })

export const Vide = z.strictObject({})
