import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let cabinet: Visitor
let jeremie: Visitor

beforeAll(async () => {
  portal = await startPortal()
})

beforeEach(async () => {
  cabinet = await portal.login('estuaire', 'CNS1')
  jeremie = await portal.login('estuaire', 'COL16')
  await portal.owner.query('delete from courriels')
})

const idOf = async (login: string, organisme = 'estuaire') => (await portal.person(organisme, login)).id

interface Row {
  id: string
  login: string
  nom: string
  courriel: string
  role: string
  bloque_le: string | null
  active_le: string | null
}

async function row(login: string): Promise<Row> {
  const { rows } = await portal.owner.query<Row>(
    `select u.* from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
     where o.code = 'estuaire' and u.login = $1`,
    [login],
  )
  return rows[0]!
}

async function mails(): Promise<{ modele: string; destinataire: string; donnees: { lien: string } }[]> {
  return (
    await portal.owner.query<{ modele: string; destinataire: string; donnees: { lien: string } }>(
      'select modele, destinataire, donnees from courriels order by cree_le',
    )
  ).rows
}

const aurele = {
  prenom: 'Aurèle',
  nom: 'Castaignède',
  fonction: 'Comptable',
  courriel: 'a.castaignede@vauquelin.example',
  role: 'collaborateur',
}

/** Creates somebody and gives the path of his fiche. */
async function create(who: Visitor, changes: Partial<typeof aurele> = {}): Promise<string> {
  const answer = await who.post('/collaborateurs/nouveau', { ...aurele, ...changes })
  expect(answer.status, answer.text.slice(0, 300)).toBe(303)
  return String(answer.headers.location)
}

const login = async (path: string) =>
  (
    await portal.owner.query<{ login: string }>('select login from utilisateurs where id = $1', [
      path.split('/')[2],
    ])
  ).rows[0]!.login

describe('the list', () => {
  it('F75: has the columns of the guide, and leads to fiche, dossiers and history', async () => {
    const page = await cabinet.get('/collaborateurs')
    expect(page.status).toBe(200)
    for (const text of [
      'Code',
      'Collaborateur',
      'Fonction',
      'Fiche',
      'Dossiers',
      'Histo.',
      'COL14',
      'Cheffe de mission',
    ])
      expect(page.text).toContain(text)
    const id = await idOf('COL14')
    for (const path of ['', '/dossiers', '/historique']) {
      expect(page.text).toContain(`href="/collaborateurs/${id}${path}"`)
      const one = await cabinet.get(`/collaborateurs/${id}${path}`)
      expect([path, one.status]).toEqual([path, 200])
      expect(checkHtml(one.text)).toEqual([])
    }
    expect(page.text).toMatch(/>5<span class="visually-hidden"> dossiers de Capucine Marchandeau/)
    expect(checkHtml(page.text)).toEqual([])
  })

  it('F76: keeps who left, with the cross and the date', async () => {
    const page = await cabinet.get('/collaborateurs')
    expect(page.text).toMatch(/Muguette Renardière[^]{0,300}#x[^]{0,100}\[départ le \d\d\/\d\d\/\d{4}\]/)
    expect(page.text.indexOf('Renardière')).toBeGreaterThan(page.text.indexOf('Marquisat'))
  })

  it('shows only the people of this cabinet, and is for those who answer for it', async () => {
    const other = await portal.login('estuaire', 'CNS2')
    const page = await other.get('/collaborateurs')
    expect(page.text).toContain('Aucun collaborateur pour le moment')
    for (const who of ['COL14', '657', 'agent@estuaire.example']) {
      const visitor = await portal.login('estuaire', who)
      expect([who, (await visitor.get('/collaborateurs')).status]).toEqual([who, 403])
      expect((await visitor.post('/collaborateurs/nouveau', aurele)).status).toBe(403)
    }
  })
})

describe('a new one', () => {
  it('F77: gets the next code of the organisme, a link by mail and no password', async () => {
    const path = await create(cabinet)
    const code = await login(path)
    expect(code).toBe('COL17')
    const [mail, ...others] = await mails()
    expect(others).toEqual([])
    expect(mail).toMatchObject({ modele: 'activation', destinataire: aurele.courriel })
    expect((await portal.visitor().get(mail!.donnees.lien)).text).toContain('name="nouveau"')
    const fiche = await cabinet.get(path)
    expect(fiche.text).toContain('Renvoyer l’invitation')
    expect(checkHtml(fiche.text)).toEqual([])
    expect(await login(await create(cabinet))).toBe('COL18')
  })

  it('F77: two at the same instant get two codes', async () => {
    const paths = await Promise.all([create(cabinet), create(jeremie), create(cabinet)])
    const codes = await Promise.all(paths.map(login))
    expect(new Set(codes).size).toBe(3)
  })

  it('F77: a very long name is kept whole', async () => {
    const nom = 'Harambillague-Etcheberrigaray de la Roche-Saint-Ségolin-sur-Dordogne'
    const path = await create(cabinet, { prenom: 'Marie-Bénédicte Philippine', nom })
    const page = await cabinet.get(path)
    expect(page.text).toContain(nom)
    expect((await cabinet.post('/collaborateurs/nouveau', { ...aurele, nom: 'x'.repeat(121) })).status).toBe(
      422,
    )
  })

  it('is told what is missing, and nothing is written', async () => {
    const answer = await cabinet.post('/collaborateurs/nouveau', {
      ...aurele,
      nom: '',
      courriel: 'pas une adresse',
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Indiquez le nom.')
    expect(answer.text).toContain('adresse électronique complète')
    expect(answer.text).toContain('value="Aurèle"')
    expect(checkHtml(answer.text)).toEqual([])
    expect(await mails()).toEqual([])
  })

  it('of a cabinet without accounts is created, and nothing is mailed', async () => {
    const other = await portal.login('estuaire', 'CNS2')
    const path = await create(other)
    expect(await mails()).toEqual([])
    expect((await other.get(path)).text).toContain('Comptes désactivés')
    expect((await other.post(`${path}/invitation`)).text).toContain('ne sont pas activés')
  })

  it('F74: only the cabinet names a superviseur; the database says so too', async () => {
    expect((await jeremie.get('/collaborateurs/nouveau')).text).not.toContain('value="superviseur"')
    const answer = await jeremie.post('/collaborateurs/nouveau', { ...aurele, role: 'superviseur' })
    expect(answer.status).toBe(422)
    const { structureId } = await portal.person('estuaire', 'COL16')
    await expect(
      portal.as('estuaire', 'COL16', (db) =>
        db.run(
          sql`insert into utilisateurs (login, nom, role, structure_id) values ('COL900', 'X', 'superviseur', ${structureId})`,
        ),
      ),
    ).rejects.toThrow(/row-level security/)
    const path = await create(cabinet, { role: 'superviseur' })
    expect((await row(await login(path))).role).toBe('superviseur')
  })

  it('16: is nothing but a collaborateur or a superviseur of this cabinet', async () => {
    for (const role of ['permanent', 'administrateur', 'cabinet', 'adherent', 'operateur']) {
      expect([role, (await cabinet.post('/collaborateurs/nouveau', { ...aurele, role })).status]).toEqual([
        role,
        422,
      ])
    }
    const forged = await cabinet.post('/collaborateurs/nouveau', {
      ...aurele,
      structure_id: await idOf('CNS2'),
    })
    expect(forged.status).toBe(422)
    expect(forged.text).toContain('n’est pas attendu')
  })
})

describe('his account', () => {
  it('F73 16: invited again, the old link opens nothing; invited no more once blocked', async () => {
    const path = await create(cabinet)
    expect((await cabinet.post(`${path}/invitation`)).status).toBe(303)
    const [first, second] = await mails()
    const visitor = portal.visitor()
    expect((await visitor.get(first!.donnees.lien)).text).not.toContain('name="nouveau"')
    expect((await visitor.get(second!.donnees.lien)).text).toContain('name="nouveau"')
    expect((await cabinet.post(`${path}/blocage`)).status).toBe(303)
    expect((await portal.visitor().get(second!.donnees.lien)).text).not.toContain('name="nouveau"')
    expect((await cabinet.post(`${path}/invitation`)).text).toContain('débloquez-le d’abord')
  })

  it('16: an address or a role changed voids the link that was sent for the old one', async () => {
    const path = await create(cabinet)
    await cabinet.post(`${path}/modification`, { ...aurele, courriel: 'autre@vauquelin.example' })
    const [first, second] = await mails()
    expect(second!.destinataire).toBe('autre@vauquelin.example')
    expect((await portal.visitor().get(first!.donnees.lien)).text).not.toContain('name="nouveau"')
    expect((await portal.visitor().get(second!.donnees.lien)).text).toContain('name="nouveau"')
  })

  it('F144: blocked, his sessions end at once; his dossiers stay his', async () => {
    const id = await idOf('COL3')
    const anthime = await portal.login('estuaire', 'COL3')
    expect((await anthime.get('/')).status).toBe(200)
    const ask = await cabinet.get(`/collaborateurs/${id}/blocage`)
    expect(ask.text).toContain('est déconnecté de tous ses appareils')
    expect(checkHtml(ask.text)).toEqual([])
    expect((await cabinet.post(`/collaborateurs/${id}/blocage`)).status).toBe(303)
    expect((await anthime.get('/')).status).toBe(303)
    expect((await cabinet.post(`/collaborateurs/${id}/blocage`)).status).toBe(422)
    expect((await cabinet.post(`/collaborateurs/${id}/deblocage`)).status).toBe(303)
    expect((await row('COL3')).bloque_le).toBeNull()
  })

  it('13: an address in use is changed by its owner only; the database says so too', async () => {
    const id = await idOf('COL14')
    const before = await row('COL14')
    const fields = {
      prenom: 'Capucine',
      nom: 'Marchandeau',
      fonction: 'Cheffe de mission',
      role: 'collaborateur',
    }
    const answer = await cabinet.post(`/collaborateurs/${id}/modification`, {
      ...fields,
      courriel: 'voleur@vauquelin.example',
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('son titulaire')
    await expect(
      portal.as('estuaire', 'CNS1', (db) =>
        db.run(sql`update utilisateurs set courriel = 'voleur@vauquelin.example' where id = ${id}`),
      ),
    ).rejects.toThrow(/may not change/)
    expect((await row('COL14')).courriel).toBe(before.courriel)
    expect(
      (await cabinet.post(`/collaborateurs/${id}/modification`, { ...fields, fonction: 'Associée' })).status,
    ).toBe(303)
    expect((await cabinet.get(`/collaborateurs/${id}`)).text).toContain('Associée')
  })

  it('named superviseur or back, his sessions end: nobody keeps the rights of another role', async () => {
    const id = await idOf('COL3')
    const anthime = await portal.login('estuaire', 'COL3')
    const fields = { prenom: 'Anthime', nom: 'Marquisat', fonction: 'Assistant comptable' }
    expect(
      (await cabinet.post(`/collaborateurs/${id}/modification`, { ...fields, role: 'superviseur' })).status,
    ).toBe(303)
    expect((await anthime.get('/')).status).toBe(303)
    const again = await portal.login('estuaire', 'COL3')
    expect((await again.get('/collaborateurs')).status).toBe(200)
    expect(
      (await cabinet.post(`/collaborateurs/${id}/modification`, { ...fields, role: 'collaborateur' })).status,
    ).toBe(303)
    expect((await again.get('/collaborateurs')).status).toBe(303)
  })
})

describe('abuse', () => {
  it('a superviseur touches neither himself nor another superviseur', async () => {
    const self = `/collaborateurs/${await idOf('COL16')}`
    const peer = await create(cabinet, { role: 'superviseur' })
    for (const path of [self, peer]) {
      expect((await jeremie.get(path)).text).not.toContain('Bloquer le compte')
      for (const act of ['/blocage', '/deblocage', '/invitation', '/retour']) {
        expect([path, act, (await jeremie.post(path + act)).status]).toEqual([path, act, 422])
      }
      const fields = { prenom: 'A', nom: 'B', role: 'superviseur' }
      expect((await jeremie.post(`${path}/modification`, fields)).status).toBe(422)
      const depart = { le: new Date().toISOString().slice(0, 10), vers: '', vu: 'x' }
      expect((await jeremie.post(`${path}/depart`, depart)).status).toBe(422)
    }
    expect((await jeremie.get('/collaborateurs')).status).toBe(200)
  })

  it('somebody of another cabinet, the log-in of the cabinet itself and the staff do not exist here: 404', async () => {
    for (const [organisme, who] of [
      ['midi', 'COL14'],
      ['estuaire', 'CNS1'],
      ['estuaire', 'CNS2'],
      ['estuaire', 'agent@estuaire.example'],
      ['estuaire', '657'],
    ] as const) {
      const path = `/collaborateurs/${await idOf(who, organisme)}`
      for (const page of ['', '/modification', '/dossiers', '/historique', '/depart', '/blocage'])
        expect([who, page, (await cabinet.get(path + page)).status]).toEqual([who, page, 404])
      for (const act of ['/blocage', '/invitation', '/deblocage', '/retour'])
        expect([who, act, (await cabinet.post(path + act)).status]).toEqual([who, act, 404])
    }
  })

  it('a collaborateur cannot write anybody’s row, his own rights least of all', async () => {
    const id = await idOf('COL14')
    await portal.as('estuaire', 'COL14', async (db) => {
      expect(await db.run(sql`update utilisateurs set fonction = 'Chef' where id <> ${id}`)).toBe(0)
    })
    for (const statement of [
      sql`update utilisateurs set role = 'superviseur' where id = ${id}`,
      sql`update utilisateurs set parti_le = null, bloque_le = null, fonction = 'Chef' where id = ${id}`,
      sql`update utilisateurs set structure_id = gen_random_uuid() where id = ${id}`,
    ])
      await expect(portal.as('estuaire', 'COL14', (db) => db.run(statement))).rejects.toThrow()
    await expect(
      portal.as('estuaire', 'CNS1', (db) => db.run(sql`delete from utilisateurs where id = ${id}`)),
    ).rejects.toThrow(/permission denied/)
    expect((await row('COL14')).role).toBe('collaborateur')
  })

  it('his history tells the acts of the trade and nothing of his log-ins, to his cabinet only', async () => {
    const path = await create(cabinet)
    const id = path.split('/')[2]!
    await portal.owner.query(
      `select set_config('app.organisme_id', organisme_id::text, false), set_config('app.utilisateur_id', $1::text, false),
         app.journaliser('Aurèle', 'connexion.ouverte', 'utilisateurs', $1::uuid, null, '{}', 'r') from utilisateurs where id = $1::uuid`,
      [id],
    )
    const page = await cabinet.get(`${path}/historique`)
    expect(page.text).toContain('Collaborateur créé')
    expect(page.text).not.toContain('connexion.ouverte')
    const read = (organisme: string, who: string) =>
      portal.as(organisme, who, (db) =>
        db.many(
          sql`select * from app.actes_de(${id}, array['collaborateur.cree', 'connexion.ouverte'], null, null, 10)`,
        ),
      )
    expect((await read('estuaire', 'CNS1')).length).toBeGreaterThan(0)
    for (const [organisme, who] of [['estuaire', 'CNS2'], ['estuaire', 'COL14'], ['midi', 'CNS1']] as const)
      expect([who, await read(organisme, who)]).toEqual([who, []]) // prettier-ignore
  })
})
