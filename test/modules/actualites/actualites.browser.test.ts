import { beforeAll, expect, it } from 'vitest'
import { LOOKS, audit, describeBrowser, noOverflow, screenshot } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('F10: the news, as a person', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
    await portal.owner.query(
      `insert into actualites (organisme_id, titre, chapo, corps, categorie, pour_roles, visible_du, publiee_le)
       select id, 'Anticonstitutionnellement'||repeat('anticonstitutionnellement', 4), repeat('Très long. ', 60),
         E'## ' || repeat('long', 40) || E'\n\n> Cité\n\n' || repeat('https://www.exemple.example/', 8), 'evenement',
         '{adherent}', app.aujourdhui(), now()
       from plateforme.organismes where code = 'estuaire'`,
    )
  })

  it.each(LOOKS)(
    'an adhérent reads the list, one news, and a category without any ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openSignedIn(portal, 'estuaire', '657', { width, javaScript })
      const check = async (name: string) => {
        if (javaScript) expect(await audit(page)).toEqual([])
        await noOverflow(page)
        await screenshot(page, `${name}-${width}`)
      }
      await page.goto('/actualites')
      await check('actualites')
      await page.getByRole('link', { name: /^Anticonstitutionnellement/ }).click()
      expect(await page.getByRole('heading', { level: 2 }).count()).toBe(1)
      await check('actualite-longue')
      await page.getByRole('link', { name: 'Actualités', exact: true }).last().click()
      await page.getByRole('link', { name: 'Frais de véhicule' }).click()
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('barème kilométrique')
      await check('actualite')
      await portal.owner.query(
        `update actualites set visible_au = visible_du where categorie = 'newsletter' and visible_du < app.aujourdhui()`,
      )
      await page.goto('/actualites?categorie=newsletter')
      expect(await page.textContent('main')).toContain('Aucune actualité dans cette catégorie')
      await check('actualites-vide')
      expect(page.problems()).toEqual([])
      await page.close()
    },
    60_000,
  )
})
