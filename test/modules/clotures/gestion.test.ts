import { beforeAll, describe, expect, test } from 'vitest'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let maud: Visitor
beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
})

async function yearOf(
  numero: string,
  condition: string,
): Promise<{ id: string; adherent_id: string; fin: string }> {
  const { rows } = await portal.owner.query<{ id: string; adherent_id: string; fin: string }>(
    `select c.id, c.adherent_id, c.fin::text as fin from clotures c
     join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
     join plateforme.organismes o on o.id = c.organisme_id
     where o.code = 'estuaire' and a.numero = $1 and ${condition} order by c.fin desc limit 1`,
    [numero],
  )
  if (!rows[0]) throw new Error(`no year of ${numero} with ${condition}`)
  return rows[0]
}

describe('a clôture is a set of independent tracks, each moved by somebody, at a date', () => {
  test('F7: the reception of the liasse is recorded, dated and signed, and the adhérent reads it', async () => {
    const solene = await portal.login('estuaire', '657')
    const year = await yearOf('657', `c.reception = 'attendue'`)
    const path = `/gestion/clotures/${year.id}/etapes/reception`
    expect((await maud.post(path, { de: 'attendue', vers: 'recue', motif: '' })).status).toBe(303)
    const { rows } = await portal.owner.query(
      `select m.de, m.vers, u.login, c.recue_le = current_date as today from cloture_mouvements m
       join clotures c on c.id = m.cloture_id join utilisateurs u on u.id = m.utilisateur_id where m.cloture_id = $1`,
      [year.id],
    )
    expect(rows).toEqual([{ de: 'attendue', vers: 'recue', login: 'agent@estuaire.example', today: true }])
    expect((await solene.get('/')).text).toMatch(/Reçue le \d\d\/\d\d\/20\d\d\./)
  })

  test('a step that cannot follow is refused in words, and nothing moves', async () => {
    const year = await yearOf('12', `c.reception = 'attendue'`)
    const answer = await maud.post(`/gestion/clotures/${year.id}/etapes/eccv`, {
      de: 'a_faire',
      vers: 'en_cours',
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('La liasse n’est pas encore reçue.')
    const { rows } = await portal.owner.query('select eccv from clotures where id = $1', [year.id])
    expect(rows).toEqual([{ eccv: 'a_faire' }])
  })

  test('nothing is chosen before somebody chooses it: pressed too early, the button changes nothing', async () => {
    const year = await yearOf('12', `c.reception = 'attendue'`)
    const path = `/gestion/clotures/${year.id}`
    expect((await maud.get(path)).text).toContain('required><option value="">')
    const answer = await maud.post(`${path}/etapes/reception`, { de: 'attendue', vers: '' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Indiquez le nouvel état.')
    const { rows } = await portal.owner.query('select reception from clotures where id = $1', [year.id])
    expect(rows).toEqual([{ reception: 'attendue' }])
  })

  test('of two permanents who move the same step at once, the second is told that it has changed', async () => {
    const gaspard = await portal.login('estuaire', 'admin@estuaire.example')
    const year = await yearOf('45', `c.reception = 'attendue'`)
    const path = `/gestion/clotures/${year.id}/etapes/reception`
    const answers = await Promise.all([
      maud.post(path, { de: 'attendue', vers: 'recue' }),
      gaspard.post(path, { de: 'attendue', vers: 'relancee_1' }),
    ])
    expect(answers.map((a) => a.status).sort()).toEqual([303, 422])
    expect(answers.find((a) => a.status === 422)!.text).toContain('Cette étape a changé entre-temps')
  })
})

describe('papers wait for what they are made of', () => {
  test('a compte rendu is not issued before the end of the checks, a dossier de gestion not without accounts', async () => {
    const year = await yearOf('58', 'c.comptes is null and c.debut <= current_date')
    const report = await maud.post(`/gestion/clotures/${year.id}/compte-rendu`)
    expect(report.status).toBe(422)
    expect(report.text).toContain('Les contrôles ne sont pas terminés.')
    const file = await maud.post(`/gestion/clotures/${year.id}/dossier-de-gestion`)
    expect(file.status).toBe(422)
    expect(file.text).toContain('Les comptes de cet exercice ne sont pas encore saisis.')
  })

  test('F8: compte rendu and dossier de gestion of a finished year are issued, published and their tracks follow', async () => {
    const year = await yearOf('103', `c.eccv like 'termine%' and c.comptes is not null`)
    for (const genre of ['compte-rendu', 'dossier-de-gestion']) {
      const answer = await maud.post(`/gestion/clotures/${year.id}/${genre}`, { publier: 'oui' })
      expect([genre, answer.status]).toEqual([genre, 303])
      const file = await maud.get(`${String(answer.headers.location)}/fichier`)
      expect(file.body.subarray(0, 5).toString()).toBe('%PDF-')
    }
    const { rows } = await portal.owner.query('select crm, dossier_gestion from clotures where id = $1', [
      year.id,
    ])
    expect(rows).toEqual([{ crm: 'envoye_adherent', dossier_gestion: 'publie' }])
  })
})

describe('the law of an organisme is data with a date', () => {
  test('the regime names the papers: adhésion for years under the agrément, mission after its end', async () => {
    const solene = await portal.login('estuaire', '657')
    const { text } = await solene.get('/documents')
    expect(text).toContain('Attestation d’adhésion – exercice 2024')
    expect(text).toContain('Attestation de mission – exercice 2025')
    expect(text).not.toContain('Attestation d’adhésion – exercice 2025')
  })

  test('a legal delay of the organisme, from its date on, moves the limit that its members read', async () => {
    const marius = await portal.login('midi', '657')
    const before = /Attendue, au plus tard le (\d\d\/\d\d\/\d{4})/.exec((await marius.get('/')).text)?.[1]
    await portal.owner.query(
      `insert into parametres_legaux (organisme_id, depuis, valeurs)
       select id, '2020-01-01', '{"depotJoursTdfc": 45}' from plateforme.organismes where code = 'midi'`,
    )
    const after = /Attendue, au plus tard le (\d\d\/\d\d\/\d{4})/.exec((await marius.get('/')).text)?.[1]
    expect(before).toMatch(/\/05\/20\d\d$/)
    expect(after).toMatch(/\/06\/20\d\d$/)
  })
})
