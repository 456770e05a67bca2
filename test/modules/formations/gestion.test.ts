import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { readPdf } from '../../support/pdf.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor
let solene: Visitor
let ines: Visitor

beforeAll(async () => {
  portal = await startPortal()
  agent = await portal.login('estuaire', 'agent@estuaire.example')
  solene = await portal.login('estuaire', '657')
  ines = await portal.login('estuaire', '940')
})

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
const fields = (more: Record<string, string> = {}) => ({
  titre: 'Séance', jour: day(20), heure_debut: '09:30', heure_fin: '17:00', duree: '6,5', places: '1', lieu: 'Ici',
  adresse: '1 quai\n33500 LIBOURNE', suite: 'publier', ...more,
}) // prettier-ignore

async function session(more: Record<string, string> = {}): Promise<string> {
  const answer = await agent.post('/gestion/formations/nouvelle', fields(more))
  expect(answer.status, answer.text).toBe(303)
  return String(answer.headers.location).split('/').pop()!
}

async function state(id: string) {
  const { rows } = await portal.owner.query<{ inscrits: number; attente: number; places: number; ont: string; attendent: string }>(
    `select f.inscrits, f.attente, f.places,
       (select coalesce(string_agg(a.numero, ' ' order by a.numero), '') from inscriptions i join adherents a on a.id = i.adherent_id
         where i.formation_id = f.id and i.annulee_le is null and i.attente_depuis is null) as ont,
       (select coalesce(string_agg(a.numero, ' ' order by i.attente_depuis), '') from inscriptions i
         join adherents a on a.id = i.adherent_id where i.formation_id = f.id and i.annulee_le is null
         and i.attente_depuis is not null) as attendent
     from formations f where f.id = $1`, [id]) // prettier-ignore
  return rows[0]!
}

async function mails(modele: string, id: string): Promise<string[]> {
  const { rows } = await portal.owner.query<{ login: string }>(
    `select u.login from courriels c join utilisateurs u on u.id = c.destinataire_id where c.modele = $1
       and c.donnees ->> 'lien' = $2 order by 1`, [modele, `/formations/${id}`]) // prettier-ignore
  return rows.map(({ login }) => login)
}

/** Moves a session into the past, as the owner. */
async function held(id: string): Promise<void> {
  await portal.owner.query(
    `update formations set debut = now() - interval '8 hours', fin = now() - interval '1 hour' where id = $1`,
    [id],
  )
}

async function idOf(id: string, numero: string): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `select i.id from inscriptions i join adherents a on a.id = i.adherent_id where i.formation_id = $1 and a.numero = $2
       and i.annulee_le is null`, [id, numero]) // prettier-ignore
  return rows[0]!.id
}

describe('sessions kept by staff', () => {
  it('a draft is seen by nobody else until it is published', async () => {
    const id = await session({ titre: 'Projet', suite: 'brouillon' })
    expect((await solene.get(`/formations/${id}`)).status).toBe(404)
    expect((await solene.post(`/formations/${id}/inscription`)).status).toBe(404)
    expect((await agent.get('/gestion/formations?vue=brouillons')).text).toContain('Projet')
    await agent.post(`/gestion/formations/${id}/publication`)
    const page = plain((await solene.get(`/formations/${id}`)).text)
    expect(page).toContain('de 9 h 30 à 17 h 00')
    expect(page).toContain('6 h 30')
  })

  it('refuses hours in the wrong order and days that do not exist, with what was typed', async () => {
    const wrong = await agent.post('/gestion/formations/nouvelle', fields({ heure_fin: '09:00' }))
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('La fin vient avant le début.')
    expect((await agent.post('/gestion/formations/nouvelle', fields({ jour: '2027-02-30' }))).status).toBe(
      422,
    )
    expect((await agent.post('/gestion/formations/nouvelle', fields({ places: '0' }))).status).toBe(422)
  })

  it('another session of the same formation takes its texts, and the two know each other', async () => {
    const first = await session({ titre: 'TVA', programme: 'Le programme' })
    const form = await agent.get(`/gestion/formations/nouvelle?modele=${first}`)
    expect(form.text).toContain('Le programme')
    expect(checkHtml(form.text)).toEqual([])
    const second = await session({ titre: 'TVA', modele: first, jour: day(40) })
    expect((await agent.get(`/gestion/formations/${first}`)).text).toContain(`/gestion/formations/${second}`)
  })

  it('tells the second of two people who change it at once', async () => {
    const id = await session()
    const { suite: _, ...form } = fields({ revision: '1', titre: 'Premier' })
    expect((await agent.post(`/gestion/formations/${id}/modification`, form)).status).toBe(303)
    expect((await agent.post(`/gestion/formations/${id}/modification`, form)).text).toContain(
      'pendant que vous y travailliez',
    )
  })

  it('is no business of another organisme, nor of a member', async () => {
    const id = await session()
    const stranger = await portal.login('midi', 'agent@midi.example')
    for (const path of ['', '/modification', '/annulation', '/emargement', '/inscrits.csv'])
      expect((await stranger.get(`/gestion/formations/${id}${path}`)).status).toBe(404)
    expect((await stranger.post(`/gestion/formations/${id}/inscriptions`, { numero: '657' })).status).toBe(
      404,
    )
    expect((await solene.get('/gestion/formations')).status).toBe(403)
  })
})

describe('the waiting list', () => {
  it('takes who comes when all is full; a place given back goes to the first, who is told', async () => {
    const id = await session()
    await solene.post(`/formations/${id}/inscription`)
    expect((await ines.post(`/formations/${id}/inscription`)).status).toBe(303)
    await agent.post(`/gestion/formations/${id}/inscriptions`, { numero: '103' })
    expect(await state(id)).toEqual({ inscrits: 1, attente: 2, places: 1, ont: '657', attendent: '940 103' })
    expect(plain((await ines.get(`/formations/${id}`)).text)).toContain(
      'Vous êtes le prochain sur la liste d’attente',
    )
    await solene.post(`/formations/${id}/annulation`)
    expect(await state(id)).toEqual({ inscrits: 1, attente: 1, places: 1, ont: '940', attendent: '103' })
    expect(await mails('formation-place', id)).toEqual(['940'])
    // Whoever comes back stands behind those who wait.
    await solene.post(`/formations/${id}/inscription`)
    expect(await state(id)).toMatchObject({ attendent: '103 657' })
  })

  it('takes who comes even when a place is free, as long as others wait', async () => {
    const id = await session()
    await solene.post(`/formations/${id}/inscription`)
    await ines.post(`/formations/${id}/inscription`)
    await portal.owner.query('update formations set places = 2 where id = $1', [id])
    await agent.post(`/gestion/formations/${id}/inscriptions`, { numero: '103' })
    expect(await state(id)).toMatchObject({ ont: '657', attendent: '940 103' })
  })

  it('gets the places that staff adds, and is left at will', async () => {
    const id = await session()
    await solene.post(`/formations/${id}/inscription`)
    await ines.post(`/formations/${id}/inscription`)
    await agent.post(`/gestion/formations/${id}/inscriptions`, { numero: '103' })
    expect((await ines.post(`/formations/${id}/annulation`)).status).toBe(303)
    expect(await mails('formation-place', id)).toEqual([])
    const { suite: _, ...form } = fields({ revision: '1', places: '2' })
    await agent.post(`/gestion/formations/${id}/modification`, form)
    expect(await state(id)).toMatchObject({ inscrits: 2, attente: 0, ont: '103 657' })
    const fewer = await agent.post(`/gestion/formations/${id}/modification`, {
      ...form,
      places: '1',
      revision: '2',
    })
    expect(fewer.status).toBe(422)
    expect(fewer.text).toContain('il faut au moins autant de places')
  })

  it('of many who cancel and come at once, never holds more than the places, and loses nobody', async () => {
    const id = await session({ places: '3' })
    const { rows } = await portal.owner.query<{ numero: string }>(
      `with o as (select id from plateforme.organismes where code = 'estuaire'),
         n as (select 'F' || g as numero from generate_series(1, 12) as g),
         a as (insert into adherents (organisme_id, numero, denomination, adhesion_le)
           select o.id, n.numero, 'ESSAI ' || n.numero, current_date from o, n returning organisme_id, id, numero)
       insert into utilisateurs (organisme_id, login, nom, role, adherent_id)
         select organisme_id, numero, $1, 'adherent', id from a returning login as numero`, [randomUUID()]) // prettier-ignore
    const people = await Promise.all(rows.map(({ numero }) => portal.login('estuaire', numero)))
    await Promise.all(people.slice(0, 6).map((one) => one.post(`/formations/${id}/inscription`)))
    const answers = await Promise.all(
      people.map((one, i) => one.post(`/formations/${id}/${i < 6 ? 'annulation' : 'inscription'}`)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]))
    const end = await state(id)
    expect(end).toMatchObject({ inscrits: 3, attente: 3 })
    expect(end.ont.split(' ')).toHaveLength(3)
    expect(end.attendent.split(' ')).toHaveLength(3)
  })

  it('staff takes somebody off, and the place is given', async () => {
    const id = await session()
    await solene.post(`/formations/${id}/inscription`)
    await ines.post(`/formations/${id}/inscription`)
    await agent.post(`/gestion/formations/${id}/inscriptions/${await idOf(id, '657')}/annulation`)
    expect(await state(id)).toMatchObject({ ont: '940', attendent: '' })
    expect((await agent.post(`/gestion/formations/${id}/inscriptions`, { numero: 'zzz' })).status).toBe(422)
  })
})

describe('cancelling a session', () => {
  it('tells everybody enrolled or waiting, shows why, and takes nobody any more', async () => {
    const id = await session()
    await solene.post(`/formations/${id}/inscription`)
    await ines.post(`/formations/${id}/inscription`)
    const done = await agent.post(`/gestion/formations/${id}/annulation`, {
      motif: 'L’intervenant est souffrant',
    })
    expect(done.status).toBe(303)
    expect(await mails('formation-annulee', id)).toEqual(['657', '940'])
    const page = plain((await solene.get(`/formations/${id}`)).text)
    expect(page).toContain('L’intervenant est souffrant')
    expect(page).not.toContain('Annuler mon inscription')
    expect(checkHtml(page)).toEqual([])
    const cabinet = await portal.login('estuaire', 'CNS1')
    expect((await cabinet.get('/formations')).text).not.toContain(id)
    expect((await agent.post(`/gestion/formations/${id}/inscriptions`, { numero: '103' })).text).toContain(
      'est annulée',
    )
    expect((await agent.post(`/gestion/formations/${id}/annulation`, { motif: 'Encore' })).status).toBe(422)
    expect(await mails('formation-annulee', id)).toHaveLength(2)
  })
})

describe('attendance', () => {
  it('is recorded once it has begun; those present get an attestation, the others do not', async () => {
    const id = await session({ places: '2', titre: 'Lire un bilan' })
    await solene.post(`/formations/${id}/inscription`)
    await ines.post(`/formations/${id}/inscription`)
    const here = await idOf(id, '657')
    const away = await idOf(id, '940')
    expect((await agent.post(`/gestion/formations/${id}/presences`, { presents: here })).status).toBe(422)
    await held(id)
    expect((await solene.get(`/formations/${id}/attestation`)).status).toBe(404)
    expect((await agent.post(`/gestion/formations/${id}/presences`, { presents: here })).status).toBe(303)
    const paper = await solene.get(`/formations/${id}/attestation`)
    expect(paper.headers['content-type']).toBe('application/pdf')
    const { text, marked } = await readPdf(paper.body)
    expect(marked).toBe(true)
    for (const word of ['Attestation de présence', 'Lire un bilan', '657', '6 h 30'])
      expect(plain(text)).toContain(word)
    expect((await ines.get(`/formations/${id}/attestation`)).status).toBe(404)
    expect((await agent.get(`/gestion/formations/${id}/attestations/${here}`)).status).toBe(200)
    expect((await agent.get(`/gestion/formations/${id}/attestations/${away}`)).status).toBe(404)
    expect(plain((await solene.get(`/formations/${id}`)).text)).toContain('Attestation de présence')
  })

  it('has a sheet to sign and a file', async () => {
    const id = await session()
    await solene.post(`/formations/${id}/inscription`)
    const sheet = await agent.get(`/gestion/formations/${id}/emargement`)
    expect(sheet.text).toContain('CARRIVEAU')
    expect(checkHtml(sheet.text)).toEqual([])
    const file = await agent.get(`/gestion/formations/${id}/inscrits.csv`)
    expect(file.text).toContain('"657"')
    expect(checkHtml((await agent.get(`/gestion/formations/${id}`)).text)).toEqual([])
    expect(checkHtml((await agent.get('/gestion/formations')).text)).toEqual([])
  })
})
