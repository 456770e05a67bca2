import { createHash } from 'node:crypto'
import { Refusal } from '../../kernel/errors.ts'
import { columnsOf } from '../../kernel/tableur/columns.ts'
import { fold } from '../../kernel/tableur/values.ts'
import type { Genre } from './genre.ts'

/** Field → rank of its column in the file. */
export type Correspondance = Record<string, number>

/** The same titles in whatever order are the same file for who sends it every month. */
export function empreinteDe(entetes: readonly string[]): string {
  return createHash('sha256').update(entetes.map(fold).sort().join('\n')).digest('hex')
}

/** What is kept for the next file of these titles: field → title. */
export function retenue(correspondance: Correspondance, entetes: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(correspondance).map(([nom, at]) => [nom, fold(entetes[at]!)]))
}

/** What somebody chose for a file of the same titles, else what the titles say. */
export function devine(
  genre: Genre,
  entetes: readonly string[],
  souvenir: Record<string, string> | undefined,
): Correspondance {
  if (souvenir) {
    const titres = entetes.map(fold)
    const trouvees = Object.entries(souvenir).map(([nom, titre]) => [nom, titres.indexOf(titre)] as const)
    return Object.fromEntries(
      trouvees.filter(([nom, at]) => at >= 0 && genre.champs.some((champ) => champ.nom === nom)),
    )
  }
  const titres = Object.fromEntries(
    genre.champs.map((champ) => [champ.nom, [champ.libelle, ...champ.titres]]),
  )
  return columnsOf(entetes, titres) as Correspondance
}

/** What was chosen for each column. @throws Refusal for a field chosen twice, or one that is needed and has no column */
export function choisie(genre: Genre, entetes: readonly string[], choix: readonly string[]): Correspondance {
  const correspondance: Correspondance = {}
  for (const [at, nom] of choix.entries()) {
    if (nom === '' || at >= entetes.length) continue
    const champ = genre.champs.find((un) => un.nom === nom)
    if (!champ) throw new Refusal('Ce choix n’existe pas.', `col_${at}`)
    if (nom in correspondance) {
      throw new Refusal(
        `«\u00a0${champ.libelle}\u00a0» est déjà donné par la colonne «\u00a0${entetes[correspondance[nom]!]}\u00a0».`,
        `col_${at}`,
      )
    }
    correspondance[nom] = at
  }
  const manque = genre.champs.find((champ) => champ.requis && !(champ.nom in correspondance))
  if (manque) throw new Refusal(`Indiquez la colonne qui donne «\u00a0${manque.libelle}\u00a0».`)
  if (Object.keys(correspondance).length < 2) throw new Refusal('Indiquez au moins deux colonnes à importer.')
  return correspondance
}
