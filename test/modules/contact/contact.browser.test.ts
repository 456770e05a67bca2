import { beforeAll, expect, it } from 'vitest'
import { WIDTHS, audit, describeBrowser, noOverflow, openPage, screenshot } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

const MATRIX = WIDTHS.flatMap((width) => [true, false].map((javaScript) => ({ width, javaScript })))

describeBrowser('F13: the menu, contact and the compulsory pages, as a person', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(MATRIX)(
    'a visitor reads the compulsory pages ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openPage({ baseUrl: portal.url, width, javaScript })
      for (const path of ['/mentions-legales', '/accessibilite']) {
        await page.goto(path)
        if (javaScript) expect(await audit(page)).toEqual([])
        await noOverflow(page)
        await screenshot(page, `${path.slice(1)}-${width}`)
      }
      expect(page.problems()).toEqual([])
      await page.close()
    },
    60_000,
  )

  it.each(MATRIX)(
    'F13: an adhérent goes through the menu of the guide ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openSignedIn(portal, 'estuaire', '657', { width, javaScript })
      const reach = [
        ['Informations', '/actualites'],
        ['Ce que je transmets vers l’OGA', '/transferts'],
        ['Ce que l’OGA me propose', '/formations'],
        ['Contact', '/contact'],
      ] as const
      for (const [words, path] of reach) {
        await page.goto('/mentions-legales')
        if (width < 992) await page.getByText('Menu', { exact: true }).click()
        await page
          .getByRole('navigation', { name: 'Menu principal' })
          .getByRole('link', { name: words, exact: true })
          .click()
        expect(new URL(page.url()).pathname).toBe(path)
        if (javaScript) expect(await audit(page)).toEqual([])
        await noOverflow(page)
      }
      await screenshot(page, `contact-${width}`)
      expect(await page.getByRole('button', { name: 'Déconnexion' }).isVisible()).toBe(true)
      await page.getByRole('main').getByRole('link', { name: 'Transfert de données' }).click()
      expect(new URL(page.url()).pathname).toBe('/transferts')
      expect(page.problems()).toEqual([])
      await page.close()
    },
    60_000,
  )
})
