import { z } from 'zod'
import { choix, coche, texte, texteFacultatif } from '../../kernel/forms.ts'
import { GENRES_LIGNE } from './ligne.ts'
import { quandFields } from './quand.ts'

const annee = z
  .string()
  .trim()
  .regex(/^(20\d\d)?$/, 'Écrivez l’année sur quatre chiffres, par exemple 2025.')
  .default('')

export const Nouvelle = z.strictObject({
  titre: texte('le nom de la campagne', 120),
  motif: texteFacultatif('le modèle de nom', 120),
  genre: z.enum(['', ...GENRES_LIGNE], { error: 'Choisissez le type de document.' }).default(''),
  exercice: annee,
  repondeur: choix('qui répond', ['adherent', 'cabinet']),
})

export const NouvelIndex = z.strictObject({})

export const Confirmation = z.strictObject({
  avecPartis: coche,
  prevenir: coche,
  ...quandFields,
})

export const Cadence = z.strictObject({
  parMinute: z.coerce
    .number({ error: 'Indiquez un nombre de courriels par minute.' })
    .int('Indiquez un nombre entier.')
    .min(0, 'Indiquez 0 (sans limite) ou davantage.')
    .max(100_000, 'Indiquez 100 000 au plus.'),
  delaiMinutes: z.coerce
    .number({ error: 'Indiquez un nombre de minutes.' })
    .int('Indiquez un nombre entier.')
    .min(0, 'Indiquez 0 ou davantage.')
    .max(1440, 'Indiquez une journée (1 440 minutes) au plus.'),
})
