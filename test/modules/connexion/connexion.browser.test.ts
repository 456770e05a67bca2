import { beforeAll, beforeEach, expect, it } from 'vitest'
import { createActivation } from '../../../src/kernel/auth/activation.ts'
import { LOOKS, audit, describeBrowser, noOverflow, openPage, screenshot } from '../../support/browser.ts'
import type { JourneyPage } from '../../support/browser.ts'
import { codeNow, forgetTries } from '../../support/connexion.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

describeBrowser('logging in, as a person', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
    await portal.startWorker()
  })
  beforeEach(() => forgetTries(portal))

  const look = async (page: JourneyPage, name: string) => {
    await noOverflow(page)
    if (page.javaScript) expect(await audit(page)).toEqual([])
    await screenshot(page, name)
  }
  const submit = async (page: JourneyPage, button: string) => {
    await page.getByRole('button', { name: button }).click()
    await page.waitForLoadState()
  }
  const path = (page: JourneyPage) => new URL(page.url()).pathname

  it.each(LOOKS)(
    'F2, F4: chooses, types, comes in and leaves ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openPage({ baseUrl: portal.url, width, javaScript })
      page.expectStatus(422)
      await page.goto('/profil')
      expect(path(page)).toBe('/connexion')
      await look(page, `connexion-${width}`)
      await page.getByText('Cabinet d’expertise comptable').click()
      await page.getByLabel('N°').fill('657')
      await page.getByLabel('Mot de passe', { exact: true }).fill('parvis-demo-2026')
      if (javaScript) {
        await page.getByRole('button', { name: 'Afficher le mot de passe' }).click()
        expect(await page.getByLabel('Mot de passe', { exact: true }).getAttribute('type')).toBe('text')
      }
      await submit(page, 'Se connecter')
      expect(await page.getByRole('alert').innerText()).toContain('est un numéro d’adhérent')
      await look(page, `connexion-erreur-${width}`)
      await page.getByText('Adhérent', { exact: true }).click()
      await page.getByLabel('Mot de passe', { exact: true }).fill('parvis-demo-2026')
      await submit(page, 'Se connecter')
      expect(path(page), 'where one wanted to go').toBe('/profil')
      await look(page, `profil-${width}`)
      await submit(page, 'Déconnexion')
      expect(path(page)).toBe('/connexion')
      expect(await page.getByRole('status').first().innerText()).toContain('Vous êtes déconnecté')
      expect(await page.getByRole('radio', { name: 'Adhérent' }).isChecked()).toBe(true)
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )

  it.each(LOOKS)(
    'F126, F127: forgets the password and chooses another ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const login = javaScript ? 'COL7' : 'COL14'
      const before = (await portal.owner.query('select 1 from acces.defis')).rowCount!
      const page = await openPage({ baseUrl: portal.url, width, javaScript })
      await page.goto('/connexion')
      await page.getByRole('link', { name: 'Mot de passe oublié' }).click()
      await look(page, `oubli-${width}`)
      await page.getByLabel('N° ou adresse électronique').fill(login)
      if (javaScript) {
        await page.getByLabel('Je ne suis pas un robot').check()
        await page.getByText('Vérifié', { exact: true }).waitFor()
        await look(page, `oubli-verifie-${width}`)
      }
      await submit(page, 'Soumettre la demande')
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Consultez votre messagerie')
      await look(page, `oubli-envoye-${width}`)
      const { rowCount } = await portal.owner.query('select 1 from acces.defis')
      expect(rowCount! - before, 'the work was checked').toBe(javaScript ? 1 : 0)

      // His own: the box of the demo holds those of the others too.
      await expect
        .poll(
          async () => {
            const { rowCount } = await portal.owner.query(
              `select 1 from courriels c join utilisateurs u on u.id = c.destinataire_id
               where u.login = $1 and c.modele = 'mot-de-passe-oublie' and c.envoye_le is not null`,
              [login],
            )
            return rowCount
          },
          { timeout: 15_000 },
        )
        .toBe(1)
      await page.goto('/courriels-demo')
      await page.getByRole('link', { name: 'Choisir un nouveau mot de passe' }).first().click()
      await page.getByRole('link', { name: 'Suivre le lien' }).click()
      await look(page, `nouveau-mot-de-passe-${width}`)
      const phrase = `tartine volcan hublot ${width}`
      await page.getByLabel('Nouveau mot de passe', { exact: true }).fill(phrase)
      await page.getByLabel('Le même, une seconde fois').fill(phrase)
      await submit(page, 'Changer le mot de passe')
      await page.getByLabel('N°').fill(login)
      await page.getByLabel('Mot de passe', { exact: true }).fill(phrase)
      await submit(page, 'Se connecter')
      expect(path(page)).toBe('/')
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )

  it('F126: after three wrong passwords the browser works before the form leaves, unasked', async () => {
    const page = await openPage({ baseUrl: portal.url, width: 360 })
    page.expectStatus(422)
    await page.goto('/connexion')
    for (let i = 0; i < 3; i++) {
      await page.getByLabel('N°').fill('940')
      await page.getByLabel('Mot de passe', { exact: true }).fill('faux')
      await submit(page, 'Se connecter')
    }
    await look(page, 'connexion-robot-360')
    const before = (await portal.owner.query('select 1 from acces.defis')).rowCount!
    await page.getByLabel('Mot de passe', { exact: true }).fill('parvis-demo-2026')
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.waitForURL((url) => url.pathname === '/')
    expect((await portal.owner.query('select 1 from acces.defis')).rowCount).toBe(before + 1)
    expect(page.problems()).toEqual([])
    await page.close()
  })

  it.each(LOOKS)(
    'sets a second factor up and uses it ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      await portal.owner.query(`update acces.secrets set totp_confirme_le = null, totp_dernier_pas = 0`)
      const page = await openPage({ baseUrl: portal.url, width, javaScript })
      const logIn = async () => {
        await page.goto('/connexion')
        await page.getByLabel('N°').fill('CNS2')
        await page.getByLabel('Mot de passe', { exact: true }).fill('parvis-demo-2026')
        await submit(page, 'Se connecter')
      }
      await logIn()
      await page.goto('/profil')
      await page.getByRole('link', { name: 'Mettre en place' }).click()
      await look(page, `second-facteur-${width}`)
      const secret = await page.locator('.marche-cle').innerText()
      await page.getByLabel('Code à six chiffres').fill(await codeNow(secret))
      await page.getByLabel('Mot de passe actuel').fill('parvis-demo-2026')
      await submit(page, 'Mettre en place')
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Vos codes de secours')
      await look(page, `codes-${width}`)
      const code = await page.locator('.codes code').first().innerText()
      await page.getByRole('link', { name: 'Je les ai gardés' }).click()
      await look(page, `profil-second-facteur-${width}`)
      await submit(page, 'Déconnexion')
      await portal.owner.query('update acces.secrets set totp_dernier_pas = 0')
      await logIn()
      await look(page, `code-${width}`)
      await page.getByRole('link', { name: 'Utiliser un code de secours' }).click()
      await look(page, `secours-${width}`)
      await page.getByLabel('Un de vos codes de secours').fill(code)
      await submit(page, 'Continuer')
      expect(path(page)).toBe('/')
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )

  it.each([1366, 360] as const)(
    'activates an account, and meets a link that has served (%i px)',
    async (width) => {
      const { organismeId, structureId } = await portal.person('estuaire', 'CNS1')
      const { rows } = await portal.owner.query<{ id: string }>(
        `insert into utilisateurs (organisme_id, login, courriel, nom, prenom, role, structure_id)
       values ($1, $2, $3, 'Peyrelongue', 'Aliénor', 'collaborateur', $4) returning id`,
        [organismeId, `COL${width}`, `a${width}@vauquelin.example`, structureId],
      )
      const link = await portal.as('estuaire', 'agent@estuaire.example', (db) =>
        createActivation(db, rows[0]!.id),
      )
      const page = await openPage({ baseUrl: portal.url, width })
      page.expectStatus(422)
      await page.goto(link)
      await look(page, `activation-${width}`)
      await page.getByLabel('Nouveau mot de passe', { exact: true }).fill('Estuaire-Libourne-2026')
      await page.getByLabel('Le même, une seconde fois').fill('Estuaire-Libourne-2026')
      await submit(page, 'Activer mon accès')
      expect(await page.getByRole('alert').innerText()).toContain('que votre entourage peut deviner')
      await look(page, `activation-erreur-${width}`)
      await page.getByLabel('Nouveau mot de passe', { exact: true }).fill('tartine volcan hublot')
      await page.getByLabel('Le même, une seconde fois').fill('tartine volcan hublot')
      await submit(page, 'Activer mon accès')
      expect(path(page)).toBe('/connexion')
      await page.goto(link)
      await look(page, `lien-ferme-${width}`)
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )

  it.each([1366, 360] as const)('the other pages of the profile (%i px)', async (width) => {
    const page = await openPage({ baseUrl: portal.url, width })
    await page.goto('/connexion?statut=permanent')
    await look(page, `permanent-${width}`)
    await page.getByLabel('Adresse électronique').fill('agent@estuaire.example')
    await page.getByLabel('Mot de passe', { exact: true }).fill('parvis-demo-2026')
    await submit(page, 'Se connecter')
    for (const address of ['/profil/courriel', '/profil/mot-de-passe']) {
      await page.goto(address)
      await look(page, `${address.slice(1).replaceAll('/', '-')}-${width}`)
    }
    expect(page.problems()).toEqual([])
    await page.close()
  })

  it('is made to set a second factor up where the organisme wants one', async () => {
    await portal.owner.query(
      `update plateforme.organismes set reglages = '{"secondFacteurPour": ["cabinet"]}' where code = 'estuaire'`,
    )
    await portal.owner.query('update acces.secrets set totp_confirme_le = null')
    await new Promise((resolve) => setTimeout(resolve, 5100)) // organismes are read again every five seconds
    for (const width of [1366, 360] as const) {
      const page = await openPage({ baseUrl: portal.url, width })
      await page.goto('/connexion')
      await page.getByLabel('N°').fill('CNS1')
      await page.getByLabel('Mot de passe', { exact: true }).fill('parvis-demo-2026')
      await submit(page, 'Se connecter')
      expect(path(page)).toBe('/profil/second-facteur')
      await look(page, `second-facteur-exige-${width}`)
      await submit(page, 'Déconnexion')
      expect(path(page)).toBe('/connexion')
      expect(page.problems()).toEqual([])
      await page.close()
    }
  })
})
