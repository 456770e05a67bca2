import { beforeAll, expect, it } from 'vitest'
import { LOOKS, audit, describeBrowser, noOverflow, screenshot } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('F25: a change of coordinates, from the request to the fiche', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'an adhérent asks, a permanent accepts, the fiche has it ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      await portal.owner.query('delete from modifications')
      const last = `${width % 10}${javaScript ? 1 : 2}`
      const options = { width: width, javaScript }
      const page = await openSignedIn(portal, 'estuaire', '657', options)
      const check = async (who: typeof page, name: string) => {
        if (javaScript) expect(await audit(who)).toEqual([])
        await noOverflow(who)
        await screenshot(who, `${name}-${width}${javaScript ? '' : '-sans-js'}`)
      }
      page.expectStatus(422)
      await page.goto('/coordonnees')
      await check(page, 'coordonnees')
      await page.getByRole('link', { name: 'Modifier : Téléphones' }).click()
      await page.getByLabel('Téléphone', { exact: true }).fill('05 57')
      await check(page, 'coordonnees-zone')
      await page.getByRole('button', { name: 'Envoyer la demande' }).click()
      await page.getByRole('alert').waitFor()
      expect(await page.title()).toMatch(/^Erreur\s:/)
      expect(await page.getByLabel('Téléphone', { exact: true }).inputValue()).toBe('05 57')
      await check(page, 'coordonnees-refusee')
      await page.getByLabel('Téléphone', { exact: true }).fill(`05 57 00 00 ${last}`)
      await page.getByLabel(/Deuxième numéro/).fill('')
      await page.getByRole('button', { name: 'Envoyer la demande' }).click()
      expect(await page.getByRole('status').textContent()).toContain('Votre demande est envoyée.')
      expect(await page.getByText('mise à jour en cours de traitement').first().isVisible()).toBe(true)
      await check(page, 'coordonnees-attente')

      const staff = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', options)
      staff.expectStatus(422)
      await staff.goto('/gestion/demandes?genre=coordonnees')
      await check(staff, 'modifications')
      await staff
        .getByRole('link', { name: /téléphones/ })
        .last()
        .click()
      await check(staff, 'modification')
      await staff.getByRole('button', { name: 'Refuser la demande' }).click()
      expect(await staff.textContent('main')).toContain('Indiquez le motif du refus.')
      await check(staff, 'modification-sans-motif')
      await staff.getByRole('button', { name: 'Accepter la mise à jour' }).click()
      expect(await staff.getByRole('status').textContent()).toContain('est à jour')
      expect(await staff.getByText('Aucune demande ne correspond').isVisible()).toBe(true)
      await check(staff, 'modifications-vide')
      await staff.goto('/gestion/demandes?genre=coordonnees&etat=traitees')
      await check(staff, 'modifications-traitees')
      await staff
        .getByRole('link', { name: /téléphones/ })
        .last()
        .click()
      await check(staff, 'modification-acceptee')
      await staff.getByRole('link', { name: 'Voir la fiche' }).click()
      expect(await staff.textContent('main')).toContain(`05\u00a057\u00a000\u00a000\u00a0${last}`)
      await check(staff, 'adherent')

      await page.reload()
      expect(await page.getByText('Acceptée').isVisible()).toBe(true)
      expect(await page.getByText('mise à jour en cours de traitement').count()).toBe(0)
      expect([...page.problems(), ...staff.problems()]).toEqual([])
      await Promise.all([page.close(), staff.close()])
    },
    120_000,
  )
})
