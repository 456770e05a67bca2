import { datetime, euros, nombre } from '../../kernel/formats.ts'
import { callout, facts, heading, notice, paragraph, title } from '../../kernel/pdf/blocks.ts'
import { letterhead } from '../../kernel/pdf/letterhead.ts'
import { Paper } from '../../kernel/pdf/paper.ts'
import { table } from '../../kernel/pdf/table.ts'
import { MENTION, conclusionDe } from './conclusion.ts'
import { GRAVITES } from './controle/constats.ts'
import type { Rapport } from './controle/rapport.ts'
import { factsOf } from './faits.ts'
import { GRAVITES_LIBELLES, compteDe, phraseDe } from './explications.ts'

/** The report of a check, for the records of who sent the file. */
export interface PapierData {
  emetteur: {
    nom: string
    forme: string
    adresse: string[]
    telephone: string
    courriel: string
    couleur: string
    logo: string | null
  }
  adherent: { nom: string; numero: string; libelle: string }
  accuse: string
  /** SHA-256 of the file. */
  empreinte: string
  rapport: Rapport
  /** Instant of the check. */
  faitLe: string
  /** AAAA-MM-JJ. */
  jour: string
}

export function render(data: PapierData): Promise<Buffer> {
  const { emetteur, rapport } = data
  const paper = new Paper({
    titre: 'Rapport de contrôle du fichier des écritures comptables',
    auteur: emetteur.nom,
    emisLe: data.jour,
    reference: `Contrôle du FEC, envoi ${data.accuse}`,
    verification: `Empreinte SHA-256 du fichier : ${data.empreinte}`,
    couleur: emetteur.couleur,
  })
  letterhead(paper, {
    nom: emetteur.nom,
    lignes: [emetteur.forme],
    contact: [...emetteur.adresse, emetteur.telephone, emetteur.courriel],
    logo: emetteur.logo,
  })
  const conclusion = conclusionDe(rapport)
  title(paper, 'Contrôle du fichier des écritures comptables', rapport.nom)
  callout(paper, conclusion.titre, conclusion.texte)
  facts(paper, [
    [data.adherent.libelle, `${data.adherent.nom} (n° ${data.adherent.numero})`],
    ['Envoi', data.accuse],
    ['Contrôlé le', datetime(data.faitLe)],
    ...factsOf(rapport),
  ])
  for (const gravite of GRAVITES) findings(paper, rapport, gravite)
  if (rapport.journaux.length > 0) journals(paper, rapport)
  for (const limite of rapport.limites) notice(paper, limite)
  notice(paper, MENTION)
  return paper.finish()
}

function findings(paper: Paper, rapport: Rapport, gravite: (typeof GRAVITES)[number]): void {
  const list = rapport.constats.filter((constat) => constat.gravite === gravite)
  if (list.length === 0) return
  heading(paper, GRAVITES_LIBELLES[gravite].titre)
  for (const constat of list) {
    const phrase = phraseDe(constat)
    const compte = compteDe(constat)
    paragraph(paper, compte === '' ? phrase.titre : `${phrase.titre} (${compte})`, { font: 'semibold' })
    paragraph(paper, `${phrase.sens} ${phrase.remede}`, { size: 9 })
    const shown = constat.lignes.map(({ n, texte }) =>
      n === 0 ? texte : texte === '' ? `ligne ${n}` : `ligne ${n} : ${texte}`,
    )
    if (shown.join('') !== '') {
      const more = constat.nombre > constat.lignes.length && constat.code !== 'numerotation' ? ' ; …' : ''
      notice(paper, `${shown.join(' ; ')}${more}`)
    }
  }
}

/** Of a file with hundreds of journals, the first ones. */
const MAX_JOURNAUX = 60

function journals(paper: Paper, { journaux }: Rapport): void {
  heading(paper, 'Les journaux')
  table(
    paper,
    [
      { titre: 'Journal' },
      { titre: 'Lignes', width: 60, align: 'right' },
      { titre: 'Débit', width: 90, align: 'right' },
      { titre: 'Crédit', width: 90, align: 'right' },
    ],
    journaux.slice(0, MAX_JOURNAUX).map((j) => ({
      cells: [`${j.code} ${j.libelle}`.trim(), nombre(j.lignes), euros(j.debit, true), euros(j.credit, true)],
    })),
    { dense: true },
  )
}
