import type { Audience } from '../audience/audience.ts'

/*
 * The tree of the espaces documents (F65 to F67): folders hold folders, files and links. Rules without database.
 */

export const GENRES = ['dossier', 'fichier', 'lien'] as const
export type Genre = (typeof GENRES)[number]

export const LIBELLES: Record<Genre, string> = { dossier: 'Dossier', fichier: 'Fichier', lien: 'Lien HTML' }

/** What a person who may see a place of the tree gets. */
export interface Element {
  id: string
  parent_id: string | null
  genre: Genre
  titre: string
  resume: string
  url: string
  modifie_le: string
  /** Of the file in force; null for folders and links. */
  mime: string | null
  taille: number | null
  antivirus: string | null
}

/** What staff sees beside. */
export interface ElementGere extends Element, Audience {
  pour_modules: string[]
  revision: number
  retire_le: string | null
  versions: number
  /** People who opened it, and times that it was opened. */
  lecteurs: number
  lectures: number
}

/** A tree is shown by one loop: a folder opens, what it holds follows, it closes. */
export type Jeton<E extends Element = Element> =
  { ouvre: E; nombre: number } | { element: E } | { ferme: true }

export type Tri = 'ordre' | 'nom' | 'date'

/**
 * The tree under a folder (null: the root), as tokens. Rows come in the order chosen by staff. Folders that show nothing
 * are left out.
 */
export function tokens<E extends Element>(rows: readonly E[], root: string | null, tri: Tri): Jeton<E>[] {
  const children = new Map<string | null, E[]>()
  for (const row of rows) {
    const siblings = children.get(row.parent_id)
    if (siblings) siblings.push(row)
    else children.set(row.parent_id, [row])
  }
  const walk = (parent: string | null): Jeton<E>[] =>
    sorted(children.get(parent) ?? [], tri).flatMap((row): Jeton<E>[] => {
      if (row.genre !== 'dossier') return [{ element: row }]
      const inside = walk(row.id)
      const nombre = inside.filter((token) => 'element' in token).length
      return nombre === 0 ? [] : [{ ouvre: row, nombre }, ...inside, { ferme: true }]
    })
  return walk(root)
}

const collator = new Intl.Collator('fr', { numeric: true })

/** Folders stand before what they are not, whatever the order. */
export function sorted<E extends Element>(rows: readonly E[], tri: Tri): E[] {
  const rank = (row: E) => (row.genre === 'dossier' ? 0 : 1)
  const within = {
    ordre: () => 0,
    nom: (a: E, b: E) => collator.compare(a.titre, b.titre),
    date: (a: E, b: E) => b.modifie_le.localeCompare(a.modifie_le),
  }[tri]
  return [...rows].sort((a, b) => rank(a) - rank(b) || within(a, b))
}

export interface Destination {
  valeur: string
  libelle: string
}

/**
 * Where something may go: every folder but itself, what it holds, with the way from the root before its name.
 * @param moved its id, or null for something new
 */
export function destinations(
  folders: readonly { id: string; titre: string; chemin: readonly string[] }[],
  moved: string | null,
): Destination[] {
  const titles = new Map(folders.map(({ id, titre }) => [id, titre]))
  return folders
    .filter(({ chemin }) => moved === null || !chemin.includes(moved))
    .map(({ id, chemin }) => ({
      valeur: id,
      libelle: chemin.map((step) => titles.get(step) ?? '…').join(' › '),
    }))
    .sort((a, b) => collator.compare(a.libelle, b.libelle))
}

/** The order of siblings with one of them a step higher or lower; unchanged at the ends. */
export function step(ids: readonly string[], id: string, sens: 'monter' | 'descendre'): string[] {
  const moved = [...ids]
  const at = moved.indexOf(id)
  const to = at + (sens === 'monter' ? -1 : 1)
  if (at === -1 || to < 0 || to >= moved.length) return moved
  moved.splice(at, 1)
  moved.splice(to, 0, id)
  return moved
}

/** The name of a kind of file in words. */
export function kindOf(mime: string | null): string {
  const known: Record<string, string> = {
    'application/pdf': 'PDF',
    'application/zip': 'ZIP',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'XLSX',
    'text/csv': 'CSV',
    'text/plain': 'Texte',
  }
  if (mime === null) return ''
  return known[mime] ?? (mime.startsWith('image/') ? 'Image' : 'Fichier')
}
