import type { Module } from './page.ts'

/*
 * What the actions of the journal mean, in French. Each module says its own beside what it does (`phrases` of Module);
 * those of the kernel stand here. A test fails when an action that the code writes has none.
 */

/** By name of the action: « Document publié ». */
export type Phrases = Readonly<Record<string, string>>

export const kernelPhrases: Phrases = {
  'connexion.echec': 'Échec de connexion',
  'second-facteur.echec': 'Échec de la validation en deux étapes',
  refus: 'Accès refusé',
  'alerte.bourrage': 'Alerte\u00a0: essais de connexion en série',
  'voir-comme.page': 'Page regardée en « voir comme »',
  'compte.active': 'Compte activé',
  'sessions.fin': 'Sessions fermées',
}

let known: Map<string, string> = new Map(Object.entries(kernelPhrases))

/** Gathers the sentences of all modules, once, when the process starts. */
export function learnPhrases(modules: readonly Module[]): void {
  known = new Map([
    ...Object.entries(kernelPhrases),
    ...modules.flatMap(({ phrases }) => Object.entries(phrases ?? {})),
  ])
}

/** An action in a sentence; one that has none shows by its name. */
export function phraseDe(action: string): string {
  return known.get(action) ?? `Autre acte\u00a0: ${action}`
}

/** Every action that has a sentence, in the order of the sentences. */
export function listPhrases(): { action: string; phrase: string }[] {
  return [...known]
    .map(([action, phrase]) => ({ action, phrase }))
    .sort((a, b) => a.phrase.localeCompare(b.phrase, 'fr'))
}
