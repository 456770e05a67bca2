import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('the operator, as a person', () => {
  let portal: Portal
  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'creates an organisme, suspends it and brings it back ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openSignedIn(portal, 'plateforme', 'operateur@parvis.example', { width, javaScript })
      await page.goto('/plateforme')
      await look(page, 'plateforme')
      await page.getByRole('link', { name: 'Créer un organisme' }).click()
      await page.getByLabel('Nom', { exact: true }).first().fill(`CGA du Quercy ${width}`)
      await page.getByLabel('Nom court').fill('CGA Quercy')
      await page.getByLabel('Code', { exact: true }).fill(`quercy${width}`)
      await page.getByLabel('Adresse du portail').fill(`quercy${width}.localhost`)
      await page.getByLabel('Prénom').fill('Odile')
      await page.getByLabel('Nom', { exact: true }).last().fill('Castagnet')
      await page.getByLabel('Adresse électronique').fill('odile@quercy.example')
      await look(page, 'plateforme-nouveau')
      await page.getByRole('button', { name: 'Créer l’organisme' }).click()
      await page.getByRole('heading', { level: 1, name: `CGA du Quercy ${width}` }).waitFor()
      await look(page, 'plateforme-organisme')
      await page.getByRole('link', { name: 'Suspendre l’organisme…' }).click()
      await page.getByLabel('Motif').fill('Essai terminé.')
      await page.getByRole('button', { name: 'Suspendre l’organisme' }).click()
      await page.getByRole('button', { name: 'Rétablir l’organisme' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('de nouveau en service')
      await page.goto('/plateforme/sante')
      await look(page, 'plateforme-sante')
      await page.goto('/plateforme/taches')
      await look(page, 'plateforme-taches')
      expect(page.problems()).toEqual([])
      await page.close()
    },
    60_000,
  )
})
