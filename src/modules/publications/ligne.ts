import { fold } from '../../kernel/tableur/values.ts'
import type { Genre } from '../documents/document.ts'

export type GenreLigne = Genre | 'autre'

export const GENRES_LIGNE = [
  'attestation',
  'compte_rendu',
  'dossier_gestion',
  'autre',
] as const satisfies readonly GenreLigne[]

export const LIBELLES_GENRE: Record<GenreLigne, string> = {
  attestation: 'Attestation',
  compte_rendu: 'Compte rendu de mission',
  dossier_gestion: 'Dossier de gestion',
  autre: 'Autre document',
}

const WORDS: Record<GenreLigne, readonly string[]> = {
  attestation: ['attestation', 'attestations', 'att', 'attestation fiscale', 'attestation d adhesion', 'attestation adhesion',
    'attestation de mission', 'attestation mission'],
  compte_rendu: ['compte rendu', 'compte rendu de mission', 'compte rendu de controle', 'crm', 'cr', 'crc', 'compterendu'],
  dossier_gestion: ['dossier de gestion', 'dossier gestion', 'dossier', 'dg', 'dossiergestion'],
  autre: ['autre', 'autre document', 'document', 'courrier', 'information', 'divers'],
} // prettier-ignore

/** The kind that a word of an index or of a name means; undefined for a word that we do not know. */
export function genreOfWord(word: string): GenreLigne | undefined {
  const folded = fold(word.replace(/[_-]/g, ' '))
  return GENRES_LIGNE.find((genre) => WORDS[genre].includes(folded))
}

/** What the trial says of a line. The first two are those that can be published. */
export const VERDICTS = {
  pret: { libelle: 'Prêt à publier', genre: 'succes', aide: 'Un adhérent, un document, rien ne s’y oppose.' },
  parti: { libelle: 'Adhérent parti', genre: 'attente', aide: 'L’adhérent a quitté l’organisme : vous choisissez.' },
  deja: { libelle: 'Déjà publié', genre: 'neutre', aide: 'Le même fichier est déjà dans son espace : il ne sera pas publié deux fois.' },
  double: { libelle: 'En double', genre: 'alerte', aide: 'Plusieurs fichiers pour le même document : gardez le bon.' },
  inconnu: { libelle: 'Adhérent inconnu', genre: 'erreur', aide: 'Aucun adhérent ne porte ce numéro.' },
  nom: { libelle: 'Nom non reconnu', genre: 'erreur', aide: 'Le nom du fichier ne suit pas votre modèle.' },
  sans_ligne: { libelle: 'Absent de l’index', genre: 'erreur', aide: 'Aucune ligne de l’index ne nomme ce fichier.' },
  sans_fichier: { libelle: 'Fichier absent', genre: 'erreur', aide: 'L’index nomme un fichier qui n’est pas là.' },
  type: { libelle: 'Type inconnu', genre: 'erreur', aide: 'Le type de document manque ou n’existe pas.' },
  exercice: { libelle: 'Exercice inconnu', genre: 'erreur', aide: 'L’adhérent n’a pas d’exercice clos cette année-là.' },
  refuse: { libelle: 'Refusé par une règle', genre: 'erreur', aide: 'Ce document ne peut pas être émis maintenant.' },
  date: { libelle: 'Échéance à corriger', genre: 'erreur', aide: 'Un document qui attend une réponse a besoin d’une date à venir.' },
  pas_pdf: { libelle: 'Pas un PDF', genre: 'erreur', aide: 'Seuls des PDF se publient.' },
  protege: { libelle: 'Protégé', genre: 'erreur', aide: 'Le PDF demande un mot de passe.' },
  illisible: { libelle: 'Illisible', genre: 'erreur', aide: 'Le PDF est abîmé, vide ou trop gros.' },
} as const // prettier-ignore

export type Verdict = keyof typeof VERDICTS
export const VERDICT_NAMES = Object.keys(VERDICTS) as Verdict[]
export const PUBLIABLES: readonly Verdict[] = ['pret', 'parti']
/** What the file to correct holds. */
export const A_CORRIGER = VERDICT_NAMES.filter((v) => !PUBLIABLES.includes(v) && v !== 'deja')

export interface Ligne {
  id: string
  ordre: number
  nom: string
  entree: number | null
  source_id: string | null
  numero: string
  type: string
  exercice: number | null
  titre: string
  attend: boolean
  avant: string | null
  defaut_ligne: '' | Verdict
  taille: number | null
  sha256: string | null
  defaut_fichier: '' | Verdict
  adherent_id: string | null
  cloture_id: string | null
  genre: GenreLigne | null
  verdict: Verdict | 'a_verifier'
  raison: string
  document_id: string | null
  courrier_id: string | null
  echec: string
  publiee_le: string | null
  prevenu_le: string | null
}
