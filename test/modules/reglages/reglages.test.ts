import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { variantsOf } from '../../../src/kernel/mail/texts.ts'
import { type Template, templates } from '../../../src/kernel/mail/templates.ts'
import { sql } from '../../../src/kernel/sql.ts'
import { modules } from '../../../src/modules.ts'
import { purgeDeNuit } from '../../../src/modules/reglages/conservation.ts'
import { antivirusOf, courrielsOf, stockageOf } from '../../../src/modules/reglages/etat.ts'
import { MODULES } from '../../../src/kernel/modules.ts'
import { SECTIONS } from '../../../src/modules/reglages/sections.ts'
import { mailsCaught } from '../../support/connexion.ts'
import { checkHtml } from '../../support/html.ts'
import { pngOf } from '../../support/png.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let admin: Visitor

const REGLAGES = '/gestion/reglages'

beforeAll(async () => {
  portal = await startPortal()
})

beforeEach(async () => {
  admin = await portal.login('estuaire', 'admin@estuaire.example')
})

async function organisme(code = 'estuaire'): Promise<Record<string, unknown>> {
  const { rows } = await portal.owner.query<Record<string, unknown>>(
    'select * from plateforme.organismes where code = $1',
    [code],
  )
  return rows[0]!
}

describe('the settings', () => {
  it('are for administrateurs, on pages that are well made', async () => {
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    for (const path of [REGLAGES, ...SECTIONS.map(({ cle }) => `${REGLAGES}/${cle}`)]) {
      expect([path, (await agent.get(path)).status]).toEqual([path, 403])
      const page = await admin.get(path)
      expect([path, page.status]).toEqual([path, 200])
      expect([path, checkHtml(page.text)]).toEqual([path, []])
    }
  })

  it('of one organisme are written by its own administrateur alone, also for the database', async () => {
    await expect(
      portal.as('estuaire', 'agent@estuaire.example', (db) =>
        db.run(sql`select app.regler('{"nom":"Pirate"}')`),
      ),
    ).rejects.toMatchObject({ code: '42501' })
    const before = await organisme('midi')
    await admin.post(`${REGLAGES}/apparence`, { couleur: '#225588' })
    expect(await organisme('midi')).toEqual(before)
  })

  it('identity: what is typed is kept when it is refused, and shown at once when it is not', async () => {
    const form = {
      nom: 'OMGA de la Gironde', sigle: 'OMGA Gironde', forme: '', adresse: '1 rue Haute\r\n33500 LIBOURNE', telephone: '05 00 00 00 44',
      courriel: 'accueil@gironde.example', site: 'https://www.gironde.example', horaires: '', directeurPublication: 'Gaspard Thévenin',
      hebergeur: 'Hébergeur\nParis', contactDonnees: '',
    } // prettier-ignore
    const wrong = await admin.post(`${REGLAGES}/identite`, { ...form, site: 'javascript:alert(1)' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('OMGA de la Gironde')
    expect((await admin.post(`${REGLAGES}/identite`, form)).status).toBe(303)
    expect((await admin.get('/')).text).toContain('OMGA de la Gironde')
    expect(await organisme()).toMatchObject({
      adresse: ['1 rue Haute', '33500 LIBOURNE'],
      sigle: 'OMGA Gironde',
    })
  })

  it('a change made elsewhere is heard at once: no page shows the old one five seconds long', async () => {
    await admin.get('/')
    await portal.owner.query(`update plateforme.organismes set sigle = 'Entendu' where code = 'estuaire'`)
    let title = ''
    for (let tries = 0; tries < 20 && !title.includes('Entendu'); tries++) {
      await sleep(50)
      title = (await portal.visitor().get('/connexion')).text
    }
    expect(title).toContain('Entendu')
  })

  it('colour: refused unless it is one, its contrast is told, and the sheet of the portal follows', async () => {
    expect((await admin.post(`${REGLAGES}/apparence`, { couleur: 'red;}' })).status).toBe(422)
    expect((await admin.get(`${REGLAGES}/apparence?couleur=%23ffee00`)).text).toContain('Trop clair')
    expect((await admin.get(`${REGLAGES}/apparence?couleur=%23103050`)).text).toContain('Lisible')
    await admin.post(`${REGLAGES}/apparence`, { couleur: '#7A1F5C' })
    const sheet = /href="(\/theme\.css\?v=[^"]+)"/.exec((await admin.get('/')).text)![1]!
    expect((await admin.get(sheet)).text).toContain('#7a1f5c')
  })

  it('logo: a real PNG of a fair size, which papers can draw; an SVG, a page or a giant is refused', async () => {
    const send = (name: string, content: Buffer | string) =>
      admin.upload(`${REGLAGES}/logo`, {}, [{ field: 'fichier', name, content }])
    expect((await send('logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>')).status).toBe(422)
    expect((await send('logo.png', '<html></html>')).status).toBe(422)
    expect((await send('logo.png', pngOf(2000, 40, [20, 80, 120]))).text).toContain('1200 points')
    expect((await send('logo.png', pngOf(8, 8, [20, 80, 120]))).status).toBe(422)
    const kept = await send('logo.png', pngOf(120, 60, [20, 80, 120]))
    expect(kept.status).toBe(303)
    const address = /src="(\/logo\.png\?v=[^"]+)"/.exec((await admin.get('/')).text)![1]!
    expect((await admin.get(address)).headers['content-type']).toBe('image/png')
    expect((await admin.post(`${REGLAGES}/logo/retrait`)).status).toBe(303)
    expect((await organisme()).logo).toBeNull()
  })

  it('letterhead: a preview that is a PDF about nobody', async () => {
    const papers = {
      nature_oga: 'OMGA', forme_juridique: 'Association loi 1901', agrement_numero: '303330', agrement_le: '01/02/1990',
      ex_oga_depuis: '2025-02-16', attestations_jusqu_a: '2024-12-31', lieu: 'Libourne', signataire: 'Gaspard Thévenin', qualite_signataire: 'Directeur',
    } // prettier-ignore
    expect((await admin.post(`${REGLAGES}/en-tete`, { ...papers, agrement_le: '' })).status).toBe(422)
    expect((await admin.post(`${REGLAGES}/en-tete`, papers)).status).toBe(303)
    const pdf = await admin.get(`${REGLAGES}/en-tete.pdf`)
    expect(pdf.headers['content-type']).toBe('application/pdf')
    expect(pdf.body.subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('F150: the organisme’s words replace the portal’s', async () => {
    const mots = {
      adherent: 'client',
      adherents: 'clients',
      cabinet: 'conseil',
      cabinets: 'conseils',
      organisme: 'centre',
    }
    expect((await admin.post(`${REGLAGES}/vocabulaire`, { ...mots, adherent: '{{7*7}}' })).status).toBe(422)
    expect((await admin.post(`${REGLAGES}/vocabulaire`, mots)).status).toBe(303)
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    expect((await agent.get('/gestion/adherents')).text).toContain('Liste des clients')
    await admin.post(`${REGLAGES}/vocabulaire`, {
      ...mots,
      adherent: 'adhérent',
      adherents: 'adhérents',
      cabinet: 'cabinet',
      cabinets: 'cabinets',
      organisme: 'OGA',
    })
  })

  it('F150: a module switched off is 404 and out of the menu, and comes back whole', async () => {
    const named = new Set(modules.map((m) => m.module).filter((name) => name !== undefined))
    expect([...named].filter((name) => !(name in MODULES))).toEqual([])
    const before = (await organisme()).modules as string[]
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    expect((await agent.get('/gestion/courriers')).status).toBe(200)
    expect(
      (await admin.post(`${REGLAGES}/modules`, { modules: before.filter((m) => m !== 'courriers') })).status,
    ).toBe(303)
    expect((await agent.get('/gestion/courriers')).status).toBe(404)
    expect((await agent.get('/')).text).not.toContain('href="/gestion/courriers"')
    expect((await admin.post(`${REGLAGES}/modules`, { modules: [...before, 'inconnu'] })).status).toBe(422)
    await admin.post(`${REGLAGES}/modules`, { modules: before })
    expect((await agent.get('/gestion/courriers')).status).toBe(200)
  })

  it('F111: a recipient of messages is added, renamed and closed, never erased', async () => {
    const page = `${REGLAGES}/destinataires`
    expect(
      (
        await admin.post(page, {
          libelle: 'Service juridique',
          courriel: 'droit@estuaire.example',
          ordre: '9',
        })
      ).status,
    ).toBe(303)
    expect(
      (await admin.post(page, { libelle: 'Service juridique', courriel: 'b@estuaire.example', ordre: '9' }))
        .text,
    ).toContain('porte déjà ce nom')
    const member = await portal.login('estuaire', '657')
    expect((await member.get('/messages/nouveau')).text).toContain('Service juridique')
    const { rows } = await portal.owner.query<{ id: string }>(
      `select id from destinataires where libelle = 'Service juridique'`,
    )
    expect((await admin.post(`${page}/${rows[0]!.id}/fermeture`)).status).toBe(303)
    expect((await member.get('/messages/nouveau')).text).not.toContain('Service juridique')
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.get(`${page}/${rows[0]!.id}`)).status).toBe(403)
  })

  it('a second factor may be asked of a role, which bites at the next page', async () => {
    const member = await portal.login('estuaire', '940')
    expect((await admin.post(`${REGLAGES}/securite`, { roles: 'adherent' })).status).toBe(303)
    expect((await member.get('/')).headers.location).toBe('/profil/second-facteur')
    await admin.post(`${REGLAGES}/securite`)
    expect((await member.get('/')).status).toBe(200)
  })

  it('legal parameters: only those to come are added or taken back; the past is shown', async () => {
    const page = `${REGLAGES}/parametres-legaux`
    const valeurs = {
      source: 'Décret d’essai', depotJoursTdfc: '20', eccvMois: '6', eccvMoisSiEps: '9', crmApresMois: '2', dgMois: '3',
      dgMoisApresClotureSiDecalee: '9', epsAnneesAvecExpert: '6', epsAnneesSansExpert: '3', ecfMois: '6', adhesionMois: '5', transfertJours: '30',
    } // prettier-ignore
    const { rows: days } = await portal.owner.query<{ hui: string; loin: string }>(
      `select to_char(current_date, 'YYYY-MM-DD') as hui, to_char(current_date + 40, 'YYYY-MM-DD') as loin`,
    )
    const past = await admin.post(page, { ...valeurs, depuis: days[0]!.hui })
    expect(past.status).toBe(422)
    expect(past.text).toContain('Décret d’essai')
    expect((await admin.post(page, { ...valeurs, depuis: days[0]!.loin, dgMois: '-1' })).status).toBe(422)
    expect((await admin.post(page, { ...valeurs, depuis: days[0]!.loin })).status).toBe(303)
    expect((await admin.post(page, { ...valeurs, depuis: days[0]!.loin })).text).toContain(
      'commencent déjà ce jour-là',
    )
    expect((await admin.get(page)).text).toContain('À venir\u00a0: 20 jours')
    const { rows } = await portal.owner.query<{ id: string }>(
      'select id from parametres_legaux order by depuis desc limit 1',
    )
    await portal.owner.query(`update parametres_legaux set depuis = current_date where id = $1`, [
      rows[0]!.id,
    ])
    expect((await admin.post(`${page}/${rows[0]!.id}/retrait`)).status).toBe(422)
    await expect(
      portal.as('estuaire', 'admin@estuaire.example', (db) => db.run(sql`delete from parametres_legaux`)),
    ).rejects.toMatchObject({ constraint: 'parametres_a_venir' })
    await portal.owner.query('delete from parametres_legaux where id = $1', [rows[0]!.id])
  })
})

describe('the texts of mails', () => {
  it('every case of every mail has its page, and an unknown variable is refused with its name', async () => {
    const list = await admin.get(`${REGLAGES}/courriels`)
    const links = [...list.text.matchAll(/href="(\/gestion\/reglages\/courriels\/[^"]+)"/g)].map(
      ([, href]) => href!,
    )
    const all = (Object.keys(templates) as Template[]).flatMap((template) => variantsOf(template))
    expect(links).toHaveLength(all.length)
    const said = [...list.text.matchAll(/href="\/gestion\/reglages\/courriels\/[^"]+">([^<]+)</g)].map(
      ([, name]) => name!,
    )
    expect(new Set(said).size).toBe(all.length)
    for (const link of links) {
      const page = await admin.get(link)
      expect([link, page.status]).toEqual([link, 200])
      const preview = await admin.get(`${link}/apercu`)
      expect([link, preview.status, /undefined|\{\w+\}/.test(preview.text)]).toEqual([link, 200, false])
    }
    const text = { objet: 'Bonjour {client}', texte: 'Un texte', bouton: 'Voir' }
    const refused = await admin.post(`${REGLAGES}/courriels/document-publie/seul`, text)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('{client}')
    expect((await admin.get(`${REGLAGES}/courriels/inconnu/seul`)).status).toBe(404)
  })

  it('the organisme’s own text leaves with the next mail, as text; the original comes back', async () => {
    const page = `${REGLAGES}/courriels/compte-securite/debloque`
    const own = {
      objet: 'De nouveau ouvert chez {sigle}',
      texte: '<b>Bonne</b> nouvelle.\r\n\r\n{{7*7}} {sigle} vous attend.',
      bouton: 'Entrer',
    }
    expect((await admin.post(page, own)).status).toBe(422)
    expect(
      (await admin.post(page, { ...own, texte: '<b>Bonne</b> nouvelle.\r\n\r\n{sigle} vous attend.' }))
        .status,
    ).toBe(303)
    const worker = await portal.startWorker()
    const compte = `/gestion/comptes/${(await portal.person('estuaire', '940')).id}`
    await admin.post(`${compte}/blocage`, { motif: 'Un essai' })
    await admin.post(`${compte}/deblocage`)
    const sigle = (await organisme()).sigle as string
    const [mail] = await mailsCaught(portal, 'estuaire', `De nouveau ouvert chez ${sigle}`, 1)
    expect(mail!.html).toContain('&lt;b&gt;Bonne&lt;/b&gt; nouvelle.')
    expect(mail!.html).toContain(`${sigle} vous attend.`)
    await worker.stop()
    expect((await admin.post(`${page}/origine`)).status).toBe(303)
    expect((await admin.get(page)).text).toContain('Votre accès est débloqué')
  })
})

describe('what has had its time', () => {
  it('is purged at night as the organisme set, with a row of the journal; documents and the journal stay', async () => {
    const { id } = (await organisme()) as { id: string }
    await admin.post(`${REGLAGES}/conservation`, {
      courriels: '6',
      demandes: '12',
      modifications: '24',
      messages: '24',
    })
    expect(
      (
        await admin.post(`${REGLAGES}/conservation`, {
          courriels: '120',
          demandes: '12',
          modifications: '24',
          messages: '24',
        })
      ).status,
    ).toBe(422)
    await portal.owner.query(`insert into courriels (organisme_id, cle, modele, destinataire, cree_le, envoye_le) values
      ($1, 'vieux', 'activation', 'a@b.example', now() - interval '7 months', now() - interval '7 months'),
      ($1, 'jeune', 'activation', 'a@b.example', now() - interval '5 months', now() - interval '5 months')`, [id]) // prettier-ignore
    const { rows: fil } = await portal.owner.query<{ id: string }>(
      `update fils set clos_le = now() - interval '3 years' where id = (select id from fils where organisme_id = $1 limit 1) returning id`, [id]) // prettier-ignore
    expect(fil).toHaveLength(1)
    const count = async (table: string) =>
      (
        await portal.owner.query<{ n: number }>(
          `select count(*)::int as n from ${table} where organisme_id = $1`,
          [id],
        )
      ).rows[0]!.n
    const [documents, journal] = [await count('documents'), await count('journal')]
    await purgeDeNuit.run(portal.services)
    const { rows: left } = await portal.owner.query<{ cle: string }>(
      `select cle from courriels where cle in ('vieux', 'jeune')`,
    )
    expect(left).toEqual([{ cle: 'jeune' }])
    expect((await portal.owner.query('select from fils where id = $1', [fil[0]!.id])).rows).toHaveLength(0)
    expect(await count('documents')).toBe(documents)
    expect(await count('journal')).toBe(journal + 1)
    const { rows } = await portal.owner.query<{ detail: unknown }>(
      `select detail from journal where organisme_id = $1 order by numero desc limit 1`, [id]) // prettier-ignore
    expect(rows[0]!.detail).toEqual({ courriels: 1, demandes: 0, modifications: 0, messages: 1 })
  })

  it('the state of what the portal leans on is a colour and a sentence that say the same', () => {
    expect(antivirusOf(false, false, 0).genre).toBe('attente')
    expect(antivirusOf(true, false, 3)).toMatchObject({ genre: 'erreur', mot: 'Ne répond pas' })
    expect(antivirusOf(true, true, 0)).toMatchObject({ genre: 'succes', mot: 'Répond' })
    expect([stockageOf(true).genre, stockageOf(false).genre]).toEqual(['succes', 'erreur'])
    expect([courrielsOf(4, 0).genre, courrielsOf(0, 2).genre]).toEqual(['succes', 'erreur'])
  })
})
