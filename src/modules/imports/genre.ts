import type { Db } from '../../kernel/db.ts'
import type { Sql } from '../../kernel/sql.ts'

/** What a cell says for its field: a value of JSON, or why it cannot be read. */
export type Lu = { valeur: unknown } | { faute: string }

/** One thing that a column may give. */
export interface Champ {
  nom: string
  libelle: string
  /** Titles under which people put it, beside its own label; the best first. */
  titres: readonly string[]
  lire: (cellule: string) => Lu
  /** The file is refused without a column for it. */
  requis?: true
  aide?: string
  /** Shown apart, folded. */
  groupe?: string
}

/** A row as it was read: its key, and the columns of the base that it gives; null and '' erase. */
export interface LigneComposee {
  /** '' when the row has no key: it is then refused, unless `completer` gives it one. */
  cle: string
  /** What names it on a page. */
  libelle: string
  valeurs: Record<string, unknown>
  fautes: string[]
}

export interface Import {
  id: string
  correspondance: Record<string, number>
  absents: 'garder' | 'retirer'
  absents_le: string | null
}

/** Who is in the base and not in the file. */
export interface Absents {
  /** What the choice does: « Enregistrer leur départ ». */
  libelle: string
  /** Whether the choice takes a day. */
  date: boolean
  /** `id, cle, libelle, adherent_id` of the rows that count as gone; `i` is the import. */
  lignes: (importId: string) => Sql
  /** Does it to the lines of state « absent ». */
  retirer: (db: Db, imp: Import) => Promise<void>
}

/** One kind of table: its fields, how rows are compared with the base, and how they are written to it. */
export interface Genre {
  nom: string
  /** « Adhérents », « adhérent », « adhérents ». */
  titre: string
  un: string
  plusieurs: string
  feminin?: true
  aide: string
  champs: readonly Champ[]
  /** What is made of the fields that were read; only those whose cell said something, or all when empty cells erase. */
  composer: (lus: ReadonlyMap<string, unknown>) => LigneComposee
  /** Words of the stored values, for the page of the differences. */
  libelles: Readonly<Record<string, string>>
  /** Gives keys and canonical values to rows that need the base for it, and refuses references that it does not have. */
  completer?: (db: Db, importId: string) => Promise<void>
  /** How a stored value is said on the page of the differences, when it is a code. */
  montre?: Readonly<Record<string, (valeur: unknown) => string>>
  /** What tells a row from the others of the same adhérent, beside his number and name. */
  detail?: (valeurs: Record<string, unknown>) => string
  /** Rows may come without a key: `completer` gives it, or refuses them. */
  cleDeLaBase?: true
  /** Stored values that a new one cannot be without: name → sentence. */
  indispensables: Readonly<Record<string, string>>
  /** `id, cle, valeurs, adherent_id, libelle` of every row of the base, values as `composer` gives them. */
  actuels: Sql
  absents?: Absents
  /** Locks what the rows of this import will change, in one order. */
  verrouiller: (importId: string) => Sql
  /** Writes the lines of state « nouveau » and « modifie ». Set-based, in the one transaction. */
  appliquer: (db: Db, imp: Import) => Promise<void>
}
