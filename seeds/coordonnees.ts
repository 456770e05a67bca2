import type { Seed } from './demo.ts'

interface Row {
  organisme: string
  numero: string
  zone: string
  /** The column of `adherents` that the zone stands for. */
  colonne: string
  apres: string[]
  /** Days from today. */
  demande: number
  issue?: 'acceptee' | 'refusee' | 'retiree'
  close?: number
  par?: string
  motif?: string
}

const ROWS: Row[] = [
  { organisme: 'estuaire', numero: '657', zone: 'telephones', colonne: 'telephones', apres: ['+33500000657', '+33600000657'], demande: -2 },
  { organisme: 'estuaire', numero: '940', zone: 'adresse-personnelle', colonne: 'adresse_personnelle',
    apres: ['Résidence des Chartreux, bâtiment C', '27 chemin de la Combe aux Dames', '24000 PERIGUEUX'], demande: -5 },
  { organisme: 'estuaire', numero: '657', zone: 'profession', colonne: 'professions', apres: ['Architecte d’intérieur', 'Décoratrice'],
    demande: -120, issue: 'refusee', close: -117, par: 'agent@estuaire.example',
    motif: 'Cette activité ne figure pas encore sur votre avis de situation. Joignez-le dans «\u00a0Transfert de données\u00a0», puis refaites la demande.' },
  { organisme: 'estuaire', numero: '657', zone: 'courriel', colonne: 'courriel', apres: ['adherent657@estuaire-adherents.example'],
    demande: -240, issue: 'acceptee', close: -238, par: 'agent@estuaire.example' },
  { organisme: 'estuaire', numero: '940', zone: 'siret', colonne: 'siret', apres: ['00000001800010'],
    demande: -60, issue: 'retiree', close: -60, par: '940' },
  { organisme: 'midi', numero: '657', zone: 'telephones', colonne: 'telephones', apres: ['+33400000657'], demande: -1 },
] // prettier-ignore

/** Requests to change coordinates: two that wait at the Estuaire, one at the Midi, some decided. */
export async function seedCoordonnees(seed: Seed): Promise<void> {
  for (const row of ROWS) {
    const person = (login: string) => seed.people[`${row.organisme}/${login}`]
    await seed.sql(
      `insert into modifications (organisme_id, adherent_id, zone, avant, apres, demande_le, demande_par, close_le,
         close_par, issue, motif)
       select organisme_id, id, $3, ${before(row)}, $4, $5::date + time '09:40', $6, $7::date + time '14:05', $8, $9, $10
       from adherents where organisme_id = $1 and id = $2`,
      [seed.organismes[row.organisme], seed.adherents[`${row.organisme}/${row.numero}`], row.zone, row.apres,
        seed.day(row.demande), person(row.numero), row.close === undefined ? null : seed.day(row.close),
        row.par === undefined ? null : person(row.par), row.issue ?? null, row.motif ?? ''], // prettier-ignore
    )
  }
}

/** What the fiche said when the request was made: as today, or another address for the one that was accepted. */
function before(row: Row): string {
  if (row.issue === 'acceptee') return `array['solene.carriveau@ancienne-messagerie.example']`
  return row.colonne === 'siret' || row.colonne === 'courriel' ? `array[${row.colonne}]` : row.colonne
}
