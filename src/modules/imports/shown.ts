import { pluriel } from '../../kernel/formats.ts'
import { montreValeur } from './champs.ts'
import type { Genre } from './genre.ts'
import type { Etat, ImportRow, Ligne } from './queries.ts'

export const ETATS: Record<Etat, { libelle: string; genre: string }> = {
  correspondance: { libelle: 'Colonnes à vérifier', genre: 'attente' },
  essai: { libelle: 'Essai en cours', genre: 'cours' },
  pret: { libelle: 'À confirmer', genre: 'attente' },
  application: { libelle: 'Import en cours', genre: 'cours' },
  applique: { libelle: 'Importé', genre: 'succes' },
  abandonne: { libelle: 'Abandonné', genre: 'neutre' },
}

/** « 12 nouvelles affectations »: the words of a state, for so many of a kind. */
export function accorde(genre: Genre): Record<keyof ImportRow['comptes'], { un: string; plusieurs: string }> {
  const e = genre.feminin ? 'e' : ''
  return {
    nouveau: genre.feminin
      ? { un: 'Nouvelle', plusieurs: 'Nouvelles' }
      : { un: 'Nouveau', plusieurs: 'Nouveaux' },
    modifie: { un: `Modifié${e}`, plusieurs: `Modifié${e}s` },
    inchange: { un: `Inchangé${e}`, plusieurs: `Inchangé${e}s` },
    absent: { un: `Absent${e} du fichier`, plusieurs: `Absent${e}s du fichier` },
    refuse: { un: 'Ligne refusée', plusieurs: 'Lignes refusées' },
  }
}

/** The counts in a sentence, for the list of the imports and the report. */
export function enMots(genre: Genre, row: ImportRow): string {
  const { nouveau = 0, modifie = 0, inchange = 0, absent = 0, refuse = 0 } = row.comptes
  const e = genre.feminin ? 'e' : ''
  const parts = [
    nouveau > 0 &&
      pluriel(nouveau, genre.feminin ? 'nouvelle' : 'nouveau', genre.feminin ? 'nouvelles' : 'nouveaux'),
    modifie > 0 && pluriel(modifie, `modifié${e}`, `modifié${e}s`),
    inchange > 0 && pluriel(inchange, `inchangé${e}`, `inchangé${e}s`),
    row.absents === 'retirer' && absent > 0 && pluriel(absent, `retiré${e}`, `retiré${e}s`),
    refuse > 0 && pluriel(refuse, 'ligne refusée', 'lignes refusées'),
  ].filter((part) => part !== false)
  return parts.length > 0 ? parts.join(', ') : 'aucune ligne'
}

/** As the fiche has them; jsonb has an order of its own. */
function inOrder(genre: Genre, names: readonly string[]): string[] {
  return Object.keys(genre.libelles).filter((name) => names.includes(name))
}

/** A line as the page of the differences shows it. */
export function montreLigne(genre: Genre, ligne: Ligne) {
  const shown = (name: string) => genre.libelles[name] ?? name
  const montre = (name: string, valeur: unknown) => (genre.montre?.[name] ?? montreValeur)(valeur)
  const changements =
    ligne.etat === 'modifie'
      ? inOrder(genre, ligne.champs).map((nom) => ({
          nom: shown(nom),
          avant: montre(nom, ligne.avant[nom]),
          apres: montre(nom, ligne.valeurs[nom]),
        }))
      : []
  const resume =
    ligne.etat === 'nouveau'
      ? inOrder(genre, Object.keys(ligne.valeurs))
          .map((nom) => ({ nom: shown(nom), apres: montre(nom, ligne.valeurs[nom]) }))
          .filter(({ apres }) => apres !== '')
      : []
  return {
    numero: ligne.etat === 'absent' ? null : ligne.ligne,
    cle: ligne.cle.startsWith('~') ? '' : genre.detail ? ligne.cle.split(' ')[0]! : ligne.cle,
    libelle: ligne.libelle,
    detail: ligne.etat === 'refuse' ? '' : (genre.detail?.(ligne.valeurs) ?? ''),
    adherent: ligne.adherent_id,
    motifs: ligne.motifs,
    changements,
    resume,
  }
}
