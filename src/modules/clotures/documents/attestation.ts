import { date } from '../../../kernel/formats.ts'
import { callout, facts, notice, paragraph, title } from '../../../kernel/pdf/blocks.ts'
import type { Exercice } from '../adhesion.ts'
import type { Jour } from '../calendrier.ts'
import {
  intitules,
  mentionCheques,
  regimeAt,
  regimeOfAttestation,
  type Categorie,
  type NatureOga,
} from '../regime.ts'
import { identite, openPaper, periode, signature, type Socle } from './emetteur.ts'

/**
 * Attestation: who, member of whom, since when, until when (annexe II, 371 L, 371 W, 371 Z quaterdecies; form of
 * instruction 5 J-3-32 §3-5). Under the agrément it is joined to the return; without, it states a contract.
 */
export interface AttestationData extends Socle {
  categorie: Categorie
  adhesionLe: Jour
  /** Day on which the quality of member was lost. */
  perteLe: Jour | null
  /** The part of the exercice that the membership covers, when it is not the whole. */
  periodePartielle: Exercice | null
}

const ARTICLE: Record<NatureOga, string> = { CGA: '371 L', AGA: '371 W', OMGA: '371 Z quaterdecies' }

export function render(data: AttestationData): Promise<Buffer> {
  const { emetteur, exercice, emisLe, regles, adhesionLe, perteLe, periodePartielle } = data
  const regime = regimeOfAttestation(exercice.fin, emisLe, regles)
  const agree = regime === 'AGREE'
  const titre = intitules(regime).attestation
  const { paper, code } = openPaper('attestation', titre, data, regime)

  title(paper, titre, `N° ${data.numero}, exercice ${periode(exercice)}`)
  const statement = agree
    ? `${emetteur.nom} atteste que l’adhérent désigné ci-dessous figure parmi ses membres, dans les conditions indiquées.`
    : `${emetteur.nom} atteste que l’adhérent désigné ci-dessous lui a confié une mission de contrôle et d’accompagnement pour l’exercice indiqué.`
  const replaced =
    data.remplace === null ? '' : ` Cette attestation annule et remplace l’attestation n° ${data.remplace}.`
  paragraph(paper, statement + replaced)
  paper.y += 4
  facts(paper, [
    ...identite(data),
    [agree ? 'Date d’adhésion' : 'Adhérent depuis le', date(adhesionLe)],
    [agree ? 'Perte de la qualité d’adhérent' : 'Fin de l’adhésion', date(perteLe)],
  ])
  if (periodePartielle) {
    callout(
      paper,
      `Cette attestation ne couvre qu’une partie de l’exercice : ${periode(periodePartielle)}`,
      agree
        ? 'Elle ne suffit pas, à elle seule, à ouvrir droit aux avantages fiscaux attachés à l’adhésion.'
        : 'La mission n’a pas porté sur le reste de l’exercice.',
    )
  }
  const cheques = mentionCheques(emetteur.nature, data.categorie, regime)
  if (cheques !== null) {
    const now = regimeAt(emisLe, regles) === 'AGREE'
    const lead = now ? 'L’adhérent informe' : 'Pendant la durée de l’agrément, l’adhérent informait'
    paragraph(paper, `${lead} sa clientèle par la mention suivante : « ${cheques} »`)
  }
  signature(paper, data.signataire, emisLe)
  const use = agree
    ? `Attestation à joindre à la déclaration de résultats de l’exercice (code général des impôts, annexe II, article ${ARTICLE[emetteur.nature]}).`
    : 'Attestation délivrée au titre d’une mission contractuelle. Elle n’est pas à joindre à la déclaration de résultats.'
  notice(paper, `${use} Pour la vérifier, indiquez-nous son numéro et son code : ${code}.`)
  return paper.finish()
}
