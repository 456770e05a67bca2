import type { Message, Piece } from './queries.ts'

const GENRES: Record<string, string> = {
  'application/pdf': 'PDF',
  'image/png': 'Image PNG',
  'image/jpeg': 'Image JPEG',
  'image/gif': 'Image GIF',
  'text/csv': 'Tableau CSV',
}
const ANTIVIRUS: Record<string, string | null> = {
  en_attente: 'en_cours',
  sain: 'sain',
  infecte: 'infecte',
  sans_objet: null,
}

/** A message with its files for macros/fichiers.njk. @param base address of its thread */
export function shown(message: Message, base: string, userId: string) {
  return {
    ...message,
    deMoi: message.auteur_id === userId,
    pieces: message.pieces.map((piece) => pieceLine(piece, base)),
  }
}

function pieceLine(piece: Piece, base: string) {
  return {
    nom: piece.nom,
    url: `${base}/fichiers/${piece.id}`,
    genre: GENRES[piece.mime] ?? 'Fichier',
    taille: piece.taille,
    antivirus: ANTIVIRUS[piece.antivirus] ?? null,
  }
}
