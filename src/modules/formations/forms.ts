import { z } from 'zod'
import { date, paragraphe, plusieurs, texte, texteFacultatif, uuid } from '../../kernel/forms.ts'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'

const heure = (quoi: string) =>
  z
    .string({ error: `Indiquez ${quoi}.` })
    .trim()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, `Indiquez ${quoi}, par exemple 09:30.`)

/** Hours as people write them: 7, 3,5, 3.5; empty: from the beginning to the end. */
const heures = z
  .string()
  .default('')
  .transform((value) => value.trim().replace(',', '.'))
  .refine(
    (value) => value === '' || (/^\d{1,3}(\.\d{1,2})?$/.test(value) && Number(value) > 0),
    'Indiquez un nombre d’heures, par exemple 3,5.',
  )
  .transform((value) => (value === '' ? null : Math.round(Number(value) * 60)))

const champs = {
  titre: texte('le titre', 200),
  resume: texteFacultatif('le résumé', 500),
  programme: z.preprocess(
    (value) => (value === '' ? undefined : value),
    paragraphe('le programme', 10_000).optional().default(''),
  ),
  public_vise: texteFacultatif('le public', 200),
  intervenant: texteFacultatif('l’intervenant', 200),
  tarif: texteFacultatif('le tarif', 200),
  lieu: texte('le lieu', 200),
  adresse: z
    .string()
    .max(500)
    .default('')
    .transform((value) =>
      value
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter(Boolean)
        .slice(0, 5),
    ),
  jour: date('le jour'),
  heure_debut: heure('l’heure de début'),
  jour_fin: z.preprocess(
    (value) => (value === '' ? null : value),
    date('le dernier jour').nullable().default(null),
  ),
  heure_fin: heure('l’heure de fin'),
  duree: heures,
  places: z.coerce
    .number('Indiquez le nombre de places.')
    .int('Indiquez un nombre entier.')
    .min(1, 'Il faut au moins une place.')
    .max(10_000, 'Dix mille places au plus.'),
}

interface Dates {
  jour: string
  jour_fin: string | null
  heure_debut: string
  heure_fin: string
}
const inOrder = ({ jour, jour_fin, heure_debut, heure_fin }: Dates) =>
  `${jour_fin ?? jour} ${heure_fin}` > `${jour} ${heure_debut}`
const ORDER = { error: 'La fin vient avant le début.', path: ['heure_fin'] }

export const nouvelle = z
  .strictObject({
    ...champs,
    modele: z.union([uuid, z.literal('')]).default(''),
    suite: z.enum(['brouillon', 'publier']),
  })
  .refine(inOrder, ORDER)
export const modification = z
  .strictObject({ ...champs, revision: z.coerce.number().int().min(1) })
  .refine(inOrder, ORDER)

export const annulation = z.strictObject({ motif: texte('le motif', 300) })
export const inscription = z.strictObject({ numero: texte('le numéro', 30) })
export const presences = z.strictObject({ presents: plusieurs(uuid, 10_000) })

export const recherche = z.object({
  vue: z.enum(['a_venir', 'passees', 'brouillons', 'annulees']).catch('a_venir'),
  ...keysetQuery(UUID),
})
export const depuis = z.object({ modele: z.uuid().optional().catch(undefined) })
