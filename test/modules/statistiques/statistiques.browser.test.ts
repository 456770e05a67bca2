import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

const HEADER =
  'Profession;Catégorie;Année;Région;Tranche;Poste;Effectif;Part de la plus grande entreprise;Moyenne;Premier quartile;Médiane;Troisième quartile'

describeBrowser('F63: statistics, as staff and as a member', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'a file is tried, confirmed, and read ($width px, JavaScript $javaScript)',
    async (options) => {
      const maud = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', options)
      const profession = `Luthier ${options.width} ${'interprofessionnel'.repeat(4)}`
      const line = (region: string, n: number) =>
        `${profession};BIC;2025;${region};;recettes;${n};9;90000;60000;80000;100000`
      const csv = [
        HEADER,
        line('', 60),
        line('Bretagne', 40),
        line('Corse', 2),
        `${profession};BIC;2025;Gascogne;;recettes;9;9;1;1;1;1`,
      ]
      await maud.goto('/gestion/statistiques')
      await look(maud, 'statistiques-gestion')
      await maud
        .getByLabel('Fichier', { exact: true })
        .setInputFiles({ name: 'luthiers.csv', mimeType: 'text/csv', buffer: Buffer.from(csv.join('\r\n')) })
      await maud.getByRole('button', { name: 'Essayer ce fichier' }).click()
      await maud.getByText('n’est pas une région de France').waitFor()
      await look(maud, 'statistiques-essai')
      await maud.getByRole('button', { name: /Importer et publier 3/ }).click()
      expect(await maud.getByRole('status').first().textContent()).toContain('importées et publiées')

      const solene = await openSignedIn(portal, 'estuaire', '657', options)
      await solene.goto('/statistiques')
      await look(solene, 'statistiques-profession')
      expect(await solene.textContent('main')).toContain('Vous êtes')
      await solene.getByLabel('Profession').selectOption({ label: profession })
      await solene.getByRole('button', { name: 'Afficher' }).click()
      await solene.getByLabel('Territoire').selectOption({ label: 'Corse' })
      await solene.getByRole('button', { name: 'Afficher' }).click()
      expect(await solene.textContent('main')).toContain('secret statistique')
      await look(solene, 'statistiques-secret')
      const [file] = await Promise.all([
        solene.waitForEvent('download'),
        solene.getByRole('link', { name: 'CSV' }).click(),
      ])
      expect(file.suggestedFilename()).toMatch(/^statistiques-.*\.csv$/)
      expect(maud.problems()).toEqual([])
      expect(solene.problems()).toEqual([])
      await maud.close()
      await solene.close()
    },
    60_000,
  )
})
