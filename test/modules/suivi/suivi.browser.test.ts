import { readFile } from 'node:fs/promises'
import { beforeAll, expect, it } from 'vitest'
import { describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser(
  'a permanent follows a campaign: board, list, change of many dossiers, history, export',
  () => {
    let portal: Portal
    const year = new Date().getUTCFullYear()

    beforeAll(async () => {
      portal = await startPortal()
    })

    it.each([
      { width: 1366, javaScript: true, vers: 'Relancée une fois', valeur: 'reception:relancee_1' },
      { width: 360, javaScript: false, vers: 'Relancée deux fois', valeur: 'reception:relancee_2' },
    ] as const)(
      '($width px, JavaScript $javaScript)',
      { timeout: 120_000 },
      async ({ width, javaScript, vers, valeur }) => {
        const page = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', { width, javaScript })
        page.setDefaultTimeout(30_000)
        page.expectStatus(422)

        await page.goto(`/gestion/suivi?exercice=${year}`)
        await page.getByRole('heading', { level: 1, name: `Suivi de l’exercice ${year}` }).waitFor()
        await look(page, 'suivi-tableau')
        const waiting = page
          .getByRole('row', { name: /Liasse attendue/ })
          .first()
          .getByRole('link')
          .first()
        const count = Number(/\d+/.exec((await waiting.textContent())!)![0])
        await waiting.click()
        await page.getByRole('heading', { level: 1, name: `Dossiers de l’exercice ${year}` }).waitFor()
        expect(await page.getByRole('checkbox').count()).toBe(count)
        await look(page, 'suivi-dossiers')

        // Nothing chosen: told so, and what was chosen is kept.
        await page.getByRole('button', { name: 'Voir ce qui va changer' }).click()
        await page.getByRole('alert').waitFor()
        await look(page, 'suivi-dossiers-refuse')
        await page.goBack()
        await page.getByRole('checkbox', { name: 'Choisir NACRE ET VERMEIL' }).check()
        await page.getByRole('checkbox', { name: 'Choisir IZARN Mélanie' }).check()
        await page.getByLabel('Nouvel état').selectOption(valeur)
        await page.getByRole('button', { name: 'Voir ce qui va changer' }).click()
        await page.getByRole('heading', { name: /2\sdossiers vont changer/ }).waitFor()
        await page.getByText('Voir les dossiers').first().click()
        await look(page, 'suivi-lot')
        await page.getByRole('button', { name: /Changer 2\sdossiers/ }).click()
        expect(await page.getByRole('status').first().textContent()).toContain(
          `passés à «\u00a0${vers}\u00a0»`,
        )

        await page.getByLabel('Nom', { exact: true }).fill('nacre')
        await page.getByRole('button', { name: 'Filtrer' }).click()
        await page.getByRole('link', { name: 'Enregistrer ce filtre' }).click()
        await page.getByLabel('Nom du filtre').fill(`Fleuristes ${width}`)
        await look(page, 'suivi-filtres')
        await page.getByRole('button', { name: 'Enregistrer le filtre' }).click()
        await page.getByRole('link', { name: `Fleuristes ${width}` }).waitFor()
        if (javaScript) {
          const [download] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('link', { name: 'CSV' }).click(),
          ])
          expect(await readFile(await download.path(), 'utf8')).toContain('NACRE ET VERMEIL')
        }

        await page.getByRole('link', { name: 'NACRE ET VERMEIL' }).click()
        await page
          .getByRole('link', { name: /Réception de la liasse/ })
          .first()
          .click()
        await page.getByRole('heading', { name: 'Historique' }).waitFor()
        expect(
          await page.getByRole('row', { name: new RegExp(`→ ${vers}.*Maud Lescarret.*en nombre`) }).count(),
        ).toBe(1)
        await look(page, 'suivi-etape')

        await page.goto('/gestion/suivi/echeances')
        await look(page, 'suivi-echeances')
        await page.goto('/profil/agenda')
        await page.getByRole('button', { name: /Créer/ }).click()
        expect(await page.getByLabel('Adresse à copier').inputValue()).toMatch(/^http.*\/agenda\/.{43}\.ics$/)
        await look(page, 'suivi-agenda')
        expect(page.problems()).toEqual([])
        await page.close()
      },
    )
  },
)
