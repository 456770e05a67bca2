import type { Db } from '../db.ts'
import { Defect } from '../errors.ts'
import type { Organisme } from '../organisme.ts'
import type { Action } from '../policy.ts'
import type { Services } from '../services.ts'

/*
 * A long work is a row and a chain of small batches. A batch prepares what it needs outside any transaction, then writes
 * what it did and how far it is in one: killed at any moment, it has been done once or not at all.
 */

export type EtatTravail = 'pret' | 'en_cours' | 'en_pause' | 'termine' | 'annule' | 'echoue'

export interface Travail<Donnees = Record<string, unknown>, Curseur = Record<string, unknown>> {
  id: string
  genre: string
  titre: string
  /** Page of the module that asked for it. */
  lien: string
  /** What was asked, as it was given to `startTravail`. */
  donnees: Donnees
  etat: EtatTravail
  /** What is being done, for the page: « Lecture des fichiers ». */
  etape: string
  /** Number of batches written. */
  pas: number
  /** Where the next batch begins; empty before the first. */
  curseur: Partial<Curseur>
  fait: number
  /** null while nobody knows. */
  total: number | null
  rapport: Record<string, unknown>
  erreur: string
  demande_par: string | null
  demandeur: string | null
  cree_le: string
  debut_prevu: string | null
  demarre_le: string | null
  avance_le: string
  /** When a work that waits goes on. */
  reprise_le: string | null
  fini_le: string | null
}

/** What a batch gets beside its row. */
export interface TravailContext {
  services: Services
  organisme: Organisme
  /** Who asked, for the journal; null when he has gone. */
  demandeur: { id: string; prenom: string; nom: string; login: string } | null
  /** A reading between batches, as the system of the organisme in the name of whoever asked. */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>
}

/** What a batch says of itself when it has written; what is left out stays as it was. */
export interface Avancement {
  /** Done so far, all batches together. */
  fait: number
  total?: number
  etape?: string
  curseur?: Record<string, unknown>
  /** Merged into the report. */
  rapport?: Record<string, unknown>
  /** The last batch. */
  fini?: boolean
  /** The next batch not before this instant. */
  attendre?: Date
}

/** A batch that is ready: its writes, in the transaction that keeps its progress. It may be thrown away unwritten. */
export type Ecriture = (db: Db) => Promise<Avancement>

export interface GenreTravail<Donnees, Curseur, Commun = undefined> {
  /** Shown in the list of works. */
  libelle: string
  /** Who may see, stop and start it again. */
  can: Action
  /** What « Annuler » will do, said on the page that asks for it. */
  annulation?: string
  /** Opens what the batches of one turn share (a zip, the rules); a turn lasts some two seconds. */
  begin?(travail: Travail<Donnees, Curseur>, ctx: TravailContext): Promise<Commun>
  /**
   * One small batch: at most some hundred milliseconds. Reads files and makes PDFs here, writes in what it gives back.
   * @throws Refusal to end the work with a sentence; anything else is tried again six times, then « a échoué ».
   */
  batch(travail: Travail<Donnees, Curseur>, ctx: TravailContext, commun: Commun): Promise<Ecriture>
  /** Closes what `begin` opened, whatever happened. */
  end?(commun: Commun): Promise<void>
  /** In the transaction of « Annuler »: undoes, or throws a Refusal when it is too late. */
  cancel?(db: Db, travail: Travail<Donnees, Curseur>): Promise<void>
}

// Rows hold JSON: each genre knows the shape of its own.
type AnyGenre = GenreTravail<never, never, never>

const genres = new Map<string, AnyGenre>()

/** Makes a kind of work known, once, when its module is loaded. @param nom `<module>.<nom>` */
export function defineTravail<D, C, S = undefined>(nom: string, genre: GenreTravail<D, C, S>): void {
  if (genres.has(nom)) throw new Defect(`two kinds of work are called ${nom}`)
  genres.set(nom, genre as unknown as AnyGenre)
}

/** @throws Defect when no module has defined it. */
export function genreOf(
  nom: string,
): GenreTravail<Record<string, unknown>, Record<string, unknown>, unknown> {
  const genre = genres.get(nom)
  if (!genre) throw new Defect(`no kind of work is called ${nom}`)
  return genre
}

export const LIBELLES_ETAT: Record<EtatTravail, { libelle: string; genre: string }> = {
  pret: { libelle: 'En attente', genre: 'attente' },
  en_cours: { libelle: 'En cours', genre: 'cours' },
  en_pause: { libelle: 'En pause', genre: 'alerte' },
  termine: { libelle: 'Terminé', genre: 'succes' },
  annule: { libelle: 'Annulé', genre: 'neutre' },
  echoue: { libelle: 'Interrompu', genre: 'erreur' },
}
