import type { Db } from '../../../kernel/db.ts'
import { writeJournal } from '../../../kernel/journal.ts'
import type { PlatformTask } from '../../../kernel/page.ts'
import { dayInFrance } from '../../../kernel/clock.ts'
import { pluriel } from '../../../kernel/formats.ts'
import { everyOrganisme } from '../../../kernel/organisme.ts'
import { startTravail } from '../../../kernel/travaux/queries.ts'
import { type TravailContext, defineTravail } from '../../../kernel/travaux/travail.ts'
import { addDays } from '../../clotures/calendrier.ts'
import { publishNew } from '../gestion/publication.ts'
import {
  countDue, countSent, holdForRelance, lastTravail, listDue, listOpen, lockReglages, readReglages, recordRelance,
} from './queries.ts' // prettier-ignore
import { type Due, type Reglages, lettreOf } from './regles.ts'

export const TRAVAIL = 'courriers.relances'
/** Relances written in one transaction: some tenths of a second. */
const LOT = 10

interface Donnees {
  /** The day that it is for: the next day is another sending. */
  jour: string
}

defineTravail<Donnees, Record<string, never>>(TRAVAIL, {
  annulation: 'Les relances déjà parties restent parties ; les autres ne partent pas.',
  libelle: 'Envoi de relances',
  can: 'gestion.relances.manage',
  batch: (travail, ctx) =>
    Promise.resolve(async (db) => {
      const today = dayInFrance(ctx.services.clock())
      if (travail.donnees.jour !== today)
        return { fait: travail.fait, fini: true, etape: 'La journée est passée' }
      const sent = await sendLot(db, ctx, today)
      const fait = travail.fait + sent
      return { fait, fini: sent === 0, etape: 'Envoi des relances', rapport: { envoyees: fait } }
    }),
})

/**
 * Sends the next relances of the day, none when nothing is due or the day is full. Two that send at once wait for one
 * another at the settings of the organisme, so that the cap holds and no courrier is reminded twice.
 */
async function sendLot(db: Db, ctx: TravailContext, today: string): Promise<number> {
  const reglages = await lockReglages(db)
  const room = reglages.plafond_jour - (await countSent(db, today))
  if (room <= 0) return 0
  const due = await listDue(db, today, { tropTot: false, limit: Math.min(LOT, room) })
  let sent = 0
  for (const one of due)
    if (await holdForRelance(db, one)) sent += await sendOne(db, ctx, reglages, one, today)
  return sent
}

async function sendOne(db: Db, ctx: TravailContext, reglages: Reglages, due: Due, today: string): Promise<1> {
  const avant = addDays(today, due.delai_jours)
  const ouvertes = await listOpen(db, due.id)
  const { adherent_id, structure_id, destinataire, cloture_id: clotureId } = due
  const lettre = lettreOf(due, reglages, { organisme: ctx.organisme.nom, echeance: avant, ouvertes })
  const { id, numero } = await publishNew(
    db,
    ctx.demandeur?.id ?? null,
    { ...lettre, adherent_id, structure_id, destinataire, clotureId, aRepondreAvant: null, fichierId: null,
      origineId: due.id, questions: [] },
    today,
  ) // prettier-ignore
  await recordRelance(db, due, { relanceId: id, jour: today, avant, automatique: true })
  await writeJournal(db, ctx.demandeur ?? undefined, {
    action: 'courrier.relance',
    objet: 'courrier',
    objetId: due.id,
    adherentId: adherent_id,
    detail: { numero, relance: id, rang: due.rang, avant },
    request: '',
  })
  return 1
}

/** Asks for the sending of what is due today, if the day has room. @returns id of the work, or null */
export async function startSending(db: Db, today: string): Promise<{ id: string; nombre: number } | null> {
  const [reglages, counts, already] = await Promise.all([
    lockReglages(db),
    countDue(db, today),
    countSent(db, today),
  ])
  const running = await lastTravail(db, TRAVAIL)
  if (running?.etat === 'pret' || running?.etat === 'en_cours') return null
  const due = counts.filter((c) => !c.trop_tot).reduce((sum, c) => sum + c.n, 0)
  const nombre = Math.min(due, Math.max(0, reglages.plafond_jour - already))
  if (nombre === 0) return null
  const id = await startTravail(db, {
    genre: TRAVAIL,
    titre: `${pluriel(nombre, 'relance', 'relances')} du jour`,
    lien: '/gestion/relances',
    donnees: { jour: today },
    total: nombre,
  })
  return { id, nombre }
}

/** Each working morning, for the organismes that want it: 7 h in winter and 8 h in summer, in France. */
export const chaqueMatin: PlatformTask = {
  cron: '0 6 * * 1-5',
  async run({ database, clock }) {
    await everyOrganisme(database, ({ transaction }) =>
      transaction(async (db) => {
        const reglages = await readReglages(db).catch(() => undefined)
        if (reglages?.automatique_depuis) await startSending(db, dayInFrance(clock()))
      }),
    )
  },
}
