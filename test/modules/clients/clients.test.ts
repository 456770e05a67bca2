import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let cabinet: Visitor
let collaborateur: Visitor

beforeAll(async () => {
  portal = await startPortal()
  cabinet = await portal.login('estuaire', 'CNS1')
  collaborateur = await portal.login('estuaire', 'COL14')
})

const names = (text: string) =>
  [...text.matchAll(/href="\/clients\/[0-9a-f-]{36}">([^<]+)</g)].map((m) => m[1])
const idOf = async (numero: string, organisme = 'estuaire') =>
  (
    await portal.owner.query<{ id: string }>(
      `select a.id from adherents a join plateforme.organismes o on o.id = a.organisme_id
       where o.code = $2 and a.numero = $1`,
      [numero, organisme],
    )
  ).rows[0]!.id

describe('Gestion de vos clients', () => {
  it('F27, F28, F31: lists the clients by number, numbers as numbers, with their exact count', async () => {
    const { status, text } = await cabinet.get('/clients')
    expect(status).toBe(200)
    expect(checkHtml(text)).toEqual([])
    expect(text).toContain('<strong>12\u00a0clients</strong>')
    expect(text).toMatch(/aria-current="true">N° adhérent</)
    const numbers = [...text.matchAll(/Adhérent n° (\d+)</g)].map((m) => Number(m[1]))
    expect(numbers).toEqual([12, 45, 58, 103, 118, 204, 311, 402, 515, 657, 688, 702])
    expect(text).toContain('Coiffure, Esthétique')
    expect(text).toContain('Mettre à jour la liste')
  })

  it('F27: sorts by name, town and profession', async () => {
    expect(names((await cabinet.get('/clients?tri=nom')).text)[0]).toBe('ABADISSE Lucien')
    expect(names((await cabinet.get('/clients?tri=ville')).text)[0]).toBe('HAUTEFEUILLE Clarisse')
    expect(names((await cabinet.get('/clients?tri=profession')).text).slice(0, 2)).toEqual([
      'ABADISSE Lucien',
      'CARRIVEAU Solène',
    ])
  })

  it('F29: finds by number, and by name without accents or case, in any order', async () => {
    expect(names((await cabinet.get('/clients?numero=657')).text)).toEqual(['CARRIVEAU Solène'])
    expect(names((await cabinet.get('/clients?nom=solene+carri')).text)).toEqual(['CARRIVEAU Solène'])
    expect((await cabinet.get('/clients?nom=introuvable')).text).toContain('Aucun client ne correspond')
  })

  it('F32 to F36: the fiche has the frames of the guide and its tabs', async () => {
    const { text } = await cabinet.get(`/clients/${await idOf('45')}`)
    expect(checkHtml(text)).toEqual([])
    expect(text).toContain('<h1>EURL FOURNIL DES HALLES</h1>')
    for (const word of [
      '&lt;&lt; Liste clients',
      'Fiche client',
      'Archives courriers',
      'Déclarations',
      'SIRET',
      'Statut juridique',
      'Début d’activité le',
      'Adhérent depuis le',
      'Numéro de dossier',
      'Capucine Marchandeau',
      'Professionnelles',
      'Personnelles',
    ])
      // prettier-ignore
      expect(text, word).toContain(word)
  })

  it('F32: the years of a client show his tracks and papers; the declarations tab of one who has none says that it is not open', async () => {
    const id = await idOf('657')
    const years = await cabinet.get(`/clients/${id}/exercices`)
    expect(years.text).toContain('Exercice du')
    expect(years.text).toMatch(/\/documents\/[0-9a-f-]{36}\/telechargement/)
    expect(checkHtml(years.text)).toEqual([])
    const other = await idOf('118')
    expect((await cabinet.get(`/clients/${other}/declarations`)).text).toContain('n’est pas ouverte')
  })

  it('exports the list with the filters of the page, no cell a formula', async () => {
    await portal.owner.query(
      `update adherents set denomination = '=HYPERLINK("http://evil.example")' where id = $1`,
      [await idOf('702')],
    )
    const { text, headers } = await cabinet.get('/clients.csv?numero=702')
    expect(headers['content-disposition']).toContain('attachment')
    expect(text.split('\r\n')[1]).toContain(`"'=HYPERLINK`)
    expect(text.split('\r\n').length).toBe(3)
    await portal.owner.query(`update adherents set denomination = 'OLLIVARY Pierrick' where id = $1`, [
      await idOf('702'),
    ])
  })

  it('prints the whole list on one page', async () => {
    const { text } = await cabinet.get('/clients/impression?tri=nom')
    expect(checkHtml(text)).toEqual([])
    expect(text).toContain('12\u00a0clients')
  })

  it('a collaborateur has his own: list, search, count, export and fiche (abuse 2)', async () => {
    const { text } = await collaborateur.get('/clients')
    expect(text).toContain('<strong>5\u00a0clients</strong>')
    expect(text).not.toContain('Mettre à jour la liste')
    expect(names((await collaborateur.get('/clients?nom=keraudy')).text)).toEqual([])
    expect((await collaborateur.get('/clients.csv')).text).not.toContain('KERAUDY')
    expect((await collaborateur.get(`/clients/${await idOf('311')}`)).status).toBe(404)
    expect((await collaborateur.get(`/clients/${await idOf('801')}`)).status).toBe(404)
    expect((await collaborateur.get('/clients/mises-a-jour')).status).toBe(403)
  })

  it.each(['%', '_', '\\', `'; select pg_sleep(5)--`, 'x'.repeat(9000), '\u0000'])(
    'a search for %j answers at once and finds nobody that it should not (abuse 33)',
    async (typed) => {
      const start = performance.now()
      const answer = await cabinet.get(
        `/clients?nom=${encodeURIComponent(typed)}&numero=${encodeURIComponent(typed.slice(0, 200))}`,
      )
      expect(answer.status).toBeLessThan(500)
      expect(performance.now() - start).toBeLessThan(5000)
      if (/[%_\\]/.test(typed)) expect(names(answer.text)).toEqual([])
    },
  )

  it('reads 5,000 clients page by page, each once, quickly, in every sort', async () => {
    await portal.owner.query(
      `insert into adherents (organisme_id, numero, denomination, professions, ville, adhesion_le, structure_id)
       select s.organisme_id, (10000 + n)::text, 'CLIENT ' || n, array['Métier ' || n % 7], 'VILLE ' || n % 30, current_date, s.id
       from structures s join plateforme.organismes o on o.id = s.organisme_id, generate_series(1, 5000) n
       where o.code = 'estuaire' and s.numero = 'CNS2'`,
    )
    await portal.owner.query('analyze adherents')
    const other = await portal.login('estuaire', 'CNS2')
    for (const tri of ['numero', 'nom', 'ville', 'profession']) {
      const found = new Set<string>()
      let address: string | undefined = `/clients?tri=${tri}`
      let pages = 0
      let slowest = 0
      while (address && pages < 12) {
        const start = performance.now()
        const { text } = await other.get(address)
        slowest = Math.max(slowest, performance.now() - start)
        for (const [, id] of text.matchAll(/href="\/clients\/([0-9a-f-]{36})"/g)) found.add(id!)
        address = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
        pages += 1
      }
      expect(found.size, tri).toBe(600)
      expect(slowest, tri).toBeLessThan(2500)
    }
    expect((await other.get('/clients')).text).toContain('5\u202f003\u00a0clients')
  })
})
