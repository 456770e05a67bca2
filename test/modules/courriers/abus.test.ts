import { beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/kernel/errors.ts'
import { checkEntrees } from '../../../src/modules/courriers/zip.ts'
import { CHEAP, logIn } from '../../support/connexion.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { publish } from './courriers.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ env: CHEAP })
})

describe('what cabinets must not be able to do (security.md, 3)', () => {
  it('8: a firm present at two organismes sees at each its clients of that one; its session opens one only', async () => {
    const [here, there] = await Promise.all([
      portal.person('estuaire', 'CNS1'),
      portal.person('midi', 'CNS1'),
    ])
    // The same firm for whoever reads papers: one name, one SIRET.
    await portal.owner.query(
      `update structures set nom = s.nom, siret = s.siret from (select nom, siret from structures where id = $1) s
       where id = $2`,
      [here.structureId, there.structureId],
    )
    const named = async (organisme: string) => {
      const who = await portal.login(organisme, 'CNS1')
      const { text } = await who.get('/clients')
      return [...text.matchAll(/href="\/clients\/([0-9a-f-]{36})"/g)].map((match) => match[1]!)
    }
    const own = async (organismeId: string, structureId: string | null) =>
      (
        await portal.owner.query<{ id: string }>(
          'select id from adherents where organisme_id = $1 and structure_id = $2',
          [organismeId, structureId],
        )
      ).rows.map((row) => row.id)
    const [a, b] = [new Set(await named('estuaire')), new Set(await named('midi'))]
    const [ownA, ownB] = [
      await own(here.organismeId, here.structureId),
      await own(there.organismeId, there.structureId),
    ]
    expect(a.size).toBeGreaterThan(0)
    expect(b.size).toBeGreaterThan(0)
    expect([...a].every((id) => ownA.includes(id))).toBe(true)
    expect([...b].every((id) => ownB.includes(id))).toBe(true)
    const cns1 = await portal.login('estuaire', 'CNS1')
    const host = { host: `midi.localhost:${portal.port}` }
    expect((await cns1.get('/clients', host)).status).toBe(303)
    // Coming in at the other is a log-in of its own, under another id.
    const before = cns1.cookies.get('sid')
    const visitor = portal.visitor('midi')
    visitor.cookies.set('sid', before!)
    await logIn(visitor, 'CNS1')
    expect(visitor.cookies.get('sid')).not.toBe(before)
    expect((await visitor.get('/clients')).status).toBe(200)
  })

  it('37: the link of a mail in a browser that is not logged in: log-in, then the file for the right person only', async () => {
    const id = await publish(portal, '12', ['Une ?'])
    const pdf = `/courriers/${id}/pdf`
    const visitor = portal.visitor()
    const asked = await visitor.get(pdf)
    expect([asked.status, asked.headers.location]).toEqual([
      303,
      `/connexion?retour=${encodeURIComponent(pdf)}`,
    ])
    const entered = await logIn(visitor, 'CNS1', undefined, { fields: { retour: pdf } })
    expect(entered.headers.location).toBe(pdf)
    const paper = await visitor.get(pdf)
    expect([paper.status, paper.headers['content-type']]).toEqual([200, 'application/pdf'])
    const other = portal.visitor()
    await logIn(other, 'CNS2', undefined, { fields: { retour: pdf } })
    expect((await other.get(pdf)).status).toBe(404)
  })

  it('38: a zip stops at 200 Mo, said in words, before a byte leaves', () => {
    const entree = (taille: number) => ({
      nom: 'x.pdf',
      publieLe: '2026-01-01T00:00:00Z',
      fichier: { cle: 'k', nom: 'x.pdf', taille, antivirus: 'sain' },
      make: () => Promise.resolve(Buffer.alloc(0)),
    })
    const mo = 1024 * 1024
    expect(() => checkEntrees(Array.from({ length: 40 }, () => entree(5 * mo)))).not.toThrow()
    expect(() => checkEntrees(Array.from({ length: 41 }, () => entree(5 * mo)))).toThrow(Refusal)
  })
})
