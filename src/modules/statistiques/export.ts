import type { Column } from '../../kernel/tableur/export.ts'
import { COLONNES } from './lignes.ts'
import { POSTES, type Publiee } from './statistique.ts'

const MOTS = { secret: 'secret statistique', non_significatif: 'n.s.', diffusable: '' } as const

/** A figure, or why there is none. */
function figure(name: 'moyenne' | 'q1' | 'mediane' | 'q3'): Column<Publiee>['valeur'] {
  return (row) => row[name] ?? MOTS[row.diffusion]
}

/** What leaves has the same columns as what comes in, but for what the secret hides. */
export const columns: Column<Publiee>[] = [
  { titre: 'Profession', valeur: (row) => row.profession },
  { titre: 'Catégorie', valeur: (row) => row.categorie },
  { titre: 'Année', genre: 'nombre', valeur: (row) => row.annee },
  { titre: 'Région', valeur: (row) => row.region || 'France' },
  { titre: 'Tranche', valeur: (row) => row.tranche || 'Toutes' },
  { titre: 'Poste', valeur: (row) => POSTES[row.poste].libelle },
  { titre: 'Unité', valeur: (row) => (POSTES[row.poste].unite === 'euros' ? '€' : '%') },
  { titre: 'Effectif', genre: 'nombre', valeur: (row) => (row.effectif < 3 ? 'moins de 3' : row.effectif) },
  { titre: 'Moyenne', genre: 'nombre', valeur: figure('moyenne') },
  { titre: 'Premier quartile', genre: 'nombre', valeur: figure('q1') },
  { titre: 'Médiane', genre: 'nombre', valeur: figure('mediane') },
  { titre: 'Troisième quartile', genre: 'nombre', valeur: figure('q3') },
]

/** The header of a file to fill in, with one line as an example. */
export const MODELE: string[][] = [
  Object.values(COLONNES).map(([name]) => name.charAt(0).toLocaleUpperCase('fr') + name.slice(1)),
  [
    'Fleuriste',
    'BIC',
    '2025',
    '',
    '',
    'Chiffre d’affaires ou recettes',
    '42',
    '6,5',
    '186000',
    '131000',
    '178500',
    '229000',
  ],
  [
    'Fleuriste',
    'BIC',
    '2025',
    'Nouvelle-Aquitaine',
    '',
    'Résultat',
    '12',
    '18',
    '25100',
    '17800',
    '24000',
    '31900',
  ],
]
