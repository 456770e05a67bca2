import { z } from 'zod'
import { existingDay } from '../../../kernel/forms.ts'
import { GENRES } from '../courrier.ts'

/** Which answers are worked through: kept from one page to the next. */
export const filtres = {
  numero: z.string().trim().transform((typed) => typed.slice(0, 20)).catch('').default(''),
  nom: z.string().trim().transform((typed) => typed.slice(0, 100)).catch('').default(''),
  genre: z.enum(GENRES).or(z.literal('')).catch('').default(''),
  exercice: z.string().regex(/^20\d\d$/).catch('').default(''),
} // prettier-ignore
export const Filtres = z.object(filtres)
export type Filtres = z.output<typeof Filtres>

export const GESTES = ['suivant', 'tout', 'clore', 'passer'] as const

export interface Decision {
  questionId: string
  quoi: 'accepter' | 'redemander'
  motif: string
}

export interface Traitement {
  filtres: Filtres
  geste: (typeof GESTES)[number]
  decisions: Decision[]
  aRepondreAvant: string
}

const FIELD = /^(decision|motif)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Two fields per question, named after it, beside the gesture, the new delay and the filters. */
export const Traitement: z.ZodType<Traitement> = z.record(z.string(), z.string()).transform((fields, ctx) => {
  const issue = (champ: string, message: string) => ctx.addIssue({ code: 'custom', path: [champ], message })
  const typed = new Map<string, { quoi: string; motif: string }>()
  const known = new Set(['geste', 'aRepondreAvant', ...Object.keys(filtres)])
  for (const [name, value] of Object.entries(fields)) {
    const [, kind, id = ''] = FIELD.exec(name) ?? []
    if (kind === undefined) {
      if (!known.has(name)) issue(name, 'Ce champ n’est pas attendu ici.')
      continue
    }
    const one = typed.get(id) ?? { quoi: '', motif: '' }
    if (kind === 'decision') one.quoi = value
    else one.motif = value.replace(/\r\n?/g, '\n').trim()
    if (one.motif.length > 2000) issue(name, 'Ce texte ne peut pas dépasser 2 000 caractères.')
    typed.set(id, one)
  }
  const geste = GESTES.find((one) => one === fields.geste) ?? 'suivant'
  const decisions: Decision[] = []
  for (const [questionId, { quoi, motif }] of typed) {
    if (quoi !== 'accepter' && quoi !== 'redemander') continue
    if (quoi === 'redemander' && motif === '' && geste === 'suivant')
      issue(`motif-${questionId}`, 'Dites ce qui manque : le destinataire le lira.')
    decisions.push({ questionId, quoi, motif })
  }
  const aRepondreAvant = fields.aRepondreAvant?.trim() ?? ''
  const again = decisions.some((one) => one.quoi === 'redemander')
  if (again && geste === 'suivant' && !existingDay(aRepondreAvant))
    issue('aRepondreAvant', 'Indiquez la nouvelle date limite.')
  return { filtres: Filtres.parse(fields), geste, decisions, aRepondreAvant }
})
