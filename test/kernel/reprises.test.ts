import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SECRET_FIELDS } from '../../src/kernel/reprises/keep.ts'
import { platformTasks } from '../../src/kernel/kernel-jobs.ts'
import { VIEWS_DIR } from '../../src/start.ts'
import { CHEAP, logIn } from '../support/connexion.ts'
import { checkHtml } from '../support/html.ts'
import { type Answer, type Portal, type Upload, type Visitor, startPortal } from '../support/portal.ts'
import { publish, questionsOf, stored } from '../modules/courriers/courriers.ts'
import { makePdf } from './files/pdf-maker.ts'

let portal: Portal
let pdf: Buffer
beforeAll(async () => {
  portal = await startPortal({ env: CHEAP })
  pdf = await makePdf()
})
afterEach(async () => {
  await portal.owner.query('delete from reprises')
  await portal.owner.query('delete from acces.sessions')
})

const TEXT = 'Une heure de travail, « avec des accents » & <b>des chevrons</b>'

async function expire(login: string, ago = '1 minute'): Promise<void> {
  const { id } = await portal.person('estuaire', login)
  await portal.owner.query(
    'update acces.sessions set expire_le = now() - $2::interval where utilisateur_id = $1',
    [id, ago],
  )
}
const rows = async () =>
  (await portal.owner.query<{ id: string; contenu: string; chemin: string }>('select * from reprises')).rows
const to = (answer: Answer) => String(answer.headers.location)

/** Goes where a redirection leads; the query of an address is part of it. */
const follow = (who: Visitor, answer: Answer) => who.get(to(answer))

interface Late {
  courrier: string
  question: string
  page: string
  who: Visitor
  answer: Answer
}

/** COL14 answers a courrier an hour too late. */
async function sendTooLate(
  numero: string,
  files: Upload[] = [],
  token?: string,
  before: (who: Visitor) => Promise<void> = async () => undefined,
): Promise<Late> {
  const courrier = await publish(portal, numero, ['Une ?', 'Deux ?'])
  const [question = ''] = await questionsOf(portal, courrier)
  const page = `/courriers/${courrier}/reponse`
  const who = await portal.login('estuaire', 'COL14')
  await who.get(page)
  await expire('COL14')
  await before(who)
  const csrf = token ?? who.csrf
  const fields = { _csrf: csrf, [`base-${question}`]: '', [`texte-${question}`]: TEXT, geste: 'brouillon' }
  const named = files.map((file) => ({ ...file, field: `fichiers-${question}` }))
  return { courrier, question, page, who, answer: await who.upload(page, fields, named) }
}

describe('nothing typed is ever lost, without JavaScript too', () => {
  it('what is sent after the session ran out waits, sealed, and comes back with its files after logging in', async () => {
    const before = await stored(portal)
    const { who, page, question, answer } = await sendTooLate('12', [
      { field: '', name: 'justificatif.pdf', content: pdf },
    ])
    expect(answer.status, answer.text.slice(0, 300)).toBe(303)
    const [kept] = await rows()
    expect(to(answer)).toBe(`/connexion?retour=${encodeURIComponent(`${page}?reprise=${kept!.id}`)}`)
    expect(kept!.contenu).not.toContain('heure')
    expect(Buffer.from(kept!.contenu.split('.')[3]!, 'base64url').toString()).not.toContain('heure')
    const login = await follow(who, answer)
    expect(login.text).toContain('Connectez-vous : ce que vous aviez écrit et vos fichiers vous attendent')
    expect(checkHtml(login.text)).toEqual([])

    const entered = await logIn(who, 'COL14', undefined, {
      fields: { retour: `${page}?reprise=${kept!.id}` },
    })
    const back = await follow(who, entered)
    expect(back.status).toBe(200)
    expect(checkHtml(back.text)).toEqual([])
    expect(back.text).toContain(
      'Votre session s’était terminée. Ce que vous aviez écrit est revenu ci-dessous ; rien n’a été envoyé',
    )
    expect(back.text).toContain('Une heure de travail, « avec des accents » &amp; &lt;b&gt;des chevrons')
    expect(back.text).toContain('justificatif.pdf')
    // Nothing is done without his click, however often the page is looked at.
    await who.get(`${page}?reprise=${kept!.id}`)
    expect({ ...(await stored(portal)), fichiers: before.fichiers }).toEqual(before)

    const file = /name="_reprise_fichier" value="([^"]+)"/.exec(back.text)![1]!
    const saved = await who.upload(
      page,
      {
        _reprise: kept!.id,
        _reprise_fichier: file,
        [`base-${question}`]: '',
        [`texte-${question}`]: TEXT,
        geste: 'brouillon',
      },
      [],
    )
    expect(saved.status, saved.text.slice(0, 400)).toBe(303)
    const draft = await who.get(page)
    expect(draft.text).toContain('des chevrons')
    expect(draft.text).toContain('/reponse/fichiers/')
    expect(draft.text).toContain('justificatif.pdf')
    // The draft has it now: what waited is gone.
    expect(await rows()).toEqual([])
  })

  it('an ordinary form comes back filled in; a form of the same page refused afterwards keeps it', async () => {
    const who = await portal.login('estuaire', 'CNS1')
    await who.get('/clients/mises-a-jour/arrivee')
    await expire('CNS1')
    const answer = await who.post('/clients/mises-a-jour/arrivee', { nom: 'BRISEFER Anatole', siret: '1' })
    const [kept] = await rows()
    await logIn(who, 'CNS1')
    const back = await who.get(`/clients/mises-a-jour/arrivee?reprise=${kept!.id}`)
    expect(answer.status).toBe(303)
    expect(back.text).toContain('value="BRISEFER Anatole"')
    const refused = await who.post('/clients/mises-a-jour/arrivee', {
      _reprise: kept!.id,
      nom: 'BRISEFER Anatole',
      siret: '1',
    })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(`name="_reprise" value="${kept!.id}"`)
    expect(await rows()).toHaveLength(1)
  })

  it('another person who logs in gets nothing of it, not even by its address, not even in SQL', async () => {
    const { who, page } = await sendTooLate('58')
    const [kept] = await rows()
    const other = await portal.login('estuaire', 'CNS1')
    for (const path of [`${page}?reprise=${kept!.id}`, '/profil?reprise=' + kept!.id]) {
      const { text } = await other.get(path)
      expect(text).not.toContain('heure de travail')
      expect(text).not.toContain('est revenu')
    }
    expect((await other.get(`/reprises/${kept!.id}`)).status).toBe(404)
    expect((await portal.login('midi', 'CNS1').then((v) => v.get(`/reprises/${kept!.id}`))).status).toBe(404)
    const agent = await portal.login('estuaire', 'admin@estuaire.example')
    expect((await agent.get(`/reprises/${kept!.id}`)).status).toBe(404)
    await logIn(who, 'CNS1')
    expect((await who.get(`${page}?reprise=${kept!.id}`)).text).not.toContain('heure de travail')
  })

  it('only a page of ours shown under that very session can leave something: origin and token stay what they are', async () => {
    expect((await sendTooLate('12', [], 'f'.repeat(64))).answer.status).toBe(403)
    const mine = await portal.login('estuaire', 'CNS1')
    expect((await sendTooLate('12', [], mine.csrf)).answer.status).toBe(403)
    const who = await portal.login('estuaire', 'CNS1')
    await expire('CNS1')
    const fields = { nom: 'PIÈGE' }
    const path = '/clients/mises-a-jour/arrivee'
    expect((await who.post(path, fields, { origin: 'http://midi.localhost' })).status).toBe(403)
    expect((await who.post(path, fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await who.post(path, fields, { host: `midi.localhost:${portal.port}` })).status).toBe(403)
    expect(await rows()).toEqual([])
  })

  it('who logged out, was blocked or has left leaves nothing; nor does a session that ran out half a day ago', async () => {
    const path = '/clients/mises-a-jour/arrivee'
    const out = await portal.login('estuaire', 'CNS1')
    const old = out.cookies.get('sid')!
    await out.post('/deconnexion')
    out.cookies.set('sid', old)
    expect((await out.post(path, { nom: 'X' })).status).toBe(403)
    const slow = await portal.login('estuaire', 'CNS1')
    await expire('CNS1', '13 hours')
    expect((await slow.post(path, { nom: 'X' })).status).toBe(403)
    // A collaborateur who left yesterday, with a session still open: abuse of a page that he had left open.
    const { rows: left } = await portal.owner.query<{ id: string }>(
      `update utilisateurs set parti_le = current_date where login = 'COL14' returning id`,
    )
    const { answer, page, who } = await sendTooLate('12').catch(async () => {
      throw new Error('unexpected')
    })
    expect(answer.status).toBe(403)
    expect((await who.get(page)).status).toBe(303)
    await portal.owner.query('update utilisateurs set parti_le = null where id = any($1)', [
      left.map((row) => row.id),
    ])
    expect(await rows()).toEqual([])
  })

  it('a page left open is sent by who has logged in again in another tab: it comes back with a fresh token', async () => {
    const { who, page, question, answer } = await sendTooLate('12', [], undefined, async (tab) => {
      const token = tab.csrf
      await logIn(tab, 'COL14')
      tab.csrf = token
    })
    const [kept] = await rows()
    expect(to(answer)).toBe(`${page}?reprise=${kept!.id}`)
    const back = await who.get(to(answer))
    expect(back.text).toContain(`name="texte-${question}"`)
    expect(back.text).toContain('des chevrons')
  })

  it('what cannot go back to its form is read on a page of its own', async () => {
    const { who, courrier } = await sendTooLate('58')
    const [kept] = await rows()
    await portal.owner.query('update courriers set clos_le = now() where id = $1', [courrier])
    await logIn(who, 'COL14')
    const closed = await who.get(`${kept!.chemin}?reprise=${kept!.id}`)
    expect(to(closed)).toBe(`/reprises/${kept!.id}`)
    const { text } = await follow(who, closed)
    expect(text).toContain('des chevrons')
    expect(checkHtml(text)).toEqual([])
  })

  it('a dossier taken away while its collaborateur was away: the form is 404, his text is still his', async () => {
    const { who, courrier } = await sendTooLate('12')
    const [kept] = await rows()
    const { rows: moved } = await portal.owner.query<{ id: string; structure_id: string }>(
      `select a.id, a.structure_id from adherents a join courriers c on c.adherent_id = a.id where c.id = $1`,
      [courrier],
    )
    await portal.owner.query('update adherents set structure_id = null where id = $1', [moved[0]!.id])
    await logIn(who, 'COL14')
    expect((await who.get(kept!.chemin)).status).toBe(404)
    expect((await who.get(`/reprises/${kept!.id}`)).text).toContain('des chevrons')
    expect(to(await who.get(`${kept!.chemin}?reprise=${kept!.id}`))).toBe(`/reprises/${kept!.id}`)
    await portal.owner.query('update adherents set structure_id = $2 where id = $1', [
      moved[0]!.id,
      moved[0]!.structure_id,
    ])
  })

  it('a script is told 403, as ever: it keeps the text itself', async () => {
    const courrier = await publish(portal, '12', ['Une ?'])
    const who = await portal.login('estuaire', 'COL14')
    await expire('COL14')
    const answer = await who.post(
      `/courriers/${courrier}/reponse/brouillon`,
      {},
      { accept: 'application/json' },
    )
    expect(answer.status).toBe(403)
    expect(await rows()).toEqual([])
  })

  it('keeps no password, five texts of one person at most, and none for more than a day', async () => {
    const used = readdirSync(VIEWS_DIR, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.njk'))
      .flatMap((name) => [
        ...readFileSync(join(VIEWS_DIR, name), 'utf8').matchAll(
          /motDePasse\('(\w+)'|type="password"[^>]*name="(\w+)"/g,
        ),
      ])
      .map((match) => match[1] ?? match[2]!)
    expect(used.filter((name) => !SECRET_FIELDS.has(name))).toEqual([])
    const who = await portal.login('estuaire', 'COL14')
    await expire('COL14')
    const sid = who.cookies.get('sid')!
    for (let i = 0; i < 7; i++) {
      who.cookies.set('sid', sid)
      await who.post('/profil/courriel', { courriel: `a${i}@b.example`, motDePasse: 'parvis-demo-2026' })
    }
    const kept = await rows()
    expect(kept.length).toBe(5)
    await logIn(who, 'COL14')
    for (const { id } of kept) {
      const { text } = await who.get(`/profil/courriel?reprise=${id}`)
      expect(text).toMatch(/value="a[2-6]@b\.example"/)
      expect(text).not.toContain('parvis-demo-2026')
    }
    await portal.owner.query(`update reprises set cree_le = now() - interval '25 hours'`)
    expect((await who.get(`/reprises/${kept[0]!.id}`)).status).toBe(404)
    await platformTasks['reprises.prune']!.run(portal.services)
    expect(await rows()).toEqual([])
  })
})
