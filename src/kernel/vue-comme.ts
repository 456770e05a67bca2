import type { Response } from 'express'
import type { Context } from './db.ts'
import { Forbidden } from './errors.ts'
import { writeJournal } from './journal.ts'
import type { JournalNote, Route, Utilisateur } from './page.ts'
import { allowed } from './policy.ts'
import type { ParvisRequest } from './request.ts'
import type { Services } from './services.ts'
import { fingerprint } from './session.ts'
import { sql } from './sql.ts'

/*
 * « Voir comme »: somebody of the staff sees the portal as a member or a person of a cabinet does. Read-only three
 * times: the router refuses every act, the doors of the database write nothing, and the transaction is READ ONLY.
 * docs/decisions/0040 says what stays hidden.
 */

/** What is a person's own and not the trade's: password, address, second factor, sessions. */
const PERSONAL = 'profil.manage'

/**
 * A look that is over (thirty minutes, the right taken back, ended elsewhere): the session is that of its owner again.
 * @returns true when the answer has left
 */
export async function leaveEndedView(
  services: Services,
  req: ParvisRequest,
  res: Response,
  route: Route,
): Promise<boolean> {
  const { vue } = req
  if (!vue) return false
  if (req.session.vue?.ouverte && allowed(vue.par, 'voir-comme.open')) return false
  if (endsView(route)) return false
  await services.database.acces.run(sql`update acces.sessions set vue_comme_id = null
    where empreinte = ${fingerprint(req.sessionID)}`)
  req.user = vue.par
  req.vue = undefined
  if (route.method === 'POST') throw new Forbidden('voir-comme')
  req.session.notice = { genre: 'info', texte: 'La vue est terminée\u00a0: vous êtes de nouveau vous-même.' }
  await new Promise<void>((resolve, reject) => {
    req.session.save((error?: Error | null) => (error ? reject(error) : resolve()))
  })
  res.redirect(303, '/')
  return true
}

/**
 * Nothing is done as another person, and what is personal is not shown. The acts that end the look are done by who looks.
 * @throws Forbidden
 */
export function keepOutOnlooker(req: ParvisRequest, route: Route): void {
  if (!req.vue) return
  if (endsView(route)) {
    req.user = req.vue.par
    req.vue = undefined
    return
  }
  if (route.method === 'POST' || route.can === PERSONAL) throw new Forbidden('voir-comme')
}

function endsView(route: Route): boolean {
  return route.method === 'POST' && route.endsView === true
}

/** The services of a request: those of an onlooker reach a database that takes nothing. */
export function onlookerServices(services: Services, req: ParvisRequest): Services {
  return req.vue ? { ...services, database: services.database.onlooking(req.vue.id) } : services
}

/** Every page seen under another's eyes is a row of the journal, under the name of who looked. */
export async function noteLook(services: Services, req: ParvisRequest, route: Route): Promise<void> {
  const { vue, user, organisme, looked: notes = [] } = req
  if (!vue || !user) return
  const context = contextOf(organisme.id, vue.par)
  const detail = { comme: user.login, vue: vue.id, page: route.path }
  await services.database.inOrganisme(context, async (db) => {
    for (const note of notes.length > 0 ? notes : [{} as JournalNote]) {
      await writeJournal(db, vue.par, {
        action: 'voir-comme.page',
        objet: note.objet ?? route.path.split('/')[1] ?? '',
        objetId: note.objetId ?? (typeof req.params.id === 'string' ? req.params.id : null),
        adherentId: note.adherentId ?? user.adherentId,
        detail: { ...note.detail, ...(note.action && { acte: note.action }), ...detail },
        request: req.requestId,
      })
    }
  })
}

function contextOf(organismeId: string, user: Utilisateur): Context {
  return {
    organismeId,
    role: user.role,
    utilisateurId: user.id,
    adherentId: user.adherentId,
    structureId: user.structureId,
  }
}
