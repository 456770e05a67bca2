import { writeIcs } from '../../kernel/ics.ts'
import type { FormationFiche } from './formation.ts'

/**
 * The session as a calendar file, in UTC, which every calendar shows in its own time.
 * @param contact how to reach the organisme, in one line
 * @param now when the file is made
 */
export function calendrier(formation: FormationFiche, contact: string, now: Date): string {
  const event = {
    uid: formation.id,
    at: { debut: new Date(formation.debut), fin: new Date(formation.fin) },
    titre: formation.titre,
    lieu: [formation.lieu, ...formation.adresse].join(', '),
    texte: [formation.resume, contact].filter(Boolean).join('\n\n'),
  }
  return writeIcs({ produit: 'Formations', evenements: [event] }, now)
}
