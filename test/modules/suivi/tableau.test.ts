import { beforeAll, describe, expect, test } from 'vitest'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let maud: Visitor
beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
})

const unescape = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'")

/** Every link of a page to the list of dossiers whose text is a number, with that number. */
function numbers(html: string): [url: string, count: number][] {
  const links = html.matchAll(/<a [^>]*href="(\/gestion\/suivi\/dossiers\?[^"]*)"[^>]*>([\s\S]*?)<\/a>/g)
  return [...links].flatMap(([, url = '', inner = '']) => {
    const tile = /class="tuile-compte">([\d\s\u202f]+)</.exec(inner)?.[1]
    const plain = /^(?:<svg[\s\S]*?<\/svg>)?\s*([\d\u202f]+)</.exec(inner)?.[1]
    const text = tile ?? plain
    return text === undefined ? [] : [[unescape(url), Number(text.replace(/\D/g, ''))] as [string, number]]
  })
}

/** How many dossiers a list has, over all its pages. */
async function listed(url: string): Promise<number> {
  let total = 0
  for (let next: string | undefined = url; next !== undefined;) {
    const { text } = await maud.get(next)
    total += [...text.matchAll(/name="dossier" value="[0-9a-f-]{36}"/g)].length
    const after: string | undefined = /<a class="btn btn-sm" rel="next" href="([^"]+)"/.exec(text)?.[1]
    next = after === undefined ? undefined : unescape(after)
  }
  return total
}

describe('every number of the board is the length of the list behind it', () => {
  test('for all cabinets, for one, and for those without', async () => {
    await portal.owner.query(
      `update clotures c set reception = 'sans_objet' from adherents a where a.id = c.adherent_id and a.numero = '45'
         and extract(year from c.fin) = extract(year from current_date) - 1`,
    )
    const { rows } = await portal.owner.query<{ id: string }>(
      `select s.id from structures s join plateforme.organismes o on o.id = s.organisme_id
       where o.code = 'estuaire' and s.numero = 'CNS2'`,
    )
    let checked = 0
    for (const path of [
      '/gestion/suivi',
      `/gestion/suivi?cabinet=${rows[0]!.id}`,
      '/gestion/suivi?cabinet=aucun&exercice=2026',
    ]) {
      const { text, status } = await maud.get(path)
      expect(status).toBe(200)
      for (const [url, count] of numbers(text)) {
        expect([path, url, await listed(url)]).toEqual([path, url, count])
        checked++
      }
    }
    expect(checked).toBeGreaterThan(50)
  })

  test('the étapes of a campaign add up to its dossiers', async () => {
    const { text } = await maud.get('/gestion/suivi')
    const all = numbers(text)
    const total = all.find(([url]) => !/(etape|retard|nonlu|situation|fait|reste)=/.test(url))![1]
    const etapes = all.filter(([url]) => /[?&]etape=/.test(url) && !/retard=|cabinet=/.test(url))
    expect(etapes.reduce((sum, [, count]) => sum + count, 0)).toBe(total)
  })

  test('the page of due dates says the same as its lists', async () => {
    const { text } = await maud.get('/gestion/suivi/echeances')
    const links = [...text.matchAll(/href="(\/gestion\/suivi\/dossiers\?[^"]*)">(\d+)</g)]
    expect(links.length).toBeGreaterThan(3)
    for (const [, url = '', count] of links)
      expect([url, await listed(unescape(url))]).toEqual([url, Number(count)])
  })
})

describe('the list of dossiers', () => {
  const numerosOf = async (query: string) =>
    [
      ...(await maud.get(`/gestion/suivi/dossiers?${query}`)).text.matchAll(/<td data-libelle="N°">(\d+)</g),
    ].map((m) => m[1])

  test('is searched, filtered and sorted', async () => {
    expect(await numerosOf('nom=thais')).toEqual(['803'])
    expect(await numerosOf('numero=80')).toEqual(['801', '802', '803'])
    expect(await numerosOf('categorie=BA')).toEqual(['515'])
    expect(await numerosOf('profession=Taxi')).toEqual(['702'])
    expect(await numerosOf('situation=mise_en_demeure')).toEqual(['702'])
    expect(await numerosOf('etape=liasse')).toEqual(['702', '803'])
    expect((await numerosOf('tri=nom&sens=desc'))[0]).toBe('803')
    expect((await numerosOf('regime=R%C3%A9el+simplifi%C3%A9')).length).toBeGreaterThan(3)
    const due = await numerosOf('tri=echeance')
    expect(due.slice(0, 2).sort()).toEqual(['702', '803'])
    expect(due.at(-1)).toBe((await numerosOf('tri=echeance&sens=desc'))[0])
  })

  test('an address that makes no sense is a list, never an error', async () => {
    for (const query of [
      'exercice=abc&etape=%00&retard=x',
      'apres=pas-un-id',
      'jour=2026-02-30',
      'nom=%25_%5C',
      'exercice=2099',
    ]) {
      expect([query, (await maud.get(`/gestion/suivi/dossiers?${query}`)).status]).toEqual([query, 200])
    }
  })

  test('goes on page by page, forwards and backwards, in every order, without a double', async () => {
    await portal.owner.query(
      `insert into adherents (organisme_id, numero, denomination, adhesion_le)
         select id, (20000 + g)::text, 'PAGE ' || (g * 7 % 100), '2020-01-01' from plateforme.organismes, generate_series(1, 120) g
         where code = 'estuaire';
       insert into clotures (organisme_id, adherent_id, debut, fin)
         select organisme_id, id, '2025-01-01', '2025-12-31' from adherents where numero like '20___';`,
    )
    for (const tri of ['numero', 'nom', 'echeance']) {
      for (const sens of ['asc', 'desc']) {
        const seen: string[] = []
        let last = ''
        for (
          let next: string | undefined = `/gestion/suivi/dossiers?exercice=2025&tri=${tri}&sens=${sens}`;
          next;
        ) {
          const { text } = await maud.get(next)
          seen.push(...[...text.matchAll(/name="dossier" value="([^"]+)"/g)].map((m) => m[1]!))
          last = next
          const after: string | undefined = /rel="next" href="([^"]+)"/.exec(text)?.[1]
          next = after && unescape(after)
        }
        expect([tri, sens, new Set(seen).size]).toEqual([tri, sens, seen.length])
        expect(seen.length).toBeGreaterThan(130)
        const { text } = await maud.get(last)
        const back = unescape(/rel="prev" href="([^"]+)"/.exec(text)![1]!)
        const previous = [...(await maud.get(back)).text.matchAll(/name="dossier" value="([^"]+)"/g)].map(
          (m) => m[1]!,
        )
        expect(previous).toEqual(seen.slice(50, 100))
      }
    }
  })

  test('leaves as CSV and as a workbook with the filters of the page, and the journal says so', async () => {
    const csv = await maud.get('/gestion/suivi/dossiers.csv?numero=80&tri=nom&sens=desc')
    expect(csv.headers['content-type']).toContain('text/csv')
    const lines = csv.text.trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toContain('"803"')
    const book = await maud.get('/gestion/suivi/dossiers.xlsx?numero=80')
    expect(book.body.subarray(0, 2).toString()).toBe('PK')
    const { rows } = await portal.owner.query(
      `select detail ->> 'format' as format, (detail ->> 'lignes')::int as lignes from journal where action = 'suivi.exporte' order by numero`,
    )
    expect(rows).toEqual([
      { format: 'csv', lignes: 3 },
      { format: 'xlsx', lignes: 3 },
    ])
  })
})

describe('filters kept under a name', () => {
  test('are one’s own until they are shared; only their author changes them', async () => {
    const gaspard = await portal.login('estuaire', 'admin@estuaire.example')
    const foreign = await portal.login('midi', 'agent@midi.example')
    const save = {
      nom: 'Boulangers',
      requete: 'exercice=2025&profession=Boulangerie-p%C3%A2tisserie&inconnu=1',
    }
    expect((await maud.post('/gestion/suivi/filtres', save)).headers.location).toContain(
      'profession=Boulangerie',
    )
    const { rows } = await portal.owner.query<{ id: string; requete: string }>(
      `select id, requete from suivi_filtres where nom = 'Boulangers'`,
    )
    expect(rows[0]!.requete).not.toContain('inconnu')
    expect((await gaspard.get('/gestion/suivi/filtres')).text).not.toContain('Boulangers')
    await maud.post(`/gestion/suivi/filtres/${rows[0]!.id}/partage`, { partage: 'oui' })
    expect((await gaspard.get('/gestion/suivi/dossiers')).text).toContain('Boulangers')
    expect((await foreign.get('/gestion/suivi/filtres')).text).not.toContain('Boulangers')
    expect((await gaspard.post(`/gestion/suivi/filtres/${rows[0]!.id}/suppression`)).status).toBe(404)
    expect((await maud.post(`/gestion/suivi/filtres/${rows[0]!.id}/suppression`)).status).toBe(303)
    expect((await gaspard.get('/gestion/suivi/dossiers')).text).not.toContain('Boulangers')
    expect((await maud.post('/gestion/suivi/filtres', { nom: '', requete: 'etape=questions' })).status).toBe(
      422,
    )
  })
})
