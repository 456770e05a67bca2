import { LIBELLES_ETAT, type Travail } from './travail.ts'

/** What `macros/travail.njk` and its script show of a work. */
export interface TravailMontre {
  id: string
  titre: string
  lien: string
  etat: Travail['etat']
  libelle: string
  couleur: string
  etape: string
  fait: number
  total: number | null
  /** 0 to 100; null while the total is unknown. */
  part: number | null
  erreur: string
  /** It may move without anybody touching it: the page looks again. */
  vivant: boolean
  /** Instant at which it will begin or go on, when that is ahead. */
  attend: string | null
  demandeur: string | null
  cree_le: string
  demarre_le: string | null
  fini_le: string | null
}

export function showTravail(t: Travail, now: Date): TravailMontre {
  const { libelle, genre } = LIBELLES_ETAT[t.etat]
  const next = t.demarre_le === null ? t.debut_prevu : t.reprise_le
  const vivant = t.etat === 'pret' || t.etat === 'en_cours'
  const attend = vivant && next !== null && Date.parse(next) > now.getTime() ? next : null
  return {
    id: t.id,
    titre: t.titre,
    lien: t.lien,
    etat: t.etat,
    libelle: attend !== null && t.demarre_le === null ? 'Programmé' : libelle,
    couleur: genre,
    etape: t.etape,
    fait: t.fait,
    total: t.total,
    part: t.total === null ? null : t.total === 0 ? 100 : Math.floor((100 * t.fait) / t.total),
    erreur: t.erreur,
    vivant,
    attend,
    demandeur: t.demandeur,
    cree_le: t.cree_le,
    demarre_le: t.demarre_le,
    fini_le: t.fini_le,
  }
}
