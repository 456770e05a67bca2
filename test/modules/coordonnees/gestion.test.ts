import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor
let adherentId: string
let solene: string

const INBOX = '/gestion/modifications'

beforeAll(async () => {
  portal = await startPortal()
  const person = await portal.person('estuaire', '657')
  adherentId = person.adherentId!
  solene = person.id
})

beforeEach(async () => {
  await portal.owner.query('delete from modifications')
  await portal.owner.query('delete from courriels')
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

/** A pending request of 657, put there as the owner. */
async function ask(zone: string, column: string, apres: string[], minutesAgo = 5): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `insert into modifications (organisme_id, adherent_id, zone, avant, apres, demande_par, demande_le)
     select organisme_id, id, $2, ${column}, $3, $4, now() - $5 * interval '1 minute' from adherents where id = $1
     returning id`,
    [adherentId, zone, apres, solene, minutesAgo],
  )
  return rows[0]!.id
}

const askPhone = () => ask('telephones', 'telephones', ['+33557000061'])

async function one<T>(text: string, values: unknown[]): Promise<T> {
  return (await portal.owner.query(text, values)).rows[0] as T
}

const fiche = () => one<Record<string, unknown>>('select * from adherents where id = $1', [adherentId])
const request = (id: string) =>
  one<{ issue: string | null; motif: string; close_par: string | null }>(
    'select * from modifications where id = $1',
    [id],
  )

/** Both acts reach the row while somebody else holds it: whoever comes second finds it decided. */
async function whileLocked<T>(id: string, acts: () => Promise<T>[]): Promise<T[]> {
  const holder = await portal.owner.connect()
  try {
    await holder.query('begin')
    await holder.query('select from modifications where id = $1 for update', [id])
    const answers = Promise.all(acts())
    await new Promise((resolve) => setTimeout(resolve, 500))
    await holder.query('commit')
    return await answers
  } finally {
    holder.release()
  }
}

/** What the page carries of the value that it shows. */
async function seen(id: string): Promise<string> {
  const { text } = await agent.get(`${INBOX}/${id}`)
  const value = /name="actuelle" value="([^"]*)"/.exec(text)?.[1] ?? ''
  return value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

async function accept(who: Visitor, id: string, more: Record<string, string> = {}) {
  return who.post(`${INBOX}/${id}/acceptation`, { actuelle: await seen(id), ...more })
}

describe('Mises à jour, the inbox of the staff', () => {
  it('F25: is the inbox of all requests, narrowed to them, the oldest first', async () => {
    const late = await ask('courriel', 'array[courriel]', ['plus@recente.example'], 1)
    const early = await ask('telephones', 'telephones', ['+33557000061'], 60)
    const list = await agent.get(INBOX)
    expect(list.headers.location).toBe('/gestion/demandes?genre=coordonnees')
    const { text } = await agent.get('/gestion/demandes?genre=coordonnees')
    const { rows } = await portal.owner.query<{ id: string }>(
      'select id from demandes where objet_id = any($1) order by recue_le',
      [[late, early]],
    )
    const [first = -1, second = -1] = rows.map((row) => text.indexOf(`/gestion/demandes/${row.id}`))
    expect(first).toBeGreaterThan(0)
    expect(second).toBeGreaterThan(first)
    expect(text).toContain('Mise à jour : téléphones')
  })
})

describe('one request', () => {
  it('F25: shows old and new side by side with what differs marked', async () => {
    const id = await ask('adresse-personnelle', 'adresse_personnelle', [
      '1 impasse des Lilas',
      '33500 LIBOURNE',
    ])
    const page = await agent.get(`${INBOX}/${id}`)
    expect(page.text).toContain('<del>du Lavoir</del>')
    expect(page.text).toContain('<ins>des Lilas</ins>')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('F25: accepted, the fiche has the wanted value at once and its author gets a mail that says nothing else', async () => {
    const id = await askPhone()
    const answer = await accept(agent, id)
    expect(answer.headers.location).toMatch(/^\/gestion\/demandes/)
    expect((await fiche()).telephones).toEqual(['+33557000061'])
    expect(await request(id)).toMatchObject({ issue: 'acceptee' })
    const mail = await one('select modele, destinataire_id, donnees from courriels', [])
    expect(mail).toMatchObject({
      modele: 'mise-a-jour-traitee',
      destinataire_id: solene,
      donnees: { lien: '/coordonnees', resultat: 'acceptee' },
    })
    const member = await portal.login('estuaire', '657')
    const page = await member.get('/coordonnees')
    expect(page.text).toContain('Acceptée')
    expect(page.text).not.toContain('mise à jour en cours de traitement')
  })

  it('a professional address moves the town and the postal code of the fiche with it', async () => {
    const id = await ask('adresse-professionnelle', 'adresse_professionnelle', ['4 rue Neuve', '40100 DAX'])
    await accept(agent, id)
    expect(await fiche()).toMatchObject({
      adresse_professionnelle: ['4 rue Neuve', '40100 DAX'],
      code_postal: '40100',
      ville: 'DAX',
    })
    await portal.owner.query(
      `update adherents set adresse_professionnelle = '{1 rue des Amandiers,33500 LIBOURNE}', code_postal = '33500',
         ville = 'LIBOURNE' where id = $1`,
      [adherentId],
    )
  })

  it('F25: refused with a reason, the fiche does not change and its author reads the reason', async () => {
    const before = await fiche()
    const id = await askPhone()
    const without = await agent.post(`${INBOX}/${id}/refus`, { motif: '  ' })
    expect(without.status).toBe(422)
    expect(without.text).toContain('Indiquez le motif du refus.')
    expect((await agent.post(`${INBOX}/${id}/refus`, { motif: 'Ce numéro\nn’existe pas.' })).status).toBe(303)
    expect(await fiche()).toEqual(before)
    expect(await request(id)).toMatchObject({ issue: 'refusee', motif: 'Ce numéro\nn’existe pas.' })
    const member = await portal.login('estuaire', '657')
    expect((await member.get('/coordonnees')).text).toContain('n’existe pas.')
  })

  it('the decision is a row of the journal with its author and the adhérent', async () => {
    await accept(agent, await askPhone())
    const row = await one(
      `select acteur, adherent_id, detail from journal where action = 'coordonnees.acceptee' order by numero desc limit 1`,
      [],
    )
    expect(row).toEqual({
      acteur: 'Maud Lescarret (agent@estuaire.example)',
      adherent_id: adherentId,
      detail: { zone: 'telephones' },
    })
  })
})

describe('what may go wrong', () => {
  it('two permanents deciding at once: one wins, the other is told who, and nothing happens twice', async () => {
    const id = await askPhone()
    const admin = await portal.login('estuaire', 'admin@estuaire.example')
    const actuelle = await seen(id)
    const answers = await whileLocked(id, () => [
      agent.post(`${INBOX}/${id}/acceptation`, { actuelle }),
      admin.post(`${INBOX}/${id}/refus`, { motif: 'Non.' }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
    const loser = answers.find((answer) => answer.status === 422)!
    expect(loser.text).toMatch(
      /Cette demande a déjà été (acceptée par Maud Lescarret|refusée par Gaspard Thévenin), le /,
    )
    expect(await one('select count(*)::int as n from courriels', [])).toEqual({ n: 1 })
  })

  it('a value that changed since the request is shown, and accepted only with a tick', async () => {
    const id = await askPhone()
    await portal.owner.query(`update adherents set telephones = '{05 57 00 00 99}' where id = $1`, [
      adherentId,
    ])
    const page = await agent.get(`${INBOX}/${id}`)
    expect(page.text).toContain('La fiche a changé depuis la demande.')
    expect(checkHtml(page.text)).toEqual([])
    const blind = await accept(agent, id)
    expect(blind.status).toBe(422)
    expect(blind.text).toContain('Cochez cette case')
    expect(await request(id)).toMatchObject({ issue: null })
    expect((await accept(agent, id, { confirme: 'oui' })).status).toBe(303)
    expect((await fiche()).telephones).toEqual(['+33557000061'])
  })

  it('a value that changes while the page is read is not overwritten unseen', async () => {
    const id = await askPhone()
    const actuelle = await seen(id)
    await portal.owner.query(`update adherents set telephones = '{05 57 00 00 98}' where id = $1`, [
      adherentId,
    ])
    const answer = await agent.post(`${INBOX}/${id}/acceptation`, { actuelle, confirme: 'oui' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('La fiche a changé pendant que vous lisiez cette page.')
    expect((await fiche()).telephones).toEqual(['05 57 00 00 98'])
  })

  it('a request that its author has withdrawn can no longer be decided', async () => {
    const id = await askPhone()
    const actuelle = await seen(id)
    await (await portal.login('estuaire', '657')).post(`/coordonnees/demandes/${id}/retrait`)
    const answer = await agent.post(`${INBOX}/${id}/acceptation`, { actuelle })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('a déjà été retirée par son auteur')
  })

  it('the request of another organisme does not exist: 404, nothing written', async () => {
    const id = await askPhone()
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.get(`${INBOX}/${id}`)).status).toBe(404)
    expect((await foreign.post(`${INBOX}/${id}/acceptation`, { actuelle: '[]' })).status).toBe(404)
    expect((await foreign.post(`${INBOX}/${id}/refus`, { motif: 'Non.' })).status).toBe(404)
    expect((await foreign.get('/gestion/demandes?etat=toutes')).text).not.toContain(id)
    expect(await request(id)).toMatchObject({ issue: null })
  })

  it('only the staff decides', async () => {
    const id = await askPhone()
    for (const login of ['657', 'CNS1', 'COL14']) {
      const who = await portal.login('estuaire', login)
      expect((await who.get(INBOX)).status).toBe(403)
      expect((await who.post(`${INBOX}/${id}/acceptation`, { actuelle: '[]' })).status).toBe(403)
    }
    expect(await request(id)).toMatchObject({ issue: null })
  })

  it('a text typed by a member is shown as text', async () => {
    const id = await ask('statut-juridique', 'array[statut_juridique]', [
      '<script>alert(1)</script> {{ 7*7 }}',
    ])
    const { text } = await agent.get(`${INBOX}/${id}`)
    expect(text).toContain('&lt;script&gt;')
    expect(text).toContain('{{')
    expect(text).not.toContain('<script>alert')
  })
})
