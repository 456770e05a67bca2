import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { solved } from '../../support/connexion.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal

beforeAll(async () => {
  portal = await startPortal()
})

beforeEach(async () => {
  await portal.owner.query('delete from demandes_de_compte')
  await portal.owner.query('delete from acces.tentatives')
})

const PERDUS = {
  raisonSociale: '',
  numero: 'n° 103',
  nom: 'Hautefeuille',
  prenom: 'Clarisse',
  courriel: 'clarisse@orthophonie.example',
  defi: '',
}
const COMPTE = {
  ...PERDUS,
  objet: 'nouveau-compte',
  role: 'adherent',
  message: 'Bonjour,\r\nje viens d’adhérer.',
}

async function rows(): Promise<Record<string, unknown>[]> {
  const { rows } = await portal.owner.query<Record<string, unknown>>(
    `select o.code, genre, role_souhaite, raison_sociale, numero, d.nom, prenom, d.courriel,
       message, issue
     from demandes_de_compte d join plateforme.organismes o on o.id = d.organisme_id order by demande_le`,
  )
  return rows
}

describe('Identifiants perdus', () => {
  it('F84: asks Raison sociale, the number, Nom, Prénom, E-mail, and its button validates', async () => {
    const page = await portal.visitor().get('/identifiants-perdus')
    expect(page.status).toBe(200)
    for (const text of [
      'Raison sociale',
      'N°\u00a0d’adhérent',
      'Nom',
      'Prénom',
      'E-mail',
      'Valider la demande',
    ]) {
      expect(page.text).toContain(text)
    }
    expect(checkHtml(page.text)).toEqual([])
  })

  it('F84 F150: an éditeur asks its Code client', async () => {
    const page = await portal.visitor('sillage').get('/identifiants-perdus')
    expect(page.text).toContain('Code client')
  })

  it('F85: becomes a row for the staff, and nothing leaves before they have looked', async () => {
    const visitor = portal.visitor()
    await visitor.get('/identifiants-perdus')
    const answer = await visitor.post('/identifiants-perdus', PERDUS)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/connexion')
    expect((await visitor.get('/connexion')).text).toContain('Votre demande est enregistrée.')
    expect(await rows()).toEqual([
      {
        code: 'estuaire', genre: 'identifiants-perdus', role_souhaite: '', raison_sociale: '', numero: '103',
        nom: 'Hautefeuille', prenom: 'Clarisse', courriel: 'clarisse@orthophonie.example', message: '', issue: null,
      },
    ]) // prettier-ignore
    const { rows: mails } = await portal.owner.query('select from courriels')
    expect(mails).toEqual([])
  })

  it('answers the same, whoever it is: a member, a stranger, a blocked account', async () => {
    const answers: unknown[] = []
    for (const who of [
      { numero: '657', nom: 'Carriveau', prenom: 'Solène', courriel: 'solene.carriveau@atelier.example' },
      { numero: '999', nom: 'Personne', prenom: 'Aucune', courriel: 'personne@nulle-part.example' },
      { numero: 'COL4', nom: 'Renardière', prenom: 'Muguette', courriel: 'm.renardiere@vauquelin.example' },
    ]) {
      const visitor = portal.visitor()
      await visitor.get('/identifiants-perdus')
      const answer = await visitor.post('/identifiants-perdus', { ...PERDUS, ...who })
      const notice = /<div class="avis[^>]*>.*?<\/div>/s.exec((await visitor.get('/connexion')).text)?.[0]
      answers.push([answer.status, answer.headers.location, answer.text, notice])
    }
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('sent twice is kept once, and the visitor learns nothing of it', async () => {
    for (let i = 0; i < 2; i++) {
      const visitor = portal.visitor()
      await visitor.get('/identifiants-perdus')
      const courriel = i === 0 ? PERDUS.courriel : PERDUS.courriel.toUpperCase()
      expect((await visitor.post('/identifiants-perdus', { ...PERDUS, courriel })).status).toBe(303)
    }
    expect(await rows()).toHaveLength(1)
  })

  it('is slowed down without proof of work: three in a quarter of an hour, then 429 with the form', async () => {
    const statuses: number[] = []
    let last = ''
    for (let i = 0; i < 5; i++) {
      const visitor = portal.visitor()
      await visitor.get('/identifiants-perdus')
      const answer = await visitor.post('/identifiants-perdus', { ...PERDUS, nom: `Nom ${i}` })
      statuses.push(answer.status)
      last = answer.text
    }
    expect(statuses).toEqual([303, 303, 303, 429, 429])
    expect(last).toContain('Trop de demandes sans vérification')
    expect(last).toContain('value="Nom 4"')
    expect(await rows()).toHaveLength(3)
  })

  it('F126: takes more from somebody whose browser has done the work, once for each form', async () => {
    await portal.owner.query(`insert into acces.tentatives (cle, nombre) values ('sans-preuve:127.0.0.1', 3)`)
    const visitor = portal.visitor()
    await visitor.get('/identifiants-perdus')
    const defi = await solved(visitor)
    expect((await visitor.post('/identifiants-perdus', { ...PERDUS, defi })).status).toBe(303)
    const again = await visitor.post('/identifiants-perdus', { ...PERDUS, nom: 'Autre', defi })
    expect(again.status).toBe(422)
    expect(again.text).toContain('Cochez la case de nouveau.')
    expect(await rows()).toHaveLength(1)
  })

  it('refuses a proof that is none', async () => {
    const visitor = portal.visitor()
    await visitor.get('/identifiants-perdus')
    const answer = await visitor.post('/identifiants-perdus', { ...PERDUS, defi: 'bm9uZQ==' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('La vérification')
    expect(await rows()).toEqual([])
  })

  it('says beside each field what is missing, and keeps what was typed', async () => {
    const visitor = portal.visitor()
    await visitor.get('/identifiants-perdus')
    const answer = await visitor.post('/identifiants-perdus', {
      ...PERDUS,
      nom: ' ',
      courriel: 'a@b, c@d.example',
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Indiquez votre nom.')
    expect(answer.text).toContain('Indiquez une adresse électronique complète')
    expect(answer.text).toContain('value="Clarisse"')
    expect(checkHtml(answer.text)).toEqual([])
    expect(await rows()).toEqual([])
  })

  it('refuses fields that it does not have, and a post without the token of the session', async () => {
    const visitor = portal.visitor()
    await visitor.get('/identifiants-perdus')
    expect((await visitor.post('/identifiants-perdus', { ...PERDUS, utilisateur_id: '1' })).status).toBe(422)
    visitor.csrf = '0'.repeat(64)
    expect((await visitor.post('/identifiants-perdus', PERDUS)).status).toBe(403)
    expect(await rows()).toEqual([])
  })
})

describe('Demande ou mise à jour de compte', () => {
  it('F128: asks for a new account or an update, with the role, the number, the structure and a message', async () => {
    const visitor = portal.visitor()
    const page = await visitor.get('/demande-de-compte')
    expect(page.text).toContain('Demande ou mise à jour de compte')
    expect(checkHtml(page.text)).toEqual([])
    expect((await visitor.post('/demande-de-compte', COMPTE)).status).toBe(303)
    expect(await rows()).toMatchObject([
      { genre: 'nouveau-compte', role_souhaite: 'adherent', message: 'Bonjour,\nje viens d’adhérer.' },
    ])
  })

  it('needs to know what is asked and by whom', async () => {
    const visitor = portal.visitor()
    await visitor.get('/demande-de-compte')
    const { objet: _objet, role: _role, ...rest } = COMPTE
    const answer = await visitor.post('/demande-de-compte', rest)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Choisissez ce que vous demandez.')
    expect(answer.text).toContain('Choisissez votre rôle.')
  })

  it('offers no role of the staff, and none that the organisme does not have', async () => {
    const visitor = portal.visitor('sillage')
    expect((await visitor.get('/demande-de-compte')).text).toContain('Agent d’établissement')
    for (const role of ['administrateur', 'permanent', 'operateur', 'adherent']) {
      await portal.owner.query('delete from acces.tentatives')
      expect([role, (await visitor.post('/demande-de-compte', { ...COMPTE, role })).status]).toEqual([
        role,
        422,
      ])
    }
    expect(await rows()).toEqual([])
  })

  it('belongs to the organisme of the host', async () => {
    const visitor = portal.visitor('midi')
    await visitor.get('/demande-de-compte')
    await visitor.post('/demande-de-compte', COMPTE)
    expect(await rows()).toMatchObject([{ code: 'midi' }])
  })

  it('does not exist on the platform', async () => {
    const visitor = portal.visitor('plateforme')
    expect((await visitor.get('/demande-de-compte')).status).toBe(404)
    expect((await visitor.get('/identifiants-perdus')).status).toBe(404)
  })
})

describe('the rows themselves', () => {
  it('are read by the staff of the organisme and by nobody else', async () => {
    const visitor = portal.visitor()
    await visitor.get('/demande-de-compte')
    await visitor.post('/demande-de-compte', COMPTE)
    const count = async (organisme: string, login: string) =>
      portal
        .as(organisme, login, (db) => db.many(sql`select from demandes_de_compte`))
        .then((found) => found.length)
    expect(await count('estuaire', 'agent@estuaire.example')).toBe(1)
    for (const login of ['657', 'CNS1', 'COL14'])
      expect([login, await count('estuaire', login)]).toEqual([login, 0])
    expect(await count('midi', 'agent@midi.example')).toBe(0)
  })

  it('are never born decided', async () => {
    const person = await portal.person('estuaire', '657')
    const insert = portal.as('estuaire', '657', (db) =>
      db.run(sql`insert into demandes_de_compte (genre, nom, prenom, courriel, close_le, close_par, issue, utilisateur_id)
        values ('nouveau-compte', 'x', 'y', 'a@b.example', now(), ${person.id}, 'lien-envoye', ${person.id})`),
    )
    await expect(insert).rejects.toThrow(/row-level security/)
  })
})
