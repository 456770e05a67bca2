import { expect, test } from 'vitest'
import type { Role } from '../../src/kernel/db.ts'
import { actions, allowed, domaineOf } from '../../src/kernel/policy.ts'
import { modules } from '../../src/modules.ts'

const ROLES: Role[] = [
  'adherent',
  'cabinet',
  'superviseur',
  'collaborateur',
  'permanent',
  'administrateur',
  'operateur',
]

test('the whole matrix route × role is as it was reviewed', async () => {
  const lines = modules.flatMap((module) =>
    module.routes.map(({ method, path, can }) => {
      const cells = ROLES.map((role) => (can === 'public' || allowed(role, can) ? 'x' : '.')).join('  ')
      const domaine = can === 'public' ? undefined : domaineOf(can)
      return `${method.padEnd(4)} ${path.padEnd(52)} ${cells}  ${can}${domaine === undefined ? '' : ` (${domaine})`}`
    }),
  )
  const head = `${'route'.padEnd(57)} ${ROLES.map((role) => role.slice(0, 2)).join(' ')}  action`
  await expect([head, ...lines, ''].join('\n')).toMatchFileSnapshot('./policy.snap.txt')
})

test('every action of the table lets somebody in', () => {
  expect(actions.filter((action) => !ROLES.some((role) => allowed(role, action)))).toEqual([])
})

test('every action of the table is used by a route', () => {
  const used = new Set(modules.flatMap((module) => module.routes.map((route) => route.can as string)))
  expect(actions.filter((action) => !used.has(action))).toEqual([])
})

test('no two routes share a method and a path', () => {
  const seen = modules.flatMap((module) => module.routes.map((route) => `${route.method} ${route.path}`))
  expect(seen.filter((route, i) => seen.indexOf(route) !== i)).toEqual([])
})

test('what a permanent does is given by domaine, but for what all of the staff needs', () => {
  const given = actions.filter(
    (action) => allowed('permanent', action) && !allowed({ role: 'permanent', domaines: [] }, action),
  )
  const always = actions.filter((action) => allowed({ role: 'permanent', domaines: [] }, action))
  expect(given.length).toBeGreaterThan(10)
  // Whoever adds one here says why everybody of the staff must have it.
  expect(always.toSorted()).toEqual([
    'accueil.read',
    'agenda.manage',
    'deconnexion.do',
    'gestion.adherents.read',
    'gestion.travaux.read',
    'profil.manage',
  ])
})

test('a domaine opens its own rows and no other, and never what is for administrateurs', () => {
  const courriers = { role: 'permanent' as const, domaines: ['courriers'] }
  expect(allowed(courriers, 'gestion.courriers.manage')).toBe(true)
  expect(allowed(courriers, 'gestion.transferts.read')).toBe(false)
  // Shared with members: the answers and the reports of the members are read by whom that work is given to.
  expect([allowed(courriers, 'reponses.read'), allowed(courriers, 'fec.read')]).toEqual([true, false])
  expect(allowed({ role: 'collaborateur', domaines: null }, 'fec.read')).toBe(true)
  expect(allowed({ role: 'permanent', domaines: ['reglages', 'personnel'] }, 'reglages.manage')).toBe(false)
  expect(allowed({ role: 'administrateur', domaines: [] }, 'gestion.transferts.read')).toBe(true)
})
