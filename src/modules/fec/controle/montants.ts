import type { Constats } from './constats.ts'
import { enEuros } from './exercice.ts'
import type { Lecture } from './lecture.ts'
import { DEMI_CENTIME, UNITE } from './octets.ts'

/** The amounts of the lines, in ten-thousandths: their sides, their totals, and the result of classes 6 and 7. */
export class Montants {
  /** Of the last line. */
  debit = 0
  credit = 0
  private totalDebit = 0
  private totalCredit = 0
  /** Debit less credit of the accounts of each class, and whether they moved. */
  private readonly classes = { 6: 0, 7: 0, mouvement: false }

  /** @param montantSens « Montant » and « Sens » in place of « Debit » and « Credit » (LPF A47 A-1, X) */
  voir(lecture: Lecture, montantSens: boolean): void {
    const { constats, numero } = lecture
    if (montantSens) {
      const montant = lecture.montant('Montant')
      const auDebit = this.auDebit(lecture)
      this.debit = auDebit ? montant : 0
      this.credit = auDebit ? 0 : montant
    } else {
      this.debit = lecture.montant('Debit')
      this.credit = lecture.montant('Credit')
      if (this.debit !== 0 && this.credit !== 0) constats.ajouter('debit_et_credit', numero)
    }
    if (this.debit === 0 && this.credit === 0) constats.ajouter('debit_credit_nuls', numero)
    this.totalDebit += this.debit
    this.totalCredit += this.credit
    const classe = lecture.vide('CompteNum') ? 0 : lecture.premier('CompteNum') - 0x30
    if (classe === 6 || classe === 7) {
      this.classes[classe] += this.debit - this.credit
      this.classes.mouvement = true
    }
  }

  private auDebit(lecture: Lecture): boolean {
    const sens = lecture.texte('Sens')
    if (sens === 'D' || sens === 'd' || sens === '+1') return true
    if (sens !== 'C' && sens !== 'c' && sens !== '-1')
      lecture.constats.ajouter('sens_illisible', lecture.numero, () => lecture.lisible('Sens'), 'Sens')
    return false
  }

  /** @param douteux lines could not be read: then the totals prove nothing */
  conclure(constats: Constats, douteux: boolean): void {
    const total = this.totalDebit - this.totalCredit
    if (Math.abs(total) >= DEMI_CENTIME && !douteux) constats.ajouter('total_desequilibre', 0, enEuros(total))
  }

  /** Whether accounts 6 and 7 were closed, which the text asks to leave out. */
  conclureClasses(constats: Constats): void {
    const { classes } = this
    if (classes.mouvement && Math.abs(classes[6]) < DEMI_CENTIME && Math.abs(classes[7]) < DEMI_CENTIME)
      constats.ajouter('comptes_soldes', 0)
  }

  /** In euros. */
  totaux(): { debit: number; credit: number; resultat: number } {
    return {
      debit: this.totalDebit / UNITE,
      credit: this.totalCredit / UNITE,
      resultat: -(this.classes[6] + this.classes[7]) / UNITE,
    }
  }
}
