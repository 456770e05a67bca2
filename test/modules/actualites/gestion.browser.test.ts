import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('news, as staff and as a member', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'written, previewed, published, read, withdrawn ($width px, JavaScript $javaScript)',
    async (options) => {
      const maud = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', options)
      maud.expectStatus(422)
      const titre = `Nouvelle ${options.width} ${'anticonstitutionnellement'.repeat(3)}`
      await maud.goto('/gestion/actualites')
      await look(maud, 'actualites-liste')
      await maud.getByRole('link', { name: 'Écrire une actualité' }).click()
      await maud.getByRole('button', { name: 'Publier' }).click()
      await maud.getByRole('alert').waitFor()
      expect(await maud.textContent('main')).toContain('Indiquez le titre.')
      await look(maud, 'actualites-refus')
      await maud.getByLabel('Titre').fill(titre)
      await maud.getByLabel('Texte').fill('## Ce qui change\n\n- un point **important**')
      await maud.getByLabel('Superviseurs').uncheck()
      await maud.getByRole('button', { name: 'Aperçu' }).click()
      await maud.getByRole('heading', { name: 'Ce qui change' }).waitFor()
      expect(await maud.locator('.apercu strong').textContent()).toBe('important')
      expect(await maud.getByLabel('Superviseurs').isChecked()).toBe(false)
      await look(maud, 'actualites-apercu')
      await maud.getByRole('button', { name: 'Publier' }).click()
      await maud.getByText('L’actualité est publiée.').waitFor()
      await look(maud, 'actualites-publiee')

      const solene = await openSignedIn(portal, 'estuaire', '657', options)
      await solene.goto('/actualites')
      await solene.getByRole('link', { name: titre }).click()
      await solene.getByRole('heading', { name: 'Ce qui change' }).waitFor()

      await maud.getByRole('button', { name: 'Retirer' }).click()
      await maud.getByText('L’actualité est retirée').waitFor()
      await maud.goto('/gestion/actualites?etat=retiree')
      expect(await maud.getByRole('link', { name: titre }).count()).toBe(1)
      await solene.goto('/actualites')
      expect(await solene.getByRole('link', { name: titre }).count()).toBe(0)
      expect(maud.problems()).toEqual([])
      expect(solene.problems()).toEqual([])
      await maud.close()
      await solene.close()
    },
    60_000,
  )
})
