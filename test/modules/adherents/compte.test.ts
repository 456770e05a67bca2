import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor
/** 657 has an account, 103 has none. */
let solene: string
let clarisse: string

const fiche = (id: string) => `/gestion/adherents/${id}`

beforeAll(async () => {
  portal = await startPortal()
  solene = (await portal.person('estuaire', '657')).adherentId!
  clarisse = (await adherent('estuaire', '103')).id
})

beforeEach(async () => {
  await portal.owner.query('delete from courriels')
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

async function adherent(organisme: string, numero: string): Promise<{ id: string; courriel: string }> {
  const { rows } = await portal.owner.query<{ id: string; courriel: string }>(
    `select a.id, a.courriel from adherents a join plateforme.organismes o on o.id = a.organisme_id
     where o.code = $1 and a.numero = $2`,
    [organisme, numero],
  )
  return rows[0]!
}

interface Compte {
  id: string
  login: string
  courriel: string
  role: string
  active_le: string | null
  bloque_le: string | null
}

async function compteOf(adherentId: string): Promise<Compte | undefined> {
  const { rows } = await portal.owner.query<Compte>('select * from utilisateurs where adherent_id = $1', [
    adherentId,
  ])
  return rows[0]
}

/** Page of the account of an adhérent. */
async function gestion(adherentId: string): Promise<string> {
  return `/gestion/comptes/${(await compteOf(adherentId))!.id}`
}

async function mails(): Promise<
  { modele: string; destinataire_id: string | null; donnees: { lien: string } }[]
> {
  const { rows } = await portal.owner.query<{
    modele: string
    destinataire_id: string
    donnees: { lien: string }
  }>('select modele, destinataire_id, donnees from courriels order by cree_le')
  return rows
}

async function lastAction(): Promise<{ action: string; adherent_id: string }> {
  const { rows } = await portal.owner.query<{ action: string; adherent_id: string }>(
    'select action, adherent_id from journal order by le desc limit 1',
  )
  return rows[0]!
}

describe('the fiche of an adhérent', () => {
  it('shows his zones, cabinet, account and what waits for a decision', async () => {
    const page = await agent.get(fiche(solene))
    expect(page.status).toBe(200)
    for (const text of [
      'CARRIVEAU Solène', '000\u00a0000\u00a0018\u00a000010', 'Cabinet Vauquelin &amp; Associés', 'D100',
      'solene.carriveau@atelier.example', '1\u00a0mise à jour attend', 'mise à jour en cours de traitement',
      `${fiche(solene)}/clotures`, `${fiche(solene)}/historique`, `${fiche(solene)}/transferts`,
    ]) expect(page.text).toContain(text) // prettier-ignore
    expect(checkHtml(page.text)).toEqual([])
  })

  it('shows an adhérent without cabinet, account or phone in words', async () => {
    await portal.owner.query(
      `insert into adherents (organisme_id, numero, denomination, adhesion_le)
       select id, '7777', 'Sans rien', '2020-01-01' from plateforme.organismes where code = 'estuaire'`,
    )
    const page = await agent.get(fiche((await adherent('estuaire', '7777')).id))
    expect(page.text).toContain('Aucun cabinet')
    expect(page.text).toContain('n’a pas encore de compte')
    expect(page.text).toContain('Non renseigné')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('tells in its history, in sentences, who did what and when', async () => {
    await agent.post(`${await gestion(solene)}/mot-de-passe`)
    const member = await portal.login('estuaire', '657')
    await member.post('/coordonnees/courriel', { courriel: 'solene@nouvelle.example' })
    const page = await agent.get(`${fiche(solene)}/historique`)
    expect(page.text).toMatch(/Mise à jour de coordonnées demandée <span class="rien">Adresse électronique</)
    expect(page.text).not.toContain('solene@nouvelle.example')
    expect(page.text).toContain('Lien de changement de mot de passe envoyé')
    expect(page.text).toContain('Maud Lescarret (agent@estuaire.example)')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('lists his transfers and nobody else’s', async () => {
    const page = await agent.get(`${fiche(solene)}/transferts`)
    expect(page.status).toBe(200)
    const other = await agent.get(`${fiche(clarisse)}/transferts`)
    expect(other.text).toContain('Aucun transfert reçu')
    expect(checkHtml(page.text)).toEqual([])
    expect(checkHtml(other.text)).toEqual([])
  })

  it('of another organisme does not exist, and neither do its acts: 404, nothing written', async () => {
    const before = await compteOf(solene)
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.get(`${await gestion(solene)}/blocage`)).status).toBe(404)
    for (const page of ['', '/historique', '/transferts']) {
      expect([page, (await foreign.get(fiche(solene) + page)).status]).toEqual([page, 404])
    }
    for (const act of ['/invitation', '/mot-de-passe', '/blocage', '/deblocage']) {
      expect([
        act,
        (await foreign.post((await gestion(solene)) + act, act === '/blocage' ? { motif: 'Un essai' } : {}))
          .status,
      ]).toEqual([act, 404])
    }
    expect((await foreign.post(`${fiche(clarisse)}/compte`, { courriel: 'a@b.example' })).status).toBe(404)
    expect(await compteOf(solene)).toEqual(before)
    expect(await compteOf(clarisse)).toBeUndefined()
    expect(await mails()).toEqual([])
  })

  it('is for the staff only', async () => {
    for (const login of ['657', 'CNS1', 'COL14']) {
      const who = await portal.login('estuaire', login)
      expect((await who.get(fiche(solene))).status).toBe(403)
      expect((await who.get(`${fiche(solene)}/historique`)).status).toBe(403)
      expect((await who.post(`${await gestion(solene)}/blocage`, { motif: 'Un essai' })).status).toBe(403)
      expect((await who.post(`${fiche(clarisse)}/compte`, { courriel: 'a@b.example' })).status).toBe(403)
    }
    expect(await compteOf(clarisse)).toBeUndefined()
  })
})

describe('the account of an adhérent', () => {
  it('F85 F148: is created with his number as log-in, and a link is mailed, never a password', async () => {
    const answer = await agent.post(`${fiche(clarisse)}/compte`, { courriel: 'clarisse@orthophonie.example' })
    expect(answer.headers.location).toBe(fiche(clarisse))
    const compte = await compteOf(clarisse)
    expect(compte).toMatchObject({
      login: '103',
      courriel: 'clarisse@orthophonie.example',
      role: 'adherent',
      active_le: null,
    })
    const [mail] = await mails()
    expect(mail).toMatchObject({ modele: 'activation', destinataire_id: compte!.id })
    expect(mail!.donnees.lien).toMatch(/^\/activation\/[\w-]{43}$/)
    expect(await lastAction()).toEqual({ action: 'compte.cree', adherent_id: clarisse })
    const visitor = portal.visitor()
    expect((await visitor.get(mail!.donnees.lien)).text).toContain('103')
    expect((await agent.get(fiche(clarisse))).text).toContain('Invité')
  })

  it('is not created twice, even at the same instant', async () => {
    const { id } = await adherent('estuaire', '118')
    const answers = await Promise.all(
      ['un@b.example', 'deux@b.example'].map((courriel) => agent.post(`${fiche(id)}/compte`, { courriel })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
    expect(answers.find((answer) => answer.status === 422)!.text).toContain('Cet adhérent a déjà un compte.')
    expect(await mails()).toHaveLength(1)
  })

  it('needs an address that is one: no list, no line break', async () => {
    const { id } = await adherent('estuaire', '311')
    for (const courriel of ['', 'a', 'a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example']) {
      const answer = await agent.post(`${fiche(id)}/compte`, { courriel })
      expect([courriel, answer.status]).toEqual([courriel, 422])
      expect(answer.text).toContain('id="champ-courriel-erreur"')
    }
    expect(await compteOf(id)).toBeUndefined()
  })

  it('that waits is invited again: the new link opens, the old one does not', async () => {
    const { id } = await adherent('estuaire', '402')
    await agent.post(`${fiche(id)}/compte`, { courriel: 'ombeline@barreau.example' })
    expect((await agent.post(`${await gestion(id)}/mot-de-passe`)).text).toContain('n’est pas encore activé')
    expect((await agent.post(`${await gestion(id)}/invitation`)).status).toBe(303)
    const [first, second] = await mails()
    const visitor = portal.visitor()
    expect((await visitor.get(first!.donnees.lien)).text).not.toContain('name="nouveau"')
    expect((await visitor.get(second!.donnees.lien)).text).toContain('name="nouveau"')
  })

  it('in use gets a link for a new password, and no invitation', async () => {
    expect((await agent.post(`${await gestion(solene)}/invitation`)).text).toContain(
      'Ce compte est déjà activé',
    )
    expect((await agent.post(`${await gestion(solene)}/mot-de-passe`)).status).toBe(303)
    const [mail] = await mails()
    expect(mail!.modele).toBe('mot-de-passe-oublie')
    const page = await portal.visitor().get(mail!.donnees.lien)
    expect(page.status).toBe(200)
    expect(page.text).toContain('name="nouveau"')
  })

  it('F144: blocked, its sessions end at once and its links die; unblocked, its owner may come back', async () => {
    const member = await portal.login('estuaire', '657')
    await agent.post(`${await gestion(solene)}/mot-de-passe`)
    const [mail] = await mails()
    const ask = await agent.get(`${await gestion(solene)}/blocage`)
    expect(ask.text).toContain('le compte ne laisse plus entrer')
    expect(checkHtml(ask.text)).toEqual([])
    expect((await member.get('/coordonnees')).status).toBe(200)

    expect((await agent.post(`${await gestion(solene)}/blocage`, { motif: 'Un essai' })).status).toBe(303)
    expect((await member.get('/coordonnees')).status).toBe(303)
    expect((await portal.visitor().get(mail!.donnees.lien)).text).not.toContain('name="nouveau"')
    const { rows } = await portal.owner.query('select from acces.sessions where utilisateur_id = $1', [
      (await compteOf(solene))!.id,
    ])
    expect(rows).toEqual([])
    expect(await lastAction()).toMatchObject({ action: 'compte.bloque', adherent_id: solene })
    expect((await agent.get(await gestion(solene))).text).toContain('Débloquer le compte')

    for (const act of ['/blocage', '/mot-de-passe']) {
      const answer = await agent.post(
        (await gestion(solene)) + act,
        act === '/blocage' ? { motif: 'Un essai' } : {},
      )
      expect([act, answer.status]).toEqual([act, 422])
      expect(answer.text).toContain('bloqué')
    }
    expect((await agent.post(`${await gestion(solene)}/deblocage`)).status).toBe(303)
    expect((await compteOf(solene))!.bloque_le).toBeNull()
    expect((await agent.post(`${await gestion(solene)}/deblocage`)).status).toBe(422)
    const back = await portal.login('estuaire', '657')
    expect((await back.get('/coordonnees')).status).toBe(200)
  })
})
