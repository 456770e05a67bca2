import type { Organisme } from '../../kernel/organisme.ts'

export const STATUTS = ['adherent', 'cabinet', 'permanent'] as const
export type Statut = (typeof STATUTS)[number]

export function isStatut(text: unknown): text is Statut {
  return STATUTS.includes(text as Statut)
}

/** Where everybody logs in with an e-mail address, there is nothing to choose (F126). */
export function logsInByMail(organisme: Pick<Organisme, 'nature'>): boolean {
  return organisme.nature === 'editeur' || organisme.nature === 'plateforme'
}

/** What people write around their number: « n° 657 », « CNS 1 ». An e-mail address stays as it is. */
export function cleanIdentifiant(typed: string): string {
  if (typed.includes('@')) return typed
  return typed.replace(/^n(°|o)\s*/i, '').replace(/\s+/g, '')
}

type Shape = 'numero' | 'cabinet' | 'collaborateur' | 'courriel' | 'autre'

function shapeOf(identifiant: string): Shape {
  if (identifiant.includes('@')) return 'courriel'
  if (/^\d+$/.test(identifiant)) return 'numero'
  if (/^CNS\d*$/i.test(identifiant)) return 'cabinet'
  if (/^COL\d*$/i.test(identifiant)) return 'collaborateur'
  return 'autre'
}

/**
 * The sentence for a number typed under the wrong choice (F3), from its shape alone: it says nothing of who exists.
 * Undefined when choice and number go together.
 */
export function mismatch(
  statut: Statut | undefined,
  identifiant: string,
  words: Organisme['vocabulaire'],
): string | undefined {
  const shape = shapeOf(identifiant)
  const said = `«\u00a0${identifiant}\u00a0»`
  if (statut === 'adherent' && shape === 'cabinet') {
    return `${said} est un identifiant de ${words.cabinet} : choisissez «\u00a0${cabinetLabel(words)}\u00a0».`
  }
  if (statut === 'adherent' && shape === 'collaborateur') {
    return `${said} est un identifiant de collaborateur\u00a0: choisissez «\u00a0${cabinetLabel(words)}\u00a0».`
  }
  if (statut === 'cabinet' && shape === 'numero') {
    return `${said} est un numéro d’${words.adherent} : choisissez «\u00a0${adherentLabel(words)}\u00a0». Le code d’un ${words.cabinet} commence par CNS.`
  }
  if (statut === 'permanent' && shape !== 'courriel') {
    return 'Les permanents se connectent avec leur adresse électronique.'
  }
  return undefined
}

export function adherentLabel(words: Organisme['vocabulaire']): string {
  return words.adherent.charAt(0).toUpperCase() + words.adherent.slice(1)
}

export function cabinetLabel(words: Organisme['vocabulaire']): string {
  return words.cabinet === 'cabinet'
    ? 'Cabinet d’expertise comptable'
    : words.cabinet.charAt(0).toUpperCase() + words.cabinet.slice(1)
}

/** Where to go after logging in: a path of ours that is not part of logging in, else the home page. */
export function safeReturn(typed: string | undefined): string {
  if (
    typed === undefined ||
    typed.length > 1000 ||
    !/^\/(?![/\\])[!-~]*$/.test(typed) ||
    typed.includes('\\')
  )
    return '/'
  const { origin, pathname } = new URL(typed, 'http://ici.example')
  if (origin !== 'http://ici.example') return '/'
  return /^\/(connexion|deconnexion|mot-de-passe-oublie|activation|confirmation)(\/|$)/.test(pathname)
    ? '/'
    : typed
}
