import { duree, horaires } from './formation.ts'
import type { Session } from './gestion-queries.ts'
import { ETATS, etatOf } from './session.ts'

export const BASE = '/gestion/formations'
export const can = 'gestion.formations.manage'

export function shown(session: Session, now: Date) {
  return {
    ...session,
    etat: ETATS[etatOf(session, now)],
    duree: duree(session.duree_minutes),
    horaires: horaires(session),
  }
}

/** A session as its form shows it. */
export function fields(session: Session) {
  const { jour, jour_fin, duree_minutes } = session
  return {
    ...session,
    jour_fin: jour_fin === jour ? '' : jour_fin,
    adresse: session.adresse.join('\n'),
    duree: String(Math.round((duree_minutes / 60) * 100) / 100).replace('.', ','),
  }
}

export function trail(titre: string, id?: string, last?: string) {
  const first = { libelle: 'Formations', url: BASE }
  return id === undefined
    ? [first, { libelle: titre }]
    : [first, { libelle: titre, url: `${BASE}/${id}` }, { libelle: last }]
}
