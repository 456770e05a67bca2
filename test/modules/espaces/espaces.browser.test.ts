import { beforeAll, expect, it } from 'vitest'
import { guidePdf } from '../../../seeds/espaces-papier.ts'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('F65 to F67: the documents spaces, as two people', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
    await portal.startWorker()
  })

  it.each(LOOKS)(
    'a folder, a file, a move, a new version, a search ($width px, JavaScript $javaScript)',
    async (options) => {
      const maud = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', options)
      const nom = `Campagne ${options.width} ${'interprofessionnellement'.repeat(3)}`
      await maud.goto('/gestion/espaces')
      await look(maud, 'espaces-gestion')
      await maud.getByRole('link', { name: 'Ajouter un dossier' }).first().click()
      await look(maud, 'espaces-dossier')
      await maud.getByLabel('Titre').fill(nom)
      await maud.getByLabel('Cabinets', { exact: true }).uncheck()
      await maud.getByRole('button', { name: 'Ajouter ce dossier' }).click()
      expect(await maud.getByRole('status').first().textContent()).toContain('est ajouté')
      await maud.getByRole('link', { name: nom, exact: true }).click()
      await look(maud, 'espaces-vide')
      await maud.getByRole('link', { name: 'Ajouter un fichier' }).first().click()
      await maud.getByLabel('Titre').fill(`Notice ${options.width}`)
      const mot = options.javaScript ? 'tramontane' : 'sirocco'
      const { bytes } = await guidePdf({ nom: 'OGA', couleur: '#1f5c7a' }, '2026-01-01', {
      titre: 'Notice', sousTitre: 'Essai', parties: [['Vents', [`Le mot ${mot} s’y trouve.`]]] }) // prettier-ignore
      await maud
        .getByLabel('Fichier', { exact: true })
        .setInputFiles({ name: 'notice.pdf', mimeType: 'application/pdf', buffer: bytes })
      await maud.getByRole('button', { name: 'Ajouter ce fichier' }).click()
      await maud.getByRole('link', { name: `Notice ${options.width}`, exact: true }).waitFor()
      await look(maud, 'espaces-dossier-plein')
      await maud.getByRole('link', { name: `Notice ${options.width}`, exact: true }).click()
      await maud
        .getByLabel('Déposer une nouvelle version')
        .setInputFiles({ name: 'v2.pdf', mimeType: 'application/pdf', buffer: bytes })
      await maud.getByRole('button', { name: 'Mettre cette version en vigueur' }).click()
      await maud.getByText('La version 2 est en vigueur').waitFor()
      await look(maud, 'espaces-fiche')

      await maud.goto('/gestion/espaces')
      if (options.javaScript) {
        const row = (name: string | RegExp) => maud.locator('tr[data-element]').filter({ hasText: name })
        await row(nom).dragTo(row('Aides'))
      } else {
        await maud.getByRole('link', { name: `Déplacer… : ${nom}` }).click()
        await look(maud, 'espaces-deplacement')
        await maud.getByLabel('Dans le dossier').selectOption({ label: 'Aides' })
        await maud.getByRole('button', { name: 'Déplacer' }).click()
      }
      await maud.getByRole('heading', { level: 1, name: 'Aides' }).waitFor()
      expect(await maud.getByRole('link', { name: nom, exact: true }).count()).toBe(1)

      const solene = await openSignedIn(portal, 'estuaire', '657', options)
      await solene.goto('/espaces')
      await solene.getByRole('link', { name: /Tout (dé|re)plier/ }).click()
      await look(solene, 'espaces-arbre')
      for (let tries = 0; ; tries++) {
        await solene.goto(`/espaces?q=${mot}`)
        if ((await solene.getByText('1 résultat').count()) > 0 || tries > 40) break
        await solene.waitForTimeout(250)
      }
      expect(await solene.locator('mark').first().textContent()).toBe(mot)
      expect(await solene.textContent('main')).toContain(`Aides › ${nom}`)
      await look(solene, 'espaces-recherche')
      await solene.getByRole('link', { name: 'Effacer' }).click()
      await solene.getByRole('searchbox').fill('zzzz')
      await solene.getByRole('button', { name: 'Rechercher' }).click()
      await solene.getByText('Aucun document ne correspond').waitFor()
      await look(solene, 'espaces-rien')
      expect(maud.problems()).toEqual([])
      expect(solene.problems()).toEqual([])
      await maud.close()
      await solene.close()
    },
    60_000,
  )
})
