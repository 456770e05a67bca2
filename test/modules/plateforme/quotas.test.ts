import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal

beforeAll(async () => {
  portal = await startPortal()
  await portal.owner
    .query(`update plateforme.organismes o set quota_comptes = (select count(*) from utilisateurs u
    where u.organisme_id = o.id and (u.parti_le is null or u.parti_le > current_date)) where o.nature <> 'plateforme'`)
})

const one = async (text: string): Promise<string> =>
  (await portal.owner.query<{ id: string }>(text)).rows[0]!.id
const organisme = (code: string) => `(select id from plateforme.organismes where code = '${code}')`
const demande = (code: string) =>
  one(
    `select id from demandes_de_compte where organisme_id = ${organisme(code)} and close_le is null limit 1`,
  )
const sansCompte = () =>
  one(`select a.id from adherents a where a.organisme_id = ${organisme('estuaire')} and a.courriel <> ''
    and not exists (select from utilisateurs u where u.adherent_id = a.id) limit 1`)

const STAFF =
  /Le nombre de comptes prévu pour votre organisme \(\d+\) est atteint\. Demandez à l’exploitant du portail/
const FIRM = /Tous les comptes prévus pour votre organisme sont pris\. Prévenez-le/

interface Opening {
  who: [organisme: string, login: string]
  path: () => Promise<string>
  fields: Record<string, string> | (() => Promise<Record<string, string>>)
  sentence: RegExp
}

/** Every form that opens an account. */
const OPENINGS: Record<string, Opening> = {
  'a cabinet, for one of its people': {
    who: ['estuaire', 'CNS1'],
    path: () => Promise.resolve('/collaborateurs/nouveau'),
    fields: { prenom: 'Aurèle', nom: 'Castaignède', fonction: '', courriel: 'a@vauquelin.example', role: 'collaborateur' },
    sentence: FIRM,
  },
  'the staff, for an adhérent who asks': {
    who: ['estuaire', 'agent@estuaire.example'],
    path: async () => `/gestion/demandes-de-compte/${await demande('estuaire')}/adherents/${await sansCompte()}`,
    fields: { destination: 'connue', verification: 'telephone' },
    sentence: STAFF,
  },
  'the staff of an éditeur, for somebody of an établissement who asks': {
    who: ['sillage', 'support@sillage.example'],
    path: async () =>
      `/gestion/demandes-de-compte/${await demande('sillage')}/etablissements/${await one(
        `select id from structures where organisme_id = ${organisme('sillage')} and numero = '99055000'`,
      )}`,
    fields: { role: 'collaborateur', verification: 'telephone' },
    sentence: STAFF,
  },
  'the staff, for somebody who gives his address': {
    who: ['estuaire', 'agent@estuaire.example'],
    path: () => Promise.resolve('/gestion/comptes/nouveau'),
    fields: { genre: 'adherent', numero: '12', courriel: 'nouvelle@adresse.example' },
    sentence: STAFF,
  },
  'the staff, for those who are ticked': {
    who: ['estuaire', 'agent@estuaire.example'],
    path: () => Promise.resolve('/gestion/comptes/invitations'),
    fields: async () => ({ adherent: await sansCompte() }),
    sentence: STAFF,
  },
  'an administrateur, for a colleague': {
    who: ['estuaire', 'admin@estuaire.example'],
    path: () => Promise.resolve('/gestion/personnel/nouveau'),
    fields: { civilite: '', prenom: 'Lucile', nom: 'Arrizabalaga', fonction: '', role: 'permanent', droits: 'tout', courriel: 'lucile@estuaire.example' },
    sentence: STAFF,
  },
} // prettier-ignore

describe('when all the accounts of an organisme are taken', () => {
  it.each(Object.entries(OPENINGS))(
    'the form of %s says so, keeps what was typed, and nothing is written',
    async (_name, { who, path, fields, sentence }) => {
      const person = await portal.login(...who)
      const typed = typeof fields === 'function' ? await fields() : fields
      const before = await portal.owner.query('select id from utilisateurs')
      const mails = await portal.owner.query('select id from courriels')
      const address = await path()
      expect((await person.get(address)).status).toBe(200)
      const answer = await person.post(address, typed)
      expect(answer.status, answer.text.slice(0, 300)).toBe(422)
      expect(answer.text).toMatch(sentence)
      if (typed.courriel) expect(answer.text).toContain(`value="${typed.courriel}"`)
      expect(checkHtml(answer.text)).toEqual([])
      expect((await portal.owner.query('select id from utilisateurs')).rowCount).toBe(before.rowCount)
      expect((await portal.owner.query('select id from courriels')).rowCount).toBe(mails.rowCount)
    },
  )

  it('a place that is given back serves again', async () => {
    const cabinet = await portal.login('estuaire', 'CNS1')
    const typed = {
      prenom: 'Aurèle',
      nom: 'Castaignède',
      fonction: '',
      courriel: 'a@vauquelin.example',
      role: 'collaborateur',
    }
    await portal.owner.query(
      `update plateforme.organismes set quota_comptes = quota_comptes + 1 where code = 'estuaire'`,
    )
    expect((await cabinet.post('/collaborateurs/nouveau', typed)).status).toBe(303)
    expect((await cabinet.post('/collaborateurs/nouveau', typed)).status).toBe(422)
  })
})
