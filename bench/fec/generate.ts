import { closeSync, openSync, writeSync } from 'node:fs'

export const ENTETE_18 =
  'JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise'.split(
    ' ',
  )

/** Writes sound entries (invoices, then their payment) of the exercice 2025 until the file has that many bytes. */
export function writeFec(path: string, bytes: number, mixed = false): { lines: number } {
  const fd = openSync(path, 'w')
  let written = writeSync(fd, `${ENTETE_18.join('\t')}\r\n`)
  let lines = 0
  let n = 0
  const total = bytes / 450
  while (written < bytes) {
    const part: string[] = []
    const credits: string[] = []
    for (let i = 0; i < 2000; i++) {
      n++
      const days = Math.min(364, Math.floor((n / total) * 365))
      const day = new Date(Date.UTC(2025, 0, 1 + days)).toISOString().slice(0, 10).replaceAll('-', '')
      const ht = 1000 + (n % 7919)
      const tva = Math.round(ht * 20) / 100
      const line = (compte: string, lib: string, debit: number, credit: number, aux = '') =>
        `VE\tJournal des ventes\t${n}\t${day}\t${compte}\t${lib}\t${aux}\t${aux && 'Client n° ' + aux}\tFA${n}\t${day}\tFacture de prestations n° ${n}\t${amount(debit)}\t${amount(credit)}\t\t\t${day}\t\t\r\n`
      part.push(line('411000', 'Clients', ht + tva, 0, `C${n % 900}`))
      const rest = mixed ? credits : part
      rest.push(
        line('706000', 'Prestations de services', 0, ht),
        line('445710', 'TVA collectée 20 %', 0, tva),
      )
    }
    lines += part.length + credits.length
    written += writeSync(fd, part.join('') + credits.join(''))
  }
  closeSync(fd)
  return { lines }
}

function amount(value: number): string {
  return value.toFixed(2).replace('.', ',')
}
