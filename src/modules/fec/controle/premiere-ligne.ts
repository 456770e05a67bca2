import { debuts, decouper, fins, ligne as champs, texteDe } from './champs.ts'
import { ARRETE, type Entete, lireEntete } from './colonnes.ts'
import type { Constats } from './constats.ts'
import { commenceParBom, separateurDe } from './format.ts'
import type { Lignes } from './lignes.ts'
import type { Attendu } from './rapport.ts'

export const SEPARATEURS: Record<number, string> = {
  0x09: 'tabulation',
  0x7c: 'barre verticale',
  0x3b: 'point-virgule',
  0x2c: 'virgule',
}

export interface PremiereLigne {
  entete: Entete
  separateur: number
  bom: boolean
  /** The line names no column: it is already one of the entries. */
  estEcriture: boolean
}

/** What the current line, the first of the file, says of the others. */
export function lirePremiereLigne(
  source: Lignes,
  categorie: Attendu['categorie'],
  constats: Constats,
): PremiereLigne {
  const { buf } = source
  const bom = commenceParBom(buf.subarray(source.debut, source.fin))
  if (bom) source.debut += 3
  const { octet: separateur, admis } = separateurDe(buf.subarray(source.debut, source.fin))
  if (!admis) constats.ajouter('separateur', 1, SEPARATEURS[separateur] ?? '')
  decouper(buf, source.debut, source.fin, separateur)
  const noms = Array.from({ length: Math.min(champs.nombre, 256) }, (_, i) =>
    texteDe(buf, debuts[i]!, fins[i]!, 40),
  )
  const entete = lireEntete(noms, categorie === 'BNC' || categorie === 'BA')
  if (Object.keys(entete.places).length < 3) {
    constats.ajouter('entete_absente', 1, noms.slice(0, 4).join(' '))
    // The accounts may still be there, in the order of the text.
    const supposee = { ...lireEntete(ARRETE, categorie === 'BNC'), nombre: noms.length }
    return { entete: supposee, separateur, bom, estEcriture: true }
  }
  for (const manquante of entete.manquantes) constats.ajouter('entete_incomplete', 1, '', manquante)
  if (entete.manquantes.length === 0 && !entete.ordre) constats.ajouter('ordre_colonnes', 1)
  if (entete.separateurFinal) constats.ajouter('separateur_final', 1)
  if (entete.profil === 'COM' && categorie === 'BNC' && entete.manquantes.length === 0)
    constats.ajouter('colonnes_bnc', 0)
  return { entete, separateur, bom, estEcriture: false }
}
