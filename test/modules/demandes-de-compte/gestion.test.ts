import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let agent: Visitor

const LISTE = '/gestion/demandes-de-compte'

beforeAll(async () => {
  portal = await startPortal()
})

beforeEach(async () => {
  await portal.owner.query('delete from demandes_de_compte')
  await portal.owner.query('delete from courriels')
  agent = await portal.login('estuaire', 'agent@estuaire.example')
})

interface Asked {
  genre?: string
  numero?: string
  nom?: string
  prenom?: string
  courriel?: string
  organisme?: string
}

async function ask(asked: Asked): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `insert into demandes_de_compte (organisme_id, genre, numero, nom, prenom, courriel)
     select id, $2, $3, $4, $5, $6 from plateforme.organismes where code = $1 returning id`,
    [
      asked.organisme ?? 'estuaire', asked.genre ?? 'identifiants-perdus', asked.numero ?? '', asked.nom ?? 'Personne',
      asked.prenom ?? 'Aucune', asked.courriel ?? 'personne@nulle-part.example',
    ], // prettier-ignore
  )
  return rows[0]!.id
}

const SOLENE = {
  numero: '657',
  nom: 'Carriveau',
  prenom: 'Solène',
  courriel: 'solene.carriveau@atelier.example',
}

async function one(text: string, values: unknown[] = []): Promise<Record<string, unknown>> {
  return (await portal.owner.query(text, values)).rows[0] as Record<string, unknown>
}

const demande = (id: string) => one('select * from demandes_de_compte where id = $1', [id])
const account = (id: string) => one('select * from utilisateurs where id = $1', [id])

async function mails(): Promise<Record<string, unknown>[]> {
  return (
    await portal.owner.query(
      'select modele, destinataire, destinataire_id, donnees from courriels order by cree_le',
    )
  ).rows as Record<string, unknown>[]
}

async function adherentId(numero: string, organisme = 'estuaire'): Promise<string> {
  const row = await one(
    `select a.id from adherents a join plateforme.organismes o on o.id = a.organisme_id
     where o.code = $1 and a.numero = $2`,
    [organisme, numero],
  )
  return row.id as string
}

/** The names suggested, with why, in the order of the page. */
async function suggested(id: string): Promise<string[]> {
  const { text } = await agent.get(`${LISTE}/${id}`)
  const rows = [...text.matchAll(/<tr>\s*<td class="titre">([^<]+).*?data-libelle="Trouvé par">([^<]*)/gs)]
  return rows.map(([, name, why]) => `${name} (${why})`)
}

describe('Demandes de compte, the list of the staff', () => {
  it('F85: is the inbox of all requests, narrowed to them: what waits, and what was answered', async () => {
    await ask({ nom: 'Récente' })
    await portal.owner.query(`update demandes_de_compte set demande_le = now() + interval '1 second'`)
    const old = await ask({ nom: 'Ancienne' })
    const list = await agent.get(LISTE)
    expect(list.headers.location).toBe('/gestion/demandes?genre=compte')
    const page = await agent.get('/gestion/demandes?genre=compte')
    expect(page.text.indexOf('Ancienne')).toBeLessThan(page.text.indexOf('Récente'))
    expect(page.text).toContain('Identifiants perdus')
    await agent.post(`${LISTE}/${old}/refus`, { motif: 'Inconnue.' })
    const done = await agent.get('/gestion/demandes?genre=compte&etat=traitees')
    expect(done.text).toContain('Ancienne')
    expect(done.text).not.toContain('Récente')
  })
})

describe('the accounts that are suggested', () => {
  it('F85: by number, by address and by name, without regard to accents and capitals, the likeliest first', async () => {
    expect((await suggested(await ask({ numero: '657' })))[0]).toBe('Solène Carriveau (numéro)')
    expect(await suggested(await ask({ courriel: 'SOLENE.carriveau@ATELIER.example' }))).toEqual([
      'Solène Carriveau (e-mail)',
    ])
    expect((await suggested(await ask({ nom: 'CARRIVÉAU' })))[0]).toBe('Solène Carriveau (nom)')
    const lagrevol = await suggested(await ask({ numero: 'cns1', nom: 'lagrevol' }))
    expect(lagrevol[0]).toBe('Armel Lagrevol (numéro, nom)')
    expect(lagrevol).toContain('Capucine Marchandeau (numéro)')
  })

  it('and adhérents who have no account yet', async () => {
    expect(await suggested(await ask({ numero: '103', nom: 'hautefeuille' }))).toEqual([
      'HAUTEFEUILLE Clarisse (numéro, nom)',
    ])
    expect(await suggested(await ask({ courriel: 'adherent103@estuaire-adherents.example' }))).toEqual([
      'HAUTEFEUILLE Clarisse (e-mail)',
    ])
  })

  it('but nobody of the staff, nobody who has left, nobody of another organisme', async () => {
    expect(await suggested(await ask({ courriel: 'admin@estuaire.example', nom: 'Thévenin' }))).toEqual([])
    expect(await suggested(await ask({ numero: 'COL4', nom: 'Renardière' }))).toEqual([])
    expect(
      await suggested(await ask({ nom: 'Sabran-Tourves', courriel: 'marius.sabran@veto.example' })),
    ).toEqual([])
  })

  it('or says in words that nobody resembles', async () => {
    const page = await agent.get(`${LISTE}/${await ask({ nom: 'Zzyzx' })}`)
    expect(page.text).toContain('Personne ne ressemble à cette demande')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('what a visitor typed is text, and never a search joker', async () => {
    const id = await ask({ numero: '%', nom: '%', prenom: '<b>{{7*7}}</b>', courriel: 'a@b.example' })
    expect(await suggested(id)).toEqual([])
    const { text } = await agent.get(`${LISTE}/${id}`)
    expect(text).toContain('&lt;b&gt;{{7*7}}&lt;/b&gt;')
  })
})

describe('a link to the account', () => {
  it('F85 F148: goes to the address on record when it is the one that asks', async () => {
    const { id: compte } = await portal.person('estuaire', '657')
    const id = await ask(SOLENE)
    const page = await agent.get(`${LISTE}/${id}/comptes/${compte}`)
    expect(page.text).toContain('l’adresse que nous connaissons')
    expect(page.text).not.toContain('n’est pas celui que nous connaissons')
    expect(checkHtml(page.text)).toEqual([])
    const answer = await agent.post(`${LISTE}/${id}/comptes/${compte}`)
    expect(answer.headers.location).toMatch(/^\/gestion\/demandes/)
    expect(await demande(id)).toMatchObject({ issue: 'lien-envoye', utilisateur_id: compte })
    const [mail, ...others] = await mails()
    expect(others).toEqual([])
    expect(mail).toMatchObject({ modele: 'activation', destinataire_id: compte })
    const { lien } = mail!.donnees as { lien: string }
    expect((await portal.visitor().get(lien)).text).toContain('name="nouveau"')
  })

  it('from another address needs the person confirmed by another way; even then it goes to the address on record', async () => {
    const { id: compte } = await portal.person('estuaire', '657')
    const before = await account(compte)
    const id = await ask({ ...SOLENE, courriel: 'pirate@ailleurs.example' })
    const page = await agent.get(`${LISTE}/${id}/comptes/${compte}`)
    expect(page.text).toContain('n’est pas celui que nous connaissons')
    expect(checkHtml(page.text)).toEqual([])
    for (const form of [{}, { destination: 'demandee' }, { destination: 'connue', verification: '' }]) {
      const refused = await agent.post(`${LISTE}/${id}/comptes/${compte}`, form)
      expect([form, refused.status]).toEqual([form, 422])
      expect(refused.text).toContain('confirmez la personne par un autre moyen')
    }
    expect(await mails()).toEqual([])
    expect(await account(compte)).toEqual(before)

    await agent.post(`${LISTE}/${id}/comptes/${compte}`, { destination: 'connue', verification: 'telephone' })
    expect(await account(compte)).toEqual(before)
    expect((await mails()).map((mail) => [mail.modele, mail.destinataire_id])).toEqual([
      ['activation', compte],
    ])
    expect(await demande(id)).toMatchObject({ issue: 'lien-envoye', verification: 'telephone' })
    expect((await agent.get(`${LISTE}/${id}`)).text).toContain(
      'je l’ai rappelé au numéro de téléphone de sa fiche',
    )
  })

  it('may go to the new address of a confirmed person; the old one is told (abuse case 13)', async () => {
    const { id: compte } = await portal.person('estuaire', '940')
    const id = await ask({
      numero: '940',
      nom: 'Delmasure',
      prenom: 'Inès',
      courriel: 'ines@nouvelle.example',
    })
    await agent.post(`${LISTE}/${id}/comptes/${compte}`, {
      destination: 'demandee',
      verification: 'sur-place',
    })
    expect(await account(compte)).toMatchObject({ courriel: 'ines@nouvelle.example' })
    const sent = await mails()
    expect(sent).toHaveLength(2)
    const notice = sent.find((mail) => mail.modele === 'courriel-change')!
    expect(notice.destinataire).toContain('ines.delmasure@soins.example')
    const { rows } = await portal.owner.query(
      `select detail from journal where action = 'demande-de-compte.lien-envoye' and detail->>'adresseChangee' = 'true'`,
    )
    expect(rows).toMatchObject([{ detail: { verification: 'sur-place', compte } }])
  })

  it('does not go to a blocked account', async () => {
    const { id: compte } = await portal.person('estuaire', '657')
    await portal.owner.query('update utilisateurs set bloque_le = now() where id = $1', [compte])
    const id = await ask(SOLENE)
    expect((await agent.get(`${LISTE}/${id}/comptes/${compte}`)).text).toContain(
      'Ce compte est bloqué depuis',
    )
    expect((await agent.post(`${LISTE}/${id}/comptes/${compte}`)).status).toBe(422)
    await portal.owner.query('update utilisateurs set bloque_le = null where id = $1', [compte])
    expect(await mails()).toEqual([])
  })

  it('never goes to somebody of the staff or of another organisme: 404', async () => {
    const id = await ask(SOLENE)
    for (const [organisme, login] of [
      ['estuaire', 'admin@estuaire.example'],
      ['midi', '657'],
      ['estuaire', 'COL4'],
    ] as const) {
      const { id: compte } = await portal.person(organisme, login)
      expect((await agent.get(`${LISTE}/${id}/comptes/${compte}`)).status).toBe(404)
      expect(
        (
          await agent.post(`${LISTE}/${id}/comptes/${compte}`, {
            verification: 'telephone',
            destination: 'demandee',
          })
        ).status,
      ).toBe(404)
    }
    expect(await mails()).toEqual([])
  })
})

describe('an account for an adhérent who has none', () => {
  it('is created with his number and the address of his fiche', async () => {
    const adherent = await adherentId('103')
    const id = await ask({
      numero: '103',
      nom: 'Hautefeuille',
      courriel: 'adherent103@estuaire-adherents.example',
    })
    const page = await agent.get(`${LISTE}/${id}/adherents/${adherent}`)
    expect(page.text).toContain('compte à créer')
    expect(checkHtml(page.text)).toEqual([])
    expect((await agent.post(`${LISTE}/${id}/adherents/${adherent}`)).status).toBe(303)
    const compte = await one('select * from utilisateurs where adherent_id = $1', [adherent])
    expect(compte).toMatchObject({
      login: '103',
      courriel: 'adherent103@estuaire-adherents.example',
      active_le: null,
    })
    expect(await mails()).toMatchObject([{ modele: 'compte-cree', destinataire_id: compte.id }])
    expect(await demande(id)).toMatchObject({ issue: 'compte-cree', utilisateur_id: compte.id })
  })

  it('is not created for an address that nobody knows before the person is confirmed', async () => {
    const adherent = await adherentId('118')
    const id = await ask({ numero: '118', nom: 'Izarn', courriel: 'pirate@ailleurs.example' })
    const refused = await agent.post(`${LISTE}/${id}/adherents/${adherent}`, { destination: 'demandee' })
    expect(refused.status).toBe(422)
    expect(await one('select from utilisateurs where adherent_id = $1', [adherent])).toBeUndefined()
    await agent.post(`${LISTE}/${id}/adherents/${adherent}`, {
      destination: 'demandee',
      verification: 'cabinet',
    })
    expect(await one('select courriel from utilisateurs where adherent_id = $1', [adherent])).toEqual({
      courriel: 'pirate@ailleurs.example',
    })
  })

  it('is not created twice', async () => {
    const adherent = (await portal.person('estuaire', '657')).adherentId!
    const id = await ask({
      numero: '657',
      nom: 'Carriveau',
      courriel: 'adherent657@estuaire-adherents.example',
    })
    const answer = await agent.post(`${LISTE}/${id}/adherents/${adherent}`, {
      destination: 'connue',
      verification: 'cabinet',
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Cet adhérent a déjà un compte.')
  })
})

describe('an account for somebody of an établissement (F126, F128)', () => {
  const LE_BIHAN = {
    organisme: 'sillage',
    genre: 'nouveau-compte',
    numero: '99055000',
    nom: 'Le Bihan',
    prenom: 'Yann',
    courriel: 'Y.Lebihan@rocheval.example',
  }
  const structureId = async (organisme: string, numero: string) =>
    (
      await one(
        `select s.id from structures s join plateforme.organismes o on o.id = s.organisme_id
         where o.code = $1 and s.numero = $2`,
        [organisme, numero],
      )
    ).id as string

  it('is created once the person is confirmed, with the address as log-in', async () => {
    const support = await portal.login('sillage', 'support@sillage.example')
    const id = await ask(LE_BIHAN)
    const etablissement = await structureId('sillage', '99055000')
    const path = `${LISTE}/${id}/etablissements/${etablissement}`
    expect((await support.get(`${LISTE}/${id}`)).text).toContain(path)
    const page = await support.get(path)
    expect(page.text).toContain('Son établissement me l’a confirmé')
    expect(checkHtml(page.text)).toEqual([])
    const refused = await support.post(path, { role: 'collaborateur' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Choisissez comment vous avez confirmé la personne.')
    expect((await support.post(path, { role: 'permanent', verification: 'telephone' })).status).toBe(422)
    expect(await mails()).toEqual([])
    expect((await support.post(path, { role: 'collaborateur', verification: 'telephone' })).status).toBe(303)
    const { utilisateur_id: compte } = await demande(id)
    expect(await account(compte as string)).toMatchObject({
      login: 'y.lebihan@rocheval.example', role: 'collaborateur', structure_id: etablissement, active_le: null,
    }) // prettier-ignore
    expect(await mails()).toMatchObject([{ modele: 'compte-cree', destinataire_id: compte }])

    const again = await support.post(`${LISTE}/${await ask(LE_BIHAN)}/etablissements/${etablissement}`, {
      role: 'collaborateur',
      verification: 'telephone',
    })
    expect(again.status).toBe(422)
    expect(again.text).toContain('Un compte a déjà cette adresse pour identifiant')
  })

  it('is not offered in an OGA, where the firm opens the accounts of its people', async () => {
    const id = await ask({ numero: 'CNS1', nom: 'Nouveau', courriel: 'nouveau@vauquelin.example' })
    const cabinet = await structureId('estuaire', 'CNS1')
    expect((await agent.get(`${LISTE}/${id}`)).text).not.toContain('/etablissements/')
    const form = { role: 'cabinet', verification: 'telephone' }
    expect((await agent.post(`${LISTE}/${id}/etablissements/${cabinet}`, form)).status).toBe(404)
    const foreign = await structureId('sillage', '99055000')
    expect((await agent.post(`${LISTE}/${id}/etablissements/${foreign}`, form)).status).toBe(404)
    expect(await mails()).toEqual([])
  })
})

describe('a refusal, and what may go wrong', () => {
  it('needs a reason, which the staff reads and the mail does not tell', async () => {
    const id = await ask({ nom: 'Inconnu', prenom: 'Jean', courriel: 'jean@inconnu.example' })
    expect((await agent.post(`${LISTE}/${id}/refus`, { motif: '' })).text).toContain(
      'Indiquez le motif du refus.',
    )
    await agent.post(`${LISTE}/${id}/refus`, { motif: 'N’est pas adhérent.' })
    expect(await demande(id)).toMatchObject({ issue: 'refusee', motif: 'N’est pas adhérent.' })
    const [mail] = await mails()
    expect(mail).toMatchObject({ modele: 'compte-demande-refusee', donnees: { lien: '/demande-de-compte' } })
    expect(mail!.destinataire).toContain('jean@inconnu.example')
    expect(JSON.stringify(mail)).not.toContain('adhérent')
    const page = await agent.get(`${LISTE}/${id}`)
    expect(page.text).toContain('N’est pas adhérent.')
    expect(checkHtml(page.text)).toEqual([])
  })

  it('two permanents at once: one wins, the other is told who and what, one mail leaves', async () => {
    const { id: compte } = await portal.person('estuaire', '657')
    const id = await ask(SOLENE)
    const admin = await portal.login('estuaire', 'admin@estuaire.example')
    const answers = await Promise.all([
      agent.post(`${LISTE}/${id}/comptes/${compte}`),
      admin.post(`${LISTE}/${id}/refus`, { motif: 'Non.' }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
    expect(answers.find((answer) => answer.status === 422)!.text).toMatch(
      /Cette demande a déjà été traitée par (Maud Lescarret|Gaspard Thévenin), le .*Rien n’a été changé/,
    )
    expect(await mails()).toHaveLength(1)
  })

  it('the request of another organisme does not exist: 404, nothing written', async () => {
    const id = await ask(SOLENE)
    const { id: compte } = await portal.person('midi', '657')
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.get(`${LISTE}/${id}`)).status).toBe(404)
    expect((await foreign.get(`${LISTE}/${id}/comptes/${compte}`)).status).toBe(404)
    expect((await foreign.post(`${LISTE}/${id}/comptes/${compte}`)).status).toBe(404)
    expect((await foreign.post(`${LISTE}/${id}/adherents/${await adherentId('12', 'midi')}`)).status).toBe(
      404,
    )
    expect((await foreign.post(`${LISTE}/${id}/refus`, { motif: 'Non.' })).status).toBe(404)
    expect(await demande(id)).toMatchObject({ issue: null })
    expect(await mails()).toEqual([])
  })

  it('only the staff reads and answers', async () => {
    const id = await ask(SOLENE)
    for (const login of ['657', 'CNS1', 'COL14']) {
      const who = await portal.login('estuaire', login)
      expect((await who.get(LISTE)).status).toBe(403)
      expect((await who.get(`${LISTE}/${id}`)).status).toBe(403)
      expect((await who.post(`${LISTE}/${id}/refus`, { motif: 'x' })).status).toBe(403)
    }
    expect((await portal.visitor().get(`${LISTE}/${id}`)).status).toBe(303)
  })
})
