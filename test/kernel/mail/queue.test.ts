import { beforeAll, describe, expect, test } from 'vitest'
import { queueMail, queueMails } from '../../../src/kernel/mail/queue.ts'
import { type TestDatabase, createTestDatabase } from '../../support/database.ts'

let db: TestDatabase

beforeAll(async () => {
  db = await createTestDatabase()
})

async function rows(key: string) {
  const { rows: found } = await db.owner.query<{
    id: string
    destinataire: string
    destinataire_nom: string
    organisme: string
    abandonne_le: Date | null
    erreur: string
    donnees: unknown
  }>(
    `select c.*, o.code as organisme from courriels c join plateforme.organismes o on o.id = c.organisme_id where cle = $1`,
    [key],
  )
  return found
}

async function jobs(): Promise<number> {
  const { rows: found } = await db.owner.query<{ n: string }>(
    `select count(*) as n from graphile_worker.jobs where task_identifier = 'courriels.envoyer'`,
  )
  return Number(found[0]!.n)
}

const lien = '/documents'

describe('mail: the queue', () => {
  test('a mail and its sending are born with the act, with the address the person has now', async () => {
    const before = await jobs()
    const solene = await db.person('estuaire', '657')
    await db.as('estuaire', 'agent@estuaire.example', (tx) =>
      queueMail(tx, { key: 'q1', template: 'document-publie', to: solene.id, data: { lien } }),
    )
    expect(await rows('q1')).toMatchObject([
      {
        destinataire: 'solene.carriveau@atelier.example',
        destinataire_nom: 'Solène Carriveau',
        organisme: 'estuaire',
        abandonne_le: null,
        donnees: { lien },
      },
    ])
    expect(await jobs()).toBe(before + 1)
  })

  test('an act that fails leaves neither mail nor sending', async () => {
    const before = await jobs()
    const solene = await db.person('estuaire', '657')
    const act = db.as('estuaire', 'agent@estuaire.example', async (tx) => {
      await queueMail(tx, { key: 'q2', template: 'document-publie', to: solene.id, data: { lien } })
      throw new Error('the act fails after the mail')
    })
    await expect(act).rejects.toThrow('the act fails')
    expect(await rows('q2')).toEqual([])
    expect(await jobs()).toBe(before)
  })

  test('the same event told twice is one mail, in each organisme its own', async () => {
    const before = await jobs()
    for (const organisme of ['estuaire', 'estuaire', 'midi']) {
      const person = await db.person(organisme, '657')
      await db.as(organisme, `agent@${organisme}.example`, (tx) =>
        queueMail(tx, { key: 'q3', template: 'document-publie', to: person.id, data: { lien } }),
      )
    }
    expect((await rows('q3')).map((row) => row.organisme).sort()).toEqual(['estuaire', 'midi'])
    expect(await jobs()).toBe(before + 2)
  })

  test('an adhérent and a visitor without log-in may send one too', async () => {
    const agent = await db.person('estuaire', 'agent@estuaire.example')
    await db.as('estuaire', '657', (tx) =>
      queueMail(tx, { key: 'q4', template: 'transfert-recu', to: agent.id, data: { lien } }),
    )
    await db.database.inOrganisme({ organismeId: agent.organismeId, role: 'anonyme' }, (tx) =>
      queueMail(tx, { key: 'q5', template: 'mot-de-passe-oublie', to: agent.id, data: { lien } }),
    )
    expect(await rows('q4')).toHaveLength(1)
    expect(await rows('q5')).toHaveLength(1)
  })

  test('nobody of another organisme gets a mail of this one', async () => {
    const foreign = await db.person('midi', '657')
    const act = db.as('estuaire', 'agent@estuaire.example', (tx) =>
      queueMail(tx, { key: 'q6', template: 'document-publie', to: foreign.id, data: { lien } }),
    )
    await expect(act).rejects.toThrow()
    expect(await rows('q6')).toEqual([])
  })

  test('for a person without address the row is parked at once, with the reason, and nothing waits', async () => {
    const before = await jobs()
    const ines = await db.person('estuaire', '940')
    await db.owner.query(`update utilisateurs set courriel = ' ' where id = $1`, [ines.id])
    await db.as('estuaire', 'agent@estuaire.example', (tx) =>
      queueMail(tx, { key: 'q7', template: 'document-publie', to: ines.id, data: { lien } }),
    )
    const [row] = await rows('q7')
    expect(row?.abandonne_le).toBeInstanceOf(Date)
    expect(row?.erreur).toBe('aucune adresse électronique')
    expect(await jobs()).toBe(before)
  })

  test('many mails are one row each and a task for twenty-five; those of today once more are nothing', async () => {
    const people = await db.owner.query<{ id: string }>(
      `select u.id from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
       where o.code = 'estuaire' and u.courriel <> ''`,
    )
    const to = Array.from({ length: 60 }, (_, i) => people.rows[i % people.rows.length]!.id)
    const mails = to.map((id, i) => ({ key: `q9 ${i}`, to: id, data: { lien } }))
    const before = await jobs()
    for (let turn = 0; turn < 2; turn++)
      await db.as('estuaire', 'agent@estuaire.example', (tx) => queueMails(tx, 'document-publie', mails))
    const { rows: found } = await db.owner.query<{ n: number }>(
      `select count(*)::int as n from courriels where cle like 'q9 %' and donnees->>'lien' = '/documents'`,
    )
    expect(found[0]!.n).toBe(60)
    expect(await jobs()).toBe(before + 3)
  })

  test('one person of another organisme among many: none of them leaves', async () => {
    const own = await db.person('estuaire', '657')
    const foreign = await db.person('midi', '657')
    const act = db.as('estuaire', 'agent@estuaire.example', (tx) =>
      queueMails(tx, 'document-publie', [
        { key: 'q10', to: own.id, data: { lien } },
        { key: 'q11', to: foreign.id, data: { lien } },
      ]),
    )
    await expect(act).rejects.toThrow('not of the organisme')
    expect(await rows('q10')).toEqual([])
  })

  test.each([
    ['a field that the template does not list', { lien, adherent: 'CARRIVEAU' }],
    ['a whole address instead of a path', { lien: 'https://elsewhere.example/x' }],
    ['a path that leaves the site', { lien: '//elsewhere.example/x' }],
    ['no link', {}],
  ])('%s is refused, and the act with it', async (_what, data) => {
    const solene = await db.person('estuaire', '657')
    const act = db.as('estuaire', 'agent@estuaire.example', (tx) =>
      queueMail(tx, {
        key: 'q8',
        template: 'document-publie',
        to: solene.id,
        data: data as { lien: string },
      }),
    )
    await expect(act).rejects.toThrow('mail document-publie')
    expect(await rows('q8')).toEqual([])
  })
})
