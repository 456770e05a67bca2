import { date } from '../../kernel/formats.ts'
import type { Genre } from '../documents/document.ts'
import { type Etape, progress } from './avancement.ts'
import type { Jour } from './calendrier.ts'
import type { Etats } from './cloture.ts'
import { type Echeances, echeances } from './echeances.ts'
import type { Cloture, DocumentDeCloture, Regles } from './queries.ts'
import { type Intitules, intitules, regimeAt, regimeOfAttestation } from './regime.ts'

export interface Carte {
  id: string
  titre: string
  fin: Jour
  /** The year still runs. */
  ouverte: boolean
  etapes: { libelle: string; etat: string; detail: string }[]
  /** The three downloads, always named; what is not there yet says so. */
  telechargements: Telechargement[]
}

export interface Telechargement {
  genre: Genre
  libelle: string
  document: (DocumentDeCloture & { nonLu: boolean }) | null
  attente: string
}

const DOT: Record<Etape['etat'], string> = {
  fait: 'fait',
  en_cours: 'cours',
  a_venir: 'avenir',
  sans_objet: 'avenir',
}

export function etatsOf(c: Etats): Etats {
  const { reception, attestation, eccv, eps, crm, dossier_gestion } = c
  return { reception, attestation, eccv, eps, crm, dossier_gestion }
}

/** The titles of the papers of this year: its attestation follows the year, the rest follows today. */
export function titlesOf(c: { fin: Jour }, regles: Regles, today: Jour): Intitules {
  return {
    ...intitules(regimeAt(today, regles.regime)),
    attestation: intitules(regimeOfAttestation(c.fin, today, regles.regime)).attestation,
  }
}

export function limitsOf(c: Cloture, regles: Regles): Echeances {
  return echeances(
    { fin: c.fin, recueLe: c.recue_le, eps: c.eps !== 'non_selectionne', controleLe: c.controle_le },
    regles.parametres,
  )
}

/** The good document of a kind: published, not replaced, not withdrawn. */
export function current(c: Cloture, genre: Genre): DocumentDeCloture | undefined {
  return c.documents.find(
    (d) => d.genre === genre && d.publie_le !== null && d.remplace_le === null && d.retire_le === null,
  )
}

/** The one that is issued and waits to be published. */
export function draft(c: Cloture, genre: Genre): DocumentDeCloture | undefined {
  return c.documents.find((d) => d.genre === genre && d.publie_le === null && d.retire_le === null)
}

/** What a member reads about one exercice. */
export function carte(c: Cloture, regles: Regles, today: Jour): Carte {
  const titles = titlesOf(c, regles, today)
  const published = (genre: Genre) => current(c, genre)?.publie_le?.slice(0, 10) ?? null
  const steps = progress({
    etats: etatsOf(c),
    regime: regimeAt(today, regles.regime),
    le: {
      recue: c.recue_le,
      attestation: published('attestation'),
      controle: c.controle_le,
      compteRendu: published('compte_rendu'),
      dossierGestion: published('dossier_gestion'),
    },
    echeances: limitsOf(c, regles),
  })
  const download = (genre: Genre, libelle: string, step: Etape['cle']): Telechargement => {
    const document = current(c, genre)
    return {
      genre,
      libelle,
      document: document ? { ...document, nonLu: document.lu_le === null } : null,
      attente: steps.find((s) => s.cle === step)?.phrase ?? '',
    }
  }
  return {
    id: c.id,
    titre: `Exercice du ${date(c.debut)} au ${date(c.fin)}`,
    fin: c.fin,
    ouverte: c.fin > today,
    etapes: steps.map((s) => ({ libelle: s.titre, etat: DOT[s.etat], detail: s.phrase })),
    telechargements: [
      download('attestation', titles.attestation, 'attestation'),
      download('compte_rendu', titles.compteRendu, 'compte_rendu'),
      download('dossier_gestion', titles.dossierGestion, 'dossier_gestion'),
    ],
  }
}

/** The last year that is closed, and the one that runs: the two cards of the home page. */
export function lastAndNext(
  list: readonly Cloture[],
  today: Jour,
): { derniere?: Cloture; prochaine?: Cloture } {
  const derniere = list.find((c) => c.fin <= today)
  const prochaine = list.findLast((c) => c.fin > today)
  return { ...(derniere && { derniere }), ...(prochaine && { prochaine }) }
}
