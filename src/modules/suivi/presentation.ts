import { type Regime, regimeAt } from '../clotures/regime.ts'
import type { Regles } from '../clotures/queries.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { majuscule } from '../../kernel/formats.ts'
import { type Query, lien } from '../../kernel/views.ts'
import { LISTE } from './paths.ts'
import type { Ligne } from './queries.ts'
import {
  type Attente, ETAPES, type Etape, GENRE_SITUATION, LIMITES, type Limite, PAPIERS, type Papier, SITUATIONS,
  type Situation, etapeOf, libellesEtapes, libellesPapiers, libellesSituations,
} from './situation.ts' // prettier-ignore
import type { Comptes, LigneCabinet, LigneSituation } from './tableau.ts'

/** The words of an organisme for the board: its regime of today names the papers. */
export interface Mots {
  regime: Regime
  etapes: Record<Etape, string>
  situations: Record<Situation, string>
  papiers: Record<Papier, { fait: string; reste: string }>
  attentes: Record<Attente, string>
}

export function motsDe(organisme: Organisme, regles: Regles, today: string): Mots {
  const regime = regimeAt(today, regles.regime)
  return {
    regime,
    etapes: libellesEtapes(regime),
    situations: libellesSituations(regime),
    papiers: libellesPapiers(regime),
    attentes: {
      organisme: majuscule(organisme.vocabulaire.organisme),
      cabinet: majuscule(organisme.vocabulaire.cabinet),
      adherent: majuscule(organisme.vocabulaire.adherent),
      personne: '–',
    },
  }
}

/** A number that is a link to the list that it counts, with the width of its bar in hundredths. */
export interface Nombre {
  compte: number
  url: string
  part: number
}

function part(count: number, total: number): number {
  return total === 0 ? 0 : Math.round((count / total) * 100)
}

export interface EtapeDuTableau {
  cle: Etape
  libelle: string
  dossiers: Nombre
  retards: Nombre
  /** What blocks inside the étape; empty when it says no more than the étape itself. */
  situations: { libelle: string; attente: string; dossiers: Nombre; retards: Nombre }[]
  attente: string
}

/** The étapes of a campaign in their order, each with what blocks in it and whom it waits for. */
export function etapesDe(
  rows: readonly LigneSituation[],
  mots: Mots,
  requete: Query,
): { etapes: EtapeDuTableau[]; total: number } {
  const total = rows.reduce((sum, row) => sum + row.dossiers, 0)
  const nombre = (list: readonly LigneSituation[], key: 'dossiers' | 'retards', filter: Query): Nombre => {
    const compte = list.reduce((sum, row) => sum + row[key], 0)
    const late = key === 'retards' ? { retard: 'oui' } : {}
    return { compte, part: part(compte, total), url: lien(LISTE, requete, { ...filter, ...late }) }
  }
  const etapes = ETAPES.map((cle): EtapeDuTableau => {
    const own = rows.filter((row) => etapeOf(row.situation) === cle)
    const sorted = [...own].sort((a, b) => SITUATIONS.indexOf(a.situation) - SITUATIONS.indexOf(b.situation))
    const lines = sorted.map((row) => ({
      libelle: mots.situations[row.situation],
      attente: mots.attentes[row.attente],
      dossiers: nombre([row], 'dossiers', { situation: row.situation, attente: filterOf(row.attente) }),
      retards: nombre([row], 'retards', { situation: row.situation, attente: filterOf(row.attente) }),
    }))
    return {
      cle,
      libelle: mots.etapes[cle],
      dossiers: nombre(own, 'dossiers', { etape: cle }),
      retards: nombre(own, 'retards', { etape: cle }),
      situations: lines.length > 1 ? lines : [],
      attente: [...new Set(sorted.map((row) => mots.attentes[row.attente]))].join(', '),
    }
  })
  return { etapes, total }
}

/** « personne » is no choice of the list: those situations wait for nobody anyway. */
function filterOf(attente: Attente): string {
  return attente === 'personne' ? '' : attente
}

export function papiersDe(comptes: Comptes, mots: Mots, requete: Query) {
  return PAPIERS.map((papier) => {
    const fait = comptes[FAIT[papier]]
    const reste = comptes[`${papier}_reste`]
    const late = LIMITES.includes(papier as Limite) ? comptes[`${papier as Limite}_retard`] : null
    return {
      libelle: mots.papiers[papier].fait,
      fait: { compte: fait, part: part(fait, comptes.suivis), url: lien(LISTE, requete, { fait: papier }) },
      reste: { compte: reste, url: lien(LISTE, requete, { reste: papier }) },
      retard: late === null ? null : { compte: late, url: lien(LISTE, requete, { retard: papier }) },
    }
  })
}

const FAIT = {
  liasse: 'liasse_faite',
  controle: 'controle_fait',
  compte_rendu: 'compte_rendu_fait',
  attestation: 'attestation_faite',
  dossier_gestion: 'dossier_gestion_fait',
} as const satisfies Record<Papier, keyof Comptes>

export function cabinetDuTableau(row: LigneCabinet, requete: Query) {
  const cabinet = row.structure_id ?? 'aucun'
  const link = (filter: Query) => lien(LISTE, requete, { cabinet, ...filter })
  const bar = (compte: number, filter: Query) => ({
    compte,
    part: part(compte, row.suivis),
    url: link(filter),
  })
  return {
    cabinet,
    numero: row.numero,
    nom: row.nom,
    url: lien('/gestion/suivi', requete, { cabinet }),
    dossiers: { compte: row.dossiers, url: link({}) },
    liasses: bar(row.liasse_faite, { fait: 'liasse' }),
    questions: { compte: row.questions, url: link({ etape: 'questions' }) },
    reponses: { compte: row.reponses, url: link({ etape: 'reponses' }) },
    comptesRendus: bar(row.compte_rendu_fait, { fait: 'compte_rendu' }),
    attestations: bar(row.attestation_faite, { fait: 'attestation' }),
    retards: { compte: row.retards, url: link({ retard: 'oui' }) },
    nonLus: { compte: row.non_lus, url: link({ nonlu: 'oui' }) },
  }
}

const NOM_LIMITE: Record<Limite, string> = {
  liasse: 'liasse',
  controle: 'contrôle',
  compte_rendu: 'compte rendu',
  dossier_gestion: 'dossier de gestion',
}

/** The next limit of a dossier, and what it is the limit of. */
export function limiteDe(row: Ligne): { jour: string; de: string } | null {
  if (row.echeance === null) return null
  const of = LIMITES.find((limite) => row[`${limite}_avant`] === row.echeance)!
  return { jour: row.echeance, de: NOM_LIMITE[of] }
}

export function ligneDe(row: Ligne, mots: Mots) {
  return {
    ...row,
    etat: { libelle: mots.situations[row.situation], genre: GENRE_SITUATION[row.situation] },
    chez: mots.attentes[row.attente],
    limite: limiteDe(row),
  }
}
