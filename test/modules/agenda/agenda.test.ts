import { beforeAll, describe, expect, test } from 'vitest'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

async function open(who: Visitor): Promise<string> {
  const { status, text } = await who.post('/profil/agenda')
  expect(status).toBe(200)
  return new URL(/value="(http[^"]+\.ics)"/.exec(text)![1]!).pathname
}

/** The logical lines of a calendar, and its events by name of property. */
function parse(text: string): Record<string, string>[] {
  expect(text.startsWith('BEGIN:VCALENDAR\r\n')).toBe(true)
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  return text
    .replaceAll('\r\n ', '')
    .split('BEGIN:VEVENT\r\n')
    .slice(1)
    .map((event) =>
      Object.fromEntries(
        event
          .split('END:VEVENT')[0]!
          .trim()
          .split('\r\n')
          .map((line) => [/^[A-Z-]+/.exec(line)![0], line.slice(line.indexOf(':') + 1)]),
      ),
    )
}

const read = async (path: string, organisme = 'estuaire') => portal.visitor(organisme).get(path)

describe('due dates in one’s own calendar', () => {
  test('staff reads counts by campaign that lead to their lists, and no dossier', async () => {
    const maud = await portal.login('estuaire', 'agent@estuaire.example')
    const path = await open(maud)
    const answer = await read(path)
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
      200,
      'text/calendar; charset=utf-8',
      'no-store',
    ])
    const events = parse(answer.text)
    const next = events.find((e) => /^Liasses à recevoir/.test(e.SUMMARY!))!
    const count = /: ([\d\u202f]+)\u00a0dossiers$/.exec(next.SUMMARY!)?.[1]
    const list = await maud.get(new URL(next.URL!).pathname + new URL(next.URL!).search)
    expect([...list.text.matchAll(/name="dossier"/g)].length).toBe(Number(count))
    expect(new Set(events.map((e) => e.UID)).size).toBe(events.length)
  })

  test('a firm reads its own numbers of dossiers, an adhérent his courriers: never a name, nor a number that logs in', async () => {
    const { rows } = await portal.owner.query<{ denomination: string; numero: string; objet: string }>(
      `select a.denomination, a.numero, coalesce(k.objet, '') as objet from adherents a left join courriers k on k.adherent_id = a.id`,
    )
    for (const login of ['CNS1', 'COL14', '657', '940']) {
      const text = (await read(await open(await portal.login('estuaire', login)))).text
      const events = parse(text)
      expect([login, events.length > 0]).toEqual([login, true])
      for (const { denomination, objet, numero } of rows) {
        expect(text).not.toContain(denomination)
        if (objet !== '') expect(text).not.toContain(objet)
        for (const e of events) expect(e.SUMMARY).not.toMatch(new RegExp(`n°\\u00a0${numero}(?!\\d)`))
      }
    }
    const cns1 = parse((await read(await open(await portal.login('estuaire', 'CNS1')))).text)
    const answers = cns1.filter((e) => e.SUMMARY!.startsWith('Réponse attendue'))
    expect(answers.length).toBeGreaterThan(1)
    expect(
      answers.every((e) => /courrier n°\u00a0C-\d{4}-\d{6}\\, dossier n°\u00a0D\d+$/.test(e.SUMMARY!)),
    ).toBe(true)
    const ines = parse((await read(await open(await portal.login('estuaire', '940')))).text)
    expect(ines.some((e) => e.SUMMARY!.startsWith('Réponse attendue'))).toBe(true)
    expect(ines.some((e) => e.SUMMARY!.startsWith('Clôture de l’exercice'))).toBe(true)
  })

  test('a collaborateur reads the courriers of his dossiers only', async () => {
    const summaries = async (login: string) =>
      parse((await read(await open(await portal.login('estuaire', login)))).text)
        .filter((e) => e.SUMMARY!.startsWith('Réponse'))
        .map((e) => e.SUMMARY!)
    const [firm, col7] = [await summaries('CNS1'), await summaries('COL7')]
    expect(col7.length).toBeGreaterThan(0)
    expect(col7.length).toBeLessThan(firm.length)
    expect(firm).toEqual(expect.arrayContaining(col7))
  })

  test('the address opens nothing when wrong, elsewhere, replaced, closed, after a new password or for who is blocked', async () => {
    const solene = await portal.login('estuaire', '657')
    const first = await open(solene)
    expect((await read(first)).status).toBe(200)
    expect((await read(first, 'midi')).status).toBe(404)
    expect(
      (await read(first.replace(/.\.ics$/, (end) => (end === 'A.ics' ? 'B.ics' : 'A.ics')))).status,
    ).toBe(404)
    expect((await read('/agenda/court.ics')).status).toBe(404)
    const second = await open(solene)
    expect([(await read(first)).status, (await read(second)).status]).toEqual([404, 200])
    const version = (by: number) =>
      portal.owner.query(
        `update acces.secrets s set version = version + $1 from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
         where u.id = s.utilisateur_id and u.login = '657' and o.code = 'estuaire'`,
        [by],
      )
    await version(1)
    expect((await read(second)).status).toBe(404)
    await version(-1)
    const blocked = (when: string) =>
      portal.owner.query(
        `update utilisateurs u set bloque_le = ${when} from plateforme.organismes o where o.id = u.organisme_id
         and u.login = '657' and o.code = 'estuaire'`,
      )
    await blocked('now()')
    expect((await read(second)).status).toBe(404)
    await blocked('null')
    expect((await read(second)).status).toBe(200)
    expect((await solene.post('/profil/agenda/fermeture')).status).toBe(303)
    expect((await read(second)).status).toBe(404)
  })

  test('only the hash of the secret is kept, and it is shown once', async () => {
    const solene = await portal.login('estuaire', '657')
    const token = (await open(solene)).split('/').at(-1)!.replace('.ics', '')
    expect((await solene.get('/profil/agenda')).text).not.toContain(token)
    const { rows } = await portal.owner.query<{ t: string }>('select g::text as t from acces.agendas g')
    expect(rows.map((row) => row.t).join()).not.toContain(token)
    expect(portal.logLines.join('\n')).not.toContain(token)
  })

  test('a permanent who does not follow the campaigns has none in his calendar', async () => {
    await portal.owner.query(
      `update utilisateurs set domaines = '{courriers}' where login = 'agent@midi.example' and role = 'permanent'`,
    )
    const agent = await portal.login('midi', 'agent@midi.example')
    expect(parse((await read(await open(agent), 'midi')).text)).toEqual([])
  })

  test('one who tries addresses is slowed down', async () => {
    const answers = []
    for (let i = 0; i < 40; i++) answers.push((await read(`/agenda/${'x'.repeat(42)}${i % 10}.ics`)).status)
    expect(answers.filter((status) => status === 429).length).toBeGreaterThan(0)
    expect(new Set(answers)).toEqual(new Set([404, 429]))
  })
})
