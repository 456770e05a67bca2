import { createActivation } from '../../../kernel/auth/activation.ts'
import type { Db } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { pluriel } from '../../../kernel/formats.ts'
import { writeJournalRows } from '../../../kernel/journal.ts'
import { queueMails } from '../../../kernel/mail/queue.ts'
import { sql } from '../../../kernel/sql.ts'
import { startTravail } from '../../../kernel/travaux/queries.ts'
import { type Avancement, type TravailContext, defineTravail } from '../../../kernel/travaux/travail.ts'
import { cadenceOf } from '../../publications/courriels.ts'
import { readReglages } from '../../publications/queries.ts'
import { type Bilan, remaining } from './bilan.ts'
import {
  type Raison, createUnlessThere, insertEcartees, insertSansAdresse, listACreer, readPlaces,
} from './queries.ts' // prettier-ignore

export const TRAVAIL = 'comptes.inviter'
export const ENVOIS = '/gestion/comptes/invitations/envois'
/** Accounts made in one transaction: it holds no lock for long. */
const LOT = 50
/** Members that are only written down as left out. */
const LOT_SANS_PLACE = 500

interface Curseur {
  /** The last adhérent looked at. */
  apres: string
}

export type Rapport = Partial<Record<'invites' | Raison, number>>

defineTravail<Record<string, never>, Curseur>(TRAVAIL, {
  libelle: 'Invitations en nombre',
  can: 'gestion.comptes.manage',
  annulation: 'Les invitations déjà parties restent valables ; les autres ne partiront pas.',
  batch: (travail, ctx) =>
    Promise.resolve((db) =>
      inviteLot(db, ctx, {
        id: travail.id,
        fait: travail.fait,
        apres: travail.curseur.apres,
        rapport: travail.rapport,
      }),
    ),
})

interface Avant {
  id: string
  fait: number
  apres: string | undefined
  rapport: Rapport
}

/** The next members by name: an account and a link for each while there is room, a line of the report for the others. */
async function inviteLot(db: Db, ctx: TravailContext, avant: Avant): Promise<Avancement> {
  let places = remaining(await readPlaces(db)) ?? Infinity
  const { size, pauseMs } = cadenceOf((await readReglages(db)).par_minute)
  const limit = places === 0 ? LOT_SANS_PLACE : Math.min(LOT, size)
  const rows = await listACreer(db, avant.apres, limit)
  const invited: { compte: string; adherentId: string; lien: string }[] = []
  const out: { id: string; raison: Raison }[] = []
  for (const { id, pris } of rows) {
    if (pris) out.push({ id, raison: 'identifiant' })
    else if (places === 0) out.push({ id, raison: 'places' })
    else {
      const compte = await createUnlessThere(db, id)
      if (compte === null) continue
      places--
      invited.push({ compte, adherentId: id, lien: await createActivation(db, compte) })
    }
  }
  await insertEcartees(db, avant.id, out)
  const fini = rows.length < limit
  const sansAdresse = fini ? await insertSansAdresse(db, avant.id) : 0
  await tell(db, ctx, invited)
  const count = (raison: Raison) => out.filter((one) => one.raison === raison).length
  const { rapport } = avant
  return {
    fait: avant.fait + rows.length,
    // Who was left at the last is all there is, whatever was counted at the beginning.
    ...(fini && { total: avant.fait + rows.length }),
    etape: fini ? 'Les invitations sont parties' : 'Envoi des invitations',
    curseur: { apres: rows.at(-1)?.id ?? avant.apres },
    rapport: {
      invites: (rapport.invites ?? 0) + invited.length,
      identifiant: (rapport.identifiant ?? 0) + count('identifiant'),
      places: (rapport.places ?? 0) + count('places'),
      adresse: sansAdresse,
    },
    fini,
    ...(!fini &&
      pauseMs > 0 &&
      invited.length > 0 && { attendre: new Date(ctx.services.clock().getTime() + pauseMs) }),
  }
}

async function tell(
  db: Db,
  ctx: TravailContext,
  invited: readonly { compte: string; adherentId: string; lien: string }[],
): Promise<void> {
  if (invited.length === 0) return
  await queueMails(
    db,
    'activation',
    invited.map(({ compte, lien }) => ({
      key: `activation:${compte}:${lien.slice(-43)}`,
      to: compte,
      data: { lien },
    })),
  )
  await writeJournalRows(
    db,
    ctx.demandeur ?? undefined,
    { action: 'compte.cree', objet: 'compte', request: TRAVAIL, detail: { enNombre: true } },
    invited.map(({ compte, adherentId }) => ({ objetId: compte, adherentId })),
  )
}

/** The work that is under way or stopped on its way, if any: one at a time. */
export function runningInvitations(db: Db): Promise<{ id: string } | undefined> {
  return db.maybe<{ id: string }>(sql`select id from travaux where genre = ${TRAVAIL}
    and etat in ('pret', 'en_cours', 'en_pause', 'echoue') order by cree_le desc limit 1`)
}

/** Asks for all of them to be invited. @returns the id of the work @throws Refusal when there is nothing to do, or a work is on it */
export async function startInvitations(db: Db, bilan: Bilan): Promise<string> {
  await db.run(
    sql`select pg_advisory_xact_lock(hashtextextended('invitations:' || app.organisme_id()::text, 0))`,
  )
  if (await runningInvitations(db))
    throw new Refusal(
      'Des invitations sont déjà en cours : attendez leur fin, ou annulez-les, avant d’en lancer d’autres.',
    )
  if (bilan.invites === 0)
    throw new Refusal('Personne ne peut être invité pour le moment : voyez pourquoi ci-dessous.')
  return startTravail(db, {
    genre: TRAVAIL,
    titre: `Inviter ${pluriel(bilan.invites, 'adhérent', 'adhérents')}`,
    lien: (id) => `${ENVOIS}/${id}`,
    donnees: {},
    total: bilan.joignables,
  })
}
