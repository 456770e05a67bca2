import { type Fichier, GENRES, type Transfert, pastille } from './transfert.ts'

const GENRES_FICHIER: Record<string, string> = {
  'application/pdf': 'PDF',
  'image/png': 'Image PNG',
  'image/jpeg': 'Image JPEG',
  'image/gif': 'Image GIF',
  'text/csv': 'CSV',
  'text/plain': 'Texte',
  'application/zip': 'Archive ZIP',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Classeur Excel',
}

const ANTIVIRUS = { en_attente: 'en_cours', sain: 'sain', infecte: 'infecte', sans_objet: null }

/** A transfer as lists show it. */
export function line<T extends Transfert>(transfert: T) {
  return { ...transfert, type: GENRES[transfert.genre], etat: pastille(transfert) }
}

/** A file for macros/fichiers.njk. @param base address of its transfer */
export function fileLine(fichier: Fichier, base: string) {
  return {
    nom: fichier.nom,
    url: fichier.efface_le === null ? `${base}/fichiers/${fichier.id}` : null,
    genre: GENRES_FICHIER[fichier.mime] ?? 'Fichier',
    taille: fichier.taille,
    empreinte: fichier.sha256,
    antivirus: fichier.efface_le === null ? ANTIVIRUS[fichier.antivirus] : null,
    effaceLe: fichier.efface_le,
  }
}
