import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'
import { NOM, texte, vente } from './fec.ts'

describeBrowser('F12: the check of a FEC, as a person', () => {
  let portal: Portal
  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'an adhérent sends his FEC and reads what to correct ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openSignedIn(portal, 'estuaire', '657', { width, javaScript })
      await page.goto('/transferts')
      await page.getByRole('link', { name: 'Contrôler un FEC' }).click()
      await look(page, 'fec-envoi')
      await page.getByLabel('Fichier des écritures comptables').setInputFiles({
        name: NOM,
        mimeType: 'text/plain',
        buffer: Buffer.from(
          texte([...vente('1', { PieceDate: '20250231' }), ...vente('4', { PieceRef: '' })]),
        ),
      })
      await page.getByRole('button', { name: 'Contrôler et envoyer' }).click()
      await page.getByRole('heading', { level: 1, name: 'Contrôle du FEC' }).waitFor()
      const text = await page.textContent('main')
      expect(text).toContain('Ce fichier n’est pas conforme')
      expect(text).toContain('Des dates n’existent pas')
      await look(page, 'fec-rapport')
      await page.getByRole('link', { name: /anomalie bloquante/ }).click()
      expect(new URL(page.url()).hash).toBe('#erreur')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Rapport en PDF' }).click(),
      ])
      expect(download.suggestedFilename()).toMatch(/^Contrôle FEC T-\d{4}-\d{6}\.pdf$/)
      expect(page.problems()).toEqual([])
      await page.close()
    },
    60_000,
  )
})
