import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { etatOf } from '../../../src/modules/actualites/actualite.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
type Fields = Record<string, string | string[]>
const fields = (more: Fields = {}): Fields => ({
  titre: 'Une nouvelle', chapo: 'Son chapeau', categorie: 'evenement', corps: 'Texte **gras**.',
  pour_roles: ['adherent', 'cabinet'], visible_du: day(-1), visible_au: '', epinglee_jusqu_au: '', suite: 'publier', ...more,
}) // prettier-ignore

async function write(more: Fields = {}): Promise<string> {
  const answer = await agent.post('/gestion/actualites/nouvelle', fields(more))
  expect(answer.status, answer.text).toBe(303)
  return String(answer.headers.location).split('/').pop()!
}

async function seenBy(login: string, organisme = 'estuaire'): Promise<string[]> {
  return portal.as(organisme, login, async (db) =>
    (await db.many<{ titre: string }>(sql`select titre from actualites`)).map(({ titre }) => titre),
  )
}

describe('news written by staff', () => {
  it('a draft is seen by nobody else; published, by whom it is for', async () => {
    const id = await write({ titre: 'Brouillon secret', suite: 'brouillon' })
    expect(await seenBy('657')).not.toContain('Brouillon secret')
    expect(await seenBy('agent@estuaire.example')).toContain('Brouillon secret')
    expect((await (await portal.login('estuaire', '657')).get(`/actualites/${id}`)).status).toBe(404)
    await agent.post(`/gestion/actualites/${id}`, fields({ titre: 'Brouillon secret', revision: '1' }))
    expect(await seenBy('657')).toContain('Brouillon secret')
    expect(await seenBy('CNS1')).toContain('Brouillon secret')
    expect(await seenBy('COL14')).not.toContain('Brouillon secret')
  })

  it('by profession: of the adhérent, or of a client of the cabinet', async () => {
    await write({ titre: 'Pour les soins', pour_professions: 'Infirmière libérale' })
    expect(await seenBy('940')).toContain('Pour les soins')
    expect(await seenBy('657')).not.toContain('Pour les soins')
  })

  it('for chosen cabinets: their people and their clients, and no other cabinet', async () => {
    const id = await write({ titre: 'Pour CNS1', pour_cabinets: 'cns1\n\nCNS1 – Un ancien nom' })
    expect(await seenBy('CNS1')).toContain('Pour CNS1')
    expect(await seenBy('657')).toContain('Pour CNS1')
    for (const other of ['CNS2', '940', 'COL14']) expect(await seenBy(other)).not.toContain('Pour CNS1')
    expect(await seenBy('CNS1', 'midi')).not.toContain('Pour CNS1')
    expect((await (await portal.login('estuaire', 'CNS2')).get(`/actualites/${id}`)).status).toBe(404)
    expect((await agent.get('/gestion/actualites')).text).toContain('Adhérents, cabinets – CNS1 seulement')
    const form = await agent.get(`/gestion/actualites/${id}`)
    const [, shown] = /name="pour_cabinets"[^>]*>\s*([^<]+)<\/textarea>/.exec(form.text)!
    expect(shown).toMatch(/^CNS1 – \S/)
    await agent.post(
      `/gestion/actualites/${id}`,
      fields({ titre: 'Pour CNS1', revision: '1', pour_roles: 'cabinet', pour_cabinets: shown! }),
    )
    expect(await seenBy('CNS1')).toContain('Pour CNS1')
    expect(await seenBy('657')).not.toContain('Pour CNS1')
  })

  it('a cabinet is told by its number, or by a name that is only its own', async () => {
    const refusal = async (typed: string) => {
      const answer = await agent.post('/gestion/actualites/nouvelle', fields({ pour_cabinets: typed }))
      expect(answer.status).toBe(422)
      expect(checkHtml(answer.text)).toEqual([])
      return answer.text
    }
    expect(await refusal('CNS1\nCNS999')).toContain('Aucun cabinet ne correspond à «\u00a0CNS999\u00a0».')
    expect(await refusal('e')).toMatch(/peut être CNS1 – .+, CNS2 – .+\u00a0: écrivez son numéro\./)
    const { rows } = await portal.owner.query<{ id: string }>(
      `select s.id from structures s join plateforme.organismes o on o.id = s.organisme_id
       where o.code = 'midi' limit 1`,
    )
    await expect(
      portal.as('estuaire', 'agent@estuaire.example', (db) =>
        db.run(sql`update actualites set pour_cabinets = array[${rows[0]!.id}::uuid]`),
      ),
    ).rejects.toThrow('no such firm here')
  })

  it('all of them leave as a table, with the filters of the page', async () => {
    await write({ titre: '=SOMME(1;2)', suite: 'brouillon' })
    await write({ titre: 'Publiée aussi' })
    const csv = await agent.get('/gestion/actualites.csv?etat=brouillon')
    expect(csv.status).toBe(200)
    expect(csv.text).toContain("'=SOMME(1;2)")
    expect(csv.text).not.toContain('Publiée aussi')
    expect((await agent.get('/gestion/actualites.xlsx')).headers['content-type']).toContain('spreadsheetml')
  })

  it('from its first day to its last, then it is expired', async () => {
    await write({ titre: 'Demain', visible_du: day(2) })
    await write({ titre: 'Hier', visible_du: day(-9), visible_au: day(-2) })
    expect(await seenBy('657')).not.toContain('Demain')
    expect(await seenBy('657')).not.toContain('Hier')
    const page = await agent.get('/gestion/actualites?etat=programmee')
    expect(page.text).toContain('Demain')
    expect(page.text).not.toContain('Hier')
    expect((await agent.get('/gestion/actualites?etat=expiree')).text).toContain('Hier')
    expect((await agent.get('/gestion/actualites?q=HIER')).text).toContain('Hier')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('withdrawn, it is read no more; published again, it is', async () => {
    const id = await write({ titre: 'À retirer' })
    expect((await agent.post(`/gestion/actualites/${id}/retrait`)).status).toBe(303)
    expect(await seenBy('657')).not.toContain('À retirer')
    await agent.post(`/gestion/actualites/${id}`, fields({ titre: 'À retirer', revision: '2' }))
    expect(await seenBy('657')).toContain('À retirer')
    const draft = await write({ suite: 'brouillon' })
    expect((await agent.post(`/gestion/actualites/${draft}/retrait`)).status).toBe(422)
  })

  it('pinned, it stands first until that day', async () => {
    await write({ titre: 'Épinglée', visible_du: day(-300), epinglee_jusqu_au: day(3) })
    const { text } = await (await portal.login('estuaire', '657')).get('/actualites')
    const titles = [...text.matchAll(/<h2 class="fil-titre"><a [^>]+>([^<]+)</g)].map((match) => match[1])
    expect(titles.slice(0, 3)).toContain('Épinglée')
  })

  it('previews without writing anything, a new one and one that is there', async () => {
    const before = await seenBy('agent@estuaire.example')
    const page = await agent.post(
      '/gestion/actualites/apercu',
      fields({ titre: 'Essai <b>', corps: '## Inter\n\n- un\n\n<script>x</script>' }),
    )
    expect(page.status).toBe(200)
    expect(page.text).toContain('<li>un</li>')
    expect(page.text).toContain('Essai &lt;b&gt;')
    expect(page.text).not.toContain('<script>x')
    expect(page.text).toContain('action="/gestion/actualites/nouvelle"')
    expect(checkHtml(page.text)).toEqual([])
    const id = await write({ titre: 'Là' })
    const there = await agent.post(
      '/gestion/actualites/apercu',
      fields({ id, titre: 'Changé', revision: '1' }),
    )
    expect(there.text).toContain(`action="/gestion/actualites/${id}"`)
    expect(there.text).toContain('value="Changé"')
    expect((await seenBy('agent@estuaire.example')).sort()).toEqual([...before, 'Là'].sort())
  })

  it('refuses what is not finished, with what was typed', async () => {
    const refused = await agent.post(
      '/gestion/actualites/nouvelle',
      fields({ titre: '', pour_roles: [], visible_au: day(-9), corps: 'Gardé' }),
    )
    expect(refused.status).toBe(422)
    for (const sentence of ['Indiquez le titre.', 'Choisissez au moins un destinataire.', 'Gardé'])
      expect(refused.text).toContain(sentence)
    expect(
      (await agent.post('/gestion/actualites/nouvelle', fields({ visible_au: day(-9) }))).text,
    ).toContain('vient avant le premier')
    expect(
      (await agent.post('/gestion/actualites/nouvelle', fields({ pour_roles: 'permanent' }))).status,
    ).toBe(422)
  })

  it('tells the second of two people who write at once', async () => {
    const id = await write()
    await agent.post(`/gestion/actualites/${id}`, fields({ titre: 'Premier', revision: '1' }))
    const late = await agent.post(`/gestion/actualites/${id}`, fields({ titre: 'Second', revision: '1' }))
    expect(late.status).toBe(422)
    expect(late.text).toContain('pendant que vous y travailliez')
    expect(await seenBy('657')).toContain('Premier')
  })

  it('is no business of another organisme, nor of a cabinet', async () => {
    const id = await write()
    const stranger = await portal.login('midi', 'agent@midi.example')
    expect((await stranger.get(`/gestion/actualites/${id}`)).status).toBe(404)
    expect((await stranger.post(`/gestion/actualites/${id}/retrait`)).status).toBe(404)
    expect((await stranger.post('/gestion/actualites/apercu', fields({ id }))).status).toBe(404)
    expect((await (await portal.login('estuaire', 'CNS1')).get('/gestion/actualites')).status).toBe(403)
  })

  it('knows its state by its dates', () => {
    const news = { publiee_le: 'x', retiree_le: null, visible_du: '2026-02-01', visible_au: '2026-02-10' }
    expect(['2026-01-31', '2026-02-01', '2026-02-10', '2026-02-11'].map((today) => etatOf(news, today))).toEqual(
      ['programmee', 'publiee', 'publiee', 'expiree']) // prettier-ignore
    expect(etatOf({ ...news, retiree_le: 'y' }, '2026-02-05')).toBe('retiree')
    expect(etatOf({ ...news, publiee_le: null }, '2026-02-05')).toBe('brouillon')
  })
})
