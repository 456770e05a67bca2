import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

const LISTE = '/gestion/demandes'
let portal: Portal
let maud: Visitor
let admin: Visitor
let organismeId: string

beforeAll(async () => {
  portal = await startPortal()
  organismeId = (await portal.person('estuaire', 'CNS1')).organismeId
})
beforeEach(async () => {
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  admin = await portal.login('estuaire', 'admin@estuaire.example')
})

const rows = async <T>(text: string, values: unknown[] = []) =>
  (await portal.owner.query(text, values)).rows as T[]
const sujets = (text: string) =>
  [...text.matchAll(/<td class="titre[^"]*"><a href="\/gestion\/demandes\/([0-9a-f-]{36})"/g)].map(
    (m) => m[1]!,
  )
const total = (text: string) =>
  Number(/ sur (\d+)/.exec(text)?.[1] ?? /pager-compte">\d+ à (\d+)/.exec(text)?.[1] ?? 0)

interface Line {
  id: string
  objet_id: string
  etat: string
  issue: string
  assignee_id: string | null
  fil_id: string | null
}
const lineOf = async (genre: string, objetId: string) =>
  (await rows<Line>('select * from demandes where genre = $1 and objet_id = $2', [genre, objetId]))[0]!

/** What the decision page carries of the value that it shows. */
const seen = (text: string) =>
  /name="actuelle" value="([^"]*)"/.exec(text)![1]!.replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** Solène asks for another telephone number. */
async function askPhone(numero: string): Promise<string> {
  const solene = await portal.login('estuaire', '657')
  const answer = await solene.post('/coordonnees/telephones', {
    telephone1: numero,
    telephone2: '',
    telephone3: '',
  })
  if (answer.status !== 303) throw new Error(`${answer.status} ${answer.text.slice(0, 1500)}`)
  const [m] = await rows<{ id: string }>(
    `select m.id from modifications m join adherents a on a.id = m.adherent_id
     where a.numero = '657' and m.zone = 'telephones' and m.close_le is null and m.organisme_id = $1`,
    [organismeId],
  )
  return m!.id
}

describe('the inbox', () => {
  it('holds every request of every kind exactly once, with the state that its own module gives it', async () => {
    const expected = await rows<{ genre: string; id: string; attend: boolean }>(`
      select 'coordonnees' as genre, id, close_le is null as attend from modifications
      union all select 'compte', id, close_le is null from demandes_de_compte
      union all select 'transfert', id, decide_par is null from transferts
      union all select 'liste-clients', id, decide_par is null from listes_clients
      union all select 'message', id, repondu_le is null and clos_le is null from fils where genre = 'message'
      order by 1, 2`)
    const held = await rows(
      `select genre, objet_id as id, etat = 'attente' as attend from demandes order by 1, 2`,
    )
    expect(held).toEqual(expected)
    expect(expected.length).toBeGreaterThan(8)
  })

  it('shows what waits, the oldest first, with its number in the menu and on the home page', async () => {
    const { text } = await maud.get(LISTE)
    expect(checkHtml(text)).toEqual([])
    const [{ n } = { n: 0 }] = await rows<{ n: number }>(
      `select count(*)::int as n from demandes where etat = 'attente' and organisme_id = $1`,
      [organismeId],
    )
    expect(sujets(text)).toHaveLength(n)
    const ordered = await rows<{ id: string }>(
      `select id from demandes where etat = 'attente' and organisme_id = $1 order by recue_le, id`,
      [organismeId],
    )
    expect(sujets(text)).toEqual(ordered.map((row) => row.id))
    expect(text).toMatch(new RegExp(`Demandes</span><span class="compte-pastille">${n}<`))
    expect((await maud.get('/')).text).toMatch(new RegExp(`href="/gestion/demandes">[^]{0,120}${n}<`))
  })

  it('is narrowed by kind, state, age, cabinet, person and words, each with its number', async () => {
    for (const genre of ['coordonnees', 'liste-clients', 'compte', 'message', 'transfert']) {
      const page = await maud.get(`${LISTE}?genre=${genre}`)
      expect(checkHtml(page.text)).toEqual([])
      const ids = await rows<{ id: string }>(
        `select id from demandes where etat = 'attente' and genre = $1 and organisme_id = $2`,
        [genre, organismeId],
      )
      expect(sujets(page.text).sort(), genre).toEqual(ids.map((row) => row.id).sort())
    }
    const found = sujets((await maud.get(`${LISTE}?q=carriveau`)).text)
    expect(found.length).toBeGreaterThan(0)
    const named = await rows<{ id: string }>(
      `select id from demandes where cherche like '%carriveau%' and organisme_id = $1`,
      [organismeId],
    )
    expect(found.sort()).toEqual(named.map((row) => row.id).sort())
    const cabinet = sujets((await maud.get(`${LISTE}?etat=toutes&cabinet=cns%201`)).text)
    const ofCns1 = await rows<{ id: string }>(
      `select d.id from demandes d join structures s on s.id = d.structure_id where s.numero = 'CNS1' and d.organisme_id = $1`,
      [organismeId],
    )
    expect(cabinet.sort()).toEqual(ofCns1.map((row) => row.id).sort())
    const old = await rows<{ id: string }>(
      `select id from demandes where etat = 'attente' and recue_le < now() - interval '7 days' and organisme_id = $1`,
      [organismeId],
    )
    expect(sujets((await maud.get(`${LISTE}?age=7`)).text)).toHaveLength(old.length)
    for (const word of ['%25', '_', '\\', "'; select pg_sleep(5)--", 'x'.repeat(10_000)]) {
      const answer = await maud.get(`${LISTE}?q=${encodeURIComponent(word)}`)
      expect([word.slice(0, 20), answer.status]).toEqual([word.slice(0, 20), 200])
    }
  })

  it('is read page by page, each once, in every order, back and forth', async () => {
    await portal.owner.query(
      `insert into demandes_de_compte (organisme_id, genre, nom, prenom, courriel, demande_le)
       select $1, 'nouveau-compte', 'PAGE ' || n, 'Anne', 'page' || n || '@x.example', now() - (n % 7) * interval '1 day'
       from generate_series(1, 130) n`,
      [organismeId],
    )
    for (const tri of ['anciennes', 'recentes', 'nom']) {
      const seen: string[] = []
      let url: string | undefined = `${LISTE}?tri=${tri}`
      let last = ''
      while (url) {
        last = (await maud.get(url)).text
        seen.push(...sujets(last))
        url = /rel="next" href="([^"]+)"/.exec(last)?.[1]?.replaceAll('&amp;', '&')
      }
      expect(new Set(seen).size, tri).toBe(seen.length)
      expect(seen.length).toBe(total((await maud.get(LISTE)).text))
      const back = /rel="prev" href="([^"]+)"/.exec(last)![1]!.replaceAll('&amp;', '&')
      expect(sujets((await maud.get(back)).text)).toEqual(seen.slice(50, 100))
    }
    await portal.owner.query(`delete from demandes_de_compte where nom like 'PAGE %'`)
    expect(await rows(`select 1 from demandes where nom like '%PAGE %'`)).toEqual([])
  })

  it('is for those who treat requests: no member, no permanent without that domaine, no other organisme', async () => {
    for (const login of ['657', 'CNS1', 'COL14']) {
      expect((await (await portal.login('estuaire', login)).get(LISTE)).status, login).toBe(403)
    }
    const seen = await portal.as('estuaire', 'CNS1', (db) => db.many(sql`select id from demandes`))
    expect(seen).toEqual([])
    const midi = await portal.login('midi', 'agent@midi.example')
    const [one] = await rows<{ id: string }>('select id from demandes where organisme_id = $1 limit 1', [
      organismeId,
    ])
    expect((await midi.get(`${LISTE}/${one!.id}`)).status).toBe(404)
    expect((await midi.post(`${LISTE}/${one!.id}/affectation`, { a: '' })).status).toBe(404)
  })
})

describe('working on a request', () => {
  it('is given to a colleague, taken by a click, and says who is on it', async () => {
    const id = await askPhone('05 57 51 99 61')
    const line = await lineOf('coordonnees', id)
    const opened = await maud.get(`${LISTE}/${line.id}`)
    expect(opened.headers.location).toBe(`/gestion/modifications/${id}`)
    const page = await maud.get(`/gestion/modifications/${id}`)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).not.toContain('sous les yeux')
    expect((await admin.get(`/gestion/modifications/${id}`)).text).toContain(
      'Maud Lescarret a aussi cette demande sous les yeux',
    )
    const { id: adminId } = await portal.person('estuaire', 'admin@estuaire.example')
    const { id: maudId } = await portal.person('estuaire', 'agent@estuaire.example')
    expect((await maud.post(`${LISTE}/${line.id}/affectation`, { a: adminId })).status).toBe(303)
    expect((await lineOf('coordonnees', id)).assignee_id).toBe(adminId)
    expect(sujets((await admin.get(`${LISTE}?a=moi`)).text)).toContain(line.id)
    expect(sujets((await maud.get(`${LISTE}?a=moi`)).text)).not.toContain(line.id)
    expect(sujets((await maud.get(`${LISTE}?a=personne`)).text)).not.toContain(line.id)
    expect(sujets((await maud.get(`${LISTE}?a=${adminId}`)).text)).toContain(line.id)
    await maud.post(`${LISTE}/${line.id}/affectation`, { a: maudId })
    const history = (await maud.get(`/gestion/modifications/${id}`)).text
    expect(history).toContain('Confiée à Maud Lescarret par Maud Lescarret')
    // Nobody outside the staff can be given one.
    const { id: colId } = await portal.person('estuaire', 'COL14')
    expect((await maud.post(`${LISTE}/${line.id}/affectation`, { a: colId })).status).toBe(422)
  })

  it('several are given at once, each with its row in the journal', async () => {
    const ids = (
      await rows<{ id: string }>(
        `select id from demandes where etat = 'attente' and organisme_id = $1 limit 3`,
        [organismeId],
      )
    ).map((row) => row.id)
    const { id: adminId } = await portal.person('estuaire', 'admin@estuaire.example')
    await portal.owner.query('update demandes set assignee_id = null where id = any($1)', [ids])
    expect((await maud.post(`${LISTE}/affectation`, { demande: ids, a: adminId })).status).toBe(303)
    const given = await rows(`select 1 from demandes where id = any($1) and assignee_id = $2`, [ids, adminId])
    expect(given).toHaveLength(3)
    const written = await rows(
      `select 1 from journal where action = 'demande.confiee' and objet_id = any($1)`,
      [ids],
    )
    expect(written.length).toBeGreaterThanOrEqual(3)
    expect((await maud.post(`${LISTE}/affectation`, { a: '' })).status).toBe(422)
  })

  it('accepting does it, and the line is closed with its history; the list that one came from is found again', async () => {
    const id = await askPhone('05 57 51 99 62')
    await maud.get(`${LISTE}?genre=coordonnees&tri=recentes`)
    const page = await maud.get(`/gestion/modifications/${id}`)
    const actuelle = seen(page.text)
    const done = await maud.post(`/gestion/modifications/${id}/acceptation`, { actuelle })
    expect(done.status, done.text.slice(0, 400)).toBe(303)
    expect(done.headers.location).toBe(`${LISTE}?genre=coordonnees&tri=recentes`)
    expect(await lineOf('coordonnees', id)).toMatchObject({ etat: 'traitee', issue: 'acceptee' })
    const [moved] = await rows<{ par_nom: string }>(
      `select par_nom from demande_mouvements where quoi = 'traitee' and demande_id = (select id from demandes where objet_id = $1)`,
      [id],
    )
    expect(moved!.par_nom).toBe('Maud Lescarret')
    expect((await maud.get(`${LISTE}?etat=traitees&genre=coordonnees`)).text).toContain('Acceptée')
  })

  it('two permanents who decide at the same instant: one does, the other is told; the line says one thing', async () => {
    const id = await askPhone('05 57 51 99 63')
    const page = await maud.get(`/gestion/modifications/${id}`)
    await admin.get(`/gestion/modifications/${id}`)
    const actuelle = seen(page.text)
    const answers = await Promise.all([
      maud.post(`/gestion/modifications/${id}/acceptation`, { actuelle }),
      admin.post(`/gestion/modifications/${id}/refus`, { motif: 'Numéro inconnu.' }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
    const [m] = await rows<{ issue: string }>('select issue from modifications where id = $1', [id])
    expect((await lineOf('coordonnees', id)).issue).toBe(m!.issue)
    const closed = await rows(
      `select 1 from demande_mouvements where quoi = 'traitee' and demande_id = (select id from demandes where objet_id = $1)`,
      [id],
    )
    expect(closed).toHaveLength(1)
  })

  it('an act that fails leaves the line as it was: the trigger is in the transaction of the request', async () => {
    const id = await askPhone('05 57 51 99 64')
    const before = await lineOf('coordonnees', id)
    expect((await maud.post(`/gestion/modifications/${id}/refus`, { motif: '' })).status).toBe(422)
    expect(await lineOf('coordonnees', id)).toEqual(before)
  })

  it('goes to the next and the one before, in the list that one came from', async () => {
    await maud.get(`${LISTE}?etat=toutes&tri=nom`)
    const ordered = (
      await rows<{ id: string }>(`select id from demandes where organisme_id = $1 order by cherche, id`, [
        organismeId,
      ])
    ).map((row) => row.id)
    const [, second, third] = ordered
    const opened = await maud.get(`${LISTE}/${second!}`)
    const { text } = await maud.get(String(opened.headers.location))
    expect(/rel="next" href="\/gestion\/demandes\/([^"]+)"/.exec(text)?.[1]).toBe(third)
    expect(/rel="prev" href="\/gestion\/demandes\/([^"]+)"/.exec(text)?.[1]).toBe(ordered[0])
  })
})

describe('« Demander une précision »', () => {
  it('is read and answered by the person in his own space, and the request comes back', async () => {
    await portal.owner.query('delete from courriels')
    const id = await askPhone('05 57 51 99 65')
    const line = await lineOf('coordonnees', id)
    const form = await maud.get(`${LISTE}/${line.id}/precision`)
    expect(checkHtml(form.text)).toEqual([])
    expect((await maud.post(`${LISTE}/${line.id}/precision`, { message: '' })).status).toBe(422)
    const asked = await maud.post(`${LISTE}/${line.id}/precision`, { message: 'Est-ce bien votre ligne ?' })
    expect(asked.status, asked.text.slice(0, 500)).toBe(303)
    const waiting = await lineOf('coordonnees', id)
    expect(waiting.etat).toBe('precision')
    expect(sujets((await maud.get(LISTE)).text)).not.toContain(line.id)
    expect(sujets((await maud.get(`${LISTE}?etat=precision`)).text)).toContain(line.id)
    const mails = await rows<{ modele: string; donnees: object }>('select modele, donnees from courriels')
    expect(mails.map((mail) => mail.modele)).toEqual(['precision-demandee'])
    expect(JSON.stringify(mails)).not.toContain('votre ligne')

    const solene = await portal.login('estuaire', '657')
    const read = await solene.get(`/messages/${waiting.fil_id!}`)
    expect(read.text).toContain('Est-ce bien votre ligne ?')
    expect(checkHtml(read.text)).toEqual([])
    const other = await portal.login('estuaire', 'CNS2')
    expect((await other.get(`/messages/${waiting.fil_id!}`)).status).toBe(404)
    expect(
      (await solene.upload(`/messages/${waiting.fil_id!}/suite`, { message: 'Oui, la nouvelle.' }, []))
        .status,
    ).toBe(303)

    expect((await lineOf('coordonnees', id)).etat).toBe('attente')
    expect((await maud.get(`${LISTE}?genre=coordonnees`)).text).toContain('Précision reçue')
    const page = await maud.get(`/gestion/modifications/${id}`)
    expect(page.text).toContain('Lire la précision reçue')
    expect((await maud.get(`/gestion/messages/${waiting.fil_id!}`)).text).toContain('Oui, la nouvelle.')
    // Its thread is no request of its own.
    expect(await rows(`select 1 from demandes where objet_id = $1`, [waiting.fil_id])).toEqual([])
    expect(
      (await maud.post(`/gestion/modifications/${id}/refus`, { motif: 'Ligne d’un tiers.' })).status,
    ).toBe(303)
    expect((await lineOf('coordonnees', id)).etat).toBe('traitee')
    expect((await maud.post(`${LISTE}/${line.id}/precision`, { message: 'Encore ?' })).status).toBe(422)
  })

  it('a cabinet asked about its list of clients reads it, answers, and its request comes back', async () => {
    const cabinet = await portal.login('estuaire', 'CNS1')
    await cabinet.post('/clients/mises-a-jour/depart', {
      numero: '12',
      raison: 'changement',
      le: '2026-11-30',
      precision: '',
    })
    const sent = await cabinet.post('/clients/mises-a-jour/envoi')
    const liste = String(sent.headers.location).split('/').at(-1)!
    const line = await lineOf('liste-clients', liste)
    expect(
      (await maud.post(`${LISTE}/${line.id}/precision`, { message: 'Qui part vraiment ?' })).status,
    ).toBe(303)
    const { fil_id: fil } = await lineOf('liste-clients', liste)
    expect((await cabinet.get('/messages')).text).toContain('Précision demandée')
    expect((await cabinet.get('/a-faire')).text).toContain(`/messages/${fil!}`)
    await cabinet.upload(`/messages/${fil!}/suite`, { message: 'Le n° 12.' }, [])
    expect((await lineOf('liste-clients', liste)).etat).toBe('attente')
    // Accepting it records the departure, as from its own page.
    expect((await maud.post(`/gestion/mises-a-jour-clients/${liste}/acceptation`)).status).toBe(303)
    expect(await lineOf('liste-clients', liste)).toMatchObject({ etat: 'traitee', issue: 'acceptee' })
    const [gone] = await rows<{ structure_id: string | null }>(
      `select structure_id from adherents where numero = '12' and organisme_id = $1`,
      [organismeId],
    )
    expect(gone!.structure_id).toBeNull()
  })
})
