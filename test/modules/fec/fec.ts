import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ARRETE } from '../../../src/modules/fec/controle/colonnes.ts'
import { controler } from '../../../src/modules/fec/controle/controle.ts'
import type { Attendu, Rapport } from '../../../src/modules/fec/controle/rapport.ts'

export type Ligne = Record<string, string>

export const NOM = '000000018FEC20251231.txt'
export const ATTENDU: Attendu = {
  siren: '000000018',
  categorie: 'BIC',
  exercices: [{ debut: '2025-01-01', fin: '2025-12-31' }],
}
export const COLONNES: readonly string[] = ARRETE
export const TRESORERIE: readonly string[] = [...ARRETE, 'DateRglt', 'ModeRglt', 'NatOp']
export const BNC: readonly string[] = [...TRESORERIE, 'IdClient']

/** One line of an entry. */
export function ligne(num: string, compte: string, debit: string, credit: string, more: Ligne = {}): Ligne {
  return {
    JournalCode: 'VE', JournalLib: 'Ventes', EcritureNum: num, EcritureDate: '20250115', CompteNum: compte,
    CompteLib: `Compte ${compte}`, CompAuxNum: '', CompAuxLib: '', PieceRef: `F${num}`, PieceDate: '20250115',
    EcritureLib: `Facture ${num}`, Debit: debit, Credit: credit, EcritureLet: '', DateLet: '', ValidDate: '20250131',
    Montantdevise: '', Idevise: '', DateRglt: '20250115', ModeRglt: 'virement', NatOp: 'recette', IdClient: '', ...more,
  } // prettier-ignore
}

/** A sale of 1 200,00: what every test changes one thing of. */
export function vente(num: string, more: Ligne = {}): Ligne[] {
  return [
    ligne(num, '411000', '1200,00', '0,00', more),
    ligne(num, '706000', '0,00', '1000,00', more),
    ligne(num, '445710', '0,00', '200,00', more),
  ]
}

export interface Forme {
  colonnes?: readonly string[]
  separateur?: string
  fin?: string
  encodage?: BufferEncoding
  nom?: string
  attendu?: Partial<Attendu>
  entete?: string
}

export function texte(lignes: readonly Ligne[], forme: Forme = {}): string {
  const { colonnes = COLONNES, separateur = '\t', fin = '\r\n' } = forme
  const rows = lignes.map((one) => colonnes.map((nom) => one[nom] ?? '').join(separateur))
  return [forme.entete ?? colonnes.join(separateur), ...rows].map((row) => `${row}${fin}`).join('')
}

/** Checks some bytes as if they had been sent under that name. */
export function controlerOctets(octets: Buffer | string, nom = NOM, attendu: Attendu = ATTENDU): Rapport {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-fec-'))
  try {
    const chemin = join(folder, 'fec')
    writeFileSync(chemin, octets)
    return controler(chemin, nom, attendu)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function controlerLignes(lignes: readonly Ligne[], forme: Forme = {}): Rapport {
  return controlerOctets(Buffer.from(texte(lignes, forme), forme.encodage ?? 'utf8'), forme.nom ?? NOM, {
    ...ATTENDU,
    ...forme.attendu,
  })
}

/** « code » or « code:column », how often. */
export function trouves(rapport: Pick<Rapport, 'constats'>): Record<string, number> {
  return Object.fromEntries(
    rapport.constats.map(({ code, champ, nombre }) => [champ ? `${code}:${champ}` : code, nombre]),
  )
}
