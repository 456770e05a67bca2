import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { TableRow } from '../../kernel/tableur/read.ts'
import type { Correspondance } from './correspondance.ts'
import type { Genre } from './genre.ts'

export interface LigneLue {
  ligne: number
  cle: string
  libelle: string
  valeurs: Record<string, unknown>
  motifs: string[]
  cellules: string[]
}

/** What a row of the file says, field by field. An empty cell says nothing, or erases when that was asked. */
export function lireLigne(
  genre: Genre,
  correspondance: Correspondance,
  videsEffacent: boolean,
  { line, cells }: TableRow,
): LigneLue {
  const lus = new Map<string, unknown>()
  const motifs: string[] = []
  for (const champ of genre.champs) {
    const at = correspondance[champ.nom]
    if (at === undefined) continue
    const cellule = cells[at] ?? ''
    if (cellule === '') {
      if (videsEffacent && !champ.requis) lus.set(champ.nom, null)
      continue
    }
    const lu = champ.lire(cellule)
    if ('faute' in lu) motifs.push(`${champ.libelle}\u00a0: ${lu.faute}`)
    else lus.set(champ.nom, lu.valeur)
  }
  const { cle, libelle, valeurs, fautes } = genre.composer(lus)
  return { ligne: line, cle, libelle, valeurs, motifs: [...motifs, ...fautes], cellules: cells }
}

/** Rows set down beside the base, to be compared with it. */
export async function poserLignes(db: Db, importId: string, lignes: readonly LigneLue[]): Promise<void> {
  await db.run(sql`insert into import_lignes (import_id, ligne, cle, libelle, valeurs, motifs, cellules)
    select ${importId}, r.ligne, r.cle, r.libelle, r.valeurs, r.motifs, r.cellules
    from jsonb_to_recordset(${JSON.stringify(lignes)}::jsonb)
      as r (ligne int, cle text, libelle text, valeurs jsonb, motifs text[], cellules text[])`)
}
