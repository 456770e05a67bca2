import { beforeAll, describe, expect, test } from 'vitest'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let maud: Visitor
let gaspard: Visitor
const year = new Date().getUTCFullYear()
beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  gaspard = await portal.login('estuaire', 'admin@estuaire.example')
})

async function idsOf(numeros: string[], exercice = year): Promise<string[]> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `select c.id from clotures c join adherents a on a.id = c.adherent_id join plateforme.organismes o on o.id = a.organisme_id
     where o.code = 'estuaire' and a.numero = any($1) and extract(year from c.fin) = $2 order by a.numero_tri`,
    [numeros, exercice],
  )
  expect(rows).toHaveLength(numeros.length)
  return rows.map((row) => row.id)
}

async function prepare(who: Visitor, fields: Record<string, string | string[]>): Promise<string> {
  const answer = await who.post('/gestion/suivi/lots', { requete: `exercice=${year}`, ...fields })
  expect([answer.status, answer.text.slice(0, 200)]).toEqual([303, expect.any(String)])
  return String(answer.headers.location)
}

async function preview(who: Visitor, path: string): Promise<{ text: string; empreinte: string }> {
  const { text } = await who.get(path)
  return { text, empreinte: /name="empreinte" value="([^"]+)"/.exec(text)?.[1] ?? '' }
}

async function states(ids: string[], column = 'reception'): Promise<string[]> {
  const { rows } = await portal.owner.query<{ s: string }>(
    `select ${column} as s from clotures join unnest($1::uuid[]) with ordinality as t (id, n) using (id) order by n`,
    [ids],
  )
  return rows.map((row) => row.s)
}

const moves = async (ids: string[]) =>
  (
    await portal.owner.query(
      `select m.piste, m.de, m.vers, u.login, m.motif, m.effet::text, m.lot_id is not null as lot from cloture_mouvements m
       left join utilisateurs u on u.id = m.utilisateur_id where cloture_id = any($1) order by m.le desc, m.cloture_id`,
      [ids],
    )
  ).rows as Record<string, unknown>[]

describe('one change for many dossiers', () => {
  test('is read first, with what is refused and why; confirmed, each is dated and signed, and the adhérent sees it', async () => {
    const ids = await idsOf(['12', '45', '657'])
    await portal.owner.query(
      `update clotures set reception = 'recue', recue_le = current_date where id = $1`,
      [ids[1]],
    )
    const path = await prepare(maud, { changement: 'reception:recue', portee: 'coches', dossier: ids })
    const { text, empreinte } = await preview(maud, path)
    expect(text).toContain('2\u00a0dossiers vont changer')
    expect(text).toContain('1\u00a0dossier ne changera pas')
    expect(text).toContain('Cette étape y est déjà.')
    expect(await states(ids), 'nothing yet').toEqual(['attendue', 'recue', 'attendue'])
    const effet = `${year}-03-02`
    const answer = await maud.post(path, { empreinte, effet, motif: '' })
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      `/gestion/suivi/dossiers?exercice=${year}`,
    ])
    expect(await states(ids)).toEqual(['recue', 'recue', 'recue'])
    expect(await moves([ids[0]!])).toEqual([
      {
        piste: 'reception',
        de: 'attendue',
        vers: 'recue',
        login: 'agent@estuaire.example',
        motif: '',
        effet,
        lot: true,
      },
    ])
    const solene = await portal.login('estuaire', '657')
    expect((await solene.get('/')).text).toContain(`Reçue le 02/03/${year}`)
    const cns1 = await portal.login('estuaire', 'CNS1')
    const { rows } = await portal.owner.query<{ id: string }>(
      'select adherent_id as id from clotures where id = $1',
      [ids[0]],
    )
    expect((await cns1.get(`/clients/${rows[0]!.id}/exercices`)).text).toContain(`Reçue le 02/03/${year}`)
    const { rows: journal } = await portal.owner.query(
      `select detail ->> 'dossiers' as n from journal where action = 'cloture.etapes'`,
    )
    expect(journal).toEqual([{ n: '2' }])
  })

  test('pressed twice it acts once, and is nobody else’s', async () => {
    const ids = await idsOf(['58'])
    const path = await prepare(maud, { changement: 'reception:relancee_1', dossier: ids })
    const { empreinte } = await preview(maud, path)
    expect((await gaspard.get(path)).status).toBe(404)
    expect((await gaspard.post(path, { empreinte, motif: '' })).status).toBe(404)
    const answers = await Promise.all([1, 2].map(() => maud.post(path, { empreinte, motif: '' })))
    expect(answers.map((a) => a.status).sort()).toEqual([303, 422])
    expect(await moves(ids)).toHaveLength(1)
  })

  test('a dossier that moved since the preview stops the whole change', async () => {
    const ids = await idsOf(['103', '118', '204'])
    const path = await prepare(maud, { changement: 'reception:relancee_1', dossier: ids })
    const { empreinte } = await preview(maud, path)
    await gaspard.post(`/gestion/clotures/${ids[1]!}/etapes/reception`, {
      de: 'attendue',
      vers: 'sans_objet',
      motif: '',
    })
    const answer = await maud.post(path, { empreinte, motif: '' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Des dossiers ont changé depuis cet aperçu')
    expect(await states(ids)).toEqual(['attendue', 'sans_objet', 'attendue'])
    const again = await preview(maud, path)
    expect((await maud.post(path, { empreinte: again.empreinte, motif: '' })).status).toBe(303)
    expect(await states(ids)).toEqual(['relancee_1', 'sans_objet', 'relancee_1'])
  })

  test('two permanents at once over the same dossiers: one wins whole, the other is told', async () => {
    const ids = await idsOf(['311', '402', '515', '688', '702'])
    const [a, b] = [
      await prepare(maud, { changement: 'reception:relancee_1', dossier: ids }),
      await prepare(gaspard, { changement: 'reception:recue', dossier: [...ids].reverse() }),
    ]
    const [one, two] = [await preview(maud, a), await preview(gaspard, b)]
    const answers = await Promise.all([
      maud.post(a, { empreinte: one.empreinte, motif: '' }),
      gaspard.post(b, { empreinte: two.empreinte, motif: '', effet: '' }),
    ])
    expect(answers.map((x) => x.status).sort()).toEqual([303, 422])
    expect(new Set(await states(ids)).size).toBe(1)
    expect(await moves(ids)).toHaveLength(5)
  })

  test('going back wants a reason', async () => {
    const ids = await idsOf(['103', '311'], year - 1)
    await portal.owner.query(
      `update clotures set eccv = 'termine_sans_anomalie', crm = 'en_attente', reception = 'complete', recue_le = '${year}-05-05',
         controle_le = '${year}-08-08' where id = any($1)`,
      [ids],
    )
    const path = await prepare(maud, {
      requete: `exercice=${year - 1}`,
      changement: 'eccv:en_cours',
      dossier: ids,
    })
    const { empreinte } = await preview(maud, path)
    const refused = await maud.post(path, { empreinte, motif: '' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('indiquez pourquoi')
    expect(await states(ids, 'eccv')).toEqual(['termine_sans_anomalie', 'termine_sans_anomalie'])
    expect((await maud.post(path, { empreinte, motif: 'Liasse rectificative reçue.' })).status).toBe(303)
    expect((await moves([ids[0]!]))[0]).toMatchObject({
      vers: 'en_cours',
      motif: 'Liasse rectificative reçue.',
    })
  })

  test('a day that cannot be is refused for all of them', async () => {
    const ids = await idsOf(['801', '802'])
    const path = await prepare(maud, { changement: 'reception:recue', dossier: ids })
    const { empreinte } = await preview(maud, path)
    for (const [effet, words] of [
      [`${year + 1}-01-01`, 'pas encore venue'],
      [`${year - 1}-06-01`, 'antérieure à l’exercice'],
    ] as const) {
      const answer = await maud.post(path, { empreinte, motif: '', effet })
      expect([effet, answer.status]).toEqual([effet, 422])
      expect(answer.text).toContain(words)
    }
    expect(await states(ids)).toEqual(['attendue', 'attendue'])
  })

  test('all the results of a filter, with rules that refuse some', async () => {
    const path = await prepare(maud, {
      requete: `exercice=${year - 1}&cabinet=aucun`,
      changement: 'eps:selectionne',
      portee: 'tous',
    }).catch(() => 'none')
    expect(path, 'nothing behind that filter').toBe('none')
    const all = await prepare(maud, {
      requete: `exercice=${year - 1}`,
      changement: 'eps:selectionne',
      portee: 'tous',
    })
    const { text, empreinte } = await preview(maud, all)
    expect(text).toMatch(/15\u00a0dossiers vont changer/)
    expect((await maud.post(all, { empreinte, motif: '' })).status).toBe(303)
    const { rows } = await portal.owner.query<{ n: number }>(
      `select count(*)::int as n from clotures c join plateforme.organismes o on o.id = c.organisme_id
       where o.code = 'estuaire' and eps = 'selectionne' and extract(year from fin) = $1`,
      [year - 1],
    )
    expect(rows[0]!.n).toBe(15)
  })

  test('what a document moves, what does not exist and what belongs to others is refused', async () => {
    const ids = await idsOf(['12'])
    const again = await maud.post('/gestion/suivi/lots', {
      requete: `exercice=${year}&nom=abadisse`,
      dossier: ids,
    })
    expect(again.text).toContain('Choisissez le changement à faire.')
    expect(again.text, 'the list that was on the screen, still ticked').toMatch(
      new RegExp(`value="${ids[0]!}" checked[\\s\\S]*ABADISSE`),
    )
    expect(again.text).not.toContain('NACRE ET VERMEIL')
    for (const changement of ['', 'attestation:emise', 'eps:fichier_detruit', 'reception:rien', 'x:y']) {
      const answer = await maud.post('/gestion/suivi/lots', {
        requete: `exercice=${year}`,
        changement,
        dossier: ids,
      })
      expect([changement, answer.status]).toEqual([changement, 422])
    }
    const { rows } = await portal.owner.query<{ id: string }>(
      `select c.id from clotures c join plateforme.organismes o on o.id = c.organisme_id where o.code = 'midi' and extract(year from fin) = $1`,
      [year],
    )
    const foreign = await maud.post('/gestion/suivi/lots', {
      requete: `exercice=${year}`,
      changement: 'reception:recue',
      dossier: rows.map((row) => row.id),
    })
    expect(foreign.status).toBe(422)
    expect(await states(rows.map((row) => row.id))).toEqual(rows.map(() => 'attendue'))
  })
})

describe('one track of one exercice', () => {
  test('its page offers what may follow and tells its history; a step back wants a reason, a document’s step its document', async () => {
    const [id] = await idsOf(['940'])
    const path = `/gestion/clotures/${id!}/etapes/reception`
    await maud.post(path, { de: 'attendue', vers: 'sans_objet', motif: 'Micro-BNC.' })
    const back = await maud.post(path, { de: 'sans_objet', vers: 'attendue', motif: '' })
    expect(back.status).toBe(422)
    expect(back.text).toContain('Vous revenez en arrière')
    expect(back.text).toContain('Micro-BNC.')
    expect(
      (await maud.post(path, { de: 'sans_objet', vers: 'attendue', motif: 'Erreur de saisie.' })).status,
    ).toBe(303)
    const { text } = await maud.get(path)
    expect(text).toContain('Erreur de saisie.')
    expect(text.indexOf('Erreur de saisie.')).toBeLessThan(text.indexOf('Micro-BNC.'))
    const byHand = await maud.post(`/gestion/clotures/${id!}/etapes/attestation`, {
      de: 'a_emettre',
      vers: 'emise',
      motif: '',
    })
    expect(byHand.status).toBe(422)
    expect(byHand.text).toContain('suit le document')
  })
})
