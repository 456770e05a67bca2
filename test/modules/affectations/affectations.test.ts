import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let cabinet: Visitor
let jeremie: Visitor
let capucine: string
let armel: string
let nacre: string
let ollivary: string

beforeAll(async () => {
  portal = await startPortal()
  capucine = (await portal.person('estuaire', 'COL14')).id
  armel = (await portal.person('estuaire', 'COL7')).id
  nacre = await adherent('688')
  ollivary = await adherent('702')
})

beforeEach(async () => {
  cabinet = await portal.login('estuaire', 'CNS1')
  jeremie = await portal.login('estuaire', 'COL16')
  await portal.owner.query('delete from affectations where adherent_id = any($1)', [[nacre, ollivary]])
})

async function adherent(numero: string, organisme = 'estuaire'): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `select a.id from adherents a join plateforme.organismes o on o.id = a.organisme_id
     where o.code = $1 and a.numero = $2`,
    [organisme, numero],
  )
  return rows[0]!.id
}

/** Who has had it, oldest first: [person, still]. */
async function hands(adherentId: string): Promise<[string, boolean][]> {
  const { rows } = await portal.owner.query<{ qui: string; encore: boolean }>(
    `select utilisateur_id as qui, jusqu_a is null as encore from affectations where adherent_id = $1 order by depuis, jusqu_a`,
    [adherentId],
  )
  return rows.map(({ qui, encore }) => [qui, encore])
}

const journal = async () =>
  (
    await portal.owner.query<{ action: string; adherent_id: string }>(
      'select action, adherent_id from journal order by numero desc limit 1',
    )
  ).rows[0]

describe('the dossiers of nobody', () => {
  it('F78: are listed with their count', async () => {
    const page = await cabinet.get('/affectations')
    expect(page.status).toBe(200)
    expect(page.text).toContain('Dossiers clients non affectés (2)')
    expect(page.text).toContain('NACRE ET VERMEIL')
    expect(page.text).toContain('OLLIVARY Pierrick')
    expect(page.text).not.toContain('CARRIVEAU')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('are found by a piece of the name, without accents, and by number', async () => {
    expect((await cabinet.get('/affectations?nom=vermeil')).text).toContain('NACRE ET VERMEIL')
    expect((await cabinet.get('/affectations?nom=vermeil')).text).not.toContain('OLLIVARY')
    expect((await cabinet.get('/affectations?numero=70')).text).toContain('OLLIVARY')
    const none = await cabinet.get(`/affectations?nom=${encodeURIComponent("'; select pg_sleep(5)--")}`)
    expect(none.status).toBe(200)
    expect(none.text).toContain('Aucun dossier ne correspond')
  })

  it('do not count a client who has left the organisme', async () => {
    await portal.owner.query(`update adherents set perte_qualite_le = '2026-01-01' where id = $1`, [nacre])
    const page = await cabinet.get('/affectations')
    expect(page.text).toContain('non affectés (1)')
    expect(page.text).not.toContain('NACRE')
    await portal.owner.query(`update adherents set perte_qualite_le = null where id = $1`, [nacre])
  })

  it('are given several at once, and his list shows them', async () => {
    const answer = await cabinet.post('/affectations', {
      dossier: [nacre, ollivary],
      collaborateur: capucine,
    })
    expect(answer.headers.location).toBe('/affectations')
    expect((await cabinet.get('/affectations')).text).toContain('Tous les dossiers clients sont affectés')
    const collab = await portal.login('estuaire', 'COL14')
    expect((await collab.get('/clients')).text).toContain('NACRE ET VERMEIL')
    expect(await journal()).toMatchObject({ action: 'affectation.faite' })
    expect(await hands(nacre)).toEqual([[capucine, true]])
  })

  it('need a tick and a name: said beside the field, nothing written, the ticks kept', async () => {
    const none = await cabinet.post('/affectations', { collaborateur: capucine })
    expect(none.status).toBe(422)
    expect(none.text).toContain('Cochez au moins un dossier')
    const nobody = await cabinet.post('/affectations', { dossier: nacre, collaborateur: '' })
    expect(nobody.status).toBe(422)
    expect(nobody.text).toContain('Choisissez un collaborateur.')
    expect(nobody.text).toMatch(new RegExp(`value="${nacre}" checked`))
    expect(checkHtml(nobody.text)).toEqual([])
    expect(await hands(nacre)).toEqual([])
  })
})

describe('one dossier', () => {
  it('F79: keeps the history of who had it, newest first, with who gave it', async () => {
    await cabinet.post(`/affectations/${nacre}`, { de: '', collaborateur: capucine })
    await jeremie.post(`/affectations/${nacre}`, { de: capucine, collaborateur: armel })
    const page = await cabinet.get(`/affectations/${nacre}`)
    expect(page.text).toMatch(/Armel Lagrevol[^]*Capucine Marchandeau/)
    expect(page.text).toContain('Jérémie Aubrespin')
    expect(page.text).toContain('En cours')
    expect(checkHtml(page.text)).toEqual([])
    expect(await hands(nacre)).toEqual([
      [capucine, false],
      [armel, true],
    ])
  })

  it('F82: passes from one to the other in one act, at one instant', async () => {
    await cabinet.post(`/affectations/${nacre}`, { de: '', collaborateur: capucine })
    const answer = await cabinet.post(`/affectations/${nacre}`, { de: capucine, collaborateur: armel })
    expect(answer.status).toBe(303)
    const { rows } = await portal.owner.query<{ touch: boolean }>(
      `select a.jusqu_a = b.depuis as touch from affectations a, affectations b
       where a.adherent_id = $1 and b.adherent_id = $1 and a.utilisateur_id = $2 and b.utilisateur_id = $3`,
      [nacre, capucine, armel],
    )
    expect(rows).toEqual([{ touch: true }])
    const before = await portal.login('estuaire', 'COL14')
    expect((await before.get(`/clients/${nacre}`)).status).toBe(404)
    const after = await portal.login('estuaire', 'COL7')
    expect((await after.get(`/clients/${nacre}`)).status).toBe(200)
  })

  it('can be taken away: it is nobody’s again', async () => {
    await cabinet.post(`/affectations/${nacre}`, { de: '', collaborateur: capucine })
    expect(
      (await cabinet.post(`/affectations/${nacre}`, { de: capucine, collaborateur: 'personne' })).status,
    ).toBe(303)
    expect(await hands(nacre)).toEqual([[capucine, false]])
    expect((await cabinet.get('/affectations')).text).toContain('NACRE ET VERMEIL')
  })

  it('is not moved from a page that is out of date', async () => {
    await cabinet.post(`/affectations/${nacre}`, { de: '', collaborateur: capucine })
    await cabinet.post(`/affectations/${nacre}`, { de: capucine, collaborateur: armel })
    const late = await jeremie.post(`/affectations/${nacre}`, { de: capucine, collaborateur: 'personne' })
    expect(late.status).toBe(422)
    expect(late.text).toContain('a changé de mains entre-temps')
    expect(await hands(nacre)).toEqual([
      [capucine, false],
      [armel, true],
    ])
  })

  it('given by two superviseurs at the same instant, has one winner and the other is told', async () => {
    for (let round = 0; round < 5; round++) {
      await portal.owner.query('delete from affectations where adherent_id = any($1)', [[nacre, ollivary]])
      const answers = await Promise.all([
        cabinet.post('/affectations', { dossier: [nacre, ollivary], collaborateur: capucine }),
        jeremie.post('/affectations', { dossier: [ollivary, nacre], collaborateur: armel }),
      ])
      expect(answers.map((a) => a.status).sort()).toEqual([303, 422])
      expect(answers.find((a) => a.status === 422)!.text).toMatch(/Rien n’a été changé/)
      const [first, second] = [await hands(nacre), await hands(ollivary)]
      expect(first).toHaveLength(1)
      expect(second).toEqual(first)
    }
  })

  it('moved by two at the same instant, goes to one of them only', async () => {
    await cabinet.post(`/affectations/${nacre}`, { de: '', collaborateur: capucine })
    const anthime = (await portal.person('estuaire', 'COL3')).id
    const answers = await Promise.all([
      cabinet.post(`/affectations/${nacre}`, { de: capucine, collaborateur: armel }),
      jeremie.post(`/affectations/${nacre}`, { de: capucine, collaborateur: anthime }),
    ])
    expect(answers.map((a) => a.status).sort()).toEqual([303, 422])
    expect((await hands(nacre)).filter(([, still]) => still)).toHaveLength(1)
  })

  it('of a client who changes firm is his collaborateur’s no more', async () => {
    await cabinet.post(`/affectations/${nacre}`, { de: '', collaborateur: capucine })
    const [cns1, cns2] = await Promise.all(['CNS1', 'CNS2'].map((login) => portal.person('estuaire', login)))
    await portal.owner.query('update adherents set structure_id = $1 where id = $2', [
      cns2!.structureId,
      nacre,
    ])
    expect(await hands(nacre)).toEqual([[capucine, false]])
    const other = await portal.login('estuaire', 'CNS2')
    const page = await other.get(`/affectations/${nacre}`)
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('Marchandeau')
    await portal.owner.query('update adherents set structure_id = $1 where id = $2', [
      cns1!.structureId,
      nacre,
    ])
  })
})

describe('abuse', () => {
  it('a dossier of another firm or organisme cannot be given: 404, nothing written', async () => {
    const aurore = await adherent('801')
    const magali = await adherent('12', 'midi')
    for (const id of [aurore, magali]) {
      expect((await cabinet.get(`/affectations/${id}`)).status).toBe(404)
      expect((await cabinet.post(`/affectations/${id}`, { de: '', collaborateur: capucine })).status).toBe(
        404,
      )
      expect(
        (await cabinet.post('/affectations', { dossier: [nacre, id], collaborateur: capucine })).status,
      ).toBe(404)
      expect(await hands(id)).toEqual([])
    }
    expect(await hands(nacre)).toEqual([])
  })

  it('nobody of another firm, no cabinet log-in and nobody who left can be given a dossier', async () => {
    for (const [organisme, login] of [
      ['midi', 'COL14'],
      ['estuaire', 'CNS1'],
      ['estuaire', 'COL4'],
      ['estuaire', '657'],
    ] as const) {
      const { id } = await portal.person(organisme, login)
      const answer = await cabinet.post('/affectations', { dossier: nacre, collaborateur: id })
      expect([login, answer.status]).toEqual([login, 422])
    }
    expect(await hands(nacre)).toEqual([])
  })

  it('a collaborateur manages no dossier: 403, and the database refuses it too', async () => {
    const collab = await portal.login('estuaire', 'COL14')
    expect((await collab.get('/affectations')).status).toBe(403)
    expect((await collab.post('/affectations', { dossier: nacre, collaborateur: capucine })).status).toBe(403)
    const solene = (await portal.person('estuaire', '657')).adherentId
    await expect(
      portal.as('estuaire', 'COL7', (db) =>
        db.run(sql`insert into affectations (adherent_id, utilisateur_id) values (${solene}, ${armel})`),
      ),
    ).rejects.toThrow(/row-level security/)
    await portal.as('estuaire', 'COL14', async (db) => {
      expect(await db.run(sql`update affectations set jusqu_a = now() where adherent_id = ${solene}`)).toBe(0)
    })
    for (const statement of [
      sql`delete from affectations`,
      sql`update affectations set utilisateur_id = ${armel}`,
    ]) {
      await expect(portal.as('estuaire', 'CNS1', (db) => db.run(statement))).rejects.toThrow(
        /permission denied/,
      )
    }
  })

  it('two at once are refused by the database itself, whoever writes', async () => {
    const solene = (await portal.person('estuaire', '657')).adherentId
    await expect(
      portal.as('estuaire', 'CNS1', (db) =>
        db.run(sql`insert into affectations (adherent_id, utilisateur_id) values (${solene}, ${armel})`),
      ),
    ).rejects.toThrow(/affectations_une_a_la_fois/)
  })

  it('a collaborateur sees his dossiers and no other: list, fiche, search', async () => {
    const collab = await portal.login('estuaire', 'COL7')
    const list = (await collab.get('/clients')).text
    expect(list).toContain('IZARN')
    expect(list).not.toContain('CARRIVEAU')
    expect((await collab.get('/clients?nom=carriveau')).text).not.toContain('CARRIVEAU Solène')
    expect((await collab.get(`/clients/${(await portal.person('estuaire', '657')).adherentId}`)).status).toBe(
      404,
    )
  })
})

describe('with five thousand clients', () => {
  it('each page is a page, fast, and the next begins where it ended', { timeout: 120_000 }, async () => {
    const { organismeId, structureId } = await portal.person('estuaire', 'CNS1')
    await portal.owner.query(
      `insert into adherents (organisme_id, numero, denomination, adhesion_le, structure_id)
       select $1, (100000 + n)::text, 'CLIENT ' || n, '2020-01-01', $2 from generate_series(1, 5000) n`,
      [organismeId, structureId],
    )
    await portal.owner.query('analyze adherents')
    await cabinet.get('/affectations')
    const start = performance.now()
    const page = await cabinet.get('/affectations')
    expect(performance.now() - start).toBeLessThan(1000)
    expect(page.text).toContain('non affectés (5\u202f002)')
    expect(page.text.match(/name="dossier"/g)).toHaveLength(50)
    const next = /rel="next" href="([^"]+)"/.exec(page.text)![1]!.replaceAll('&amp;', '&')
    const second = await cabinet.get(next)
    expect(second.text.match(/name="dossier"/g)).toHaveLength(50)
    expect(second.text).toContain('51 à 100')
    const ids = (text: string) => [...text.matchAll(/name="dossier" value="([0-9a-f-]+)"/g)].map((m) => m[1]!)
    expect(new Set([...ids(page.text), ...ids(second.text)]).size).toBe(100)
    await cabinet.post('/affectations', { dossier: ids(page.text), collaborateur: capucine })
    expect((await cabinet.get(`/collaborateurs/${capucine}/dossiers`)).text).toContain('Dossiers (55)')
  })
})
