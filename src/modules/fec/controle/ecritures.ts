import type { Entete } from './colonnes.ts'
import type { Constats } from './constats.ts'
import { type Ecart, Equilibre } from './equilibre.ts'
import { enEuros } from './exercice.ts'
import type { Lecture } from './lecture.ts'
import type { Lignes } from './lignes.ts'
import { Numeros } from './numeros.ts'
import { Relecture } from './relecture.ts'

const AUCUNE = { journal: '', num: '', ligne: 0, ecart: 0, jour: 0, dates: false, douteuse: false }

/** The entries: lines that follow each other under one number of one journal. Do they balance, is none missing. */
export class Ecritures {
  nombre = 0
  private readonly equilibre = new Equilibre()
  private readonly numeros = new Numeros()
  private groupe = { ...AUCUNE }

  /** @param douteuse the fields of the line have slipped: nothing is said of the balance of its entry */
  voir(journal: string, ecart: number, jour: number, lecture: Lecture, douteuse = false): void {
    const num = lecture.texte('EcritureNum')
    const { groupe } = this
    const { numero } = lecture
    if (groupe.ligne === 0 || num !== groupe.num || journal !== groupe.journal) {
      this.fermer()
      this.nombre++
      this.numeros.ajouter(journal, num, numero)
      this.groupe = { journal, num, ligne: numero, ecart, jour, dates: false, douteuse }
      return
    }
    groupe.ecart += ecart
    groupe.douteuse ||= douteuse
    if (jour !== 0 && groupe.jour !== 0 && jour !== groupe.jour && !groupe.dates) {
      groupe.dates = true
      plusieursDates(lecture)
    }
  }

  /** After the last line. */
  fermer(): void {
    const { journal, num, ecart, ligne, douteuse } = this.groupe
    if (ligne !== 0 && !douteuse) this.equilibre.ajouter(`${journal}\0${num}`, ecart, ligne)
  }

  /** Those that do not balance; the file is read again when they could not all be kept. */
  conclureEquilibre(constats: Constats, source: Lignes, entete: Entete, separateur: number): void {
    if (this.equilibre.aRelire()) {
      const again = source.recommencer()
      this.equilibre.commencerRelecture()
      this.groupe = { ...AUCUNE }
      new Relecture(entete, this.equilibre, again, separateur).lire()
      again.fermer()
    }
    for (const ecart of this.equilibre.ecarts())
      constats.ajouter('ecriture_desequilibree', ecart.ligne, () => phrase(ecart))
  }

  conclureNumeros(constats: Constats): void {
    for (const { de, a, ligne } of this.numeros.manquants())
      constats.ajouter('numerotation', ligne, de === a ? `${de}` : `${de} à ${a}`, '', a - de + 1)
  }

  /** Too many do not balance for all to be counted. */
  get incompletes(): boolean {
    return this.equilibre.incomplet
  }
}

function phrase({ cle, ecart }: Ecart): string {
  const [journal, num] = cle.split('\0')
  return `écriture ${num}${journal ? ` (journal ${journal})` : ''} : écart de ${enEuros(ecart)}`
}

function plusieursDates(lecture: Lecture): void {
  const { constats, numero } = lecture
  constats.ajouter('dates_multiples', numero, () => `écriture ${lecture.lisible('EcritureNum')}`)
}
