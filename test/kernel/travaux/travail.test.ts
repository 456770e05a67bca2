import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { Refusal } from '../../../src/kernel/errors.ts'
import { sql } from '../../../src/kernel/sql.ts'
import { startTravail } from '../../../src/kernel/travaux/queries.ts'
import { defineTravail } from '../../../src/kernel/travaux/travail.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { runTravail } from '../../support/travail.ts'

let portal: Portal
const AGENT = 'agent@estuaire.example'

/** Writes the words « mot 1 », « mot 2 »… as rows of series, so that each batch leaves a trace of its own. */
const whims = { fail: new Map<number, Error>(), write: new Map<number, Error>(), ended: 0, slow: 0 }
defineTravail<{ mots: number }, { a: number }>('essai.mots', {
  libelle: 'Essai',
  can: 'gestion.travaux.read',
  async batch({ curseur, donnees }) {
    const a = (curseur.a ?? 0) + 1
    const fault = whims.fail.get(a)
    if (fault) throw fault
    if (whims.slow > 0) await sleep(whims.slow)
    return async (db) => {
      await db.run(sql`insert into series (nom, annee, dernier) values (${`mot ${a}`}, ${donnees.mots}, 1)
        on conflict (organisme_id, nom, annee) do update set dernier = series.dernier + 1`)
      const late = whims.write.get(a)
      if (late) throw late
      return {
        fait: a,
        total: donnees.mots,
        curseur: { a },
        rapport: { dernier: a },
        fini: a === donnees.mots,
      }
    }
  },
  end() {
    whims.ended++
    return Promise.resolve()
  },
  cancel(_db, travail) {
    if (travail.fait > 50) throw new Refusal('Il est trop tard.')
    return Promise.resolve()
  },
})

beforeAll(async () => {
  portal = await startPortal()
})

const ask = (mots: number, debut?: Date) =>
  portal.as('estuaire', AGENT, (db) =>
    startTravail(db, {
      genre: 'essai.mots',
      titre: `${mots} mots`,
      donnees: { mots },
      ...(debut ? { debut } : {}),
    }),
  )
const written = async (mots: number) => {
  const { rows } = await portal.owner.query<{ n: number; most: number }>(
    `select count(*)::int as n, coalesce(max(dernier), 0) as most from series where nom like 'mot %' and annee = $1`,
    [mots],
  )
  return rows[0]!
}
const run = (id: string) => runTravail(portal, 'estuaire', id)

describe('long works', () => {
  test('batch after batch to the end, each once, with the progress, the report and who asked', async () => {
    const id = await ask(7)
    const done = await run(id)
    expect(done).toMatchObject({ etat: 'termine', fait: 7, total: 7, pas: 7, rapport: { dernier: 7 } })
    expect(done.demandeur).toBeTruthy()
    expect(await written(7)).toEqual({ n: 7, most: 1 })
    expect(whims.ended).toBeGreaterThan(0)
  })

  test('a batch whose writing fails leaves nothing, and is done again from where the work was', async () => {
    const id = await ask(8)
    whims.write.set(5, new Error('the database goes away'))
    await expect(run(id)).rejects.toThrow('goes away')
    expect(await written(8)).toEqual({ n: 4, most: 1 })
    whims.write.clear()
    expect((await run(id)).etat).toBe('termine')
    expect(await written(8)).toEqual({ n: 8, most: 1 })
  })

  test('a refusal ends the work with its sentence; « Reprendre » goes on with the same batch', async () => {
    const id = await ask(9)
    whims.fail.set(3, new Refusal('Le fichier a disparu.'))
    expect(await run(id)).toMatchObject({ etat: 'echoue', erreur: 'Le fichier a disparu.', fait: 2 })
    whims.fail.clear()
    const maud = await portal.login('estuaire', AGENT)
    expect((await maud.get(`/gestion/travaux/${id}`)).text).toContain('Le fichier a disparu.')
    expect((await maud.post(`/gestion/travaux/${id}/reprise`)).status).toBe(303)
    expect(await run(id)).toMatchObject({ etat: 'termine', erreur: '', fait: 9 })
    expect(await written(9)).toEqual({ n: 9, most: 1 })
  })

  test('two workers on one work: the slower throws its batch away', async () => {
    const id = await ask(10)
    whims.slow = 20
    await Promise.all([run(id), run(id), run(id)])
    whims.slow = 0
    expect(await written(10)).toEqual({ n: 10, most: 1 })
  })

  test('pause stops after the batch under way, resume goes on, cancel is for good and the genre may refuse it', async () => {
    const maud = await portal.login('estuaire', AGENT)
    const id = await ask(60)
    whims.slow = 30
    const running = run(id)
    await sleep(150)
    expect((await maud.post(`/gestion/travaux/${id}/pause`)).status).toBe(303)
    const paused = await running
    whims.slow = 0
    expect(paused.etat).toBe('en_pause')
    expect(paused.fait).toBeLessThan(60)
    expect(await written(60)).toEqual({ n: paused.fait, most: 1 })
    expect((await maud.post(`/gestion/travaux/${id}/pause`)).text).toContain(
      'il ne peut pas être mis en pause',
    )
    await maud.post(`/gestion/travaux/${id}/reprise`)
    await portal.owner.query('update travaux set fait = 51 where id = $1', [id])
    expect((await maud.post(`/gestion/travaux/${id}/annulation`)).text).toContain('Il est trop tard.')
    await portal.owner.query('update travaux set fait = 3 where id = $1', [id])
    expect((await maud.post(`/gestion/travaux/${id}/annulation`)).status).toBe(303)
    expect((await run(id)).etat).toBe('annule')
    expect((await maud.post(`/gestion/travaux/${id}/reprise`)).status).toBe(422)
  })

  test('the worker runs it, not before the hour that was asked; the page reloads itself without JavaScript', async () => {
    const maud = await portal.login('estuaire', AGENT)
    const later = await ask(11, new Date(Date.now() + 3_600_000))
    const now = await ask(12)
    await portal.startWorker()
    await expect
      .poll(async () => (await maud.get(`/gestion/travaux/${now}/etat`)).text, { timeout: 10_000 })
      .toContain('"etat":"termine"')
    expect(await written(12)).toEqual({ n: 12, most: 1 })
    const page = (await maud.get(`/gestion/travaux/${later}`)).text
    expect(page).toContain('<noscript><meta http-equiv="refresh"')
    expect(page).toContain('Programmé')
    expect(await written(11)).toEqual({ n: 0, most: 0 })
    expect((await maud.get(`/gestion/travaux/${now}`)).text).not.toContain('http-equiv="refresh"')
  })

  test('a permanent of another organisme, an adhérent: 404 and 403', async () => {
    const id = await ask(13)
    const midi = await portal.login('midi', 'agent@midi.example')
    const solene = await portal.login('estuaire', '657')
    expect((await midi.get(`/gestion/travaux/${id}`)).status).toBe(404)
    expect((await midi.post(`/gestion/travaux/${id}/annulation`)).status).toBe(404)
    expect((await solene.get('/gestion/travaux')).status).toBe(403)
  })
})
