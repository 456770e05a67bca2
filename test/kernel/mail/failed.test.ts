import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { reasonFor } from '../../../src/kernel/mail/failed.ts'
import { queueMail } from '../../../src/kernel/mail/queue.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { type SmtpSink, startSmtp } from '../../support/smtp.ts'

let smtp: SmtpSink
let portal: Portal
let maud: Visitor
let id: string
let adherentId: string

beforeAll(async () => {
  smtp = await startSmtp()
  portal = await startPortal({ env: { SMTP_URL: smtp.url } })
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  const solene = await portal.person('estuaire', '657')
  ;[id, adherentId] = [solene.id, solene.adherentId!]
  await portal.as('estuaire', 'agent@estuaire.example', async (db) => {
    for (const key of ['attend', 'echoue', 'oublie'])
      await queueMail(db, { key, template: 'document-publie', to: id, data: { lien: '/documents' } })
  })
  // What ten refusals leave, last month for one of them.
  await portal.owner.query(`delete from graphile_worker._private_jobs`)
  await portal.owner
    .query(`update courriels set abandonne_le = now(), essais = 10, destinataire = 'fausse@atelier.example',
    erreur = '550 5.1.1 no such user' where cle in ('echoue', 'oublie')`)
  await portal.owner.query(`update courriels set donnees = '{}' where cle = 'oublie'`)
})
afterAll(() => smtp.stop())

describe('mail: what did not arrive', () => {
  test('the fiche says why in French, and what the server said', async () => {
    const { text } = await maud.get(`/gestion/adherents/${adherentId}`)
    expect(text).toContain('Le serveur du destinataire ne connaît pas cette adresse.')
    expect(text).toContain('550 5.1.1 no such user')
    expect(text).toContain('Renvoyer 1\u00a0courriel')
  })

  test('sent again, it leaves to the address of today, once; what waits or has lost its words does not', async () => {
    const answer = await maud.post(`/gestion/adherents/${adherentId}/renvoi`)
    expect(answer.status).toBe(303)
    await maud.post(`/gestion/adherents/${adherentId}/renvoi`)
    expect((await maud.get(`/gestion/adherents/${adherentId}`)).text).toContain('Aucun courriel à renvoyer')
    await portal.startWorker()
    await vi.waitFor(
      async () => {
        const { rowCount } = await portal.owner.query(
          `select 1 from courriels where cle = 'echoue' and envoye_le is not null`,
        )
        expect(rowCount).toBe(1)
      },
      { timeout: 10_000, interval: 50 },
    )
    const { rows } = await portal.owner.query(
      `select cle, envoye_le is not null as parti, destinataire from courriels where cle in ('attend', 'echoue', 'oublie') order by cle`,
    )
    expect(rows).toEqual([
      { cle: 'attend', parti: false, destinataire: 'solene.carriveau@atelier.example' },
      { cle: 'echoue', parti: true, destinataire: 'solene.carriveau@atelier.example' },
      { cle: 'oublie', parti: false, destinataire: 'fausse@atelier.example' },
    ])
    expect(smtp.delivered).toHaveLength(1)
    const journal = await portal.owner.query(`select detail from journal where action = 'courriels.renvoyes'`)
    expect(journal.rows).toEqual([{ detail: { nombre: 1 } }])
  })

  test.each([
    ['550 5.1.1 <x>: user unknown', 'Le serveur du destinataire ne connaît pas cette adresse.'],
    ['452 4.2.2 mailbox full', 'La boîte du destinataire est pleine.'],
    ['connect ECONNREFUSED 127.0.0.1:25', 'Le serveur d’envoi des courriels n’a pas répondu.'],
    ['554 5.7.1 spam', 'Le courriel a été refusé.'],
    ['aucune adresse électronique', 'Aucune adresse électronique.'],
  ])('« %s » is said as « %s »', (erreur, said) => expect(reasonFor(erreur)).toBe(said))
})
