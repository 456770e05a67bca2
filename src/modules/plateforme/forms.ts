import { z } from 'zod'
import { choix, coche, courriel, paragraphe, plusieurs, texte } from '../../kernel/forms.ts'
import { NOMS_DE_MODULES } from '../../kernel/modules.ts'
import { CODE, HOTE, NATURE_NAMES } from './organisme.ts'

const hote = z
  .string({ error: 'Indiquez une adresse.' })
  .trim()
  .toLowerCase()
  .regex(
    HOTE,
    'Indiquez le nom complet du site, sans https:// ni barre, par exemple extranet.monorganisme.example.',
  )

const modules = plusieurs(z.enum(NOMS_DE_MODULES), 50)

/** A whole number of a unit, or nothing for no limit. */
function limite(quoi: string, max: number) {
  return z.preprocess(
    (value) => {
      if (typeof value !== 'string') return value
      const digits = value.replace(/[\s\u00a0\u202f]/g, '')
      return digits === '' ? null : Number(digits)
    },
    z
      .number({ error: `Indiquez ${quoi} en chiffres, ou laissez vide.` })
      .int(`Indiquez ${quoi} en nombre entier.`)
      .min(1, `Indiquez ${quoi} d’au moins 1, ou laissez vide.`)
      .max(max, `Indiquez ${quoi} d’au plus ${max}.`)
      .nullable(),
  )
}

const quotas = {
  quotaGo: limite('un espace', 100_000),
  quotaComptes: limite('un nombre de comptes', 1_000_000),
}

export const creation = z.strictObject({
  code: z
    .string({ error: 'Indiquez un code.' })
    .trim()
    .regex(CODE, 'Le code a de 2 à 31 lettres minuscules, chiffres ou tirets, et commence par une lettre.'),
  nature: choix('la nature de l’organisme', NATURE_NAMES),
  nom: texte('le nom de l’organisme', 120),
  sigle: texte('le nom court', 60),
  hote,
  modules,
  adminPrenom: texte('le prénom de l’administrateur', 80),
  adminNom: texte('le nom de l’administrateur', 80),
  adminCourriel: courriel,
  ...quotas,
})

export const reglage = z.strictObject({ modules, ...quotas })
export const nouvelHote = z.strictObject({
  hote,
  principal: coche,
})
export const retraitHote = z.strictObject({ hote })
export const suspension = z.strictObject({ motif: paragraphe('le motif de la suspension', 500) })
/** Which parked work is about to be given up: that page asks once. */
export const abandon = z.object({ abandonner: z.coerce.number().int().optional().catch(undefined) })
export const tache = z.strictObject({
  tache: z.coerce.number({ error: 'Cette tâche n’existe pas.' }).int().min(1),
})
