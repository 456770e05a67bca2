import { beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '../src/kernel/page.ts'
import { allowed } from '../src/kernel/policy.ts'
import { modules } from '../src/modules.ts'
import { everything as contentOf } from './support/everything.ts'
import { type Portal, type Visitor, startPortal } from './support/portal.ts'

const routes = modules.flatMap((module) => module.routes)
/** A parameter that is one of some words names no row. */
const withId = routes.filter(
  (route) =>
    route.can !== 'public' &&
    [...route.path.matchAll(/:(\w+)/g)].some(([, name = '']) => route.words?.[name] === undefined),
)
const acts = routes.filter((route) => route.method === 'POST')

/** A row that belongs to adhérent 657 of estuaire (or to its staff), for the addresses that begin so. */
interface Target {
  sql: string
  /** Everybody of the organisme may see it: only other organismes are foreign. */
  commun?: true
  /** Values of the other parameters of the address. */
  params?: Record<string, string>
}

const OF_657 = `(select a.id from adherents a join plateforme.organismes o on o.id = a.organisme_id
  where o.code = 'estuaire' and a.numero = '657')`
const USER_657 = `(select u.id from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
  where o.code = 'estuaire' and u.login = '657')`
const IN_ESTUAIRE = `organisme_id = (select id from plateforme.organismes where code = 'estuaire')`

/** Every address with an id says here whose row proves its wall; one that says nothing fails the walk. */
const TARGETS: Record<string, Target> = {
  '/actualites/:id': {
    sql: `select id from actualites where ${IN_ESTUAIRE} and visible_du <= current_date`,
    commun: true,
  },
  '/formations/:id': { sql: `select id from formations where ${IN_ESTUAIRE}`, commun: true },
  '/coordonnees/demandes/:id': { sql: `select id from modifications where adherent_id = ${OF_657}` },
  '/documents/:id': {
    sql: `select id from documents where adherent_id = ${OF_657} and publie_le is not null`,
  },
  '/transferts/:id': { sql: `select id from transferts where adherent_id = ${OF_657}` },
  '/courriers/:id': {
    sql: `select id from courriers where adherent_id = ${OF_657} and genre = 'questions_eccv'`,
  },
  '/reprises/:id': {
    sql: `with i as (insert into reprises (organisme_id, utilisateur_id, chemin, contenu)
    select organisme_id, id, '/contact', 'mur' from utilisateurs where id = ${USER_657} returning id) select id from i`,
  },
  '/reponses/:id': { sql: `select id from reponses where adherent_id = ${OF_657}` },
  '/collaborateurs/:id': { sql: `select id from utilisateurs where ${IN_ESTUAIRE} and login = 'COL14'` },
  '/affectations/:id': { sql: `select id from adherents where id = ${OF_657}` },
  '/supervision/validations/:id': {
    sql: `select id from reponses where adherent_id = ${OF_657} and transmise_le is null`,
  },
  '/supervision/validations/suppleance/:id': { sql: `select id from suppleances where ${IN_ESTUAIRE}` },
  '/gestion/courriers/modeles/:id': { sql: `select id from modeles_courriers where ${IN_ESTUAIRE}` },
  '/gestion/courriers/envois/:id': { sql: `select id from envois_courriers where ${IN_ESTUAIRE}` },
  '/gestion/courriers/:id': { sql: `select id from courriers where adherent_id = ${OF_657}` },
  '/gestion/adherents/:id': { sql: `select id from adherents where id = ${OF_657}` },
  '/gestion/suivi/lots/:id': { sql: `select id from lots_etapes where ${IN_ESTUAIRE}` },
  '/gestion/suivi/filtres/:id': {
    sql: `select id from suivi_filtres where ${IN_ESTUAIRE} and partage_le is null`,
  },
  '/gestion/clotures/:id': { sql: `select id from clotures where adherent_id = ${OF_657}` },
  '/gestion/documents/:id': { sql: `select id from documents where adherent_id = ${OF_657}` },
  '/gestion/imports/:id': {
    sql: `with i as (insert into imports (organisme_id, genre, fichier_id, entetes, ligne_entete)
    select organisme_id, 'adherents', id, array['numéro', 'nom'], 1 from fichiers where ${IN_ESTUAIRE} limit 1 returning id) select id from i`,
  },
  '/gestion/publications/:id': {
    sql: `with i as (insert into publications (organisme_id, source, titre)
    select id, 'depot', 'mur' from plateforme.organismes where code = 'estuaire' returning id) select id from i`,
  },
  '/gestion/travaux/:id': {
    sql: `with i as (insert into travaux (organisme_id, genre, titre)
    select id, 'publications.essai', 'mur' from plateforme.organismes where code = 'estuaire' returning id) select id from i`,
  },
  '/gestion/transferts/:id': { sql: `select id from transferts where adherent_id = ${OF_657}` },
  '/gestion/modifications/:id': { sql: `select id from modifications where adherent_id = ${OF_657}` },
  '/gestion/demandes/:id': { sql: `select id from demandes where ${IN_ESTUAIRE} and genre = 'coordonnees'` },
  '/gestion/demandes-de-compte/:id': { sql: `select id from demandes_de_compte where ${IN_ESTUAIRE}` },
  '/clients/:id': { sql: `select id from adherents where id = ${OF_657}` },
  '/clients/mises-a-jour/arrivee/:id': {
    sql: `select id from mouvements_clients where genre = 'arrivee' and liste_id is null and ${IN_ESTUAIRE}`,
  },
  '/clients/mises-a-jour/depart/:id': {
    sql: `select id from mouvements_clients where genre = 'depart' and ${IN_ESTUAIRE}`,
  },
  '/clients/mises-a-jour/lignes/:id': {
    sql: `select id from mouvements_clients where liste_id is null and ${IN_ESTUAIRE}`,
  },
  '/clients/mises-a-jour/envois/:id': {
    sql: `select l.id from listes_clients l join structures s on s.id = l.structure_id
    where s.numero = 'CNS1' and l.${IN_ESTUAIRE}`,
  },
  '/gestion/mises-a-jour-clients/:id': { sql: `select id from listes_clients where ${IN_ESTUAIRE}` },
  '/cabinet/demandes/:id': {
    sql: `select id from modifications where structure_id is not null and ${IN_ESTUAIRE}`,
  },
  '/messages/:id': { sql: `select id from fils where adherent_id = ${OF_657}` },
  '/gestion/messages/:id': { sql: `select id from fils where adherent_id = ${OF_657}` },
  '/gestion/comptes/:id': { sql: `select id from utilisateurs where ${IN_ESTUAIRE} and login = '657'` },
  '/gestion/comptes/invitations/envois/:id': {
    sql: `with i as (insert into travaux (organisme_id, genre, titre)
    select id, 'comptes.inviter', 'mur' from plateforme.organismes where code = 'estuaire' returning id) select id from i`,
  },
  '/gestion/comptes/retraits/:id': {
    sql: `with i as (insert into retraits_second_facteur (organisme_id, utilisateur_id, motif, demande_par)
    select u.organisme_id, u.id, 'un mur', p.id from utilisateurs u
    join utilisateurs p on p.organisme_id = u.organisme_id and p.login = 'agent@estuaire.example' where u.id = ${USER_657}
    on conflict do nothing returning id) select id from i union all select id from retraits_second_facteur where ${IN_ESTUAIRE}`,
  },
  '/gestion/personnel/:id': {
    sql: `select id from utilisateurs where ${IN_ESTUAIRE} and role = 'permanent'`,
  },
  '/gestion/reglages/destinataires/:id': { sql: `select id from destinataires where ${IN_ESTUAIRE}` },
  '/gestion/reglages/parametres-legaux/:id': {
    sql: `with i as (insert into parametres_legaux (organisme_id, depuis, valeurs)
    select id, '2099-01-01', '{}' from plateforme.organismes where code = 'estuaire' returning id) select id from i`,
  },
  '/espaces/:id': {
    sql: `select id from espaces where ${IN_ESTUAIRE} and genre = 'fichier' and titre = 'Règlement intérieur'`,
    commun: true,
  },
  '/gestion/espaces/:id': { sql: `select id from espaces where ${IN_ESTUAIRE} and genre = 'fichier'` },
  '/gestion/statistiques/imports/:id': { sql: `select id from statistiques_imports where ${IN_ESTUAIRE}` },
  '/gestion/actualites/:id': { sql: `select id from actualites where ${IN_ESTUAIRE}` },
  '/gestion/formations/:id': {
    sql: `select id from formations where ${IN_ESTUAIRE} and titre like 'Bien commencer%'`,
  },
  '/fec/:id': { sql: `select id from fec_controles where adherent_id = ${OF_657}` },
  '/gestion/journal/preuve/:genre/:id': {
    sql: `select id from documents where adherent_id = ${OF_657} and publie_le is not null`,
  },
  '/plateforme/organismes/:id': { sql: `select id from plateforme.organismes where code = 'estuaire'` },
  '/profil/sessions/:id': {
    sql: `with i as (insert into acces.sessions (empreinte, organisme_id, utilisateur_id, donnees, expire_le, fin_le)
    select sha256('mur'), organisme_id, id, '{}', now() + interval '1 hour', now() + interval '1 hour' from utilisateurs
    where id = ${USER_657} returning id) select id from i`,
  },
}

const STRANGERS = [
  ['midi', '657'],
  ['midi', 'CNS1'],
  ['midi', 'COL14'],
  ['midi', 'agent@midi.example'],
  // What is for administrateurs only.
  ['midi', 'admin@midi.example'],
] as const
const NEIGHBOURS = [
  ['estuaire', '940'],
  ['estuaire', 'CNS2'],
  ['estuaire', 'COL7'],
  ['estuaire', 'COL3'],
] as const

let portal: Portal
const visitors = new Map<string, Visitor>()

beforeAll(async () => {
  portal = await startPortal()
  for (const [organisme, login] of [...STRANGERS, ...NEIGHBOURS]) {
    visitors.set(`${organisme}/${login}`, await portal.login(organisme, login))
  }
})

function targetOf(route: Route): Target {
  const prefix = Object.keys(TARGETS)
    .filter(
      (path) => route.path === path || route.path.startsWith(`${path}/`) || route.path.startsWith(`${path}.`),
    )
    .sort((a, b) => b.length - a.length)[0]
  if (prefix === undefined) throw new Error(`no target for ${route.path}: add one to TARGETS`)
  return TARGETS[prefix]!
}

async function addressOf(route: Route, target: Target): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(`${target.sql} limit 1`)
  if (!rows[0]) throw new Error(`the row of ${route.path} does not exist`)
  return route.path.replace(/:(\w+)/g, (_all, name: string) => {
    if (name === 'id') return rows[0]!.id
    return wordOf(route, name) ?? target.params?.[name] ?? rows[0]!.id
  })
}

/** A value that the address takes for a parameter that is not an id. */
function wordOf(route: Route, name: string): string | undefined {
  const words = route.words?.[name]
  return words instanceof RegExp ? 'x'.repeat(43) : words?.[0]
}

const everything = () => contentOf(portal.owner)

const WORDED = new Set(['/coordonnees/:zone', '/activation/:jeton', '/mot-de-passe-oublie/:jeton'])

describe('whoever asks for what is not his gets 404, and nothing has changed', () => {
  test.each(
    withId
      .filter((route) => !WORDED.has(route.path))
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  )('%s', async (_name, route) => {
    const target = targetOf(route)
    const path = await addressOf(route, target)
    const before = await everything()
    const who = [...STRANGERS, ...(target.commun ? [] : NEIGHBOURS)]
    let tried = 0
    for (const [organisme, login] of who) {
      const person = await portal.person(organisme, login)
      const visitor = visitors.get(`${organisme}/${login}`)!
      const may = route.can === 'public' || allowed(person.role, route.can)
      const answer = route.method === 'GET' ? await visitor.get(path) : await visitor.post(path)
      // A form that lacks its fields is 422 only for whom the row exists; an address of another module is 404 too.
      expect([organisme, login, answer.status], answer.text.slice(0, 200)).toEqual([
        organisme,
        login,
        may ? 404 : 403,
      ])
      tried++
    }
    expect(tried).toBeGreaterThan(3)
    expect(await everything()).toBe(before)
  })
})

const ACTORS = [
  { role: 'adherent', organisme: 'estuaire', login: '657' },
  { role: 'permanent', organisme: 'estuaire', login: 'agent@estuaire.example' },
  { role: 'cabinet', organisme: 'estuaire', login: 'CNS1' },
  { role: 'administrateur', organisme: 'estuaire', login: 'admin@estuaire.example' },
  { role: 'operateur', organisme: 'plateforme', login: 'operateur@parvis.example' },
] as const

describe('every unsafe address wants the token of the session and our own origin', () => {
  test.each(acts.map((route) => [route.path, route] as const))('POST %s', async (_name, route) => {
    const before = await everything()
    // Somebody who may: an act that is refused for want of a right would prove nothing.
    const who = ACTORS.find(({ role }) => route.can !== 'public' && allowed(role, route.can))
    if (route.can !== 'public') expect(who, `nobody may ${route.can}`).toBeDefined()
    const visitor = who === undefined ? portal.visitor() : await portal.login(who.organisme, who.login)
    const host = who?.organisme === 'plateforme' ? 'localhost' : 'midi.localhost'
    const path = route.path.replace(
      /:(\w+)/g,
      (_all, name: string) => wordOf(route, name) ?? crypto.randomUUID(),
    )
    const token = visitor.csrf
    visitor.csrf = ''
    expect((await visitor.post(path)).status, 'no token').toBe(403)
    visitor.csrf = 'f'.repeat(token.length)
    expect((await visitor.post(path)).status, 'another token').toBe(403)
    visitor.csrf = token
    expect((await visitor.post(path, {}, { origin: `http://${host}:${portal.port}` })).status, 'origin').toBe(
      403,
    )
    expect((await visitor.post(path, {}, { 'sec-fetch-site': 'same-site' })).status, 'fetch site').toBe(403)
    expect(await everything()).toBe(before)
  })
})
