import { date } from '../../kernel/formats.ts'
import { addDays, type Jour } from './calendrier.ts'

/*
 * What an organisme may call itself, and its papers, before and after the end of the agréments.
 *
 * The loi de finances 2025, article 11, repealed CGI 1649 quater C to K quater: from 16 February 2025 agréments
 * have no effect. From that day no paper says « agréé », bears an agrément number or the sentence on cheques,
 * and the same work goes on as contractual missions under other titles.
 *
 * One exception, written in the same reform: the attestation stays due for years closed in 2024. It states a past
 * fact, that the member belonged to an agréé organisme during that year, and the tax office reads it as such. So
 * an attestation follows the year that it is about, and every other paper follows the day on which it is issued.
 * Issued after the end, such an attestation says until when the agrément ran and puts the sentence on cheques in
 * the past: a member who displayed it today would claim a quality that nobody has any more.
 */

export type Regime = 'AGREE' | 'EX_OGA'

/** Centre (BIC, BA), association (BNC) or organisme mixte (both). */
export type NatureOga = 'CGA' | 'AGA' | 'OMGA'

export type Categorie = 'BIC' | 'BNC' | 'BA'

export interface ReglesRegime {
  /** First day without agrément, or null while it lasts. */
  exOgaDepuis: Jour | null
  /** Last clôture whose attestation is still one of adhésion to an agréé organisme. */
  attestationsJusquA: Jour | null
}

/** Every organisme starts with the rule of the law; one whose agrément ended earlier has its own dates. */
export const LOI_DE_FINANCES_2025: ReglesRegime = {
  exOgaDepuis: '2025-02-16',
  attestationsJusquA: '2024-12-31',
}

/** The regime of whatever is issued on a day, the attestation apart. */
export function regimeAt(day: Jour, rules: ReglesRegime = LOI_DE_FINANCES_2025): Regime {
  return rules.exOgaDepuis === null || day < rules.exOgaDepuis ? 'AGREE' : 'EX_OGA'
}

/** The regime of the attestation of the year closed on `fin`, issued on `emiseLe`. */
export function regimeOfAttestation(
  fin: Jour,
  emiseLe: Jour,
  rules: ReglesRegime = LOI_DE_FINANCES_2025,
): Regime {
  if (rules.attestationsJusquA !== null && fin <= rules.attestationsJusquA) return 'AGREE'
  return regimeAt(emiseLe, rules)
}

export interface Intitules {
  attestation: string
  controle: string
  compteRendu: string
  dossierGestion: string
}

const INTITULES: Record<Regime, Intitules> = {
  AGREE: {
    attestation: 'Attestation d’adhésion',
    controle: 'Examen de cohérence, de concordance et de vraisemblance',
    compteRendu: 'Compte rendu de mission',
    dossierGestion: 'Dossier de gestion',
  },
  EX_OGA: {
    attestation: 'Attestation de mission',
    controle: 'Contrôle de cohérence',
    compteRendu: 'Compte rendu de contrôle',
    dossierGestion: 'Dossier de gestion',
  },
}

/** What the papers and steps of a clôture are called. */
export function intitules(regime: Regime): Intitules {
  return INTITULES[regime]
}

const QUALITE: Record<NatureOga, string> = {
  CGA: 'Centre de gestion agréé',
  AGA: 'Association de gestion agréée',
  OMGA: 'Organisme mixte de gestion agréé',
}

export interface Agrement {
  numero: string
  /** Day of the decision. */
  du: Jour
}

/**
 * The quality and the references that every paper of an agréé organisme bears (annexe II, 371 EA 2°, 371 QA 2°),
 * one line each; none when nothing of the kind may be printed.
 */
export function mentionsAgrement(
  organisme: { nature: NatureOga; agrement: Agrement | null },
  regime: Regime,
  emisLe: Jour,
  rules: ReglesRegime = LOI_DE_FINANCES_2025,
): string[] {
  if (regime === 'EX_OGA' || organisme.agrement === null) return []
  const { numero, du } = organisme.agrement
  const over = rules.exOgaDepuis !== null && emisLe >= rules.exOgaDepuis ? rules.exOgaDepuis : null
  const until = over === null ? '' : `, en vigueur jusqu’au ${date(addDays(over, -1))}`
  return [QUALITE[organisme.nature], `Agrément n° ${numero} du ${date(du)}${until}`]
}

/**
 * The sentence by which members told their customers that they take cheques and cards: of a centre, annexe II
 * 371 LC; of an association, 371 Y 4°. An organisme mixte has both kinds of members: the sentence is that of the
 * member's category, with the organisme's own name for its quality (our reading, no text was found for it).
 */
export function mentionCheques(nature: NatureOga, categorie: Categorie, regime: Regime): string | null {
  if (regime === 'EX_OGA') return null
  if (nature === 'AGA' || (nature === 'OMGA' && categorie === 'BNC')) {
    const membre = nature === 'AGA' ? 'd’une association agréée' : 'd’un organisme mixte de gestion agréé'
    return `Membre ${membre} par l’administration fiscale acceptant à ce titre le règlement des honoraires par carte bancaire ou par chèques libellés à son nom.`
  }
  const membre = nature === 'CGA' ? 'd’un centre de gestion agréé' : 'd’un organisme mixte de gestion agréé'
  return `Acceptant le règlement des sommes dues par chèques libellés à son nom ou par carte bancaire en sa qualité de membre ${membre} par l’administration fiscale.`
}
