import { beforeAll, expect, test } from 'vitest'
import {
  type JourneyPage,
  type Width,
  audit,
  describeBrowser,
  noOverflow,
  screenshot,
} from '../../support/browser.ts'
import { pdfOf, zipOf } from '../../support/campagne.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('a permanent publishes to many, and has documents made for a selection', () => {
  let portal: Portal
  beforeAll(async () => {
    portal = await startPortal()
    await portal.startWorker()
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    await agent.post('/gestion/publications/reglages', { parMinute: '0', delaiMinutes: '0' })
  })

  async function look(page: JourneyPage, name: string): Promise<void> {
    expect(await noOverflow(page)).toBe(true)
    if (page.javaScript) expect(await audit(page)).toEqual([])
    expect(checkHtml(await page.content())).toEqual([])
    await screenshot(page, name)
  }

  test.each([
    [1366, true],
    [360, false],
  ] as [Width, boolean][])('at %i px, JavaScript %s', { timeout: 120_000 }, async (width, javaScript) => {
    const page = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', { width, javaScript })

    await page.goto('/gestion/publications')
    await page.getByRole('link', { name: 'Nouvelle publication' }).click()
    await page.locator('[name=titre]').fill(`Lettre ${width}`)
    await page.locator('[name=motif]').fill('{numero}_{titre}')
    await page.locator('[name=genre]').selectOption('autre')
    await page.locator('[name=fichiers]').setInputFiles({
      name: 'lot.zip',
      mimeType: 'application/zip',
      buffer: await zipOf({
        '657_Lettre.pdf': pdfOf(`a ${width}`),
        '940_Lettre.pdf': pdfOf(`b ${width}`),
        '99999_Lettre.pdf': pdfOf(`c ${width}`),
      }),
    })
    await look(page, `publications-nouvelle-${width}`)
    await page.getByRole('button', { name: 'Déposer et essayer' }).click()
    // By the script, or by the page that reloads itself.
    await page.getByRole('button', { name: 'Confirmer la publication' }).waitFor({ timeout: 30_000 })
    await look(page, `publications-essai-${width}`)
    await page.getByRole('link', { name: 'Adhérent inconnu' }).click()
    await look(page, `publications-lignes-${width}`)
    await page.goBack()
    await page.getByRole('button', { name: 'Confirmer la publication' }).click()
    await page.locator('.pastille', { hasText: /^Publiée$/ }).waitFor({ timeout: 30_000 })
    await look(page, `publications-compte-rendu-${width}`)

    await page.goto('/gestion/emissions/nouvelle')
    await page.locator('[name=exercice]').selectOption('2025')
    await page.locator('summary', { hasText: 'Liste de numéros' }).click()
    await page.locator('[name=numeros]').fill(javaScript ? '12, 45' : '58, 103')
    if (javaScript) await page.locator('[data-selection-compte]', { hasText: /^2.adhérents/ }).waitFor()
    await page.getByRole('button', { name: 'Essayer sans rien établir' }).click()
    await page.getByRole('button', { name: 'Établir les documents' }).waitFor()
    await look(page, `emissions-essai-${width}`)
    await page.getByRole('button', { name: 'Établir les documents' }).click()
    await page.locator('.pastille', { hasText: /^Publiée$/ }).waitFor({ timeout: 30_000 })
    await look(page, `emissions-compte-rendu-${width}`)
    await page.goto('/gestion/travaux')
    await look(page, `travaux-${width}`)
    expect(page.problems()).toEqual([])
    await page.close()
  })
})
