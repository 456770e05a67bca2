import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { basesOf, courrierOf, publish, questionsOf, sendAnswer, stored } from './courriers.ts'

/** A photo of one grey point, as a telephone writes it. */
const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==', 'base64') // prettier-ignore

let portal: Portal
let col14: Visitor
let cns1: Visitor
let ines: Visitor

beforeAll(async () => {
  portal = await startPortal()
  col14 = await portal.login('estuaire', 'COL14')
  cns1 = await portal.login('estuaire', 'CNS1')
  ines = await portal.login('estuaire', '940')
})

const draftOf = async (id: string) =>
  (await portal.owner.query<{ textes: Record<string, string>; version: number }>(
    'select textes, version from brouillons where courrier_id = $1', [id])).rows[0] // prettier-ignore

describe('a draft', () => {
  it('is kept by the button, without JavaScript, with its files; and shown again', async () => {
    const id = await courrierOf(portal, '45', 'Pièces')
    const [q1, q2] = await questionsOf(portal, id)
    const path = `/courriers/${id}/reponse`
    expect(checkHtml((await col14.get(path)).text)).toEqual([])
    const saved = await col14.upload(path, { [`texte-${q1!}`]: 'Un début', geste: 'brouillon' }, [
      { field: `fichiers-${q2!}`, name: 'inventaire.pdf', content: await makePdf() },
    ])
    expect([saved.status, saved.headers.location]).toEqual([303, path])
    const page = await col14.get(path)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('Un début')
    expect(page.text).toContain('inventaire.pdf')
    // The file is there to be read again, and can be taken out.
    const file = /\/reponse\/fichiers\/([0-9a-f-]{36})"/.exec(page.text)![1]!
    expect((await col14.get(`${path}/fichiers/${file}`)).body.subarray(0, 5).toString()).toBe('%PDF-')
    expect((await col14.post(`${path}/fichiers/${file}/retrait`)).status).toBe(303)
    await col14.get(path) // the notice is shown once
    expect((await col14.get(path)).text).not.toContain('inventaire.pdf')
  })

  it('is not seen by the organisme, nor by the adhérent', async () => {
    const id = await courrierOf(portal, '45', 'Pièces')
    for (const login of ['agent@estuaire.example', '657']) {
      const seen = await portal.as('estuaire', login, (db) => db.many(sql`select id from brouillons`))
      expect(seen, login).toEqual([])
    }
    expect((await cns1.get(`/courriers/${id}/reponse`)).text).toContain('Un début')
  })

  it('joins what two people wrote in different questions, each from an older page', async () => {
    const id = await courrierOf(portal, '688', 'Questions')
    const [q1, q2] = await questionsOf(portal, id)
    const path = `/courriers/${id}/reponse`
    const bases = await basesOf(cns1, id)
    const col16 = await portal.login('estuaire', 'COL16')
    const both = (texte1: string, texte2: string) => ({
      [`texte-${q1!}`]: texte1, [`base-${q1!}`]: bases[q1!]!, [`texte-${q2!}`]: texte2, [`base-${q2!}`]: bases[q2!]!,
      geste: 'brouillon',
    }) // prettier-ignore
    expect((await cns1.upload(path, both('de CNS1', ''), [])).status).toBe(303)
    expect((await col16.upload(path, both('', 'de COL16'), [])).status).toBe(303)
    expect((await draftOf(id))!.textes).toMatchObject({ [q1!]: 'de CNS1', [q2!]: 'de COL16' })
    expect((await cns1.get(path)).text).toContain('écrit en ce moment')
  })

  it('shows both texts when two wrote in the same question, overwrites neither, and keeps the files', async () => {
    const id = await courrierOf(portal, '688', 'Questions')
    const [q1] = await questionsOf(portal, id)
    const path = `/courriers/${id}/reponse`
    const base = (await basesOf(cns1, id))[q1!]!
    const col16 = await portal.login('estuaire', 'COL16')
    const typed = (texte: string) => ({ [`texte-${q1!}`]: texte, [`base-${q1!}`]: base, geste: 'brouillon' })
    expect((await col16.upload(path, typed('la version de COL16'), [])).status).toBe(303)
    const answer = await cns1.upload(path, typed('la version de CNS1'), [
      { field: `fichiers-${q1!}`, name: 'preuve.pdf', content: await makePdf() },
    ])
    expect(answer.status).toBe(409)
    expect(answer.text).toContain('la version de COL16')
    expect(answer.text).toContain('la version de CNS1')
    expect(checkHtml(answer.text)).toEqual([])
    expect((await draftOf(id))!.textes[q1!]).toBe('la version de COL16')
    expect((await cns1.get(path)).text).toContain('preuve.pdf')
    // From the page of the conflict, one may decide.
    const now = /name="base-[0-9a-f-]{36}" value="([^"]*)"/.exec(answer.text)![1]!
    const chosen = { [`texte-${q1!}`]: 'les deux', [`base-${q1!}`]: now, geste: 'brouillon' }
    expect((await cns1.upload(path, chosen, [])).status).toBe(303)
    expect((await draftOf(id))!.textes[q1!]).toBe('les deux')
  })

  it('is saved while typing, and tells what somebody else wrote meanwhile', async () => {
    const id = await courrierOf(portal, '12', 'Questions')
    const [q1] = await questionsOf(portal, id)
    const path = `/courriers/${id}/reponse`
    const base = (await basesOf(col14, id))[q1!]!
    const first = await col14.post(`${path}/brouillon`, {
      [`texte-${q1!}`]: 'je tape',
      [`base-${q1!}`]: base,
    })
    expect(first.status).toBe(200)
    const next = (JSON.parse(first.text) as { bases: Record<string, { base: string }> }).bases[q1!]!.base
    expect(next).not.toBe(base)
    const again = await col14.post(`${path}/brouillon`, {
      [`texte-${q1!}`]: 'je tape encore',
      [`base-${q1!}`]: next,
    })
    expect(again.status).toBe(200)
    const other = await cns1.post(`${path}/brouillon`, {
      [`texte-${q1!}`]: 'autre chose',
      [`base-${q1!}`]: base,
    })
    expect(other.status).toBe(409)
    expect(JSON.parse(other.text)).toMatchObject({
      ecrit: 'Capucine Marchandeau',
      conflits: [{ questionId: q1, autre: 'je tape encore', mien: 'autre chose' }],
    })
    expect((await draftOf(id))!.textes[q1!]).toBe('je tape encore')
  })

  it('keeps ten savings at the same instant in their order, none lost, none doubled', async () => {
    const id = await publish(portal, '402', [
      'Un ?',
      'Deux ?',
      'Trois ?',
      'Quatre ?',
      'Cinq ?',
      'Six ?',
      'Sept ?',
    ])
    const ids = await questionsOf(portal, id)
    const path = `/courriers/${id}/reponse/brouillon`
    const answers = await Promise.all(
      ids.map((q, i) => cns1.post(path, { [`texte-${q}`]: `texte ${i}`, [`base-${q}`]: '' })),
    )
    expect(answers.map((a) => a.status)).toEqual(ids.map(() => 200))
    expect((await draftOf(id))!.textes).toEqual(Object.fromEntries(ids.map((q, i) => [q, `texte ${i}`])))
  })

  it('5: refuses a field that is not of the form, « validée » first of all', async () => {
    const id = await courrierOf(portal, '58', 'Questions')
    const before = await stored(portal)
    const forged = await col14.upload(
      `/courriers/${id}/reponse`,
      { geste: 'brouillon', transmise_le: 'now' },
      [],
    )
    expect(forged.status).toBe(422)
    const sending = await col14.post(`/courriers/${id}/reponse/envoi`, { version: '1', validee: 'oui' })
    expect(sending.status).toBe(422)
    expect(await stored(portal)).toEqual(before)
  })

  it.each([
    ['a program named .pdf', 'x.pdf', 'MZ programme', 422],
    ['a sheet', 'x.xlsx', 'PK', 422],
    ['a file above 5 Mo', 'x.pdf', Buffer.alloc(5 * 1024 * 1024 + 1, 'a'), 413],
  ] as const)(
    'F60, F61: refuses %s with its name, and keeps what was typed',
    async (_why, name, content, status) => {
      const id = await courrierOf(portal, '45', 'Pièces')
      const [q1] = await questionsOf(portal, id)
      const before = await stored(portal)
      const answer = await col14.upload(
        `/courriers/${id}/reponse`,
        { [`texte-${q1!}`]: 'Ce que je venais de taper' },
        [{ field: `fichiers-${q1!}`, name, content: Buffer.from(content) }],
      )
      expect(answer.status).toBe(status)
      expect(answer.text).toContain(name)
      expect(answer.text).toContain('Ce que je venais de taper')
      expect(await stored(portal)).toEqual(before)
    },
  )

  it('refuses a file for a question of another courrier', async () => {
    const id = await courrierOf(portal, '45', 'Pièces')
    const [foreign] = await questionsOf(portal, await courrierOf(portal, '12', 'Questions'))
    const before = await stored(portal)
    const answer = await col14.upload(`/courriers/${id}/reponse`, {}, [
      { field: `fichiers-${foreign!}`, name: 'a.pdf', content: await makePdf() },
    ])
    expect(answer.status).toBe(422)
    expect(await stored(portal)).toEqual(before)
  })

  it('makes one PDF under 5 Mo of three photos, and keeps them apart when asked', async () => {
    const id = await publish(portal, '12', ['Vos trois factures ?'])
    const [q1] = await questionsOf(portal, id)
    const photos = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => ({
      field: `fichiers-${q1!}`,
      name,
      content: JPEG,
    }))
    const path = `/courriers/${id}/reponse`
    expect((await col14.upload(path, { [`photos-${q1!}`]: 'oui' }, photos)).status).toBe(303)
    const files = async () =>
      (await portal.owner.query<{ nom: string; mime: string; taille: number }>(
        `select f.nom, f.mime, f.taille::int from brouillons b join brouillon_fichiers l on l.brouillon_id = b.id
           join fichiers f on f.id = l.fichier_id where b.courrier_id = $1 order by l.pose_le`, [id])).rows // prettier-ignore
    const [pdf, ...more] = await files()
    expect(more).toEqual([])
    expect(pdf).toMatchObject({ nom: 'a et 2 de plus.pdf', mime: 'application/pdf' })
    expect(pdf!.taille).toBeLessThan(5 * 1024 * 1024)
    expect((await col14.upload(path, {}, photos)).status).toBe(303)
    expect((await files()).map((f) => f.mime).sort()).toEqual([
      'application/pdf',
      'image/jpeg',
      'image/jpeg',
      'image/jpeg',
    ])
  }, 20_000)
})

describe('sending', () => {
  it('an adhérent without cabinet answers his own courrier: dated, numbered, acknowledged, archived', async () => {
    const id = await courrierOf(portal, '940', 'Questions')
    const ids = await questionsOf(portal, id)
    const path = await sendAnswer(ines, id, Object.fromEntries(ids.map((q, i) => [q, `Réponse ${i + 1}`])))
    const page = await ines.get(path)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toMatch(/N° R-\d{4}-\d{6}, reçue le/)
    const { rows } = await portal.owner.query(
      'select repondu_le is not null as r, archive_adherent_le is not null as a from courriers where id = $1', [id]) // prettier-ignore
    expect(rows).toEqual([{ r: true, a: true }])
    expect((await ines.get(`/courriers/${id}/reponse`)).headers.location).toBe(`/courriers/${id}`)
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    expect((await agent.get(`/gestion/courriers/${id}`)).text).toContain('Réponse 2')
  })

  it('a partial answer leaves the courrier « à répondre », and the next one completes it', async () => {
    const id = await publish(portal, '940', ['Un ?', 'Deux ?'], 'adherent')
    const [q1, q2] = await questionsOf(portal, id)
    await sendAnswer(ines, id, { [q1!]: 'Premier' })
    expect((await ines.get('/courriers?filtre=a-repondre')).text).toContain(id)
    expect((await ines.get('/courriers')).text).toContain('lu, en cours de réponse (1 sur 2)')
    const page = await ines.get(`/courriers/${id}/reponse`)
    expect(page.text).not.toContain(`name="texte-${q1!}"`)
    await sendAnswer(ines, id, { [q2!]: 'Second' })
    expect((await ines.get('/courriers')).text).not.toContain(id)
  })

  it('numbers the answers of a year without a gap, whoever sends at the same time', async () => {
    const made = await Promise.all(['12', '45', '58'].map((n) => publish(portal, n, ['Une ?'])))
    await Promise.all(made.map(async (id) => sendAnswer(await portal.login('estuaire', 'CNS1'), id, { [(await questionsOf(portal, id))[0]!]: 'Oui.' }))) // prettier-ignore
    const { rows } = await portal.owner.query<{ n: number }>(
      `select substr(numero, 8)::int as n from reponses r join plateforme.organismes o on o.id = r.organisme_id
       where o.code = 'estuaire' and substr(numero, 3, 4) = to_char(now(), 'YYYY') and numero is not null order by 1`,
    )
    expect(rows.map((r) => r.n)).toEqual(rows.map((_, i) => i + 1))
  })

  it('sends once what is sent twice at the same instant', async () => {
    const id = await publish(portal, '657', ['Une ?'])
    const [q1] = await questionsOf(portal, id)
    const other = await portal.login('estuaire', 'CNS1')
    await other.upload(`/courriers/${id}/reponse`, { [`texte-${q1!}`]: 'Oui.', [`base-${q1!}`]: '' }, [])
    const version = /name="version" value="(\d+)"/.exec(
      (await other.get(`/courriers/${id}/reponse/envoi`)).text,
    )![1]!
    const answers = await Promise.all(
      [1, 2, 3].map(() => other.post(`/courriers/${id}/reponse/envoi`, { version })),
    )
    expect(answers.filter((a) => String(a.headers.location ?? '').startsWith('/reponses/'))).toHaveLength(1)
    const { rows } = await portal.owner.query(
      'select count(*)::int as n from reponses where courrier_id = $1',
      [id],
    )
    expect(rows).toEqual([{ n: 1 }])
  })

  it('refuses to send a draft that has changed since it was read again', async () => {
    const id = await publish(portal, '118', ['Une ?'])
    const [q1] = await questionsOf(portal, id)
    const path = `/courriers/${id}/reponse`
    await cns1.upload(path, { [`texte-${q1!}`]: 'Un texte' }, [])
    const version = /name="version" value="(\d+)"/.exec((await cns1.get(`${path}/envoi`)).text)![1]!
    const col7 = await portal.login('estuaire', 'COL7')
    await col7.upload(
      path,
      { [`texte-${q1!}`]: 'Un autre', [`base-${q1!}`]: (await basesOf(col7, id))[q1!]! },
      [],
    )
    const answer = await cns1.post(`${path}/envoi`, { version })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Armel Lagrevol a modifié ce brouillon')
  })

  it('an answer that was sent is changed by nobody, in the database either', async () => {
    const { rows } = await portal.owner.query<{ id: string }>(
      `select r.id from reponses r join courriers c on c.id = r.courrier_id where r.transmise_le is not null
         and r.structure_id is null limit 1`,
    )
    const id = rows[0]!.id
    for (const login of ['940', 'CNS1', 'agent@estuaire.example']) {
      for (const write of [
        sql`update reponses set auteur_nom = 'x' where id = ${id}`,
        sql`update reponse_lignes set texte = 'x' where reponse_id = ${id}`,
      ]) {
        const touched = await portal.as('estuaire', login, (db) => db.run(write)).catch((error: { constraint?: string }) => error.constraint) // prettier-ignore
        expect([0, 'reponses_figee'], login).toContain(touched)
      }
      const erase = portal.as('estuaire', login, (db) => db.run(sql`delete from reponses where id = ${id}`))
      await expect(erase).rejects.toThrow(/permission denied/)
    }
    await expect(portal.owner.query('update reponse_lignes set texte = $2 where reponse_id = $1', [id, 'x']))
      .rejects.toMatchObject({ constraint: 'reponses_figee' }) // prettier-ignore
  })
})

describe('while somebody is typing', () => {
  it('3: the dossier was given to a colleague a second ago: 404, nothing stored', async () => {
    const id = await publish(portal, '103', ['Une ?'])
    const [q1] = await questionsOf(portal, id)
    const path = `/courriers/${id}/reponse`
    expect((await col14.get(path)).status).toBe(200)
    const { id: col7 } = await portal.person('estuaire', 'COL7')
    await portal.owner.query(`update affectations f set jusqu_a = clock_timestamp() from adherents a
      where a.id = f.adherent_id and a.numero = '103' and f.jusqu_a is null`)
    await portal.owner.query(`insert into affectations (organisme_id, adherent_id, utilisateur_id, depuis)
      select c.organisme_id, c.adherent_id, $2, clock_timestamp() from courriers c where c.id = $1`, [id, col7]) // prettier-ignore
    const before = await stored(portal)
    const typed = { [`texte-${q1!}`]: 'à moitié', [`base-${q1!}`]: '', geste: 'envoyer' }
    expect((await col14.upload(path, typed, [{ field: `fichiers-${q1!}`, name: 'a.pdf', content: await makePdf() }])).status).toBe(404) // prettier-ignore
    expect(
      (await col14.post(`${path}/brouillon`, { [`texte-${q1!}`]: 'à moitié', [`base-${q1!}`]: '' })).status,
    ).toBe(404)
    expect((await col14.post(`${path}/envoi`, { version: '1' })).status).toBe(404)
    expect(await stored(portal)).toEqual(before)
  })

  it('a collaborateur who left yesterday, with a session still open, saves and sends nothing', async () => {
    const id = await courrierOf(portal, '118', 'Questions')
    const col7 = await portal.login('estuaire', 'COL7')
    expect((await col7.get(`/courriers/${id}/reponse`)).status).toBe(200)
    await portal.owner.query(`update utilisateurs set parti_le = current_date - 1 where login = 'COL7'`)
    const before = await stored(portal)
    const [q1] = await questionsOf(portal, id)
    for (const path of [`/courriers/${id}/reponse/brouillon`, `/courriers/${id}/reponse/envoi`]) {
      const answer = await col7.post(path, { [`texte-${q1!}`]: 'encore moi', version: '1' })
      expect(answer.status, path).not.toBe(200)
      expect(String(answer.headers.location ?? ''), path).not.toContain('/reponses/')
    }
    expect((await col7.get('/courriers')).headers.location).toMatch(/^\/connexion/)
    expect(await stored(portal)).toEqual(before)
    await portal.owner.query(`update utilisateurs set parti_le = null where login = 'COL7'`)
  })

  it('the dossier leaves the cabinet: its courriers go along, what waited for a validation ends', async () => {
    const id = await publish(portal, '45', ['Une ?'])
    const [q1] = await questionsOf(portal, id)
    await sendAnswer(col14, id, { [q1!]: 'Réponse du premier cabinet' })
    await portal.owner
      .query(`update adherents set structure_id = (select id from structures where numero = 'CNS2'
      and organisme_id = adherents.organisme_id) where numero = '45' and structure_id is not null`)
    const cns2 = await portal.login('estuaire', 'CNS2')
    expect((await col14.get(`/courriers/${id}`)).status).toBe(404)
    expect((await cns2.get(`/courriers/${id}`)).status).toBe(200)
    expect((await cns2.get(`/courriers/${id}/reponse`)).text).not.toContain('premier cabinet')
    const { rows } = await portal.owner.query('select rejetee_le is not null as fini, motif from reponses where courrier_id = $1', [id]) // prettier-ignore
    expect(rows).toEqual([{ fini: true, motif: 'Le dossier a quitté le cabinet.' }])
    await sendAnswer(cns2, id, { [q1!]: 'Réponse du second' })
  })
})
