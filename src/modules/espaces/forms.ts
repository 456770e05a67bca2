import { z } from 'zod'
import type { FileRule } from '../../kernel/files/allow-list.ts'
import { choix, plusieurs, texte, texteFacultatif, uuid } from '../../kernel/forms.ts'
import { champsAudience } from '../audience/audience.ts'
import { GENRES } from './espace.ts'

export const FICHIERS: FileRule = {
  extensions: ['pdf', 'png', 'jpg', 'jpeg', 'gif', 'xlsx', 'csv', 'txt', 'zip'],
  maxBytes: 20 * 1024 * 1024,
}

const adresse = z
  .string()
  .trim()
  .max(1000, 'Cette adresse est trop longue.')
  .default('')
  .refine(
    (value) => value === '' || webAddress(value),
    'Indiquez une adresse complète, qui commence par https://.',
  )

/** http or https, without a log-in hidden in it. */
function webAddress(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined
  return /^https?:\/\//.test(value) && url !== undefined && url.username === '' && url.password === ''
}

const parent = z.union([uuid, z.literal('')]).transform((value) => (value === '' ? null : value))
const revision = z.coerce.number().int().min(1)

const contenu = {
  titre: texte('le titre', 200),
  resume: texteFacultatif('le résumé', 500),
  url: adresse,
  ...champsAudience,
  pour_modules: plusieurs(texte('le module', 40), 30),
}

const lienComplet = (form: { genre: string; url: string }) => form.genre !== 'lien' || form.url !== ''
const LIEN = { error: 'Indiquez l’adresse du lien.', path: ['url'] }

export const creation = z
  .strictObject({ genre: z.enum(GENRES), dans: parent, ...contenu })
  .refine(lienComplet, LIEN)
export const modification = z
  .strictObject({ genre: z.enum(GENRES), revision, ...contenu })
  .refine(lienComplet, LIEN)
export const deplacement = z.strictObject({
  dans: parent,
  place: choix('la place', ['debut', 'fin']).default('fin'),
  revision,
})
export const rang = z.strictObject({ sens: z.enum(['monter', 'descendre']) })

export const recherche = z.object({
  q: z.string().trim().max(200).catch(''),
  tri: z.enum(['ordre', 'nom', 'date']).catch('ordre'),
  deplier: z.enum(['tout', 'rien']).optional().catch(undefined),
})
export const nouveau = z.object({
  genre: z.enum(GENRES).catch('dossier'),
  dans: z.uuid().optional().catch(undefined),
})
