import { derivedKey } from './auth/cipher.ts'
import { dayInFrance } from './clock.ts'
import { csrfToken } from './csrf.ts'
import type { Db } from './db.ts'
import type { FormErrors } from './forms.ts'
import type { Organisme } from './organisme.ts'
import type { MenuEntry, Module, Utilisateur } from './page.ts'
import { type Permission, allowed } from './policy.ts'
import type { Reprise } from './reprises/restore.ts'
import type { ParvisRequest } from './request.ts'
import type { Services } from './services.ts'
import { themeHash } from './theme.ts'

export interface MenuItem {
  libelle: string
  url: string
  icone: string | undefined
  compte: number | undefined
  actif: boolean
  enfants: MenuItem[] | undefined
}

/** Above a form that is shown again with what was sent when the session had run out. */
const COME_BACK = {
  genre: 'alerte',
  texte:
    'Votre session s’était terminée. Ce que vous aviez écrit est revenu ci-dessous ; rien n’a été envoyé : relisez et validez.',
}

export type Menu = (organisme: Organisme, user: Utilisateur) => MenuEntry[]

/** What a person is, in a word, wherever he is named. */
export const LIBELLES_ROLE: Record<Utilisateur['role'], string> = {
  adherent: 'adhérent',
  cabinet: 'cabinet',
  superviseur: 'superviseur',
  collaborateur: 'collaborateur',
  permanent: 'permanent',
  administrateur: 'administrateur',
  operateur: 'plateforme',
}

/** Numbers of the menu, from every module that has some, in the round trip of the page. */
export async function counts(
  modules: readonly Module[],
  organisme: Organisme,
  db: Db,
  user: Utilisateur,
): Promise<Record<string, number>> {
  const parts = await Promise.all(
    modules
      .filter((m) => m.counts && (m.module === undefined || organisme.modules.includes(m.module)))
      .map((m) => m.counts!(db, user)),
  )
  return Object.assign({}, ...parts) as Record<string, number>
}

/** What every view gets beside its own data: who, where, the menu, the notice, the errors. */
export function frame(
  services: Services,
  menu: Menu,
  req: ParvisRequest,
  extras: {
    numbers?: Record<string, number>
    again?: { errors: FormErrors; values: Record<string, unknown> } | undefined
    reprise?: Reprise | undefined
  } = {},
): Record<string, unknown> {
  const { organisme, user, vue } = req
  const { again, reprise, numbers = {} } = extras
  const notice = req.session.notice ?? (reprise && !again ? COME_BACK : undefined)
  if (req.session.notice) req.session.notice = undefined
  return {
    organisme: {
      ...organisme,
      logo: organisme.logoVersion ? `/logo.png?v=${organisme.logoVersion}` : null,
      couleurCss: `/theme.css?v=${themeHash(organisme.couleur)}`,
    },
    user: user
      ? {
          id: user.id,
          nom: displayName(user),
          role: user.role,
          libelleRole: LIBELLES_ROLE[user.role],
          pour: onBehalf(user, organisme),
          // Closes what this browser keeps of his drafts: worked out only by the page that prints it.
          cle: { toString: () => derivedKey(services.config, `brouillon:${organisme.id}:${user.id}`) },
        }
      : null,
    vue: vue
      ? { par: displayName(vue.par), expireLe: vue.expireLe, minutes: minutesLeft(services, vue.expireLe) }
      : null,
    menu: user ? buildMenu(menu(organisme, user), organisme, user, req.path, numbers) : [],
    comptes: numbers,
    // Made when a template prints it: a page without form opens no session for a visitor.
    csrf: { toString: () => csrfToken(req as never) },
    can: (action: Permission) => action === 'public' || (user !== undefined && allowed(user, action)),
    notice,
    errors: again?.errors,
    values: again?.values ?? reprise?.values,
    reprise,
    query: req.query,
    aujourdhui: dayInFrance(services.clock()),
    chemin: req.path,
    requestId: req.requestId,
    demo: services.config.demo,
  }
}

/** Whole minutes, the one that runs included. */
function minutesLeft({ clock }: Services, until: string): number {
  return Math.max(1, Math.ceil((Date.parse(until) - clock().getTime()) / 60_000))
}

function displayName(user: Utilisateur): string {
  return [user.civilite, user.prenom, user.nom].filter(Boolean).join(' ')
}

function onBehalf(user: Utilisateur, organisme: Organisme): string | null {
  if (user.adherentNumero) return `${organisme.vocabulaire.adherent} n° ${user.adherentNumero}`
  if (user.role === 'cabinet') return user.structureNumero
  return user.structureNom ? `${user.structureNom} (${user.structureNumero ?? ''})` : null
}

function buildMenu(
  entries: readonly MenuEntry[],
  organisme: Organisme,
  user: Utilisateur,
  path: string,
  numbers: Record<string, number>,
): MenuItem[] {
  const open = (e: MenuEntry) => e.can === 'public' || allowed(user, e.can)
  return entries
    .filter(
      (e) =>
        (open(e) || (e.groupe === true && e.enfants?.some(open))) &&
        (!e.module || organisme.modules.includes(e.module)) &&
        (e.si === undefined || numbers[e.si] !== undefined),
    )
    .map((e) => {
      const enfants = e.enfants && buildMenu(e.enfants, organisme, user, path, numbers)
      return {
        libelle: e.libelle,
        // A heading leads to the first of its pages that this person may see.
        url: open(e) ? e.url : (enfants?.[0]?.url ?? e.url),
        icone: e.icone,
        compte: e.compte === undefined ? undefined : numbers[e.compte] || undefined,
        actif: e.url === '/' ? path === '/' : [e.url, ...(e.aussi ?? [])].some((url) => under(path, url)),
        enfants,
      }
    })
    .filter((item) => item.enfants === undefined || item.enfants.length > 0)
    .map((item, _i, siblings) => ({
      ...item,
      actif: item.actif && !siblings.some((other) => nearer(other, item)),
    }))
}

function under(path: string, url: string): boolean {
  return path === url || path.startsWith(`${url}/`)
}

/** « Liste des clients » (/clients/mises-a-jour) is where one is, not « Gestion de vos clients » (/clients) above it. */
function nearer(other: MenuItem, item: MenuItem): boolean {
  return other.actif && other.url.startsWith(`${item.url}/`)
}
