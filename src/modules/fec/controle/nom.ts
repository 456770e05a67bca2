import { parseSiren } from '../../../kernel/identifiants.ts'
import type { Constats } from './constats.ts'
import { isoDe, lireJour, lu } from './octets.ts'

export interface NomLu {
  siren: string
  /** AAAA-MM-JJ, or '' when the name gives no day. */
  cloture: string
}

/** What the name of a file says: « SirenFECAAAAMMJJ », the day being that of the closing (LPF A47 A-1, X). */
export function lireNom(
  nom: string,
  attendu: { siren: string; clotures: readonly string[] },
  constats: Constats,
): NomLu {
  const parts = /^(.*)FEC(\d{8})(?:[^\d].*)?$/.exec(nom)
  if (!parts) {
    constats.ajouter('nom_forme', 0, nom)
    return { siren: '', cloture: '' }
  }
  const jour = Buffer.from(parts[2]!, 'latin1')
  const date = parts[2]!.startsWith('20') && lireJour(jour, 0, 8) === ''
  const cloture = date ? isoDe(lu.valeur) : ''
  if (!date) constats.ajouter('nom_date', 0, parts[2])
  const siren = parseSiren(parts[1]!)
  if (siren === null) constats.ajouter('nom_siren', 0, parts[1])
  else if (attendu.siren !== '' && siren !== attendu.siren) constats.ajouter('nom_adherent', 0, siren)
  if (date && attendu.clotures.length > 0 && !attendu.clotures.includes(cloture)) {
    constats.ajouter('nom_cloture', 0, cloture)
  }
  return { siren: siren ?? '', cloture }
}
