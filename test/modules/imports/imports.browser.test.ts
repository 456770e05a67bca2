import { beforeAll, expect, it } from 'vitest'
import { type JourneyPage, LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

const CSV = (ville: string) =>
  Buffer.from(
    [
      'N°;Nom et prénom;Ville;Date d’adhésion;Note interne',
      `657;CARRIVEAU Solène;${ville};;à rappeler`,
      `${ville === 'Foix' ? 8001 : 8002};=HYPERLINK("http://x.example");Foix;01/02/2026;`,
      '12;;;31/02/2026;',
    ].join('\n'),
  )

describeBrowser('an import, as a person', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
    await portal.startWorker()
  })

  async function deposit(page: JourneyPage, file: Buffer): Promise<void> {
    await page.goto('/gestion/imports')
    await page.getByLabel('Ce que contient le fichier').selectOption('Adhérents')
    await page
      .getByLabel('Fichier', { exact: true })
      .setInputFiles({ name: 'adherents.csv', mimeType: 'text/csv', buffer: file })
    await page.getByRole('button', { name: 'Envoyer et choisir les colonnes' }).click()
    await page.getByRole('heading', { level: 1, name: /^Colonnes de/ }).waitFor()
  }

  it.each(LOOKS)(
    'file, columns, differences, confirmation, report, and the same file again ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const file = CSV(javaScript ? 'Foix' : 'Dax')
      const page = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', { width, javaScript })
      await page.goto('/gestion/imports')
      await look(page, 'imports')
      await deposit(page, file)
      expect(await page.getByLabel('Ce que donne la colonne « N° »').inputValue()).toBe('numero')
      expect(await page.getByLabel(/Note interne/).inputValue()).toBe('')
      await look(page, 'imports-colonnes')
      await page.getByRole('button', { name: 'Lancer l’essai' }).click()
      await page.getByRole('heading', { level: 2, name: 'Confirmer' }).waitFor({ timeout: 30_000 })
      await page.getByRole('link', { name: /^Modifié/ }).click()
      expect(await page.textContent('main')).toContain(javaScript ? 'FOIX' : 'DAX')
      await look(page, 'imports-differences')
      await page.getByRole('link', { name: /^Ligne refusée/ }).click()
      expect(await page.textContent('main')).toContain('n’est pas une date')
      await look(page, 'imports-refusees')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Fichier à corriger (Excel)' }).click(),
      ])
      expect(download.suggestedFilename()).toMatch(/^a-corriger-adherents-.*\.xlsx$/)
      await page.getByRole('button', { name: 'Importer', exact: true }).click()
      await page.getByText('Import enregistré le').waitFor({ timeout: 30_000 })
      await look(page, 'imports-rapport')

      await deposit(page, file)
      expect(await page.textContent('main')).toContain('vos choix sont repris')
      await page.getByRole('button', { name: 'Lancer l’essai' }).click()
      await page
        .getByText('Ce fichier ne change rien')
        .or(page.getByRole('heading', { name: 'Confirmer' }))
        .first()
        .waitFor({ timeout: 30_000 })
      expect(await page.getByRole('link', { name: /^Inchangés/ }).textContent()).toContain('(2)')
      expect(page.problems()).toEqual([])
      await page.close()
    },
    90_000,
  )
})
