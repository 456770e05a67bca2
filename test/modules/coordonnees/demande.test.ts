import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let solene: Visitor
let adherentId: string

beforeAll(async () => {
  portal = await startPortal()
})

beforeEach(async () => {
  await portal.owner.query('delete from modifications')
  solene = await portal.login('estuaire', '657')
  adherentId = (await portal.person('estuaire', '657')).adherentId!
})

interface Row {
  id: string
  zone: string
  avant: string[]
  apres: string[]
  issue: string | null
}

async function rows(): Promise<Row[]> {
  const { rows } = await portal.owner.query<Row>(
    'select id, zone, avant, apres, issue from modifications order by demande_le',
  )
  return rows
}

async function fiche(): Promise<Record<string, unknown>> {
  const { rows } = await portal.owner.query<Record<string, unknown>>(
    'select * from adherents where id = $1',
    [adherentId],
  )
  return rows[0]!
}

const ASKED = { telephone1: '05 57 00 00 61', telephone2: '', telephone3: '' }

describe('Vos coordonnées', () => {
  it('F6 F22 F23 F24: shows each zone with its value and the pictogram « la zone peut être modifiée »', async () => {
    const page = await solene.get('/coordonnees')
    expect(page.status).toBe(200)
    for (const text of [
      'Caractéristiques',
      'SIRET',
      'Statut juridique',
      'Profession',
      'Contact',
      '33500 LIBOURNE',
    ]) {
      expect(page.text).toContain(text)
    }
    expect(page.text.match(/title="La zone peut être modifiée"/g)).toHaveLength(7)
    expect(checkHtml(page.text)).toEqual([])
  })

  it('F25: a change is a request; the old value stays, with the mark and the wanted value', async () => {
    const before = await fiche()
    const answer = await solene.post('/coordonnees/telephones', ASKED)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/coordonnees')
    expect(await fiche()).toEqual(before)
    expect(await rows()).toMatchObject([
      { zone: 'telephones', avant: before.telephones, apres: ['+33557000061'], issue: null },
    ])
    const page = await solene.get('/coordonnees')
    expect(page.text).toContain('Votre demande est envoyée')
    expect(page.text).toContain('mise à jour en cours de traitement')
    expect(page.text).toContain('05\u00a057\u00a000\u00a000\u00a061')
    expect(page.text).toContain((before.telephones as string[])[0]!.replaceAll(' ', '\u00a0'))
  })

  it('F25: a second request on the zone replaces the pending one, and both stay in the history', async () => {
    await solene.post('/coordonnees/telephones', ASKED)
    await solene.post('/coordonnees/telephones', { ...ASKED, telephone2: '06 57 00 00 61' })
    expect(await rows()).toMatchObject([
      { issue: 'remplacee', apres: ['+33557000061'] },
      { issue: null, apres: ['+33557000061', '+33657000061'] },
    ])
    const page = await solene.get('/coordonnees')
    expect(page.text).toContain('et remplace la précédente')
    expect(page.text).toContain('Remplacée')
  })

  it('F25: the pending request may be withdrawn, once', async () => {
    await solene.post('/coordonnees/telephones', ASKED)
    const [{ id } = { id: '' }] = await rows()
    expect((await solene.get('/coordonnees/telephones')).text).toContain(
      `/coordonnees/demandes/${id}/retrait`,
    )
    expect((await solene.post(`/coordonnees/demandes/${id}/retrait`)).status).toBe(303)
    expect(await rows()).toMatchObject([{ issue: 'retiree' }])
    const again = await solene.post(`/coordonnees/demandes/${id}/retrait`)
    expect(again.status).toBe(422)
    expect(again.text).toContain('Cette demande a déjà été retirée')
    expect((await solene.get('/coordonnees')).text).not.toContain('mise à jour en cours de traitement')
  })

  it('F25: what is asked already, or is there already, makes no request and is said', async () => {
    const { telephones } = (await fiche()) as { telephones: string[] }
    const same = { telephone1: telephones[0]!, telephone2: telephones[1]!, telephone3: '' }
    const unchanged = await solene.post('/coordonnees/telephones', same)
    expect(unchanged.status).toBe(422)
    expect(unchanged.text).toContain(
      'C’est déjà la valeur de votre fiche\u00a0: aucune demande n’a été envoyée.',
    )
    await solene.post('/coordonnees/telephones', ASKED)
    expect((await solene.post('/coordonnees/telephones', ASKED)).text).toContain(
      'Vous avez déjà demandé cette valeur',
    )
    const back = await solene.post('/coordonnees/telephones', same)
    expect(back.text).toContain('Pour renoncer à votre demande en cours, retirez-la.')
    expect(await rows()).toHaveLength(1)
  })

  it('F25: a wrong value is refused beside its field and what was typed stays', async () => {
    const answer = await solene.post('/coordonnees/siret', { siret: '000 000 018 00011' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('sa clé de contrôle ne correspond pas')
    expect(answer.text).toContain('value="000 000 018 00011"')
    expect(answer.text).toContain('aria-invalid="true"')
    expect(checkHtml(answer.text)).toEqual([])
    expect(await rows()).toEqual([])
  })

  it('every zone has a form that is shown, filled, and valid HTML', async () => {
    for (const zone of [
      'siret',
      'statut-juridique',
      'profession',
      'adresse-professionnelle',
      'adresse-personnelle',
      'courriel',
    ]) {
      const page = await solene.get(`/coordonnees/${zone}`)
      expect([zone, page.status, checkHtml(page.text)]).toEqual([zone, 200, []])
    }
    expect((await solene.get('/coordonnees/adresse-professionnelle')).text).toContain('value="33500"')
  })

  it('an address of the person is asked in her own words and stored as La Poste reads its commune', async () => {
    const answer = await solene.post('/coordonnees/adresse-professionnelle', {
      lignes: 'Bâtiment B\r\n\r\n14,  rue du Lavoir ',
      codePostal: '64 500',
      commune: 'Saint-Jean-de-Luz',
    })
    expect(answer.status).toBe(303)
    expect(await rows()).toMatchObject([
      { apres: ['Bâtiment B', '14, rue du Lavoir', '64500 SAINT JEAN DE LUZ'] },
    ])
  })

  it('each request is a row of the journal, about this adhérent, that tells the zone and not the value', async () => {
    await solene.post('/coordonnees/telephones', ASKED)
    const { rows: journal } = await portal.owner.query<{ adherent_id: string; detail: unknown }>(
      `select adherent_id, detail from journal where action = 'coordonnees.demandee' order by numero desc limit 1`,
    )
    expect(journal).toEqual([{ adherent_id: adherentId, detail: { zone: 'telephones' } }])
  })
})

describe('what is tried against it (abuse cases 12 and 16)', () => {
  it('a field too many never reaches the fiche, whatever its name', async () => {
    const before = await fiche()
    for (const extra of [
      { issue: 'acceptee' },
      { courriel: 'x@y.example' },
      { adherent_id: adherentId },
      { adherentId },
    ]) {
      expect((await solene.post('/coordonnees/telephones', { ...ASKED, ...extra })).status).toBe(422)
    }
    expect(await fiche()).toEqual(before)
    expect(await rows()).toEqual([])
  })

  it('the database itself refuses an adhérent who accepts his own request', async () => {
    await solene.post('/coordonnees/telephones', ASKED)
    const { id } = await portal.person('estuaire', '657')
    const accept = portal.as('estuaire', '657', (db) =>
      db.run(sql`update modifications set issue = 'acceptee', close_le = now(), close_par = ${id}`),
    )
    await expect(accept).rejects.toThrow(/row-level security/)
    const insert = portal.as('estuaire', '657', (db) =>
      db.run(sql`insert into modifications (adherent_id, zone, avant, apres, demande_par, issue, close_le, close_par)
        values (${adherentId}, 'siret', '{}', '{x}', ${id}, 'acceptee', now(), ${id})`),
    )
    await expect(insert).rejects.toThrow(/row-level security/)
  })

  it('the request of somebody else, here or in the other organisme, does not exist: 404, nothing written', async () => {
    await solene.post('/coordonnees/telephones', ASKED)
    const [{ id } = { id: '' }] = await rows()
    for (const who of [await portal.login('estuaire', '940'), await portal.login('midi', '657')]) {
      expect((await who.post(`/coordonnees/demandes/${id}/retrait`)).status).toBe(404)
    }
    expect(await rows()).toMatchObject([{ issue: null }])
    expect((await solene.post('/coordonnees/demandes/nimporte/retrait')).status).toBe(404)
  })

  it('controls that no keyboard types are left out of what is typed', async () => {
    expect((await solene.post('/coordonnees/statut-juridique', { statut: 'SA\u0000RL\u0007' })).status).toBe(
      303,
    )
    expect(await rows()).toMatchObject([{ apres: ['SARL'] }])
    expect((await solene.post('/coordonnees/courriel', { courriel: 'a\u0000@b.example' })).status).toBe(422)
    expect((await solene.post('/coordonnees/statut-juridique', { statut: '\u0000' })).status).toBe(422)
  })

  it('a zone that does not exist is a 404', async () => {
    expect((await solene.get('/coordonnees/numero')).status).toBe(404)
    expect((await solene.post('/coordonnees/numero', { numero: '1' })).status).toBe(404)
  })

  it('only an adhérent has these pages', async () => {
    for (const login of ['CNS1', 'COL14', 'COL16', 'agent@estuaire.example', 'admin@estuaire.example']) {
      const who = await portal.login('estuaire', login)
      expect([login, (await who.get('/coordonnees')).status]).toEqual([login, 403])
      expect([login, (await who.post('/coordonnees/telephones', ASKED)).status]).toEqual([login, 403])
    }
    expect((await portal.visitor().get('/coordonnees')).headers.location).toBe(
      '/connexion?retour=%2Fcoordonnees',
    )
    expect(await rows()).toEqual([])
  })

  it('without the token of the session nothing is asked', async () => {
    solene.csrf = 'f'.repeat(64)
    expect((await solene.post('/coordonnees/telephones', ASKED)).status).toBe(403)
    expect(await rows()).toEqual([])
  })

  it('two requests at the same instant leave one that waits', async () => {
    const answers = await Promise.all([
      solene.post('/coordonnees/telephones', ASKED),
      solene.post('/coordonnees/telephones', { ...ASKED, telephone1: '05 57 00 00 62' }),
    ])
    for (const { status } of answers) expect([303, 422]).toContain(status)
    expect((await rows()).filter((row) => row.issue === null)).toHaveLength(1)
  })
})
