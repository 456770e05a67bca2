import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor

const LISTE = '/gestion/adherents'

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

/** The numbers of a page of the list, in its order. */
function numbers(html: string): string[] {
  return [...html.matchAll(/<td data-libelle="N°">([^<]*)<\/td>/g)].map((match) => match[1]!)
}

async function list(query: string): Promise<string[]> {
  const page = await agent.get(`${LISTE}${query}`)
  expect(page.status).toBe(200)
  return numbers(page.text)
}

/** Follows a link of the pager to its end. */
async function pages(
  query: string,
  rel: 'next' | 'prev',
  from?: string,
): Promise<{ found: string[][]; last: string }> {
  const found: string[][] = []
  let address: string | undefined = from ?? `${LISTE}${query}`
  let last = address
  while (address) {
    const { text } = await agent.get(address)
    found.push(numbers(text))
    last = address
    const link: string | undefined = new RegExp(`rel="${rel}" href="([^"]+)"`).exec(text)?.[1]
    address = link?.replaceAll('&amp;', '&')
  }
  return { found, last }
}

describe('the list of adhérents', () => {
  it('shows those of the organisme, by name, and valid HTML', async () => {
    const page = await agent.get(LISTE)
    expect(numbers(page.text).slice(0, 3)).toEqual(['12', '657', '940'])
    expect(page.text).not.toContain('SABRAN-TOURVES')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('sorts the numbers as numbers, both ways', async () => {
    const up = await list('?tri=numero')
    expect(up.slice(0, 5)).toEqual(['12', '45', '58', '103', '118'])
    expect(await list('?tri=numero&sens=desc')).toEqual([...up].reverse())
  })

  it('sorts by town, then by name', async () => {
    const up = await list('?tri=ville')
    expect(up.slice(0, 4)).toEqual(['103', '118', '801', '802']) // Bayonne, then Bergerac
    expect(await list('?tri=ville&sens=desc')).toEqual([...up].reverse())
  })

  it('finds by the beginning of the number', async () => {
    expect(await list('?numero=80')).toEqual(['801', '802', '803'])
    expect(await list('?numero=657')).toEqual(['657'])
    expect(await list('?numero=57')).toEqual([])
  })

  it('finds by name without regard to accents, capitals or the order of the words', async () => {
    expect(await list('?nom=solene')).toEqual(['657'])
    expect(await list('?nom=SOL%C3%88NE+carriveau')).toEqual(['657'])
    expect(await list('?nom=jean-christophe+jolibois')).toEqual(['204'])
    expect(await list('?nom=thais')).toEqual(['803'])
    expect(await list('?nom=carriveau+thais')).toEqual([])
  })

  it('filters by category, cabinet and account, together', async () => {
    expect(await list('?categorie=BA')).toEqual(['515'])
    expect(await list('?cabinet=aucun')).toEqual(['940'])
    const { rows } = await portal.owner.query<{ id: string }>(
      `select s.id from structures s join plateforme.organismes o on o.id = s.organisme_id
       where s.numero = 'CNS2' and o.code = 'estuaire'`,
    )
    expect(await list(`?cabinet=${rows[0]!.id}&tri=numero`)).toEqual(['801', '802', '803'])
    expect(await list(`?cabinet=${rows[0]!.id}&categorie=BIC`)).toEqual(['802'])
    const without = await list('?compte=sans')
    expect(without).not.toContain('657')
    expect(without).toContain('12')
  })

  it('says in words that nobody matches, and how to see everybody', async () => {
    const page = await agent.get(`${LISTE}?nom=zzzz`)
    expect(page.text).toContain('Aucun adhérent ne correspond à cette recherche')
    expect(page.text).toContain('Voir toute la liste')
    expect(checkHtml(page.text)).toEqual([])
  })
})

describe('what is typed in the search (abuse case 33)', () => {
  it('is looked for as it is: no joker, no error, no delay', async () => {
    const typed = [
      '%',
      '_',
      '\\',
      "'; select pg_sleep(5)--",
      'x'.repeat(7000),
      '%00',
      'a\u0000b',
      '\u{1f600}',
      '..%2f',
      '"><script>',
    ]
    for (const text of typed) {
      for (const field of ['nom', 'numero', 'categorie', 'cabinet', 'tri', 'apres', 'rang']) {
        const began = performance.now()
        const page = await agent.get(`${LISTE}?${field}=${encodeURIComponent(text)}`)
        expect([field, text.slice(0, 20), page.status]).toEqual([field, text.slice(0, 20), 200])
        expect(performance.now() - began).toBeLessThan(3000)
        expect(page.text).not.toContain('"><script>')
      }
    }
    expect(await list('?nom=%25')).toEqual([])
    expect(await list('?nom=_')).toEqual([])
  })

  it('is the list of the organisme of the host, with a cursor or a cabinet of another one too', async () => {
    const { rows } = await portal.owner.query<{ id: string; structure: string }>(
      `select a.id, a.structure_id as structure from adherents a join plateforme.organismes o on o.id = a.organisme_id
       where o.code = 'midi' and a.numero = '657'`,
    )
    const { id, structure } = rows[0]!
    expect(await list(`?apres=${id}`)).toEqual([])
    expect(await list(`?cabinet=${structure}`)).toEqual([])
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect(numbers((await foreign.get(LISTE)).text).sort()).toEqual(['12', '45', '657'])
  })

  it('is for the staff only', async () => {
    for (const login of ['657', 'CNS1', 'COL14', 'COL16']) {
      const who = await portal.login('estuaire', login)
      expect((await who.get(LISTE)).status).toBe(403)
      expect((await who.get(`${LISTE}.csv`)).status).toBe(403)
    }
  })

  it('does not exist where there are no adhérents', async () => {
    const support = await portal.login('sillage', 'support@sillage.example')
    expect((await support.get(LISTE)).status).toBe(404)
  })
})

describe('many adhérents', () => {
  beforeAll(async () => {
    // Homonyms on purpose: only the id tells them apart.
    await portal.owner.query(
      `insert into adherents (organisme_id, numero, denomination, ville, adhesion_le)
       select id, (2000 + n)::text, 'Zébulon ' || (n % 7), 'Ville ' || (n % 3), '2020-01-01'
       from plateforme.organismes, generate_series(1, 170) n where code = 'estuaire'`,
    )
  })

  it('are read page after page, each once, in order, and back again', async () => {
    for (const tri of ['numero', 'nom', 'ville']) {
      for (const sens of ['asc', 'desc']) {
        const there = await pages(`?tri=${tri}&sens=${sens}`, 'next')
        const all = there.found.flat()
        expect(there.found.map((page) => page.length)).toEqual([50, 50, 50, 36])
        expect(new Set(all).size).toBe(186)
        const back = await pages('', 'prev', there.last)
        expect([tri, sens, back.found.reverse().flat()]).toEqual([tri, sens, all])
      }
    }
  })

  it('are told with their places, and the search keeps the sort', async () => {
    const { text } = await agent.get(`${LISTE}?nom=zebulon&tri=numero`)
    expect(text).toContain('1 à 50 sur 170')
    const next = /rel="next" href="([^"]+)"/.exec(text)![1]!.replaceAll('&amp;', '&')
    const second = await agent.get(next)
    expect(second.text).toContain('51 à 100 sur 170')
    expect(numbers(second.text)[0]).toBe('2051')
    expect(second.text).toContain('name="tri" value="numero"')
  })
})
