import { z } from 'zod'
import * as formats from '../../kernel/formats.ts'
import { courriel, paragraphe, texte, texteFacultatif } from '../../kernel/forms.ts'
import { parseCodePostal, parsePhone, parseSiret } from '../../kernel/identifiants.ts'
import { decoupe, fauteDesLignes, lignePostale, lignesSaisies } from './adresse.ts'

/** What a zone holds: its lines in order; none when it is empty. A SIRET is one line, three telephones are three. */
export type Valeur = readonly string[]

export const ZONES = [
  'siret',
  'statut-juridique',
  'profession',
  'adresse-professionnelle',
  'adresse-personnelle',
  'telephones',
  'courriel',
] as const
export type Zone = (typeof ZONES)[number]

/** Those of a firm, in the order of the guide (F22, F23). */
export const ZONES_CABINET: readonly Zone[] = [
  'siret',
  'profession',
  'statut-juridique',
  'adresse-professionnelle',
  'telephones',
  'courriel',
]

interface Definition {
  libelle: string
  /** In a sentence: « votre numéro SIRET ». */
  votre: string
  groupe: string
  /** What the browser sends, made into the lines that would be stored. */
  form: z.ZodType<Valeur>
  /** The fields of the form, filled from a value. */
  champs(valeur: Valeur): Record<string, string>
  /** A line as people read it. */
  affiche?(ligne: string): string
  /** Two lines with the same key say the same thing. */
  cle?(ligne: string): string
}

const siret = texte('votre numéro SIRET', 40).transform((typed, ctx) => {
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

const PHONE = 'Indiquez un numéro français à dix chiffres, par exemple 05\u00a000\u00a000\u00a000\u00a033.'

function phone(typed: string, ctx: z.RefinementCtx): string {
  if (typed === '') return ''
  const parsed = parsePhone(typed)
  if (parsed === null) ctx.addIssue(PHONE)
  return parsed ?? ''
}

const adresse: z.ZodType<Valeur> = z
  .strictObject({
    lignes: paragraphe('l’adresse', 400).transform((typed, ctx) => {
      const lines = lignesSaisies(typed)
      const fault = fauteDesLignes(lines)
      if (fault !== null) ctx.addIssue(fault)
      return lines
    }),
    codePostal: texte('le code postal', 10).transform((typed, ctx) => {
      const code = parseCodePostal(typed)
      if (code === null) ctx.addIssue('Un code postal compte cinq chiffres, par exemple 33500.')
      return code ?? ''
    }),
    commune: texte('la commune', 60).transform((typed, ctx) => {
      const commune = lignePostale(typed)
      if (commune === '') ctx.addIssue('Indiquez la commune.')
      if (commune.length > 32) ctx.addIssue('Le nom de la commune ne peut pas dépasser 32 caractères.')
      return commune
    }),
  })
  .transform(({ lignes, codePostal, commune }) => [...lignes, `${codePostal} ${commune}`])

const champsAdresse = (valeur: Valeur) => {
  const { lignes, codePostal, commune } = decoupe(valeur)
  return { lignes: lignes.join('\n'), codePostal, commune }
}

/** Lines without the empty ones and the repeated ones. */
function distinctes(lines: readonly string[]): string[] {
  return [...new Set(lines.filter((line) => line !== ''))]
}

/** The zones of a fiche, in the order and under the headings of the guide (F22 to F24). */
export const zones: Record<Zone, Definition> = {
  siret: {
    libelle: 'SIRET',
    votre: 'votre numéro SIRET',
    groupe: 'Caractéristiques',
    form: z.strictObject({ siret }).transform((f) => [f.siret]),
    champs: ([value]) => ({ siret: formats.siret(value) }),
    affiche: formats.siret,
    cle: (line) => line.replace(/\D/g, ''),
  },
  'statut-juridique': {
    libelle: 'Statut juridique',
    votre: 'votre statut juridique',
    groupe: 'Caractéristiques',
    form: z.strictObject({ statut: texte('votre statut juridique', 80) }).transform((f) => [f.statut]),
    champs: ([value]) => ({ statut: value ?? '' }),
  },
  profession: {
    libelle: 'Profession',
    votre: 'votre profession',
    groupe: 'Caractéristiques',
    form: z
      .strictObject({
        profession1: texte('votre profession', 80),
        profession2: texteFacultatif('la deuxième profession', 80),
        profession3: texteFacultatif('la troisième profession', 80),
      })
      .transform((f) => distinctes([f.profession1, f.profession2, f.profession3])),
    champs: ([one, two, three]) => ({
      profession1: one ?? '',
      profession2: two ?? '',
      profession3: three ?? '',
    }),
  },
  'adresse-professionnelle': {
    libelle: 'Adresse professionnelle',
    votre: 'votre adresse professionnelle',
    groupe: 'Coordonnées',
    form: adresse,
    champs: champsAdresse,
    cle: lignePostale,
  },
  'adresse-personnelle': {
    libelle: 'Adresse personnelle',
    votre: 'votre adresse personnelle',
    groupe: 'Coordonnées',
    form: adresse,
    champs: champsAdresse,
    cle: lignePostale,
  },
  telephones: {
    libelle: 'Téléphones',
    votre: 'vos numéros de téléphone',
    groupe: 'Contact',
    form: z
      .strictObject({
        telephone1: texte('un numéro de téléphone', 30).transform(phone),
        telephone2: texteFacultatif('ce numéro', 30).transform(phone),
        telephone3: texteFacultatif('ce numéro', 30).transform(phone),
      })
      .transform((f) => distinctes([f.telephone1, f.telephone2, f.telephone3])),
    champs: ([one, two, three]) => ({
      telephone1: formats.telephone(one),
      telephone2: formats.telephone(two),
      telephone3: formats.telephone(three),
    }),
    affiche: formats.telephone,
    cle: (line) => parsePhone(line) ?? line,
  },
  courriel: {
    libelle: 'Adresse électronique',
    votre: 'votre adresse électronique',
    groupe: 'Contact',
    form: z.strictObject({ courriel }).transform((f) => [f.courriel]),
    champs: ([value]) => ({ courriel: value ?? '' }),
    cle: (line) => line.toLowerCase(),
  },
}

/** Whether two values of a zone say the same thing, however they are spaced or capitalised. */
export function identiques(zone: Zone, a: Valeur, b: Valeur): boolean {
  const { cle } = zones[zone]
  const key = (valeur: Valeur) => valeur.map((line) => (cle ? cle(line) : line)).join('\n')
  return key(a) === key(b)
}

/** The lines of a value as people read them. */
export function lisible(zone: Zone, valeur: Valeur): string[] {
  const { affiche } = zones[zone]
  return affiche ? valeur.map((line) => affiche(line)) : [...valeur]
}
