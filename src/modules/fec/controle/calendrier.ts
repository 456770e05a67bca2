import type { Constats } from './constats.ts'
import { nombreDe } from './exercice.ts'
import { isoDe } from './octets.ts'

/** The days of the entries and of their validation, as numbers AAAAMMJJ; 0 is no day. */
export class Calendrier {
  private premier = 0
  private dernier = 0
  private derniereValidation = 0
  private readonly debut: number
  private readonly fin: number

  /** @param exercice null when it is not known: days are then not held against it. */
  constructor(exercice: { debut: string; fin: string } | null) {
    this.debut = exercice ? nombreDe(exercice.debut) : 0
    this.fin = exercice ? nombreDe(exercice.fin) : Infinity
  }

  voir(jour: number, validation: number, numero: number, constats: Constats): void {
    if (jour !== 0) {
      if (this.premier === 0 || jour < this.premier) this.premier = jour
      if (jour > this.dernier) this.dernier = jour
      if (jour < this.debut || jour > this.fin) noter('hors_exercice', jour, numero, constats)
    }
    if (validation === 0) return
    if (jour !== 0 && validation < jour) avantSaDate(jour, validation, numero, constats)
    if (validation < this.derniereValidation) noter('ordre_validation', validation, numero, constats)
    else this.derniereValidation = validation
  }

  /** AAAA-MM-JJ, or '' when no entry has a day. */
  bornes(): { premiere: string; derniere: string } {
    const iso = (jour: number) => (jour === 0 ? '' : isoDe(jour))
    return { premiere: iso(this.premier), derniere: iso(this.dernier) }
  }
}

// Apart: a function with a closure in it costs memory at each call, be it for a line that is right.

function noter(
  code: 'hors_exercice' | 'ordre_validation',
  jour: number,
  numero: number,
  constats: Constats,
): void {
  constats.ajouter(code, numero, () => isoDe(jour))
}

function avantSaDate(jour: number, validation: number, numero: number, constats: Constats): void {
  constats.ajouter(
    'validation_avant',
    numero,
    () => `écriture du ${isoDe(jour)}, validée le ${isoDe(validation)}`,
  )
}
