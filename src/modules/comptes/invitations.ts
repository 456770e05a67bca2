import { z } from 'zod'
import { inviteByMail } from '../../kernel/auth/activation.ts'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { choix, courriel, plusieurs, texte, uuid } from '../../kernel/forms.ts'
import { queueJob } from '../../kernel/jobs.ts'
import { writeJournal } from '../../kernel/journal.ts'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type JobHandler, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { refusedAccount } from './compte.ts'
import { createCompte } from './queries.ts'
import { LISTE, pathOf, sujet } from './shown.ts'

const PAGE = `${LISTE}/invitations`
const PAR_PAGE = 50
/** Accounts made in one transaction of the job: it holds no lock for long, and goes on where it was. */
const PAR_LOT = 50
const can = 'gestion.comptes.manage'

interface SansCompte {
  id: string
  numero: string
  denomination: string
  courriel: string
}

/** Members of today who have an address and no account. */
const SANS_COMPTE = sql`from adherents a where a.courriel <> '' and (a.perte_qualite_le is null or a.perte_qualite_le > current_date)
  and not exists (select from utilisateurs u where u.organisme_id = a.organisme_id and u.adherent_id = a.id)`

const Nouveau = z.strictObject({
  genre: choix('de qui est le compte', ['adherent', 'cabinet']),
  numero: texte('le numéro', 20),
  courriel,
})

/** Accounts for those who have none: one, those that are ticked, or all of them. */
export const invitations: Route[] = [
  page(PAGE, {
    can,
    query: z.object(keysetQuery(UUID)),
    async run({ db, query }) {
      const back = query.avant !== undefined
      const from = query.apres ?? query.avant
      const place = sql`(select (b.recherche, b.id) from adherents b where b.id = ${from ?? null})`
      const start = from === undefined ? sql`true` : back ? sql`(a.recherche, a.id) < ${place}` : sql`(a.recherche, a.id) > ${place}` // prettier-ignore
      const [rows, { n }] = await Promise.all([
        db.many<SansCompte>(sql`select a.id, a.numero, a.denomination, a.courriel ${SANS_COMPTE} and ${start}
          order by ${back ? sql`a.recherche desc, a.id desc` : sql`a.recherche, a.id`} limit ${PAR_PAGE + 1}`),
        db.one<{ n: number }>(sql`select count(*)::int as n ${SANS_COMPTE}`),
      ])
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: PAGE, total: n, nom: 'adhérents sans compte',
      }) // prettier-ignore
      return view('comptes/invitations', {
        adherents: lignes,
        pager,
        total: n,
        breadcrumb: [{ libelle: 'Comptes', url: LISTE }, { libelle: 'Inviter' }],
      })
    },
  }),
  act(PAGE, {
    can,
    form: z.strictObject({ adherent: plusieurs(uuid, PAR_PAGE), tous: z.literal('oui').optional() }),
    async run({ db, form, user, note }) {
      if (form.tous === 'oui') {
        await queueJob(db, 'comptes.inviter', { par: user.id }, { key: 'comptes.inviter' })
        note({ action: 'comptes.invitation-en-nombre', objet: 'compte' })
        return redirect(
          PAGE,
          'Les invitations partent. Cette page montre ceux qui restent\u00a0: rechargez-la.',
        )
      }
      if (form.adherent.length === 0) throw new Refusal('Cochez au moins un adhérent.')
      const ids = [...new Set(form.adherent)].sort()
      for (const id of ids) {
        const compte = await inviteOne(db, id)
        if (compte) note({ action: 'compte.cree', ...sujet({ id: compte, adherent_id: id }) })
      }
      return redirect(PAGE, ids.length === 1 ? 'L’invitation part.' : `${ids.length} invitations partent.`)
    },
  }),
  page(`${LISTE}/nouveau`, {
    can,
    run: () =>
      view('comptes/nouveau', {
        breadcrumb: [{ libelle: 'Comptes', url: LISTE }, { libelle: 'Inviter une personne' }],
      }),
  }),
  act(`${LISTE}/nouveau`, {
    can,
    form: Nouveau,
    async run({ db, form, note }) {
      const { id, adherentId } =
        form.genre === 'adherent' ? await forAdherent(db, form) : await forCabinet(db, form)
      await inviteByMail(db, id)
      note({ action: 'compte.cree', ...sujet({ id, adherent_id: adherentId }) })
      return redirect(
        pathOf(id),
        `Le compte est créé. Un courriel part à ${form.courriel} avec le lien d’activation, valable trois jours.`,
      )
    },
  }),
]

type Nouveau = z.output<typeof Nouveau>

async function forAdherent(db: Db, { numero, courriel: adresse }: Nouveau) {
  const adherent = await db.maybe<{ id: string }>(sql`select id from adherents where numero = ${numero}`)
  if (!adherent) throw new Refusal('Aucun adhérent ne porte ce numéro.', 'numero')
  return { id: await createCompte(db, adherent.id, adresse), adherentId: adherent.id }
}

/** The log-in of the firm itself; its people are its own business. */
async function forCabinet(db: Db, { numero, courriel: adresse }: Nouveau) {
  const cabinet = await db.maybe<{ id: string; nom: string; numero: string }>(
    sql`select id, nom, numero from structures where upper(numero) = upper(${numero}) for update`,
  )
  if (!cabinet) throw new Refusal('Aucun cabinet ne porte ce numéro.', 'numero')
  try {
    const { id } = await db.one<{
      id: string
    }>(sql`insert into utilisateurs (login, courriel, nom, role, structure_id)
      values (${cabinet.numero}, ${adresse}, ${cabinet.nom}, 'cabinet', ${cabinet.id}) returning id`)
    return { id, adherentId: null }
  } catch (error) {
    refusedAccount(error, new Refusal('Ce cabinet a déjà un compte.', 'numero'))
  }
}

/** Creates and invites, unless he has an account by now. @returns the id of the account, or null */
async function inviteOne(db: Db, adherentId: string): Promise<string | null> {
  const adherent = await db.one<{ courriel: string; pris: boolean }>(sql`select a.courriel,
      exists (select from utilisateurs u where u.organisme_id = a.organisme_id and u.adherent_id = a.id) as pris
    from adherents a where a.id = ${adherentId} for update`)
  if (adherent.pris || adherent.courriel === '') return null
  const id = await createCompte(db, adherentId, adherent.courriel)
  await inviteByMail(db, id)
  return id
}

/**
 * All who have no account, some at a time: each lot is one transaction that queues the next. Killed in between, it goes
 * on with those who are left; nobody is invited twice.
 */
export const inviter: JobHandler = async (payload, ctx) => {
  await ctx.transaction(async (db) => {
    const ids = await db.many<{ id: string }>(sql`select a.id ${SANS_COMPTE}
      and a.recherche || a.id > ${typeof payload.apres === 'string' ? payload.apres : ''} order by a.recherche || a.id limit ${PAR_LOT}`)
    for (const { id } of ids) {
      const compte = await inviteOne(db, id).catch((error: unknown) => {
        // A number that is another's log-in: that member is left on the page, the others go on.
        if (error instanceof Refusal) return null
        throw error
      })
      if (compte === null) continue
      await writeJournal(db, undefined, {
        action: 'compte.cree',
        ...sujet({ id: compte, adherent_id: id }),
        detail: { par: payload.par },
        request: 'comptes.inviter',
      })
    }
    const last = ids.at(-1)
    if (ids.length < PAR_LOT || !last) return
    const { apres } = await db.one<{ apres: string }>(
      sql`select recherche || id as apres from adherents where id = ${last.id}`,
    )
    await queueJob(db, 'comptes.inviter', { par: payload.par, apres }, { key: `comptes.inviter:${last.id}` })
  })
}
