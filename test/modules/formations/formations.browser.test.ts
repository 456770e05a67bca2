import { beforeAll, expect, it } from 'vitest'
import { LOOKS, audit, describeBrowser, noOverflow, screenshot } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('F11: the sessions, as a person', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
    await portal.owner.query(
      `insert into formations (organisme_id, titre, resume, lieu, adresse, intervenant, debut, fin, duree_minutes, places, publiee_le)
       select id, 'Interprofessionnalisation ' || repeat('interprofessionnelle', 5), repeat('Long. ', 100),
         repeat('Lieu', 20), array['1 rue', '12345 ' || repeat('VILLE', 12)], repeat('Nom', 30),
         now() + interval '2 days', now() + interval '4 days', 1230, 1000, now()
       from plateforme.organismes where code = 'estuaire'`,
    )
  })

  it.each(LOOKS)(
    'an adhérent enrols, sees it in the list, and cancels ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openSignedIn(portal, 'estuaire', '940', { width, javaScript })
      const check = async (name: string) => {
        if (javaScript) expect(await audit(page)).toEqual([])
        await noOverflow(page)
        await screenshot(page, `${name}-${width}`)
      }
      await page.goto('/formations')
      await check('formations')
      // A word that is too long breaks; it pushes no column out of sight.
      const { x, width: wide } = (await page.getByText('complet', { exact: true }).boundingBox())!
      expect(x + wide).toBeLessThan(width)
      await page.getByRole('link', { name: /^Interprofessionnalisation/ }).click()
      await check('formation-longue')
      await page.goto('/formations')
      await page.getByRole('link', { name: 'Lire son dossier de gestion' }).click()
      await page.getByRole('button', { name: 'M’inscrire' }).click()
      expect(await page.getByRole('status').textContent()).toContain('Votre place est retenue')
      await check('formation-inscrite')
      const [calendar] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Ajouter à mon agenda' }).click(),
      ])
      expect(calendar.suggestedFilename()).toMatch(/^formation-.*\.ics$/)
      await page.getByRole('link', { name: 'Formations', exact: true }).last().click()
      await page.getByRole('link', { name: 'Mes inscriptions' }).click()
      await page.getByRole('link', { name: 'Lire son dossier de gestion' }).click()
      await page.getByRole('button', { name: 'Annuler mon inscription' }).click()
      expect(await page.getByRole('status').textContent()).toContain('Votre place est rendue')
      await page.goto('/formations')
      await page.getByRole('link', { name: 'choisir sa plateforme' }).click()
      expect(await page.textContent('main')).toContain('Toutes les places sont prises')
      await check('formation-complete')
      expect(page.problems()).toEqual([])
      await page.close()
    },
    60_000,
  )
})
