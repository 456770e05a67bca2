import { date, siret, telephone } from '../../../kernel/formats.ts'
import { signature as signatureBlock, type Facts } from '../../../kernel/pdf/blocks.ts'
import { letterhead } from '../../../kernel/pdf/letterhead.ts'
import { Paper } from '../../../kernel/pdf/paper.ts'
import type { Exercice } from '../adhesion.ts'
import type { Jour } from '../calendrier.ts'
import { codeVerification } from '../numero.ts'
import { mentionsAgrement, type Agrement, type NatureOga, type Regime, type ReglesRegime } from '../regime.ts'

/* What the three papers of a clôture share: plain data, and the top and foot of the page. */

export interface Emetteur {
  nom: string
  nature: NatureOga
  /** « Association régie par la loi du 1er juillet 1901 » */
  forme: string
  adresse: string[]
  telephone: string
  courriel: string
  site: string
  /** '#rrggbb' */
  couleur: string
  /** PNG in base64. */
  logo: string | null
  agrement: Agrement | null
}

export interface Destinataire {
  nom: string
  /** N° d'adhérent. */
  numero: string
  siret: string | null
  profession: string | null
  adresse: string[]
}

export interface Signataire {
  nom: string
  /** « Président », « Directrice, par délégation du président » */
  qualite: string
  lieu: string
}

/** In every document's data. */
export interface Socle {
  emetteur: Emetteur
  adherent: Destinataire
  exercice: Exercice
  /** Firm of accountants, or null when the member keeps the accounts alone. */
  cabinet: string | null
  emisLe: Jour
  numero: string
  /** Number of the paper that this one replaces. */
  remplace: string | null
  signataire: Signataire
  regles: ReglesRegime
}

/** Opens the paper of a document: letterhead, foot, code of verification. */
export function openPaper(
  kind: string,
  titre: string,
  data: Socle,
  regime: Regime,
): { paper: Paper; code: string } {
  const { emetteur, numero, emisLe, regles } = data
  const code = codeVerification(kind, data)
  const paper = new Paper({
    titre: `${titre} n° ${numero}`,
    auteur: emetteur.nom,
    emisLe,
    reference: `${titre} n° ${numero} du ${date(emisLe)}`,
    verification: `Code de vérification : ${code}`,
    couleur: emetteur.couleur,
  })
  letterhead(paper, {
    nom: emetteur.nom,
    lignes: [emetteur.forme, ...mentionsAgrement(emetteur, regime, emisLe, regles)],
    contact: [...emetteur.adresse, telephone(emetteur.telephone), emetteur.courriel, emetteur.site],
    logo: emetteur.logo,
  })
  return { paper, code }
}

/** The lines that say whose paper it is and for which year. */
export function identite({ adherent, exercice, cabinet }: Socle): Facts {
  return [
    ['Adhérent', adherent.nom],
    ['Numéro d’adhérent', adherent.numero],
    ['SIRET', siret(adherent.siret) || null],
    ['Profession', adherent.profession],
    ['Adresse', adherent.adresse.join('\n')],
    ['Exercice', periode(exercice)],
    ['Cabinet d’expertise comptable', cabinet],
  ]
}

export function periode({ debut, fin }: Exercice): string {
  return `du ${date(debut)} au ${date(fin)}`
}

export function signature(paper: Paper, { lieu, nom, qualite }: Signataire, le: Jour): void {
  signatureBlock(paper, `Fait à ${lieu}, le ${date(le)}`, nom, qualite)
}
