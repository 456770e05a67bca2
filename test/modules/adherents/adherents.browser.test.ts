import { beforeAll, expect, it } from 'vitest'
import { LOOKS, audit, describeBrowser, noOverflow, screenshot } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('the adhérents, as a permanent works with them', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
    await portal.owner.query(
      `insert into adherents (organisme_id, numero, denomination, ville, professions, adhesion_le)
       select id, (2000 + n)::text, 'ÉTABLISSEMENTS DE-LA-TRÈS-LONGUE-DÉNOMINATION-SANS-ESPACE ' || n,
         'SAINT REMY EN BOUZEMONT SAINT GENEST', '{Masseur-kinésithérapeute}', '2020-01-01'
       from plateforme.organismes, generate_series(1, 60) n where code = 'estuaire'`,
    )
  })

  it.each(LOOKS)(
    'searches, pages, opens a fiche, creates an account and blocks it ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      await portal.owner.query(`delete from acces.jetons; delete from courriels;
        delete from acces.secrets where utilisateur_id in (select id from utilisateurs where login = '402');
        delete from utilisateurs where login = '402'`)
      const page = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', {
        width: width,
        javaScript,
      })
      const check = async (name: string) => {
        if (javaScript) expect(await audit(page)).toEqual([])
        await noOverflow(page)
        await screenshot(page, `${name}-${width}${javaScript ? '' : '-sans-js'}`)
      }
      page.expectStatus(422)
      await page.goto('/gestion/adherents')
      await check('adherents')
      await page.getByRole('link', { name: 'Page suivante' }).click()
      expect(await page.textContent('.pager-compte')).toContain('51 à 76 sur 76')
      await page.getByLabel('Nom', { exact: true }).fill('tres longue denomination 7')
      await page.getByRole('button', { name: 'Rechercher' }).click()
      await check('adherents-recherche')
      await page.getByLabel('Nom', { exact: true }).fill('introuvable')
      await page.getByRole('button', { name: 'Rechercher' }).click()
      await check('adherents-aucun')
      await page.getByRole('link', { name: 'Effacer' }).click()
      await page.getByLabel('N°', { exact: true }).fill('402')
      await page.getByRole('button', { name: 'Rechercher' }).click()
      await page.getByRole('link', { name: 'LESTRADE Ombeline' }).click()
      await check('adherent-sans-compte')
      await page.getByLabel('Adresse électronique', { exact: true }).fill('pas une adresse')
      await page.getByRole('button', { name: 'Créer le compte et inviter' }).click()
      await page.getByRole('alert').waitFor()
      await check('adherent-adresse-fausse')
      await page.getByLabel('Adresse électronique', { exact: true }).fill('ombeline@barreau.example')
      await page.getByRole('button', { name: 'Créer le compte et inviter' }).click()
      expect(await page.getByRole('status').textContent()).toContain('Le compte est créé.')
      await check('adherent-invite')
      await page.getByRole('link', { name: 'Gérer le compte' }).click()
      await check('adherent-compte')
      await page.goBack()
      for (const tab of ['Historique', 'Transferts', 'Clôtures et documents']) {
        await page
          .getByRole('navigation', { name: 'Rubriques de la fiche' })
          .getByRole('link', { name: tab })
          .click()
        await check(`adherent-${tab.toLowerCase().split(' ')[0]}`)
        await page.goBack()
      }
      await page.goto('/gestion/adherents?numero=80')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Exporter la liste en CSV' }).click(),
      ])
      expect(download.suggestedFilename()).toMatch(/^adherents-.*\.csv$/)
      expect(page.problems()).toEqual([])
      await page.close()
    },
    120_000,
  )
})
