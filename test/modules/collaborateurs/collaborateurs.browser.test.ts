import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

const LONG = 'Harambillague-Etcheberrigaray de la Roche-Saint-Ségolin-sur-Dordogne'

describeBrowser('F75 to F82: from the creation of a collaborateur to his departure, as a person', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'created, given dossiers, replaced, gone ($width px, JavaScript $javaScript)',
    { timeout: 120_000 },
    async ({ width, javaScript }) => {
      const prenom = `Ysoline ${width} ${javaScript ? 'avec' : 'sans'}`
      const page = await openSignedIn(portal, 'estuaire', 'CNS1', { width, javaScript })
      page.setDefaultTimeout(30_000)
      page.expectStatus(422)
      await page.goto('/supervision')
      await look(page, 'supervision-accueil')
      for (const option of ['reponses', 'comptes', 'portefeuille']) {
        await page.goto(`/supervision/${option}`)
        await look(page, `supervision-${option}`)
      }

      await page.goto('/collaborateurs')
      await look(page, 'supervision-collaborateurs')
      await page.getByRole('link', { name: 'Créer un collaborateur' }).click()
      await page.getByLabel('Prénom').fill(prenom)
      await page.getByLabel('Nom', { exact: true }).fill(LONG)
      await page.getByRole('button', { name: 'Créer et inviter' }).click()
      await page.getByRole('alert').waitFor()
      await look(page, 'supervision-nouveau-refuse')
      await page.getByLabel('Adresse électronique').fill('y.harambillague@vauquelin.example')
      await page.getByRole('button', { name: 'Créer et inviter' }).click()
      await page.getByRole('heading', { level: 1, name: `${prenom} ${LONG}` }).waitFor()
      const fiche = new URL(page.url()).pathname
      await look(page, 'supervision-fiche')

      // Assigned.
      await page.goto('/affectations')
      await page.getByRole('checkbox', { name: 'Choisir NACRE ET VERMEIL' }).check()
      await page.getByRole('checkbox', { name: 'Choisir OLLIVARY Pierrick' }).check()
      await look(page, 'supervision-affectations')
      const receveur = page.getByLabel('Affecter les dossiers cochés à')
      await receveur.selectOption(fiche.split('/')[2]!)
      await page.getByRole('button', { name: 'Affecter les dossiers cochés' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('2\u00a0dossiers affectés')
      await look(page, 'supervision-affectations-vide')
      await page.goto('/affectations?etat=affectes')
      await look(page, 'supervision-affectations-affectes')

      // One is taken back and given to a colleague, in one act.
      await page.goto(`${fiche}/dossiers`)
      await page.getByRole('checkbox', { name: 'Choisir OLLIVARY Pierrick' }).check()
      await page
        .getByLabel('Confier les dossiers cochés à')
        .selectOption({ label: 'Capucine Marchandeau (COL14)' })
      await look(page, 'supervision-dossiers')
      await page.getByRole('button', { name: 'Retirer les dossiers cochés' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('chez Capucine Marchandeau')
      await page.goto(`${fiche}/historique`)
      await look(page, 'supervision-historique')

      // Gone.
      await page.goto(fiche)
      await page.getByRole('link', { name: 'Enregistrer un départ…' }).click()
      await page.getByLabel('Confier ses dossiers à').selectOption({ label: 'Armel Lagrevol (COL7)' })
      await page.getByRole('button', { name: 'Voir à qui va chaque dossier' }).click()
      const dossier = page.getByLabel(/NACRE ET VERMEIL/)
      expect(await dossier.locator('option:checked').textContent()).toBe('Armel Lagrevol (COL7)')
      await look(page, 'supervision-depart')
      await page.getByRole('button', { name: 'Enregistrer le départ' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('Le départ de')
      await look(page, 'supervision-parti')
      await page.goto('/collaborateurs')
      expect(await page.getByRole('row', { name: new RegExp(prenom) }).textContent()).toMatch(/\[départ le/)

      // His dossier is with the colleague, and goes back to nobody for the next journey.
      const { rows } = await portal.owner.query<{ id: string }>(
        `select a.id from adherents a join plateforme.organismes o on o.id = a.organisme_id
         where o.code = 'estuaire' and a.numero in ('688', '702') order by a.numero`,
      )
      for (const { id } of rows) {
        await page.goto(`/affectations/${id}`)
        await look(page, 'supervision-dossier')
        await page.getByLabel('Le confier à').selectOption('personne')
        await page.getByRole('button', { name: 'Changer l’affectation' }).click()
        expect(await page.getByRole('status').first().textContent()).toContain('n’est plus affecté')
      }
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )

  it(
    'the accounts are switched off, and the collaborateur who was at work is out',
    { timeout: 120_000 },
    async () => {
      const collab = await openSignedIn(portal, 'estuaire', 'COL14', { width: 360 })
      await collab.goto('/')
      const page = await openSignedIn(portal, 'estuaire', 'CNS1', { width: 360 })
      page.setDefaultTimeout(30_000)
      await page.goto('/supervision')
      await page.getByRole('link', { name: 'Changer : Comptes collaborateurs' }).click()
      await page.getByRole('button', { name: 'Répondre « Non »' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('désactivés')
      await collab.goto('/')
      expect(new URL(collab.url()).pathname).toBe('/connexion')
      await page.goto('/collaborateurs')
      await look(page, 'supervision-comptes-fermes')
      await page.goto('/supervision/comptes')
      await look(page, 'supervision-comptes-a-ouvrir')
      await page.getByRole('button', { name: 'Répondre « Oui »' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('activés')
      expect(page.problems()).toEqual([])
      await page.close()
      await collab.close()
    },
  )
})
