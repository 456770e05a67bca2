import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { makePdf } from '../../kernel/pdf/pool.ts'
import type { Genre } from '../documents/document.ts'
import { couvertureOf } from './emission.ts'
import type { Jour } from './calendrier.ts'
import type { Cases } from './declaration-2035.ts'
import type { AttestationData } from './documents/attestation.ts'
import type { CompteRenduData } from './documents/compte-rendu.ts'
import type { DossierGestionData, Profession } from './documents/dossier-gestion.ts'
import type { Socle } from './documents/emetteur.ts'
import { titlesOf } from './presentation.ts'
import {
  type AdherentDeCloture,
  type Cloture,
  type Regles,
  listYears,
  readLogoForPaper,
  readStatistique,
} from './queries.ts'
import type { Categorie } from './regime.ts'
import type { Bilan, CompteResultat } from './soldes.ts'

export interface Demande {
  cloture: Cloture
  adherent: AdherentDeCloture
  regles: Regles
  organisme: Organisme
  today: Jour
  numero: string
  /** Number of the paper that this one replaces. */
  remplace: string | null
}

/** The amounts of an exercice, as they are kept. */
export type Comptes =
  | { genre: '2035'; cases: Cases }
  | { genre: 'resultat'; compte: Partial<CompteResultat>; bilan: Bilan | null; prelevements: number | null }

export interface Paper {
  name: string
  bytes: Buffer
}

const ATTESTATION = new URL('./documents/attestation.ts', import.meta.url)
const COMPTE_RENDU = new URL('./documents/compte-rendu.ts', import.meta.url)
const DOSSIER = new URL('./documents/dossier-gestion.ts', import.meta.url)

/**
 * Makes one of the three papers of an exercice, off the main thread.
 * @throws Refusal when the exercice lacks what the paper is made of.
 */
export async function makePaper(db: Db, genre: Genre, demande: Demande): Promise<Paper> {
  const title = {
    attestation: titlesOf(demande.cloture, demande.regles, demande.today).attestation,
    compte_rendu: titlesOf(demande.cloture, demande.regles, demande.today).compteRendu,
    dossier_gestion: titlesOf(demande.cloture, demande.regles, demande.today).dossierGestion,
  }[genre]
  return {
    name: `${title} ${demande.cloture.fin.slice(0, 4)} - ${demande.adherent.numero}.pdf`,
    bytes: await bytesOf(db, genre, demande),
  }
}

async function bytesOf(db: Db, genre: Genre, demande: Demande): Promise<Buffer> {
  const logo = await readLogoForPaper(db)
  if (genre === 'attestation') return makePdf(ATTESTATION, attestationOf(demande, logo))
  if (genre === 'compte_rendu') return makePdf(COMPTE_RENDU, compteRenduOf(demande, logo))
  return makePdf(DOSSIER, await dossierOf(db, demande, logo))
}

function socleOf(
  { cloture, adherent, regles, organisme, today, numero, remplace }: Demande,
  logo: string | null,
): Socle {
  return {
    emetteur: {
      nom: organisme.nom,
      nature: regles.natureOga,
      forme: regles.formeJuridique,
      adresse: organisme.adresse,
      telephone: organisme.telephone,
      courriel: organisme.courriel,
      site: organisme.site,
      couleur: organisme.couleur,
      logo,
      agrement: regles.agrement,
    },
    adherent: {
      nom: [adherent.civilite, adherent.denomination].filter(Boolean).join(' '),
      numero: adherent.numero,
      siret: adherent.siret || null,
      profession: adherent.professions.join(', ') || null,
      adresse: adherent.adresse_professionnelle,
    },
    exercice: { debut: cloture.debut, fin: cloture.fin },
    cabinet: adherent.cabinet,
    emisLe: today,
    numero,
    remplace,
    signataire: { nom: regles.signataire, qualite: regles.qualiteSignataire, lieu: regles.lieu },
    regles: regles.regime,
  }
}

/** Companies taxed on their own result follow the rules of commerce. */
function categorieOf(adherent: AdherentDeCloture): Categorie {
  return adherent.categorie === 'IS' ? 'BIC' : adherent.categorie
}

function attestationOf(demande: Demande, logo: string | null): AttestationData {
  const { cloture, adherent, regles } = demande
  const { statut, periode } = couvertureOf(cloture, adherent, regles)
  return {
    ...socleOf(demande, logo),
    categorie: categorieOf(adherent),
    adhesionLe: adherent.adhesion_le,
    perteLe: adherent.perte_qualite_le,
    periodePartielle: statut === 'partielle' ? periode : null,
  }
}

type Controles = Pick<
  CompteRenduData,
  'pieces' | 'controles' | 'questions' | 'tva' | 'fec' | 'conclusion' | 'rectificative' | 'observations'
>

function compteRenduOf(demande: Demande, logo: string | null): CompteRenduData {
  const { cloture, adherent } = demande
  if (cloture.controles === null || cloture.recue_le === null) {
    throw new Refusal('Les contrôles de cet exercice ne sont pas encore saisis.')
  }
  return {
    ...socleOf(demande, logo),
    ...(cloture.controles as unknown as Controles),
    categorie: categorieOf(adherent),
    regimeFiscal: adherent.regime_fiscal,
    recueLe: cloture.recue_le,
    eps: null,
    destinataires: ['L’adhérent', ...(adherent.cabinet === null ? [] : [adherent.cabinet])],
  }
}

async function dossierOf(db: Db, demande: Demande, logo: string | null): Promise<DossierGestionData> {
  const { cloture, adherent } = demande
  const years = (await listYears(db, adherent.id, cloture.fin, 3)).reverse()
  const last = years.at(-1)
  if (!last || last.id !== cloture.id)
    throw new Refusal('Les comptes de cet exercice ne sont pas encore saisis.')
  const genre = (last.comptes as unknown as Comptes).genre
  const same = years.filter((year) => (year.comptes as unknown as Comptes).genre === genre)
  const profession = await professionOf(db, demande)
  const base = { ...socleOf(demande, logo), profession, commentaires: [] }
  const label = (year: Cloture) =>
    year.fin.endsWith('-12-31') ? year.fin.slice(0, 4) : `${year.fin.slice(5, 7)}/${year.fin.slice(0, 4)}`
  if (genre === '2035') {
    return {
      ...base,
      categorie: 'BNC',
      annees: same.map((year) => ({
        libelle: label(year),
        prelevements: null,
        tresorerie: null,
        cases: (year.comptes as unknown as Comptes & { genre: '2035' }).cases,
      })),
    }
  }
  const categorie = adherent.categorie === 'BA' ? 'BA' : 'BIC'
  return {
    ...base,
    categorie,
    annees: same.map((year) => {
      const { compte, bilan, prelevements } = year.comptes as unknown as Comptes & { genre: 'resultat' }
      return {
        libelle: label(year),
        prelevements,
        tresorerie: bilan?.disponibilites ?? null,
        compte,
        bilan,
        mouvements: null,
      }
    }),
  }
}

async function professionOf(db: Db, { cloture, adherent }: Demande): Promise<Profession | null> {
  const [nom] = adherent.professions
  if (nom === undefined) return null
  const year = Number(cloture.fin.slice(0, 4))
  const found = await readStatistique(db, nom, year)
  if (!found) return null
  const { effectif, mesures } = found
  return { nom, portee: `notre organisme, ${year}`, effectif, ...mesures }
}
