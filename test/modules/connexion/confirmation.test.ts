import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CHEAP, elsewhere } from '../../support/connexion.ts'
import { DEMO } from '../../../src/kernel/config.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let now = new Date()
beforeAll(async () => {
  portal = await startPortal({ env: CHEAP, clock: () => now })
})
beforeEach(() => void (now = new Date()))

const later = (minutes: number) => void (now = new Date(now.getTime() + minutes * 60_000))
const confirm = (who: Visitor, fields: Record<string, string>, motDePasse: string = DEMO.password) =>
  who.post('/confirmation', { motDePasse, ...fields }, { 'x-forwarded-for': elsewhere() })
const hidden = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))].map((match) => match[1]!)

describe('files of many dossiers ask for the password again', () => {
  it.each([
    ['CNS1', '/clients.csv?nom=a'],
    ['COL14', '/clients.csv'],
    ['agent@estuaire.example', '/gestion/adherents.csv'],
  ])('38: %s takes %s only with a password given in the last quarter of an hour', async (login, path) => {
    const who = await portal.login('estuaire', login)
    expect((await who.get(path)).status).toBe(200)
    later(16)
    const asked = await who.get(path)
    expect(asked.status).toBe(303)
    expect(asked.headers.location).toBe(`/confirmation?retour=${encodeURIComponent(path)}`)
    const form = await who.get(String(asked.headers.location))
    expect(checkHtml(form.text)).toEqual([])
    const wrong = await confirm(who, { retour: path }, 'ce-n-est-pas-lui')
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Ce n’est pas votre mot de passe')
    expect(hidden(wrong.text, 'retour')).toEqual([path])
    expect((await who.get(path)).status).toBe(303)

    const before = who.cookies.get('sid')
    const done = await confirm(who, { retour: path })
    expect(done.status).toBe(303)
    expect(who.cookies.get('sid')).not.toBe(before) // an id known before is worth nothing after
    const ready = await who.get(String(done.headers.location))
    expect(checkHtml(ready.text)).toEqual([])
    expect(ready.text).toContain(`href="${path.replace('&', '&amp;')}" download`)
    expect((await who.get(path)).status).toBe(200)
    later(14)
    expect((await who.get(path)).status).toBe(200)
    later(2)
    expect((await who.get(path)).status).toBe(303)
  })

  it('38: the zip of several courriers: what was chosen waits, and one click takes it', async () => {
    const { rows } = await portal.owner.query<{ id: string }>(
      `select c.id from courriers c join structures s on s.id = c.structure_id join plateforme.organismes o on
         o.id = c.organisme_id where s.numero = 'CNS1' and o.code = 'estuaire' and c.publie_le is not null limit 2`,
    )
    const ids = rows.map((row) => row.id)
    const who = await portal.login('estuaire', 'CNS1')
    later(20)
    const asked = await who.post('/courriers/telechargement', { courrier: ids })
    expect(asked.status).toBe(303)
    expect(asked.headers.location).toMatch(/^\/confirmation\?acte=/)
    const form = await who.get(String(asked.headers.location))
    const [acte = ''] = hidden(form.text, 'acte')
    const done = await confirm(who, { retour: '/', acte })
    const ready = await who.get(String(done.headers.location))
    expect(checkHtml(ready.text)).toEqual([])
    expect(hidden(ready.text, 'courrier').sort()).toEqual([...ids].sort())
    const zip = await who.post('/courriers/telechargement', { courrier: ids })
    expect(zip.status).toBe(200)
    expect(zip.headers['content-type']).toBe('application/zip')
    const other = await portal.login('estuaire', 'COL14')
    expect((await other.get(`/confirmation?acte=${acte}&fait=oui`)).text).not.toContain(ids[0])
  })

  it('an adhérent takes out only what is his own: he is not asked', async () => {
    const solene = await portal.login('estuaire', '657')
    later(60)
    expect((await solene.post('/courriers/telechargement', {})).status).toBe(422)
  })

  it('the way back stays in the portal', async () => {
    const who = await portal.login('estuaire', 'CNS1')
    for (const retour of ['//evil.test', '/\\evil.test', 'https:evil', '/deconnexion']) {
      await who.get('/confirmation')
      const done = await confirm(who, { retour })
      expect(done.headers.location).toBe('/confirmation?retour=%2F&fait=oui')
    }
  })

  it('a form that stood open in another tab is not lost to the new session', async () => {
    const who = await portal.login('estuaire', 'CNS1')
    const old = who.csrf
    await confirm(who, { retour: '/clients.csv' })
    who.csrf = old
    const answer = await who.post('/clients/mises-a-jour/arrivee', { nom: 'BRISEFER Anatole' })
    expect(answer.headers.location).toMatch(/^\/clients\/mises-a-jour\/arrivee\?reprise=/)
    expect((await who.get(String(answer.headers.location))).text).toContain('value="BRISEFER Anatole"')
  })
})
