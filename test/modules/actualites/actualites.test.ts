import { beforeAll, describe, expect, it } from 'vitest'
import { dernieresActualites } from '../../../src/modules/actualites/queries.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let solene: Visitor

beforeAll(async () => {
  portal = await startPortal()
  solene = await portal.login('estuaire', '657')
})

interface News {
  organisme?: string
  titre?: string
  corps?: string
  roles?: string[]
  categorie?: string
  /** Days from today. */
  du?: number
  au?: number | null
  epingle?: number | null
}

async function insertNews(news: News = {}): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `insert into actualites (organisme_id, titre, corps, categorie, pour_roles, visible_du, visible_au, epinglee_jusqu_au,
       publiee_le)
     select id, $2, $3, $4, $5, app.aujourdhui() + $6::int, app.aujourdhui() + $7::int, app.aujourdhui() + $8::int, now()
     from plateforme.organismes where code = $1 returning id`,
    [news.organisme ?? 'estuaire', news.titre ?? 'Une nouvelle', news.corps ?? 'Son texte.', news.categorie ?? 'actualite',
      news.roles ?? ['adherent'], news.du ?? 0, news.au ?? null, news.epingle ?? null], // prettier-ignore
  )
  return rows[0]!.id
}

/** In the order of the page. */
function titles(html: string): string[] {
  return [...html.matchAll(/<h2 class="fil-titre"><a href="\/actualites\/[^"]+">([^<]+)</g)].map(
    (match) => match[1]!,
  )
}

describe('F10: actualités', () => {
  it('F10: shows what is pinned first, then the newest', async () => {
    await insertNews({ titre: 'Ancienne mais à la une', du: -300, epingle: 5 })
    await insertNews({ titre: 'Toute récente', du: 0 })
    const page = await solene.get('/actualites')
    expect(page.status).toBe(200)
    const shown = titles(page.text)
    expect(shown.indexOf('Ancienne mais à la une')).toBeLessThan(shown.indexOf('Toute récente'))
    expect(shown.indexOf('Toute récente')).toBeLessThan(shown.indexOf('La lettre du trimestre est parue'))
    expect(page.text).toContain('À la une')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('F10: an old pin no longer holds its place', async () => {
    await insertNews({ titre: 'Épingle passée', du: -400, epingle: -1 })
    const shown = titles((await solene.get('/actualites')).text)
    expect(shown.at(-1)).toBe('Épingle passée')
  })

  it('F86: filters by category, in the words of the guide', async () => {
    const page = await solene.get('/actualites?categorie=texte_legal')
    expect(titles(page.text)).toEqual(['Franchise en base de TVA : surveillez vos seuils'])
    for (const word of [
      'Actualité',
      'Évènement',
      'Information',
      'Newsletter',
      'Partenariat',
      'Texte légal',
    ]) {
      expect(page.text).toContain(`>${word}</a>`)
    }
    expect((await solene.get('/actualites?categorie=inconnue')).status).toBe(200)
  })

  it.each([
    ['is for another role', { roles: ['cabinet'] }],
    ['is not shown yet', { du: 1 }],
    ['is no longer shown', { du: -9, au: -1 }],
    ['belongs to another organisme', { organisme: 'midi' }],
  ])('answers 404 when it %s, and does not list it', async (_why, news) => {
    const id = await insertNews({ titre: 'Invisible', ...news })
    expect((await portal.owner.query('select 1 from actualites where id = $1', [id])).rowCount).toBe(1)
    expect((await solene.get(`/actualites/${id}`)).status).toBe(404)
    expect((await solene.get('/actualites')).text).not.toContain('Invisible')
  })

  it('shows to a cabinet what is for cabinets', async () => {
    const cabinet = await portal.login('estuaire', 'CNS1')
    expect((await cabinet.get('/actualites')).text).toContain('Cabinets : les déclarations')
    expect((await solene.get('/actualites')).text).not.toContain('Cabinets : les déclarations')
  })

  it('stays shown until the last of its days', async () => {
    const id = await insertNews({ du: -3, au: 0 })
    expect((await solene.get(`/actualites/${id}`)).status).toBe(200)
  })

  it('shows the text as paragraphs and lists, and markup as it was typed', async () => {
    const id = await insertNews({
      titre: 'Un <b>titre</b>',
      corps:
        '## Sous-titre\n\n- un\n- deux\n\n<script>alert(1)</script> {{ 7*7 }} ![x](https://ailleurs.example/x.png)',
    })
    const page = await solene.get(`/actualites/${id}`)
    expect(page.text).toContain('<h2>Sous-titre</h2>')
    expect(page.text).toContain('<li>un</li>')
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}')
    expect(page.text).toContain('Un &lt;b&gt;titre&lt;/b&gt;')
    expect(page.text).not.toContain('ailleurs.example')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('reads on page by page, without losing or repeating one', async () => {
    await portal.owner.query(
      `insert into actualites (organisme_id, titre, corps, categorie, pour_roles, visible_du, publiee_le)
       select id, 'Communiqué ' || n, 'Texte.', 'partenariat', '{cabinet}', app.aujourdhui() - (n / 3), now()
       from plateforme.organismes, generate_series(1, 50) as n where code = 'estuaire'`,
    )
    const cabinet = await portal.login('estuaire', 'CNS1')
    const seen: string[] = []
    let path: string | undefined = '/actualites?categorie=partenariat'
    for (let pages = 0; path !== undefined && pages < 9; pages++) {
      const { text } = await cabinet.get(path)
      seen.push(...titles(text))
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen).toHaveLength(50)
    expect(new Set(seen).size).toBe(50)
  })

  it('gives the home page its news in one round trip', async () => {
    await portal.as('estuaire', '657', async (db) => {
      const news = await dernieresActualites(db, 3)
      expect(news).toHaveLength(3)
      expect(news[0]!.epinglee).toBe(true)
      expect(db.roundTrips()).toBe(1)
    })
  })

  it('is switched off with its module', async () => {
    await portal.owner.query(
      `update plateforme.organismes set modules = array_remove(modules, 'actualites') where code = 'midi'`,
    )
    const marius = await portal.login('midi', '657')
    expect((await marius.get('/actualites')).status).toBe(404)
  })
})
