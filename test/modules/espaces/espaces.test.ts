import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { guidePdf } from '../../../seeds/espaces-papier.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor
let solene: Visitor

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
  solene = await portal.login('estuaire', '657')
})

const TOUS = ['adherent', 'cabinet', 'superviseur', 'collaborateur']
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

async function idOf(titre: string, organisme = 'estuaire'): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `select e.id from espaces e join plateforme.organismes o on o.id = e.organisme_id where o.code = $2 and e.titre = $1
     order by e.cree_le desc limit 1`, [titre, organisme]) // prettier-ignore
  if (!rows[0]) throw new Error(`nothing is called ${titre}`)
  return rows[0].id
}

async function rowOf(id: string) {
  const { rows } = await portal.owner.query<{ parent_id: string | null; revision: number; chemin: string[]; rang: number }>(
    'select parent_id, revision, chemin, rang from espaces where id = $1', [id]) // prettier-ignore
  return rows[0]!
}

interface More {
  dans?: string
  roles?: string[]
  professions?: string[]
  modules?: string[]
}

async function addFolder(
  titre: string,
  { dans = '', roles = TOUS, professions = [], modules = [] }: More = {},
) {
  const fields = {
    genre: 'dossier',
    dans,
    titre,
    pour_roles: roles,
    pour_professions: professions,
    pour_modules: modules,
  }
  const answer = await agent.post('/gestion/espaces/nouveau', fields)
  expect(answer.status, answer.text).toBe(303)
  return idOf(titre)
}

async function addFile(titre: string, dans: string, parties: string): Promise<string> {
  const { bytes } = await guidePdf({ nom: 'OGA', couleur: '#1f5c7a' }, '2026-01-01', {
    titre, sousTitre: 'Essai', parties: [['Texte', [parties]]] }) // prettier-ignore
  const fields = { genre: 'fichier', dans, titre, pour_roles: 'adherent' }
  const answer = await agent.upload('/gestion/espaces/nouveau', fields, [
    { field: 'fichier', name: 'essai.pdf', content: bytes },
  ])
  expect(answer.status, answer.text).toBe(303)
  return idOf(titre)
}

async function textIsRead(id: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const { rows } = await portal.owner.query<{ texte_etat: string }>(
      `select v.texte_etat from espaces e join espace_versions v on v.id = e.version_id where e.id = $1`, [id]) // prettier-ignore
    if (rows[0]?.texte_etat === 'lu') return
    await sleep(100)
  }
  throw new Error('the text was not read')
}

describe('F65, F66: the tree that members and cabinets see', () => {
  it('F65: nests folders, F66: shows files and links with title and résumé', async () => {
    const { status, text } = await solene.get('/espaces')
    expect(status).toBe(200)
    expect(checkHtml(text)).toEqual([])
    for (const seen of [
      'Aides',
      'Formulaires PDF',
      'Liasse fiscale',
      'Guide de l’adhérent',
      'Nous trouver',
      'Plan d’accès',
    ])
      expect(text).toContain(seen)
    expect(text).toContain('href="https://estuaire.example/acces" target="_blank" rel="noopener noreferrer"')
    expect(text).not.toContain('Guide du cabinet')
  })

  it('F65: opens one folder on a page of its own, and a folder alone', async () => {
    const page = await solene.get(`/espaces/${await idOf('Liasse fiscale')}`)
    expect(page.text).toContain('Déclaration 2035')
    expect(page.text).not.toContain('Règlement intérieur')
    expect((await solene.get(`/espaces/${await idOf('Règlement intérieur')}`)).status).toBe(404)
  })

  it('F66: opens a file, downloads it, and counts who read for staff', async () => {
    const id = await idOf('Règlement intérieur')
    const opened = await solene.get(`/espaces/${id}/fichier`)
    expect(opened.status).toBe(200)
    expect(opened.headers['content-disposition']).toMatch(/^inline/)
    expect(opened.body.subarray(0, 5).toString()).toBe('%PDF-')
    const saved = await solene.get(`/espaces/${id}/telechargement`)
    expect(saved.headers['content-disposition']).toMatch(/^attachment/)
    await (await portal.login('estuaire', 'CNS1')).get(`/espaces/${id}/fichier`)
    const fiche = plain((await agent.get(`/gestion/espaces/${id}`)).text)
    expect(fiche).toContain('3 ouvertures par 2 personnes')
    expect(fiche).toContain('Carriveau')
  })
})

describe('for whom: held by Postgres', () => {
  const titles = (organisme: string, login: string) =>
    portal.as(organisme, login, async (db) =>
      (await db.many<{ titre: string }>(sql`select titre from espaces`)).map(({ titre }) => titre),
    )

  it('by role: what is shut hides all that it holds', async () => {
    const id = await addFolder('Réservé aux cabinets', { roles: ['cabinet', 'superviseur', 'collaborateur'] })
    const file = await addFile('Dans le réservé', id, 'secret')
    expect(await titles('estuaire', '657')).not.toContain('Dans le réservé')
    expect(await titles('estuaire', 'CNS1')).toContain('Réservé aux cabinets')
    // The file itself is for adhérents only, its folder for cabinets only: nobody outside has both.
    expect(await titles('estuaire', 'CNS1')).not.toContain('Dans le réservé')
    for (const path of [`/espaces/${id}`, `/espaces/${file}/fichier`, `/espaces/${file}/telechargement`])
      expect((await solene.get(path)).status).toBe(404)
    const hidden = await portal.as('estuaire', '657', (db) =>
      db.many(
        sql`select f.id from fichiers f join espace_versions v on v.fichier_id = f.id where v.espace_id = ${file}`,
      ),
    )
    expect(hidden).toEqual([])
  })

  it('by profession: of the adhérent, or of a client of the cabinet', async () => {
    await addFolder('Pour les infirmières', { professions: ['Infirmière libérale'] })
    expect(await titles('estuaire', '940')).toContain('Pour les infirmières')
    expect(await titles('estuaire', '657')).not.toContain('Pour les infirmières')
    const { rows } = await portal.owner.query<{ numero: string; concerne: boolean }>(
      `select s.numero, bool_or('Infirmière libérale' = any(a.professions)) as concerne from adherents a
       join structures s on s.id = a.structure_id join plateforme.organismes o on o.id = s.organisme_id
       where o.code = 'estuaire' and s.numero in ('CNS1', 'CNS2') group by 1 order by 1`,
    )
    for (const { numero, concerne } of rows)
      expect((await titles('estuaire', numero)).includes('Pour les infirmières'), numero).toBe(concerne)
  })

  it('by module: only where it is switched on', async () => {
    await addFolder('Avec les téléchargements', { modules: ['telechargements'] })
    await addFolder('Avec les formations', { modules: ['telechargements', 'formations'] })
    const seen = await titles('estuaire', '657')
    expect(seen).not.toContain('Avec les téléchargements')
    expect(seen).toContain('Avec les formations')
  })

  it('needs somebody: nobody chosen is refused', async () => {
    const refused = await agent.post('/gestion/espaces/nouveau', {
      genre: 'dossier',
      dans: '',
      titre: 'Pour personne',
    })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Choisissez au moins un destinataire.')
  })

  it('withdrawn: gone for everybody but staff, and back when restored', async () => {
    const id = await addFolder('Provisoire')
    await agent.post(`/gestion/espaces/${id}/retrait`)
    expect(await titles('estuaire', '657')).not.toContain('Provisoire')
    expect(await titles('estuaire', 'agent@estuaire.example')).toContain('Provisoire')
    await agent.post(`/gestion/espaces/${id}/retablissement`)
    expect(await titles('estuaire', '657')).toContain('Provisoire')
  })

  it('another organisme sees and changes nothing', async () => {
    const id = await idOf('Aides')
    const stranger = await portal.login('midi', 'agent@midi.example')
    expect((await stranger.get(`/gestion/espaces/${id}`)).status).toBe(404)
    const moved = { dans: '', place: 'fin', revision: '1' }
    expect(
      (await stranger.post(`/gestion/espaces/${await idOf('Liasse fiscale')}/deplacement`, moved)).status,
    ).toBe(404)
    const into = { ...moved, dans: id }
    const own = await idOf('Guide de l’adhérent', 'midi')
    expect((await stranger.post(`/gestion/espaces/${own}/deplacement`, into)).status).toBe(404)
  })
})

describe('F67: search', () => {
  it('F67: finds in names, résumés and inside PDFs, without accents, with the passage and its place', async () => {
    const found = await solene.get('/espaces?q=peages')
    expect(found.text).toContain('Barème kilométrique')
    expect(found.text).toMatch(/<mark>péages<\/mark>/)
    expect(found.text).toContain('Documentation professionnelle › Formulaires PDF')
    expect(checkHtml(found.text)).toEqual([])
    expect((await solene.get('/espaces?q=plan%20d%E2%80%99acces')).text).toContain('Nous trouver')
    expect((await solene.get('/espaces?q=bare')).text).toContain('Barème kilométrique')
    expect((await solene.get('/espaces?q=zzz')).text).toContain('Aucun document ne correspond')
  })

  it('F67: finds nothing that is not for me, and takes what is typed as words', async () => {
    expect((await solene.get('/espaces?q=superviser')).text).not.toContain('Guide du cabinet')
    expect((await (await portal.login('estuaire', 'CNS1')).get('/espaces?q=superviser')).text).toContain(
      'Guide du cabinet',
    )
    for (const q of ["'); drop table espaces; --", '%', '"', '& | !', '\\'])
      expect((await solene.get(`/espaces?q=${encodeURIComponent(q)}`)).status).toBe(200)
    const ids = await portal.as('estuaire', '657', (db) =>
      db.many(sql`select element from app.chercher_espaces('validation', 1000)`),
    )
    expect(ids).toEqual([])
  })

  it('F67: reads a PDF that comes, and the words of its newest version only', async () => {
    await portal.startWorker()
    const id = await addFile('Note de service', '', 'Le mot parapluie se trouve ici.')
    await textIsRead(id)
    expect((await solene.get('/espaces?q=parapluies')).text).toContain('Note de service')
    const { bytes } = await guidePdf({ nom: 'OGA', couleur: '#1f5c7a' }, '2026-02-01', {
      titre: 'Note', sousTitre: '', parties: [['Texte', ['Le mot ombrelle a pris sa place.']]] }) // prettier-ignore
    const done = await agent.upload(`/gestion/espaces/${id}/version`, {}, [
      { field: 'fichier', name: 'v2.pdf', content: bytes },
    ])
    expect(done.status).toBe(303)
    await textIsRead(id)
    expect((await solene.get('/espaces?q=parapluie')).text).not.toContain('Note de service')
    expect((await solene.get('/espaces?q=ombrelle')).text).toContain('Note de service')
    // Both are kept; only the newest is given to readers.
    const fiche = await agent.get(`/gestion/espaces/${id}`)
    expect(plain(fiche.text)).toContain('Version 1 : essai.pdf')
    expect(plain(fiche.text)).toContain('Version 2 : v2.pdf')
    const [old] = (
      await portal.owner.query<{ id: string }>(
        'select id from espace_versions where espace_id = $1 and numero = 1',
        [id],
      )
    ).rows
    expect((await agent.get(`/gestion/espaces/${id}/versions/${old!.id}`)).status).toBe(200)
    const seen = await portal.as('estuaire', '657', (db) =>
      db.many(sql`select numero from espace_versions where espace_id = ${id}`),
    )
    expect(seen).toEqual([{ numero: 2 }])
  })
})

describe('files that come', () => {
  it('are held by the allow-list', async () => {
    const fields = { genre: 'fichier', dans: '', titre: 'Faux', pour_roles: 'adherent' }
    const refused = await agent.upload('/gestion/espaces/nouveau', fields, [
      { field: 'fichier', name: 'x.pdf', content: 'MZ' },
    ])
    expect(refused.status).toBe(422)
    const script = await agent.upload('/gestion/espaces/nouveau', fields, [
      { field: 'fichier', name: 'x.html', content: '<p>' },
    ])
    expect(script.status).toBe(422)
  })

  it('are asked for, and links want an address of the web', async () => {
    const none = await agent.upload(
      '/gestion/espaces/nouveau',
      { genre: 'fichier', dans: '', titre: 'Sans', pour_roles: 'adherent' },
      [],
    )
    expect(none.text).toContain('Choisissez le fichier à déposer.')
    for (const url of ['javascript:alert(1)', 'https://a:b@c.example/', ''])
      expect(
        (
          await agent.post('/gestion/espaces/nouveau', {
            genre: 'lien',
            dans: '',
            titre: 'Lien',
            url,
            pour_roles: 'adherent',
          })
        ).status,
      ).toBe(422)
  })
})

describe('moving', () => {
  const move = async (id: string, dans: string, revision?: number) =>
    agent.post(`/gestion/espaces/${id}/deplacement`, {
      dans,
      place: 'fin',
      revision: String(revision ?? (await rowOf(id)).revision),
    })

  it('takes along what a folder holds', async () => {
    const a = await addFolder('A1')
    const b = await addFolder('B1', { dans: a })
    const c = await addFolder('C1', { dans: b })
    const d = await addFolder('D1')
    expect((await move(b, d)).status).toBe(303)
    expect((await rowOf(c)).chemin).toEqual([d, b, c])
  })

  it('is refused into itself, into what it holds, into a file, and changes nothing', async () => {
    const a = await addFolder('A2')
    const b = await addFolder('B2', { dans: a })
    for (const dans of [a, b]) {
      const refused = await move(a, dans)
      expect(refused.status).toBe(422)
      expect(refused.text).toContain('ne peut pas être rangé dans lui-même')
    }
    expect((await move(a, await idOf('Règlement intérieur'))).text).toContain('Choisissez un dossier')
    expect(await rowOf(a)).toMatchObject({ parent_id: null, chemin: [a] })
  })

  it('of two folders into each other at the same time lets one happen', async () => {
    const a = await addFolder('A3')
    const b = await addFolder('B3')
    const answers = await Promise.all([move(a, b, 1), move(b, a, 1)])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
    const chains = [(await rowOf(a)).chemin, (await rowOf(b)).chemin].sort((x, y) => x.length - y.length)
    expect(chains[1]).toEqual([chains[0]![0], chains[1]!.at(-1)])
  })

  it('tells the second of two people who change the same thing, and keeps what the first did', async () => {
    const a = await addFolder('A4')
    const b = await addFolder('B4')
    expect((await move(a, b, 1)).status).toBe(303)
    const late = await move(a, '', 1)
    expect(late.status).toBe(422)
    expect(late.text).toContain('pendant que vous y travailliez')
    expect((await rowOf(a)).parent_id).toBe(b)
  })

  it('goes one step higher among its own kind', async () => {
    const f = await addFolder('Ordre')
    const one = await addFolder('Un', { dans: f })
    const two = await addFolder('Deux', { dans: f })
    await agent.post(`/gestion/espaces/${two}/rang`, { sens: 'monter' })
    expect((await rowOf(two)).rang).toBeLessThan((await rowOf(one)).rang)
    const page = (await agent.get(`/gestion/espaces/${f}`)).text
    expect(page.indexOf('>Deux<')).toBeLessThan(page.indexOf('>Un<'))
  })
})
