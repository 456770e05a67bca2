import { z } from 'zod'
import { Refusal } from '../../../kernel/errors.ts'
import { choix, coche, date, uuid } from '../../../kernel/forms.ts'
import { selectionFields } from '../../selections/selection.ts'

/** Lines of values at most. */
const MAX_LIGNES = 10_000

export const NouvelEnvoi = z.strictObject({
  modele: uuid,
  destinataire: choix('le destinataire', ['cabinet', 'adherent']),
  aRepondreAvant: z.union([z.literal(''), date('la date limite')]).default(''),
  valeurs: z.string().max(900_000, 'Cette liste est trop longue.').default(''),
  encore: coche,
  ...selectionFields,
})
export type NouvelEnvoi = z.output<typeof NouvelEnvoi>

export interface LigneValeurs {
  numero: string
  valeurs: Record<string, string>
}

/**
 * « 657 ; 86 400 ; 84 150 »: a number, then its values, as a spreadsheet gives them when it is pasted.
 * @throws Refusal that names the line
 */
export function valeursOf(typed: string): LigneValeurs[] {
  const seen = new Set<string>()
  const lines: LigneValeurs[] = []
  for (const [i, line] of typed.split(/\r\n?|\n/).entries()) {
    if (line.trim() === '') continue
    const [numero = '', ...cells] = line.split(/[;\t]/).map((cell) => cell.replace(/\p{Cc}/gu, '').trim())
    if (!/^[0-9A-Za-z-]{1,20}$/.test(numero))
      throw new Refusal(`Ligne ${i + 1} : commencez par le numéro d’adhérent.`, 'valeurs')
    if (seen.has(numero))
      throw new Refusal(`Ligne ${i + 1} : le numéro ${numero} est déjà dans la liste.`, 'valeurs')
    if (cells.length > 6)
      throw new Refusal(`Ligne ${i + 1} : six valeurs au plus suivent le numéro.`, 'valeurs')
    if (cells.some((cell) => cell.length > 100))
      throw new Refusal(`Ligne ${i + 1} : une valeur ne peut pas dépasser 100 caractères.`, 'valeurs')
    seen.add(numero)
    const valeurs = cells
      .map((cell, n) => [`valeur${n + 1}`, cell] as const)
      .filter(([, cell]) => cell !== '')
    lines.push({ numero, valeurs: Object.fromEntries(valeurs) })
    if (lines.length > MAX_LIGNES) throw new Refusal('Dix mille dossiers au plus par envoi.', 'valeurs')
  }
  return lines
}
