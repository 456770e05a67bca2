import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { modules } from '../../../src/modules.ts'
import { MODULES } from '../../../src/kernel/modules.ts'
import {
  listGarees,
  listOrganismes,
  readOrganisme,
  suspendre,
} from '../../../src/modules/plateforme/queries.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { plain } from '../transferts/stored.ts'

/** Columns as tests name them. */
type Row = Record<string, string>

let portal: Portal
let alix: Visitor
let midi: string

beforeAll(async () => {
  portal = await startPortal()
  alix = await portal.login('plateforme', 'operateur@parvis.example')
  const { rows } = await portal.owner.query<Row>(`select id from plateforme.organismes where code = 'midi'`)
  midi = rows[0]!.id!
})

const NOUVEAU = {
  code: 'dordogne', nature: 'oga', nom: 'CGA de la Dordogne', sigle: 'CGA Dordogne', hote: 'dordogne.localhost',
  modules: ['adherents', 'courriers'], adminPrenom: 'Odile', adminNom: 'Castagnet', adminCourriel: 'odile@dordogne.example',
  quotaGo: '2', quotaComptes: '3',
} // prettier-ignore

async function ligne(action: string): Promise<Record<string, unknown>> {
  const { rows } = await portal.owner.query<Row>(
    'select acteur, role, detail from journal where action = $1 order by le desc limit 1',
    [action],
  )
  return rows[0]!
}

test('the operator sees every organisme with its counts', async () => {
  const page = await alix.get('/plateforme')
  expect(page.status).toBe(200)
  for (const name of ['OMGA de l’Estuaire', 'AGA du Midi', 'Sillage Logiciels'])
    expect(page.text).toContain(name)
})

test('the operator’s pages hold the name, number or address of no member, and no other page opens', async () => {
  const { rows } = await portal.owner.query<{ word: string }>(`
    select unnest(array[u.nom, u.courriel, nullif(u.prenom, '') || ' ' || u.nom]) as word from utilisateurs u
      join plateforme.organismes o on o.id = u.organisme_id and o.nature <> 'plateforme'
    union select unnest(array[denomination, siret, courriel]) from adherents
    union select nom from structures union select nom from fichiers`)
  const words = rows.map(({ word }) => word).filter((word) => word !== null && word.length > 4)
  expect(words.length).toBeGreaterThan(50)
  await portal.owner.query<Row>(`select graphile_worker.add_job('courriels.envoyer',
    json_build_object('organisme_id', $1::text, 'nom', 'CARRIVEAU Solène'), max_attempts => 1)`, [midi]) // prettier-ignore
  await portal.owner
    .query(`update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'CARRIVEAU'
    where payload->>'nom' is not null`)
  for (const path of [
    '/plateforme',
    `/plateforme/organismes/${midi}`,
    '/plateforme/organismes/nouveau',
    `/plateforme/organismes/${midi}/suspension`,
    '/plateforme/sante',
    '/plateforme/taches',
  ]) {
    // prettier-ignore
    const page = await alix.get(path)
    expect(page.status, path).toBe(200)
    expect(checkHtml(page.text), path).toEqual([])
    const main = page.text.slice(page.text.indexOf('<main'), page.text.indexOf('</main>'))
    expect(
      words.filter((word) => main.includes(word)),
      path,
    ).toEqual([])
  }
  expect((await alix.get('/gestion/adherents')).status).toBe(404)
  expect((await alix.get('/gestion/journal')).status).toBe(403)
  expect((await alix.get('/gestion/adherents', { host: `midi.localhost:${portal.port}` })).status).toBe(303)
})

test('nobody else gets anything, not even through the functions', async () => {
  const admin = await portal.login('estuaire', 'admin@estuaire.example')
  for (const path of [
    '/plateforme',
    '/plateforme/sante',
    '/plateforme/taches',
    `/plateforme/organismes/${midi}`,
  ])
    expect((await admin.get(path)).status).toBe(403)
  expect((await admin.post(`/plateforme/organismes/${midi}/suspension`, { motif: 'x' })).status).toBe(403)
  const as = <T>(work: Parameters<typeof portal.as<T>>[2]) =>
    portal.as('estuaire', 'admin@estuaire.example', work)
  expect(await as(listOrganismes)).toEqual([])
  await expect(as((db) => readOrganisme(db, midi))).rejects.toThrow('no row')
  await expect(as((db) => suspendre(db, midi, 'x'))).rejects.toThrow('only the operator')
  await expect(as((db) => listGarees(db, 10))).rejects.toThrow('only the operator')
})

test('every module that can be switched on has a name for the operator', () => {
  const used = new Set(modules.map((m) => m.module).filter((name) => name !== undefined))
  for (const name of used) expect(Object.keys(MODULES)).toContain(name)
})

describe('an organisme', () => {
  it('is created with its host and its first administrateur, who gets a link and opens the portal', async () => {
    await alix.get('/plateforme/organismes/nouveau')
    const sent = await alix.post('/plateforme/organismes/nouveau', NOUVEAU)
    expect(sent.status, portal.logLines.filter((line) => line.includes('failed')).join('\n')).toBe(303)
    expect(await ligne('plateforme.organisme-cree')).toMatchObject({
      role: 'operateur',
      detail: { organisme: 'dordogne' },
    })
    const worker = await portal.startWorker()
    let lien: string | undefined
    for (let i = 0; i < 100 && lien === undefined; i++) {
      await wait(100)
      const { rows } = await portal.owner.query<Row>(`select donnees->>'lien' as lien from courriels where destinataire = $1`, [NOUVEAU.adminCourriel]) // prettier-ignore
      lien = rows[0]?.lien
    }
    await worker.stop()
    const host = { host: `dordogne.localhost:${portal.port}` }
    const page = await portal.visitor().get(lien!, host)
    expect(page.status).toBe(200)
    expect(page.text).toContain('CGA Dordogne')
    const mot = 'trois-cormorans-lisent-le-journal'
    const odile = portal.visitor()
    await odile.get(lien!, host)
    const active = await odile.post(lien!, { nouveau: mot, confirmation: mot }, host)
    expect(active.headers.location).toBe('/connexion?statut=permanent')
    await odile.get('/connexion?statut=permanent', host)
    const typed = { statut: 'permanent', identifiant: NOUVEAU.adminCourriel, motDePasse: mot }
    expect((await odile.post('/connexion', typed, host)).status).toBe(303)
    const home = plain((await odile.get('/', host)).text)
    expect(home).toContain('Pour commencer')
    expect(home).toContain('Importer vos adhérents')
    const fiche = await alix.get(String(sent.headers.location))
    expect(plain(fiche.text)).toContain('CGA de la Dordogne')
    expect(fiche.text).not.toContain('Castagnet')
    expect(fiche.text).not.toContain(NOUVEAU.adminCourriel)
  })

  it.each([
    [{ code: 'midi' }, 'Ce code est déjà celui d’un organisme.'],
    [{ code: 'autre', hote: 'midi.localhost' }, 'Cette adresse est déjà celle d’un organisme.'],
    [{ code: 'Autre !' }, 'Le code a de 2 à 31 lettres minuscules'],
    [{ code: 'autre', hote: 'https://x.example/' }, 'Indiquez le nom complet du site'],
    [{ code: 'autre', adminCourriel: 'odile' }, 'Indiquez une adresse électronique complète'],
    [{ code: 'autre', quotaGo: 'beaucoup' }, 'Indiquez un espace en chiffres'],
  ])('is not created with %o', async (change, sentence) => {
    await alix.get('/plateforme/organismes/nouveau')
    const answer = await alix.post('/plateforme/organismes/nouveau', {
      ...NOUVEAU,
      hote: 'libre.localhost',
      ...change,
    })
    expect(answer.status).toBe(422)
    expect(plain(answer.text)).toContain(sentence)
    const { rows } = await portal.owner.query<Row>(
      `select count(*)::int as n from plateforme.organismes where code = 'autre'`,
    )
    expect(rows[0]!.n).toBe(0)
  })

  it('takes another host, keeps its last one, and has its modules switched', async () => {
    const fiche = `/plateforme/organismes/${midi}`
    await alix.get(fiche)
    expect((await alix.post(`${fiche}/hotes`, { hote: 'midi2.localhost' })).status).toBe(303)
    const there = await portal.visitor().get('/connexion', { host: `midi2.localhost:${portal.port}` })
    expect(there.text).toContain('AGA du Midi')
    expect((await alix.post(`${fiche}/hotes/retrait`, { hote: 'midi2.localhost' })).status).toBe(303)
    const last = await alix.post(`${fiche}/hotes/retrait`, { hote: 'midi.localhost' })
    expect(last.status).toBe(422)
    expect(plain(last.text)).toContain('C’est la dernière adresse')
    await alix.post(`${fiche}/reglage`, { modules: ['adherents', 'messages'], quotaGo: '', quotaComptes: '' })
    const { rows } = await portal.owner.query<Row>(
      'select modules from plateforme.organismes where id = $1',
      [midi],
    )
    expect(rows[0]!.modules).toEqual(['adherents', 'messages'])
  })

  it('is suspended with a reason: sessions end, every page says so, and it comes back', async () => {
    const marius = await portal.login('midi', '657')
    expect((await marius.get('/')).status).toBe(200)
    const fiche = `/plateforme/organismes/${midi}`
    await alix.get(`${fiche}/suspension`)
    expect((await alix.post(`${fiche}/suspension`, { motif: '' })).status).toBe(422)
    expect((await alix.post(`${fiche}/suspension`, { motif: 'Contrat terminé.' })).status).toBe(303)
    expect(await ligne('plateforme.organisme-suspendu')).toMatchObject({
      detail: { motif: 'Contrat terminé.' },
    })
    const { rows } = await portal.owner.query<Row>(
      'select count(*)::int as n from acces.sessions where organisme_id = $1',
      [midi],
    )
    expect(rows[0]!.n).toBe(0)
    await wait(5_200) // hosts are known for five seconds
    const page = await marius.get('/')
    expect(page.status).toBe(421)
    expect(plain(page.text)).toContain('Cet extranet est suspendu')
    expect(page.text).not.toContain('Contrat terminé')
    expect(checkHtml(page.text)).toEqual([])
    expect((await alix.post(`${fiche}/retablissement`)).status).toBe(303)
    await wait(5_200)
    expect((await marius.get('/')).status).toBe(303)
  }, 30_000)
})

describe('quotas', () => {
  it('a full organisme takes no file more, and says so in French', async () => {
    const solene = await portal.login('estuaire', '657')
    await portal.owner.query<Row>(`update plateforme.organismes set quota_octets = 1 where code = 'estuaire'`)
    await solene.get('/transferts')
    const files = [{ field: 'fichiers', name: 'a.csv', content: '1;2\n' }]
    const full = await solene.upload('/transferts', { genre: 'balance', message: 'Bonjour' }, files)
    await portal.owner.query<Row>(
      `update plateforme.organismes set quota_octets = null where code = 'estuaire'`,
    )
    expect(full.status).toBe(422)
    expect(plain(full.text)).toContain('L’espace de stockage prévu pour votre organisme est plein.')
    expect(full.text).toContain('Bonjour')
    expect((await solene.upload('/transferts', { genre: 'balance', message: '' }, files)).status).toBe(303)
  })

  it('holds the number of accounts, whoever creates them', async () => {
    await portal.owner.query<Row>(
      `update plateforme.organismes set quota_comptes = 5 where code = 'estuaire'`,
    )
    const insert = portal.owner.query<Row>(`insert into utilisateurs (organisme_id, login, nom, role)
      select id, 'nouveau', 'Nouveau', 'permanent' from plateforme.organismes where code = 'estuaire'`)
    await expect(insert).rejects.toThrow('Le nombre de comptes prévu pour votre organisme (5) est atteint.')
    await portal.owner.query<Row>(
      `update plateforme.organismes set quota_comptes = null where code = 'estuaire'`,
    )
  })
})

describe('what is under way', () => {
  it('is told: database, storage, disk, what is not configured, the queue', async () => {
    const text = plain((await alix.get('/plateforme/sante')).text)
    for (const word of [
      'Base de données',
      'Stockage des fichiers',
      'Disque',
      'Antivirus',
      'Serveur de courriel',
      'Garées',
    ])
      expect(text).toContain(word)
  })

  it('an antivirus that does not answer is out of order', async () => {
    const { mesurerSante } = await import('../../../src/modules/plateforme/sante.ts')
    const services = {
      ...portal.services,
      config: { ...portal.services.config, clamdUrl: 'clamd://127.0.0.1:1' },
    }
    const mesures = await mesurerSante(services)
    expect(mesures.find(({ libelle }) => libelle === 'Antivirus')).toMatchObject({ etat: 'mauvais' })
    expect(mesures.find(({ libelle }) => libelle === 'Base de données')).toMatchObject({ etat: 'bon' })
  })

  it('parked work is seen, tried again or dropped, once', async () => {
    const add = async () => {
      const { rows } = await portal.owner.query<Row>(
        `select id from graphile_worker.add_job('essai.gare', json_build_object('organisme_id', $1::text), max_attempts => 1)`,
        [midi],
      )
      await portal.owner.query<Row>(
        'update graphile_worker._private_jobs set attempts = max_attempts where id = $1',
        [rows[0]!.id],
      )
      return String(rows[0]!.id)
    }
    const [a, b] = [await add(), await add()]
    const page = await alix.get('/plateforme/taches')
    expect(plain(page.text)).toContain('essai.gare')
    expect(page.text).toContain('AGA du Midi')
    expect((await alix.post('/plateforme/taches/relance', { tache: a })).status).toBe(303)
    const ask = await alix.get(`/plateforme/taches?abandonner=${b}`)
    expect(plain(ask.text)).toContain('ne sera jamais faite. Cela ne se reprend pas.')
    expect((await alix.post('/plateforme/taches/abandon', { tache: b })).status).toBe(303)
    expect((await alix.post('/plateforme/taches/abandon', { tache: b })).status).toBe(422)
    const { rows } = await portal.owner.query<Row>(
      'select id::text, attempts from graphile_worker._private_jobs where id = any($1::bigint[])',
      [[a, b]],
    )
    expect(rows).toEqual([{ id: a, attempts: 0 }])
    expect(await ligne('plateforme.tache-abandonnee')).toMatchObject({ detail: { nom: 'essai.gare' } })
  })
})
