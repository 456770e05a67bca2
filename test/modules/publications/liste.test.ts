import { beforeAll, describe, expect, test } from 'vitest'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let maud: Visitor

beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  await portal.owner.query(`insert into publications (organisme_id, source, titre, creee_le)
    select o.id, 'depot', case when n = 60 then 'Été des forêts' else 'Campagne n° ' || lpad(n::text, 3, '0') || '.' end,
      now() - n * interval '1 minute'
    from plateforme.organismes o, generate_series(1, 60) n where o.code = 'estuaire'`)
})

const titles = (html: string) => [...html.matchAll(/Campagne n° (\d+)\./g)].map(([, n]) => Number(n))
const next = (html: string, rel: 'next' | 'prev') =>
  new RegExp(`<a[^>]*href="([^"]+)"[^>]*rel="${rel}"`).exec(html)?.[1]?.replaceAll('&amp;', '&') ??
  new RegExp(`<a[^>]*rel="${rel}"[^>]*href="([^"]+)"`).exec(html)?.[1]?.replaceAll('&amp;', '&')

describe('campaigns of publication: the list', () => {
  test('shows twenty-five at a time, the last one first, and goes on and back without losing one', async () => {
    const first = (await maud.get('/gestion/publications')).text
    expect(titles(first)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
    const second = (await maud.get(next(first, 'next')!)).text
    expect(titles(second)).toEqual(Array.from({ length: 25 }, (_, i) => i + 26))
    const third = (await maud.get(next(second, 'next')!)).text
    expect(titles(third)).toEqual([51, 52, 53, 54, 55, 56, 57, 58, 59])
    expect(next(third, 'next')).toBeUndefined()
    expect(titles((await maud.get(next(third, 'prev')!)).text)).toEqual(titles(second))
  })

  test('finds a campaign by its name, accents or not, and says when there is none', async () => {
    const found = (await maud.get('/gestion/publications?q=ete+des+FORETS')).text
    expect(found).toContain('Été des forêts')
    expect(titles(found)).toEqual([])
    expect((await maud.get('/gestion/publications?q=100%25')).text).toContain('Aucune campagne de ce nom')
  })

  test('what a finished campaign came to is read from its report, and counted while it goes on', async () => {
    await portal.owner
      .query(`with c as (select id, organisme_id from publications where titre = 'Été des forêts'),
      t as (insert into travaux (organisme_id, genre, titre, rapport) select organisme_id, 'publications.publication', 'x',
        '{"lignes": 12345, "publiees": 12000}' from c returning id)
      update publications set travail_id = (select id from t), terminee_le = now() where id = (select id from c)`)
    const { text } = await maud.get('/gestion/publications?q=foret')
    expect(text).toMatch(/12\u202f345/)
    expect(text).toMatch(/12\u202f000/)
  })
})
