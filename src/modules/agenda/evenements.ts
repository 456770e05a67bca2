import type { Db, Role } from '../../kernel/db.ts'
import { pluriel } from '../../kernel/formats.ts'
import type { IcsEvent } from '../../kernel/ics.ts'
import { addDays, type Jour } from '../clotures/calendrier.ts'
import { liasseDueDate, parametresAt } from '../clotures/echeances.ts'
import { readRegles } from '../clotures/queries.ts'
import { LIBELLES_LIMITES, listLimites } from '../suivi/echeances-queries.ts'
import { LISTE } from '../suivi/paths.ts'
import { rattraper } from '../suivi/queries.ts'
import { lien } from '../../kernel/views.ts'
import { listCloturesDues, listReponsesDues } from './queries.ts'

/*
 * What a calendar may say. Its address is a secret that lives in servers that are not ours: no name, no number of an
 * adhérent (it is his log-in), no subject of a courrier. A firm reads its own number of the dossier; staff reads counts.
 */

/** Days that stay in the calendar after they have passed, and days looked ahead. */
const PASSES = 31
const A_VENIR = 400

/** Origin of the organisme, `https://…`, and its host, which makes the uids its own. */
export interface Place {
  origine: string
  hote: string
}

export async function staffEvents(db: Db, today: Jour, place: Place): Promise<IcsEvent[]> {
  const [, limites] = await Promise.all([
    rattraper(db),
    listLimites(db, addDays(today, -PASSES), addDays(today, A_VENIR)),
  ])
  return limites.map(({ exercice, limite, jour, dossiers }) => ({
    uid: `${limite}-${exercice}-${jour}@${place.hote}`,
    at: { jour },
    titre: `${LIBELLES_LIMITES[limite]}, exercice ${exercice}\u00a0: ${pluriel(dossiers, 'dossier', 'dossiers')}`,
    url: place.origine + lien(LISTE, { exercice, jour, limite }),
  }))
}

export async function memberEvents(db: Db, role: Role, today: Jour, place: Place): Promise<IcsEvent[]> {
  const cote = role === 'adherent' ? 'adherent' : 'cabinet'
  const [reponses, clotures, regles] = await Promise.all([
    listReponsesDues(db, cote, addDays(today, -PASSES)),
    listCloturesDues(db, addDays(today, -A_VENIR)),
    readRegles(db),
  ])
  const answers = reponses.map(({ id, numero, jour, dossier }) => ({
    uid: `courrier-${id}@${place.hote}`,
    at: { jour },
    titre: `Réponse attendue\u00a0: courrier n°\u00a0${numero}${cote === 'cabinet' && dossier !== '' ? `, dossier n°\u00a0${dossier}` : ''}`,
    url: `${place.origine}/courriers/${id}`,
  }))
  const many = (dossiers: number) =>
    cote === 'cabinet' ? `\u00a0: ${pluriel(dossiers, 'dossier', 'dossiers')}` : ''
  const url = place.origine + (cote === 'cabinet' ? '/clients' : '/')
  const ends = gather(clotures.filter((c) => c.fin >= addDays(today, -PASSES))).map(({ fin, dossiers }) => ({
    uid: `cloture-${fin}@${place.hote}`,
    at: { jour: fin },
    titre: `Clôture de l’exercice ${fin.slice(0, 4)}${many(dossiers)}`,
    url,
  }))
  const returns = clotures
    .filter((c) => c.attendue)
    .map(({ fin, dossiers }) => ({
      fin,
      dossiers,
      jour: liasseDueDate(fin, parametresAt(regles.parametres, fin)),
    }))
    .filter(({ jour }) => jour >= addDays(today, -PASSES) && jour <= addDays(today, A_VENIR))
    .map(({ fin, dossiers, jour }) => ({
      uid: `liasse-${fin}@${place.hote}`,
      at: { jour },
      titre: `Date limite de la liasse, exercice ${fin.slice(0, 4)}${many(dossiers)}`,
      url,
    }))
  return [...answers, ...ends, ...returns].sort((a, b) => (a.at.jour < b.at.jour ? -1 : 1))
}

function gather(rows: readonly { fin: string; dossiers: number }[]): { fin: string; dossiers: number }[] {
  const days = new Map<string, number>()
  for (const { fin, dossiers } of rows) days.set(fin, (days.get(fin) ?? 0) + dossiers)
  return [...days].map(([fin, dossiers]) => ({ fin, dossiers }))
}
