import { type Account, accountById, asPerson } from '../../kernel/auth/account.ts'
import { limitReadings } from '../../kernel/auth/throttle.ts'
import { TOKEN } from '../../kernel/auth/tokens.ts'
import type { Db } from '../../kernel/db.ts'
import { NotFound } from '../../kernel/errors.ts'
import { writeIcs } from '../../kernel/ics.ts'
import { type Route, act, page, redirect, stream, view } from '../../kernel/page.ts'
import { allowed } from '../../kernel/policy.ts'
import type { Services } from '../../kernel/services.ts'
import { sql } from '../../kernel/sql.ts'
import { type Place, memberEvents, staffEvents } from './evenements.ts'
import { closeAgenda, createAgenda, hostOf, ownerOf, readAgenda, touchAgenda } from './queries.ts'

const PAGE = '/profil/agenda'
const can = 'agenda.manage'
/** How often we ask programs to come. */
const CHAQUE_HEURES = 6

export const routes: Route[] = [
  page(PAGE, {
    can,
    run: async ({ db, user }) => view('agenda/agenda', { agenda: await readAgenda(db, user.id), trail }),
  }),
  act(PAGE, {
    can,
    async run({ db, user, services, note }) {
      const [token, hote] = [await createAgenda(db, user.id), await hostOf(db)]
      note({ action: 'agenda.ouvert', objet: 'agenda', objetId: null })
      const { origine } = placeOf(services, hote)
      // Shown in this very answer, and never again: only its hash is kept.
      return view('agenda/agenda', {
        agenda: await readAgenda(db, user.id),
        adresse: `${origine}/agenda/${token}.ics`,
        trail,
      })
    },
  }),
  act(`${PAGE}/fermeture`, {
    can,
    rerender: PAGE,
    async run({ db, user, note }) {
      await closeAgenda(db, user.id)
      note({ action: 'agenda.ferme', objet: 'agenda', objetId: null })
      return redirect(PAGE, 'L’adresse est fermée\u00a0: votre agenda ne reçoit plus les échéances.')
    },
  }),
  page('/agenda/:jeton.ics', {
    can: 'public',
    words: { jeton: TOKEN },
    async run({ params, organisme, services, request, today, now }) {
      const { acces } = services.database
      await limitReadings(acces, request.ip)
      const found = await ownerOf(acces, organisme.id, params.jeton!)
      // Blocked, gone or with another password since: the address opens nothing.
      const account = found && (await accountById(acces, organisme.id, found.utilisateurId))
      if (!account || account.version !== found.version || !allowed(account.role, can))
        throw new NotFound('agenda')
      const staff = account.role === 'permanent' || account.role === 'administrateur'
      const events = await asPerson(services, account, async (db) => {
        const place = placeOf(services, await hostOf(db))
        if (!staff) return memberEvents(db, account.role, today, place)
        return (await followsCampaigns(db, account)) ? staffEvents(db, today, place) : []
      })
      await touchAgenda(acces, params.jeton!)
      const calendar = {
        produit: 'Echeances',
        nom: `Échéances ${organisme.sigle}`,
        chaqueHeures: CHAQUE_HEURES,
      }
      return stream(writeIcs({ ...calendar, evenements: events }, now), 'text/calendar; charset=utf-8')
    },
  }),
]

const trail = [{ libelle: 'Mon profil', url: '/profil' }, { libelle: 'Échéances dans mon agenda' }]

/** A permanent who was given other parts of the work sees no campaign, here either. */
async function followsCampaigns(db: Db, account: Account): Promise<boolean> {
  const { domaines } = await db.one<{ domaines: string[] | null }>(
    sql`select domaines from utilisateurs where id = ${account.id}`,
  )
  return allowed({ role: account.role, domaines }, 'gestion.suivi.read')
}

function placeOf(services: Services, hote: string | null): Place {
  const { protocol, port, hostname } = services.config.baseUrl
  const host = hote ?? hostname
  return { hote: host, origine: `${protocol}//${host}${port === '' ? '' : `:${port}`}` }
}
