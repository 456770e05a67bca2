import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { queueMail } from '../../../src/kernel/mail/queue.ts'
import { WIDTHS, audit, describeBrowser, noOverflow, openPage, screenshot } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

describeBrowser('demo: the caught mails, as a person', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
    await portal.startWorker()
    const { id } = await portal.person('estuaire', '657')
    await portal.as('estuaire', 'agent@estuaire.example', async (db) => {
      await queueMail(db, {
        key: 'b1',
        template: 'mot-de-passe-oublie',
        to: id,
        data: { lien: '/courriels-demo' },
      })
      await queueMail(db, {
        key: 'b2',
        template: 'document-publie',
        to: id,
        data: { lien: '/courriels-demo' },
      })
    })
    for (;;) {
      const { rows } = await portal.owner.query('select 1 from courriels where envoye_le is null')
      if (rows.length === 0) return
      await sleep(50)
    }
  })

  it.each(WIDTHS.flatMap((width) => [true, false].map((javaScript) => ({ width, javaScript }))))(
    'a visitor opens a mail and follows its link ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openPage({ baseUrl: portal.url, width, javaScript })
      await page.goto('/courriels-demo')
      if (javaScript) expect(await audit(page)).toEqual([])
      await noOverflow(page)
      await screenshot(page, `courriels-demo-${width}`)
      await page.getByRole('link', { name: 'Choisir un nouveau mot de passe' }).click()
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
        'Choisir un nouveau mot de passe',
      )
      if (javaScript) expect(await audit(page)).toEqual([])
      await noOverflow(page)
      await screenshot(page, `courriel-demo-${width}`)
      await page.getByRole('link', { name: 'Suivre le lien' }).click()
      expect(new URL(page.url()).pathname).toBe('/courriels-demo')
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )

  it('the mail as it was laid out can be read and its button followed', async () => {
    for (const width of WIDTHS) {
      const page = await openPage({ baseUrl: portal.url, width })
      await page.goto('/courriels-demo')
      await page.getByRole('link', { name: 'Un nouveau document' }).click()
      await page.getByRole('link', { name: 'mis en page' }).click()
      await noOverflow(page)
      await screenshot(page, `courriel-html-${width}`)
      const button = page.getByRole('link', { name: 'Voir le document' })
      const { width: wide, height } = (await button.boundingBox())!
      expect(Math.min(wide, height)).toBeGreaterThan(40)
      await button.click()
      expect(new URL(page.url()).pathname).toBe('/courriels-demo')
      await page.close()
    }
  })
})
