import { dayInFrance } from './clock.ts'
import { csrfToken } from './csrf.ts'
import type { Db } from './db.ts'
import type { FormErrors } from './forms.ts'
import type { Organisme } from './organisme.ts'
import type { MenuEntry, Module, Utilisateur } from './page.ts'
import { type Permission, allowed } from './policy.ts'
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

export type Menu = (organisme: Organisme, user: Utilisateur) => MenuEntry[]

const LIBELLES_ROLE: Record<Utilisateur['role'], string> = {
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
  numbers: Record<string, number>,
  again?: { errors: FormErrors; values: Record<string, unknown> },
): Record<string, unknown> {
  const { organisme, user } = req
  const { notice } = req.session
  if (notice) req.session.notice = undefined
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
        }
      : null,
    menu: user ? buildMenu(menu(organisme, user), organisme, user, req.path, numbers) : [],
    comptes: numbers,
    // Made when a template prints it: a page without form opens no session for a visitor.
    csrf: { toString: () => csrfToken(req as never) },
    can: (action: Permission) => action === 'public' || (user !== undefined && allowed(user.role, action)),
    notice,
    errors: again?.errors,
    values: again?.values,
    query: req.query,
    aujourdhui: dayInFrance(services.clock()),
    chemin: req.path,
    requestId: req.requestId,
    demo: services.config.demo,
  }
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
  return entries
    .filter(
      (e) =>
        (e.can === 'public' || allowed(user.role, e.can)) &&
        (!e.module || organisme.modules.includes(e.module)),
    )
    .map((e) => {
      const enfants = e.enfants && buildMenu(e.enfants, organisme, user, path, numbers)
      return {
        libelle: e.libelle,
        url: e.url,
        icone: e.icone,
        compte: e.compte === undefined ? undefined : numbers[e.compte] || undefined,
        actif: e.url === '/' ? path === '/' : path === e.url || path.startsWith(`${e.url}/`),
        enfants,
      }
    })
    .filter((item) => item.enfants === undefined || item.enfants.length > 0)
    .map((item, _i, siblings) => ({
      ...item,
      actif: item.actif && !siblings.some((other) => nearer(other, item)),
    }))
}

/** « Liste des clients » (/clients/mises-a-jour) is where one is, not « Gestion de vos clients » (/clients) above it. */
function nearer(other: MenuItem, item: MenuItem): boolean {
  return other.actif && other.url.startsWith(`${item.url}/`)
}
