import { datetime, octets } from '../../kernel/formats.ts'
import { callout, facts, heading, notice, paragraph, title } from '../../kernel/pdf/blocks.ts'
import { letterhead } from '../../kernel/pdf/letterhead.ts'
import { Paper } from '../../kernel/pdf/paper.ts'
import { table } from '../../kernel/pdf/table.ts'
import type { Faits } from './preuve-queries.ts'

/** The proof of what was sent: what happened, and the rows of the journal that show it. */
export interface PreuveData {
  emetteur: {
    nom: string
    forme: string
    adresse: string[]
    telephone: string
    courriel: string
    couleur: string
    logo: string | null
  }
  faits: Faits
  genre: 'document' | 'courrier'
  rows: { numero: number; le: string; phrase: string; precision: string; acteur: string; empreinte: string }[]
  /** Of the journal when the proof was made. */
  tete: { numero: number; empreinte: string } | null
  etabliePar: string
  /** Instant. */
  etablieLe: string
  /** AAAA-MM-JJ. */
  jour: string
}

export function render(data: PreuveData): Promise<Buffer> {
  const { emetteur, faits } = data
  const { envoi } = faits
  const quoi = data.genre === 'document' ? 'document' : 'courrier'
  const paper = new Paper({
    titre: `Preuve d’envoi d’un ${quoi}`,
    auteur: emetteur.nom,
    emisLe: data.jour,
    reference: `Preuve d’envoi, ${quoi} ${envoi.numero ?? envoi.id}`,
    verification: data.tete
      ? `Journal vérifiable jusqu’à la ligne ${data.tete.numero} : ${data.tete.empreinte}`
      : '',
    couleur: emetteur.couleur,
  })
  letterhead(paper, {
    nom: emetteur.nom,
    lignes: [emetteur.forme],
    contact: [...emetteur.adresse, emetteur.telephone, emetteur.courriel],
    logo: emetteur.logo,
  })
  title(paper, `Preuve d’envoi d’un ${quoi}`, envoi.titre)
  paragraph(
    paper,
    `${emetteur.nom} atteste que son portail a enregistré les faits suivants, à l’heure de Paris.`,
  )
  facts(paper, [
    ['Numéro', envoi.numero],
    ['Adhérent', envoi.adherent_nom && `${envoi.adherent_nom} (n° ${envoi.adherent_numero})`],
    ['Cabinet', envoi.cabinet_nom],
    ['Fichier', envoi.nom && `${envoi.nom}, ${octets(envoi.taille ?? 0)}`],
    ['Empreinte SHA-256 du fichier', envoi.sha256],
  ])
  heading(paper, 'Les étapes')
  facts(paper, etapes(faits, data.rows))
  if (envoi.retire_le !== null)
    callout(paper, 'Ce document a été retiré depuis', `Il a été retiré le ${datetime(envoi.retire_le)}.`)
  heading(paper, 'Les lignes du journal')
  if (data.rows.length === 0) paragraph(paper, 'Aucune ligne du journal ne porte sur cet envoi.')
  else
    table(
      paper,
      [
        { titre: 'N°', width: 44 },
        { titre: 'Le', width: 82 },
        { titre: 'Acte' },
        { titre: 'Par', width: 92 },
        { titre: 'Empreinte', width: 130 },
      ],
      data.rows.map((row) => ({
        cells: [
          String(row.numero),
          datetime(row.le),
          row.precision === '' ? row.phrase : `${row.phrase} (${row.precision})`,
          row.acteur,
          row.empreinte,
        ],
      })),
      { dense: true },
    )
  notice(
    paper,
    'Le journal est une suite de lignes dont chacune porte l’empreinte SHA-256 de son contenu et de l’empreinte de la ligne précédente : ' +
      'modifier ou supprimer une ligne rompt la suite. Celui qui détient le journal peut la vérifier ; ' +
      'celui qui détient le fichier peut en calculer l’empreinte et la comparer à celle-ci.',
  )
  notice(paper, `Établie le ${datetime(data.etablieLe)} par ${data.etabliePar}.`)
  return paper.finish()
}

function etapes(faits: Faits, rows: PreuveData['rows']): [string, string | null][] {
  const { envoi, courriels, lectures, reponses } = faits
  const loads = rows.filter(({ phrase }) => /téléchargé/i.test(phrase))
  const sent = courriels.filter(({ envoye_le }) => envoye_le !== null)
  return [
    [
      'Mis à disposition',
      envoi.publie_le &&
        `le ${datetime(envoi.publie_le)}${envoi.publie_par ? ` par ${envoi.publie_par}` : ''}`,
    ],
    ...sent.map((c): [string, string] => [
      'Courriel accepté par le serveur',
      `le ${datetime(c.envoye_le)}, pour ${c.nom ?? c.destinataire} (${c.destinataire})`,
    ]),
    ...courriels
      .filter(({ abandonne_le }) => abandonne_le !== null)
      .map((c): [string, string] => [
        'Courriel refusé',
        `le ${datetime(c.abandonne_le)}, pour ${c.destinataire}`,
      ]),
    [
      'Courriel',
      courriels.length === 0 ? 'aucun n’a été envoyé' : sent.length === 0 ? 'pas encore accepté' : null,
    ],
    [
      'Première lecture',
      lectures[0] ? `le ${datetime(lectures[0].premiere_le)} par ${lectures[0].nom}` : 'pas encore lu',
    ],
    ...lectures
      .slice(1)
      .map((l): [string, string] => ['Lu aussi', `le ${datetime(l.premiere_le)} par ${l.nom}`]),
    ...loads
      .slice(0, 20)
      .map((row): [string, string] => ['Téléchargé', `le ${datetime(row.le)} par ${row.acteur}`]),
    ...reponses.map((r): [string, string] => [
      'Répondu',
      `le ${datetime(r.transmise_le)} par ${r.auteur}${r.numero ? `, réponse n° ${r.numero}` : ''}`,
    ]),
  ]
}
