import type { Lecture } from './lecture.ts'
import { UNITE } from './octets.ts'
import type { JournalLu } from './rapport.ts'

const MAX = 500

/** Totals by journal; beyond five hundred, the others together. */
export class Journaux {
  private readonly connus = new Map<string, JournalLu>()

  /** @param code of the journal, byte by byte */
  ajouter(code: string, debit: number, credit: number, lecture: Lecture): void {
    const journal = this.connus.get(code) ?? this.nouveau(code, lecture)
    journal.lignes++
    journal.debit += debit
    journal.credit += credit
  }

  private nouveau(code: string, lecture: Lecture): JournalLu {
    const plein = this.connus.size >= MAX
    const cle = plein ? '…' : code
    let journal = this.connus.get(cle)
    if (!journal) {
      journal = {
        code: plein ? '…' : lecture.lisible('JournalCode', 20),
        libelle: plein ? 'Autres journaux' : lecture.lisible('JournalLib', 60),
        lignes: 0,
        debit: 0,
        credit: 0,
      }
      this.connus.set(cle, journal)
    }
    return journal
  }

  /** In the order in which they came, in euros. */
  liste(): JournalLu[] {
    return [...this.connus.values()].map(({ debit, credit, ...journal }) => ({
      ...journal,
      debit: debit / UNITE,
      credit: credit / UNITE,
    }))
  }
}
