import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
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

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const HEADER =
  'Profession;Catégorie;Année;Région;Tranche;Poste;Effectif;Part de la plus grande entreprise;Moyenne;Premier quartile;Médiane;Troisième quartile'
const csv = (...lines: string[]) => [HEADER, ...lines].join('\r\n')

async function importFile(content: string | Buffer, name = 'stats.csv') {
  const sent = await agent.upload('/gestion/statistiques/imports', {}, [{ field: 'fichier', name, content }])
  const path = String(sent.headers.location ?? '')
  return { sent, path, page: path === '' ? '' : plain((await agent.get(path)).text) }
}

async function count(
  table: 'statistiques_recues' | 'statistiques_publiees',
  profession: string,
): Promise<number> {
  const { rows } = await portal.owner.query<{ n: number }>(
    `select count(*)::int as n from ${table} where profession = $1 and organisme_id =
      (select id from plateforme.organismes where code = 'estuaire')`, [profession]) // prettier-ignore
  return rows[0]!.n
}

describe('F63: statistics for members and cabinets', () => {
  it('F63: national and regional, by default those of my profession, with my own figures', async () => {
    const page = plain((await solene.get('/statistiques')).text)
    expect(checkHtml(page)).toEqual([])
    expect(page).toContain('Architecte d’intérieur')
    expect(page).toContain('France entière')
    expect(page).toContain('data-libelle="Vous"')
    expect(page).toMatch(/Vous êtes (dans|entre)/)
    expect(page).toContain('Voir ma région : Nouvelle-Aquitaine')
    const region = plain((await solene.get('/statistiques?region=Nouvelle-Aquitaine')).text)
    expect(region).toContain(', Nouvelle-Aquitaine ·')
  })

  it('F63: shows no figures of mine beside another profession, nor to a cabinet', async () => {
    expect((await solene.get('/statistiques?profession=Fleuriste')).text).not.toContain('data-libelle="Vous"')
    const cabinet = await portal.login('estuaire', 'CNS1')
    const page = await cabinet.get('/statistiques?profession=Fleuriste')
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('data-libelle="Vous"')
  })

  it('hides small cells in the page and in the export, and Postgres has no figure of them to give', async () => {
    const asked = '?profession=Fleuriste&region=Bretagne'
    expect((await solene.get(`/statistiques${asked}`)).text).toMatch(/secret statistique|non significatif/)
    const file = (await solene.get(`/statistiques/tableau.csv${asked}`)).text
    expect(file).toMatch(/secret statistique|n\.s\./)
    const leaks = await portal.as('estuaire', '657', (db) =>
      db.many(
        sql`select * from statistiques_publiees where diffusion <> 'diffusable' and moyenne is not null`,
      ),
    )
    expect(leaks).toEqual([])
    for (const table of [sql`statistiques_recues`, sql`statistiques_imports`])
      expect(await portal.as('estuaire', '657', (db) => db.many(sql`select id from ${table}`))).toEqual([])
  })

  it('exports the table shown', async () => {
    const file = await solene.get('/statistiques/tableau.xlsx?profession=Fleuriste')
    expect(file.status).toBe(200)
    expect(file.body.subarray(0, 2).toString()).toBe('PK')
  })
})

describe('importing', () => {
  const A = 'Apiculteur;BA;2024;;;recettes;60;9;52000;38000;50000;64000'
  const B = 'Apiculteur;BA;2024;Occitanie;;recettes;2;70;;;;'
  const C = 'Apiculteur;BA;2024;Bretagne;;CA;30;12,5;51000;37000;49500;63000'
  const D = 'Apiculteur;BA;2024;Corse;;Chiffre d’affaires ou recettes;28;11 %;50 000,50;36000;48000;60000'

  it('tries first, changes nothing, says what the secret will hide; then publishes', async () => {
    const { path, page } = await importFile(csv(A, B, C, D))
    expect(checkHtml(page)).toEqual([])
    expect(page).toContain('Importer et publier 4 lignes')
    expect(page).toContain('2 cachés par le secret statistique')
    expect(await count('statistiques_recues', 'Apiculteur')).toBe(0)
    expect((await agent.post(`${path}/confirmation`)).headers.location).toBe('/gestion/statistiques')
    expect(await count('statistiques_recues', 'Apiculteur')).toBe(4)
    const { rows } = await portal.owner.query(
      `select region, diffusion from statistiques_publiees where profession = 'Apiculteur' order by region`,
    )
    expect(rows).toEqual([
      { region: '', diffusion: 'diffusable' },
      { region: 'Bretagne', diffusion: 'diffusable' },
      { region: 'Corse', diffusion: 'secret' },
      { region: 'Occitanie', diffusion: 'secret' },
    ])
    expect((await solene.get('/statistiques?profession=Apiculteur&region=Bretagne')).text).toContain(
      'Apiculteur',
    )
  })

  it('the same file twice changes nothing, and a trial is confirmed once', async () => {
    const again = await importFile(csv(A, B, C, D))
    expect(again.page).toContain('Ce fichier ne change rien')
    expect(again.page).not.toContain('Importer et publier')
    const first = await importFile(csv(A.replace('52000', '53000')))
    expect(first.page).toContain('Importer et publier 1 ligne')
    expect((await agent.post(`${first.path}/confirmation`)).status).toBe(303)
    expect((await agent.post(`${first.path}/confirmation`)).status).toBe(422)
    expect(await count('statistiques_recues', 'Apiculteur')).toBe(4)
    expect(await count('statistiques_publiees', 'Apiculteur')).toBe(4)
  })

  it('two confirmations at the same time: one happens', async () => {
    const { path } = await importFile(csv('Berger;BA;2024;;;recettes;20;9;1;1;1;1'))
    const answers = await Promise.all([
      agent.post(`${path}/confirmation`),
      agent.post(`${path}/confirmation`),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
    expect(await count('statistiques_publiees', 'Berger')).toBe(1)
  })

  it('refuses lines with their reason, and gives them back as a file', async () => {
    const { page, path } = await importFile(
      csv(
        'Apiculteur;BNX;2024;;;recettes;60;9;1;1;1;1',
        'Apiculteur;BA;24;;;recettes;60;9;1;1;1;1',
        'Apiculteur;BA;2024;Gascogne;;recettes;60;9;1;1;1;1',
        'Apiculteur;BA;2024;;;miel;60;9;1;1;1;1',
        'Apiculteur;BA;2024;;;recettes;60;;1;1;1;1',
        'Apiculteur;BA;2024;;;recettes;60;9;1;3;2;4',
        'Apiculteur;BA;2024;;;recettes;60;9;x;1;1;1',
        '=cmd();BA;2024;;;resultat;60;9;1;1;1;1',
        '=cmd();BA;2024;;;resultat;60;9;1;1;1;1',
      ),
    )
    for (const reason of ['BNC, BIC, BA ou IS', 'L’année va de', 'n’est pas une région', 'n’est pas un poste', 'nécessaire pour vérifier',
      'ne sont pas dans l’ordre', 'n’est pas un nombre', 'se trouve déjà à la ligne 9']) expect(page).toContain(reason) // prettier-ignore
    const file = await agent.get(`${path}/refusees.csv`)
    expect(file.text).toContain('"\'=cmd()"')
  })

  it('refuses a file without its columns, without lines, or that is no table', async () => {
    expect((await importFile('a;b\r\n1;2')).sent.text).toContain('Il manque les colonnes')
    expect((await importFile(HEADER)).sent.status).toBe(422)
    expect((await importFile('MZ', 'x.xlsx')).sent.status).toBe(422)
  })

  it('takes the modèle that it gives, in Latin-1 as well', async () => {
    const modele = await agent.get('/gestion/statistiques/modele.csv')
    const { page } = await importFile(modele.body, 'modele.csv')
    expect(page).toContain('0Lignes refusées'.slice(1))
    expect(page).not.toContain('Ce qui a été refusé')
    const latin = Buffer.from(
      csv('Maçonnerie;BIC;2020;Île-de-France;;recettes;60;9;1;1;1;1').replace(/’/g, "'"),
      'latin1',
    )
    expect((await importFile(latin)).page).toContain('Importer et publier 1 ligne')
  })

  it('a permanent of another organisme sees no trial and publishes nothing here', async () => {
    const { path } = await importFile(csv('Puisatier;BIC;2024;;;recettes;60;9;1;1;1;1'))
    const stranger = await portal.login('midi', 'agent@midi.example')
    for (const answer of [
      await stranger.get(path),
      await stranger.post(`${path}/confirmation`),
      await stranger.get(`${path}/refusees.csv`),
    ])
      expect(answer.status).toBe(404)
    expect(await count('statistiques_publiees', 'Puisatier')).toBe(0)
  })

  it('exports a year for staff', async () => {
    const file = await agent.get('/gestion/statistiques/export.csv?annee=2024')
    expect(file.text).toContain('"Apiculteur"')
    expect((await solene.get('/gestion/statistiques/export.csv?annee=2024')).status).toBe(403)
  })
})
