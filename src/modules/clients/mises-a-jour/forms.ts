import { z } from 'zod'
import { choix, coche, date, paragraphe, texte, texteFacultatif } from '../../../kernel/forms.ts'
import { parseSiret } from '../../../kernel/identifiants.ts'
import { UUID, keysetQuery } from '../../../kernel/keyset.ts'
import { RAISON_NAMES } from './mouvement.ts'

const siret = texte('le numéro SIRET', 40).transform((typed, ctx) => {
  const parsed = parseSiret(typed)
  if (parsed !== null) return parsed
  const digits = typed.replace(/\D/g, '').length
  ctx.addIssue(
    digits === 14
      ? 'Ce numéro SIRET n’est pas valide\u00a0: sa clé de contrôle ne correspond pas. Vérifiez chaque chiffre.'
      : `Un numéro SIRET compte 14 chiffres\u00a0; il y en a ${digits} ici.`,
  )
  return z.NEVER
})

export const arrivee = z.strictObject({
  numero: texteFacultatif('le numéro', 20),
  nom: texte('le nom ou la dénomination', 150),
  siret,
  profession: texte('la profession', 80),
  le: date('la date d’arrivée'),
  confirme: coche,
})
export type Arrivee = z.output<typeof arrivee>

export const depart = z.strictObject({
  numero: texte('le numéro d’adhérent de votre client', 20),
  raison: choix('la raison du départ', RAISON_NAMES),
  le: date('la date du départ'),
  precision: texteFacultatif('la précision', 300),
})
export type Depart = z.output<typeof depart>

export const collage = z.strictObject({ lignes: paragraphe('les lignes à coller', 1_000_000) })
export const refus = z.strictObject({ motif: paragraphe('le motif du refus', 1000) })

export const departDe = z.object({ client: z.string().regex(UUID).optional().catch(undefined) })
export const liste = z.object(keysetQuery(UUID))
