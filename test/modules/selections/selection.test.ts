import { beforeAll, describe, expect, test } from 'vitest'
import { countSelection, listSelection, listUnknown } from '../../../src/modules/selections/queries.ts'
import { asked, selectionOf, typedIn } from '../../../src/modules/selections/selection.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
const TODAY = new Date().toISOString().slice(0, 10)

beforeAll(async () => {
  portal = await startPortal()
})

const count = (from: Record<string, unknown>) =>
  portal.as('estuaire', 'agent@estuaire.example', (db) => countSelection(db, selectionOf(from), TODAY))
const truth = async (condition: string) => {
  const { rows } = await portal.owner.query<{ n: number }>(
    `select count(*)::int as n from adherents a join plateforme.organismes o on o.id = a.organisme_id
     where o.code = 'estuaire' and ${condition}`,
  )
  return rows[0]!.n
}
const HERE = '(a.perte_qualite_le is null or a.perte_qualite_le > current_date)'

describe('selections of adhérents', () => {
  test('each field counts what the tables say, and fields together narrow', async () => {
    expect(await count({})).toBe(await truth(HERE))
    expect(await count({ partis: 'on' })).toBe(await truth('true'))
    expect(await count({ profession: 'Avocat' })).toBe(
      await truth(`'Avocat' = any(a.professions) and ${HERE}`),
    )
    expect(await count({ categorie: 'BIC', cabinet: 'aucun' })).toBe(
      await truth(`a.categorie = 'BIC' and a.structure_id is null and ${HERE}`),
    )
    const { rows } = await portal.owner.query<{ fin: string; etat: string }>(
      `select to_char(c.fin, 'YYYY') as fin, c.attestation as etat from clotures c group by 1, 2 order by count(*) desc limit 1`,
    )
    const { fin, etat } = rows[0]!
    const found = await count({ exercice: fin, attestation: etat })
    expect(found).toBeGreaterThan(0)
    expect(found).toBe(
      await truth(`${HERE} and exists (select from clotures c where c.adherent_id = a.id
        and to_char(c.fin, 'YYYY') = '${fin}' and c.attestation = '${etat}')`),
    )
  })

  test('a list of numbers and names, with what is nobody’s; what is not understood counts as not asked', async () => {
    const selection = selectionOf({
      numeros: 'n° 657\n940, 99999 ; personne',
      exercice: '12; drop',
      cabinet: 'x',
    })
    expect(typedIn(selection)).toEqual(['657', '940', '99999', 'personne'])
    expect(selection).toMatchObject({ exercice: '', cabinet: '' })
    expect(Object.keys(asked(selection))).toEqual(['numeros'])
    await portal.as('estuaire', 'agent@estuaire.example', async (db) => {
      expect((await listSelection(db, selection, TODAY, 10)).map((a) => a.numero)).toEqual(['657', '940'])
      expect(await listUnknown(db, selection)).toEqual(['99999', 'personne'])
    })
  })

  test('the count of the script: staff only, and of one’s own organisme', async () => {
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    const midi = await portal.login('midi', 'agent@midi.example')
    const solene = await portal.login('estuaire', '657')
    const address = '/gestion/selections/compte?numeros=940'
    expect(JSON.parse((await agent.get(address)).text)).toEqual({
      compte: 1,
      phrase: '1\u00a0adhérent sélectionné.',
    })
    expect(JSON.parse((await midi.get(address)).text)).toMatchObject({ compte: 0 })
    expect((await solene.get(address)).status).toBe(403)
  })
})
