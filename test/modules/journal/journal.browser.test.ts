import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

/** Columns as tests name them. */
type Row = Record<string, string>

describeBrowser('the journal, as a person', () => {
  let portal: Portal
  beforeAll(async () => {
    portal = await startPortal()
    const solene = await portal.login('estuaire', '657')
    const { rows } = await portal.owner
      .query<Row>(`select d.id from documents d join adherents a on a.id = d.adherent_id
      join plateforme.organismes o on o.id = d.organisme_id and o.code = 'estuaire'
      where a.numero = '657' and d.publie_le is not null and d.retire_le is null and d.remplace_le is null limit 1`)
    await solene.get(`/documents/${rows[0]!.id}`)
  })

  it.each(LOOKS)(
    'an administrateur finds who read a document and takes the proof ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openSignedIn(portal, 'estuaire', 'admin@estuaire.example', { width, javaScript })
      await page.goto('/gestion/journal')
      await page.getByLabel('Personne').fill('carriveau')
      await page.getByLabel('Acte', { exact: true }).selectOption('Document ouvert')
      await page.getByRole('button', { name: 'Rechercher' }).click()
      expect(await page.textContent('main')).toContain('Document ouvert')
      await look(page, 'journal')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page
          .getByRole('link', { name: /^Preuve/ })
          .first()
          .click(),
      ])
      expect(download.suggestedFilename()).toMatch(/^Preuve document .*\.pdf$/)
      expect(page.problems()).toEqual([])
      await page.close()
    },
    60_000,
  )
})
