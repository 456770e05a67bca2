import { beforeAll, describe, expect, it } from 'vitest'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

function table(text: string): string[][] {
  return text
    .replace(/^\ufeff/, '')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(1, -1).split('";"'))
}

describe('the list as a table for spreadsheets', () => {
  it('holds every adhérent of the search, with its header, dates and numbers as people write them', async () => {
    const answer = await agent.get('/gestion/adherents.csv?tri=numero')
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="?adherents-\d{4}-\d{2}-\d{2}\.csv"?$/,
    )
    expect(answer.text.startsWith('\ufeff"N°";')).toBe(true)
    const [header, ...rows] = table(answer.text)
    expect(rows).toHaveLength(16)
    const solene = Object.fromEntries(
      header!.map((name, i) => [name, rows.find((row) => row[0] === '657')![i]]),
    )
    expect(solene).toMatchObject({
      'Nom ou dénomination': 'CARRIVEAU Solène',
      SIRET: '000 000 018 00010',
      Commune: 'LIBOURNE',
      Cabinet: 'CNS1 Cabinet Vauquelin & Associés',
      Compte: 'Actif',
    })
    expect(solene['Adhérent depuis le']).toMatch(/^\d{2}\/\d{2}\/\d{4}$/)
  })

  it('follows the filters of the page', async () => {
    expect(table((await agent.get('/gestion/adherents.csv?numero=80')).text).map((row) => row[0])).toEqual([
      'N°', '801', '802', '803',
    ]) // prettier-ignore
  })

  it('runs nothing in a spreadsheet (abuse case 32)', async () => {
    await portal.owner.query(
      `insert into adherents (organisme_id, numero, denomination, adhesion_le)
       select id, '9001', '=HYPERLINK("http://x";"y")', '2020-01-01' from plateforme.organismes where code = 'estuaire'`,
    )
    const { text } = await agent.get('/gestion/adherents.csv?numero=9001')
    expect(text).toContain(`"'=HYPERLINK(""http://x"";""y"")"`)
  })

  it('is kept in the journal with what was asked and how many lines left', async () => {
    await agent.get('/gestion/adherents.csv?categorie=BA')
    const { rows } = await portal.owner.query<{ detail: Record<string, unknown>; acteur: string }>(
      `select detail, acteur from journal where action = 'adherents.exportes' order by numero desc limit 1`,
    )
    expect(rows[0]).toMatchObject({
      detail: { lignes: 1, categorie: 'BA' },
      acteur: 'Maud Lescarret (agent@estuaire.example)',
    })
  })

  it('holds them all when there are several batches', async () => {
    await portal.owner.query(
      `insert into adherents (organisme_id, numero, denomination, adhesion_le)
       select id, (10000 + n)::text, 'Lot', '2020-01-01' from plateforme.organismes, generate_series(1, 4100) n
       where code = 'estuaire'`,
    )
    const rows = table((await agent.get('/gestion/adherents.csv?nom=')).text)
    expect(new Set(rows.map((row) => row[0])).size).toBe(1 + 16 + 1 + 4100)
  })
})
