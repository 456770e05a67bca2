import { beforeAll, expect, it } from 'vitest'
import { siretOf } from '../../../seeds/siret.ts'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { type JourneyPage, audit, describeBrowser, noOverflow, screenshot } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

const COMBINATIONS = [1366, 360].flatMap((width) =>
  [true, false].map((javaScript, i) => ({ width: width as 1366 | 360, javaScript, n: width + i })),
)

describeBrowser('a cabinet and its clients, as people', () => {
  let portal: Portal
  let piece: Buffer

  beforeAll(async () => {
    portal = await startPortal()
    piece = await makePdf()
    await portal.owner.query(
      `update adherents set denomination = 'SOCIETE ' || repeat('TRESLONGUE', 9), professions = array[repeat('Metier', 12), 'Autre'],
         courriel = repeat('a', 60) || '@long.example' where numero = '688'`,
    )
  })

  const checker = (page: JourneyPage, width: number) => async (name: string) => {
    if (page.javaScript) expect(await audit(page), name).toEqual([])
    await noOverflow(page)
    await screenshot(page, `${name}-${width}`)
  }

  it.each(COMBINATIONS)(
    'F27 to F56: from the list to the fiche, then changes of the list until the récépissé ($width px, JavaScript $javaScript)',
    async ({ width, javaScript, n }) => {
      const page = await openSignedIn(portal, 'estuaire', 'COL16', { width, javaScript })
      page.setDefaultTimeout(30_000)
      page.expectStatus(422)
      const check = checker(page, width)
      await page.goto('/')
      await check('accueil-cabinet')
      await page.goto('/clients')
      await check('clients')
      await page.getByLabel('ou par nom client').fill('treslongue')
      await page.getByRole('button', { name: 'Rechercher' }).click()
      await page.getByRole('link', { name: /^SOCIETE/ }).click()
      await check('client-fiche')
      await page.getByRole('link', { name: 'Historique des exercices' }).click()
      await check('client-exercices')
      await page.goto('/clients/mises-a-jour')
      await check('mises-a-jour')
      await page.getByRole('link', { name: 'Ajouter un client' }).click()
      await page.getByLabel('Nom ou dénomination').fill(`NOUVEAU Client ${n}`)
      await page.getByLabel('Numéro SIRET').fill('000 000 018 00011')
      await page.getByLabel('Profession').fill('Luthier')
      await page.getByRole('button', { name: 'Ajouter à' }).click()
      expect(await page.getByRole('alert').textContent()).toContain('clé de contrôle')
      await check('client-arrivee-refusee')
      await page.getByLabel('Numéro SIRET').fill(siretOf(5000 + n))
      await page.getByRole('button', { name: 'Ajouter à' }).click()
      expect(await page.getByRole('status').textContent()).toContain('attend dans')
      await page.getByRole('link', { name: 'Coller une liste entière' }).click()
      await page.getByLabel('Lignes à coller').fill('; Un client ; 123 ; Métier')
      await page.getByRole('button', { name: 'Ajouter à' }).click()
      expect(await page.getByRole('alert').textContent()).toContain('Ligne 1')
      await check('client-collage')
      await page.goto('/clients/mises-a-jour')
      await page.getByRole('link', { name: 'Envoyer les mises à jour' }).click()
      await check('mises-a-jour-envoi')
      await page.getByRole('button', { name: 'Envoyer les mises à jour' }).click()
      expect(await page.getByRole('status').textContent()).toContain('Récépissé n°')
      await check('recepisse')
      await page.goto('/messages')
      expect(await page.textContent('main')).toContain('[EXTRANET] Mise à jour liste clients [CNS 1]')
      expect(page.problems()).toEqual([])
      await page.close()
    },
    180_000,
  )

  it.each(COMBINATIONS)(
    'F57 to F62: writes to the organisme with a file, reads the answer, and the list empties ($width px, JavaScript $javaScript)',
    async ({ width, javaScript, n }) => {
      const page = await openSignedIn(portal, 'estuaire', 'CNS1', { width, javaScript })
      page.setDefaultTimeout(30_000)
      const check = checker(page, width)
      await page.goto('/messages')
      await check('messages')
      await page.getByRole('link', { name: 'Nouveau message électronique' }).first().click()
      await check('redaction')
      await page.getByLabel('À', { exact: true }).selectOption({ label: 'Service des dossiers' })
      await page.getByLabel('Objet').fill(`Question ${n}`)
      await page.getByLabel('Message', { exact: true }).fill('Bonjour,\nquand le dossier sera-t-il prêt ?')
      if (javaScript) {
        await page
          .getByLabel('Pièces jointes')
          .setInputFiles({ name: 'programme.exe', mimeType: 'x/y', buffer: piece })
        expect(await page.textContent('#champ-pieces-erreur')).toContain('format accepté')
      }
      await page
        .getByLabel('Pièces jointes')
        .setInputFiles({ name: 'note.pdf', mimeType: 'application/pdf', buffer: piece })
      await page.getByRole('button', { name: 'Envoyer' }).click()
      await page.getByText('note.pdf').first().waitFor()
      await check('fil')
      const agent = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', { width, javaScript })
      agent.setDefaultTimeout(30_000)
      await agent.goto('/gestion/demandes?genre=message')
      await checker(agent, width)('gestion-messages')
      await agent.getByRole('link', { name: `Question ${n}` }).click()
      await agent.getByLabel('Message').fill('Demain.')
      await agent.getByRole('button', { name: 'Envoyer la réponse' }).click()
      expect(await agent.getByRole('status').textContent()).toContain('envoyée')
      await agent.close()
      await page.goto('/a-faire')
      await check('a-faire')
      await page.getByRole('link', { name: `Lire la réponse à votre message : Question ${n}` }).click()
      expect(await page.textContent('main')).toContain('Demain.')
      await page.goto('/a-faire')
      expect(await page.textContent('main')).not.toContain(`Question ${n}`)
      await page.goto('/cabinet')
      await check('cabinet')
      await page.goto('/declarations')
      await check('declarations')
      expect(page.problems()).toEqual([])
      await page.close()
    },
    180_000,
  )

  it('the staff pages of the lists, as a permanent', async () => {
    for (const width of [1366, 360] as const) {
      const agent = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', { width })
      agent.setDefaultTimeout(30_000)
      const check = checker(agent, width)
      await agent.goto('/gestion/demandes?genre=liste-clients')
      await check('gestion-listes')
      await agent
        .getByRole('link', { name: /liste des clients L-/ })
        .first()
        .click()
      await check('gestion-liste')
      await agent.getByRole('button', { name: 'Accepter la liste' }).click()
      expect(await agent.getByRole('status').textContent()).toContain('acceptée')
      expect(agent.problems()).toEqual([])
      await agent.close()
    }
  }, 120_000)
})
