import { pluriel } from '../../kernel/formats.ts'
import { phraseDe } from '../../kernel/phrases.ts'
import { type Zone, zones } from '../coordonnees/zones.ts'
import type { Evenement } from './queries.ts'

const ROLES: Record<string, string> = {
  adherent: 'adhérent',
  cabinet: 'cabinet',
  superviseur: 'superviseur',
  collaborateur: 'collaborateur',
  permanent: 'permanent',
  administrateur: 'administrateur',
  operateur: 'plateforme',
  systeme: 'portail',
  anonyme: 'visiteur',
}

/** What tells two such acts apart, in the order in which it is looked for. */
const PRECISIONS = [
  'titre',
  'objet',
  'accuse',
  'recepisse',
  'numero',
  'nom',
  'etape',
  'motif',
  'regle',
  'filtre',
] as const

export function precisionDe(detail: Record<string, unknown>): string {
  const zone = typeof detail.zone === 'string' ? zones[detail.zone as Zone]?.libelle : undefined
  if (zone !== undefined) return zone
  const said = PRECISIONS.map((key) => detail[key]).filter(
    (value): value is string => typeof value === 'string' && value !== '',
  )
  const text = said.slice(0, 2).join(', ')
  if (text !== '') return text.length > 160 ? `${text.slice(0, 160)}…` : text
  return typeof detail.lignes === 'number' ? pluriel(detail.lignes, 'ligne', 'lignes') : ''
}

/** A row of the journal as the page and the exports say it. */
export function ligne(evenement: Evenement) {
  return {
    ...evenement,
    acteur:
      evenement.acteur === 'systeme'
        ? 'Le portail'
        : evenement.acteur === 'anonyme'
          ? 'Un visiteur'
          : evenement.acteur,
    qualite: ROLES[evenement.role] ?? evenement.role,
    phrase: phraseDe(evenement.action),
    precision: precisionDe(evenement.detail),
    preuve: preuveDe(evenement),
  }
}

/** Where the proof of the thing stands, when it is one that was sent. */
function preuveDe({ action, objet_id: id }: Evenement): string | null {
  if (id === null) return null
  if (/^document\.(publie|ouvert|telecharge|retire)$/.test(action))
    return `/gestion/journal/preuve/document/${id}`
  if (/^courrier\.(publie|ouvert|pdf|telecharge|relance|clos)$|^courriers\.answer$/.test(action))
    return `/gestion/journal/preuve/courrier/${id}`
  return null
}
