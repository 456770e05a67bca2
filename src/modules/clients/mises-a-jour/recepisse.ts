import { date, datetime, siret } from '../../../kernel/formats.ts'
import { facts, heading, notice, paragraph, title } from '../../../kernel/pdf/blocks.ts'
import { letterhead } from '../../../kernel/pdf/letterhead.ts'
import { Paper } from '../../../kernel/pdf/paper.ts'
import { table } from '../../../kernel/pdf/table.ts'
import { RAISONS, type Mouvement } from './mouvement.ts'

/** Récépissé of a list of changes: what was told, when, by whom. */
export interface RecepisseData {
  recepisse: string
  emetteur: {
    nom: string
    forme: string
    adresse: string[]
    telephone: string
    courriel: string
    couleur: string
  }
  cabinet: { nom: string; numero: string }
  envoyePar: string
  /** Instant. */
  envoyeLe: string
  /** AAAA-MM-JJ. */
  jour: string
  arrivees: Ligne[]
  departs: Ligne[]
}

export type Ligne = Pick<Mouvement, 'numero' | 'nom' | 'siret' | 'profession' | 'le' | 'raison' | 'precision'>

/** Of each zone: a paper of a thousand pages helps nobody. Beyond, the whole list goes with it as a table. */
const MAX_LIGNES = 300

export function render(data: RecepisseData): Promise<Buffer> {
  const { emetteur, cabinet, arrivees, departs } = data
  const paper = new Paper({
    titre: `Récépissé ${data.recepisse}`,
    auteur: emetteur.nom,
    emisLe: data.jour,
    reference: `Récépissé ${data.recepisse} du ${date(data.jour)}`,
    verification: 'Conservé dans l’espace sécurisé du cabinet et chez l’organisme.',
    couleur: emetteur.couleur,
  })
  letterhead(paper, {
    nom: emetteur.nom,
    lignes: [emetteur.forme],
    contact: [...emetteur.adresse, emetteur.telephone, emetteur.courriel],
    logo: null,
  })
  title(paper, 'Mise à jour de la liste des clients', `Récépissé n° ${data.recepisse}`)
  paragraph(
    paper,
    `${emetteur.nom} a reçu du cabinet désigné ci-dessous les changements suivants, qu’il va vérifier.`,
  )
  facts(paper, [
    ['Cabinet', `${cabinet.nom} (${cabinet.numero})`],
    ['Envoyé par', data.envoyePar],
    ['Reçu le', datetime(data.envoyeLe)],
    ['Nouveaux clients', String(arrivees.length)],
    ['Départs', String(departs.length)],
  ])
  zone(paper, 'Nouveaux clients', arrivees, (l) => ({
    cells: [l.nom, l.numero || '–', siret(l.siret), l.profession, date(l.le)],
  }))
  zone(paper, 'Départs clients', departs, (l) => ({
    cells: [l.nom, l.numero || '–', siret(l.siret), raisonDe(l), date(l.le)],
  }))
  notice(
    paper,
    'Ce récépissé atteste la réception de la demande. La liste change quand l’organisme l’a acceptée.',
  )
  return paper.finish()
}

function zone(paper: Paper, titre: string, list: Ligne[], row: (ligne: Ligne) => { cells: string[] }): void {
  if (list.length === 0) return
  heading(paper, titre)
  table(
    paper,
    [
      { titre: 'Nom' },
      { titre: 'N°', width: 48 },
      { titre: 'SIRET', width: 92 },
      { titre: titre.startsWith('Départs') ? 'Raison' : 'Profession', width: 120 },
      { titre: 'Le', width: 62 },
    ],
    list.slice(0, MAX_LIGNES).map(row),
    { dense: true },
  )
  if (list.length > MAX_LIGNES) {
    paragraph(
      paper,
      `Et ${list.length - MAX_LIGNES} autres, dans le tableau joint à ce récépissé dans l’espace sécurisé.`,
    )
  }
}

function raisonDe(ligne: Ligne): string {
  const raison = ligne.raison === '' ? '' : RAISONS[ligne.raison]
  return ligne.precision === '' ? raison : `${raison} – ${ligne.precision}`
}
