import { beforeAll, expect, it } from 'vitest'
import { DEMO } from '../../src/kernel/config.ts'
import { type JourneyPage, audit, describeBrowser, noOverflow } from '../support/browser.ts'
import { CHEAP } from '../support/connexion.ts'
import { type Portal, startPortal } from '../support/portal.ts'
import { openSignedIn } from '../support/signed-in.ts'
import { publish } from '../modules/courriers/courriers.ts'
import { makePdf } from './files/pdf-maker.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ env: CHEAP })
})

const expire = () => portal.owner.query(`update acces.sessions set expire_le = now() - interval '1 minute'`)
const storage = (page: JourneyPage) =>
  page.evaluate<[string, string][]>(
    `Object.entries(localStorage).filter(([key]) => key.startsWith('parvis:'))`,
  )

describeBrowser('what comes too late', () => {
  it.each([
    [1366, true],
    [360, false],
  ] as const)(
    'a text and a file sent when the session had run out are there after logging in (%i px, JavaScript %s)',
    async (width, javaScript) => {
      const id = await publish(portal, '12', ['Pourquoi ?'])
      const page = await openSignedIn(portal, 'estuaire', 'COL14', { width, javaScript })
      await page.goto(`/courriers/${id}/reponse`)
      await expire()
      if (javaScript) page.expectStatus(403)
      await page.getByLabel('Votre réponse à la question 1').fill('Une heure de travail')
      const files = {
        name: 'justificatif.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from(await makePdf()),
      }
      await page.getByLabel('Pièces jointes à la question 1').setInputFiles(files)
      // With JavaScript a file leaves as soon as it is chosen.
      if (!javaScript) await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click()
      await page.getByText('Votre session s’est terminée et rien n’a été envoyé').waitFor()
      if (javaScript) expect(await audit(page)).toEqual([])
      expect(await noOverflow(page)).toBe(true)
      await page.getByText('Cabinet d’expertise comptable').click()
      await page.getByLabel('N°').fill('COL14')
      await page.getByLabel('Mot de passe', { exact: true }).fill(DEMO.password)
      await page.getByRole('button', { name: 'Se connecter' }).click()
      await page.getByText('Ce que vous aviez écrit est revenu ci-dessous').waitFor()
      expect(await page.getByLabel('Votre réponse à la question 1').inputValue()).toBe('Une heure de travail')
      expect(await page.getByLabel(/justificatif\.pdf/).isChecked()).toBe(true)
      if (javaScript) expect(await audit(page)).toEqual([])
      expect(await noOverflow(page)).toBe(true)
      await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click()
      await page.getByRole('link', { name: 'justificatif.pdf' }).waitFor()
      expect(page.problems()).toEqual([])
      await page.close()
    },
    40_000,
  )

  it('what a browser keeps of a draft cannot be read in it, and ends at log-out', async () => {
    const id = await publish(portal, '58', ['Une ?'])
    const page = await openSignedIn(portal, 'estuaire', 'COL14', {})
    page.expectStatus(403)
    await page.goto(`/courriers/${id}/reponse`)
    await expire()
    await page.getByLabel('Votre réponse à la question 1').fill('Un secret du client')
    await page.getByText(/gardé dans ce navigateur/).first().waitFor() // prettier-ignore
    const [[key = '', value = ''] = []] = await storage(page)
    expect(key).toContain((await portal.person('estuaire', 'COL14')).id)
    expect(value).not.toContain('secret')
    const enter = async (login: string) => {
      const { cookies } = await portal.login('estuaire', login)
      await page
        .context()
        .addCookies([...cookies].map(([name, one]) => ({ name, value: one, url: portal.url })))
    }
    await enter('COL14')
    await page.goto('/')
    expect(await storage(page)).toHaveLength(1)
    await page.getByRole('button', { name: 'Déconnexion' }).click()
    await page.waitForURL(/connexion/)
    expect(await storage(page)).toEqual([])
    // Nor does it outlive its author on a computer that two people share.
    await page.evaluate(`localStorage.setItem(${JSON.stringify(key)}, ${JSON.stringify(value)})`)
    await enter('CNS1')
    await page.goto('/')
    expect(await storage(page)).toEqual([])
    await page.close()
  }, 40_000)

  it.each([1366, 360] as const)(
    'the password once more before a file of many dossiers (%i px)',
    async (width) => {
      const page = await openSignedIn(portal, 'estuaire', 'CNS1', { width })
      await portal.owner.query(`update acces.sessions set donnees = donnees - 'confirmeLe'`)
      await page.goto('/clients.csv')
      await page.getByRole('heading', { name: 'Confirmez que c’est vous' }).waitFor()
      expect(await audit(page)).toEqual([])
      expect(await noOverflow(page)).toBe(true)
      await page.getByLabel('Votre mot de passe', { exact: true }).fill(DEMO.password)
      await page.getByRole('button', { name: 'Confirmer' }).click()
      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: 'Télécharger' }).click()
      expect((await download).suggestedFilename()).toMatch(/\.csv$/)
      expect(await audit(page)).toEqual([])
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )
})
