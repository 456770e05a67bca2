import { beforeAll, expect, it } from 'vitest'
import { LOOKS, audit, describeBrowser, noOverflow, openPage, screenshot } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('F84 F85 F128: from lost identifiers to a link that opens the account', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'a visitor asks, a permanent confirms the person and answers ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      await portal.owner.query(
        'delete from demandes_de_compte; delete from courriels; delete from acces.tentatives',
      )
      const options = { width: width, javaScript }
      const page = await openPage({ ...options, baseUrl: portal.url })
      const check = async (who: typeof page, name: string) => {
        if (javaScript) expect(await audit(who)).toEqual([])
        await noOverflow(who)
        await screenshot(who, `${name}-${width}${javaScript ? '' : '-sans-js'}`)
      }
      page.expectStatus(422)
      await page.goto('/demande-de-compte')
      await check(page, 'demande-de-compte')
      await page.goto('/identifiants-perdus')
      await check(page, 'identifiants-perdus')
      await page.getByLabel('Nom', { exact: true }).fill('delmasure')
      await page.getByLabel('Prénom').fill('Inès')
      await page.getByLabel('E-mail').fill('ines')
      await page.getByRole('button', { name: 'Valider la demande' }).click()
      await page.getByRole('alert').waitFor({ timeout: 30_000 })
      expect(await page.getByLabel('Nom', { exact: true }).inputValue()).toBe('delmasure')
      await check(page, 'identifiants-perdus-refuses')
      await page.getByLabel('E-mail').fill('ines@nouvelle-messagerie.example')
      if (javaScript) await page.getByLabel('Je ne suis pas un robot').check()
      await page.getByRole('button', { name: 'Valider la demande' }).click()
      await page.getByText('Votre demande est enregistrée.').waitFor({ timeout: 30_000 })

      const staff = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', options)
      staff.expectStatus(422)
      await staff.goto('/gestion/demandes?genre=compte')
      await check(staff, 'demandes')
      await staff.getByRole('link', { name: /Inès delmasure/ }).click()
      await check(staff, 'demande')
      await staff.getByRole('link', { name: 'Demander une précision' }).click()
      await staff.getByLabel('Votre question').fill('Votre cabinet est-il toujours le même ?')
      await check(staff, 'precision-demande')
      await staff.getByRole('button', { name: 'Envoyer la question' }).click()
      await staff.getByText('Votre question est partie.').waitFor()
      const asked = await portal.owner.query<{ donnees: { lien: string } }>('select donnees from courriels')
      page.expectStatus(422)
      await page.goto(asked.rows[0]!.donnees.lien)
      await check(page, 'precision')
      await page.getByLabel('Votre réponse').fill('Oui, toujours le même.')
      await page.getByRole('button', { name: 'Envoyer ma réponse' }).click()
      await page.getByText('nous est bien parvenue').waitFor()
      await check(page, 'precision-fermee')
      await staff.goto('/gestion/demandes?genre=compte')
      await staff.getByText('Précision reçue').waitFor()
      await staff.getByRole('link', { name: /Inès delmasure/ }).click()
      await staff.getByText('Oui, toujours le même.').waitFor()
      await check(staff, 'precision-recue')
      await portal.owner.query('delete from courriels')
      await staff.getByRole('link', { name: /^Choisir ce compte/ }).click()
      await check(staff, 'demande-envoi')
      await staff.getByRole('button', { name: 'Envoyer un lien d’activation' }).click()
      expect(await staff.textContent('main')).toContain('confirmez la personne par un autre moyen')
      await check(staff, 'demande-envoi-refuse')
      await staff.getByLabel('Je l’ai rappelé au numéro de téléphone de sa fiche').check()
      await staff.getByRole('button', { name: 'Envoyer un lien d’activation' }).click()
      expect(await staff.getByRole('status').textContent()).toContain('Le lien d’activation part à')
      await check(staff, 'demandes-vide')

      const { rows } = await portal.owner.query<{ donnees: { lien: string } }>(
        'select donnees from courriels',
      )
      await page.goto(rows[0]!.donnees.lien)
      expect(await page.textContent('main')).toContain('940')
      expect([...page.problems(), ...staff.problems()]).toEqual([])
      await Promise.all([page.close(), staff.close()])
    },
    120_000,
  )
})
