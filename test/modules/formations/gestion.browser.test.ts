import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('a session, as staff and as two members', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'programmed, full, a waiting list, attendance, cancelled ($width px, JavaScript $javaScript)',
    async (options) => {
      const open = (login: string) => openSignedIn(portal, 'estuaire', login, options)
      const [maud, solene, ines] = [
        await open('agent@estuaire.example'),
        await open('657'),
        await open('940'),
      ]
      const titre = `Atelier ${options.width} ${'interprofessionnellement'.repeat(3)}`
      await maud.goto('/gestion/formations')
      await look(maud, 'formations-liste')
      await maud.getByRole('link', { name: 'Nouvelle formation' }).click()
      await maud.getByLabel('Titre').fill(titre)
      await maud
        .getByLabel('Jour', { exact: true })
        .fill(new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10))
      await maud.getByLabel('De', { exact: true }).fill('09:30')
      await maud.getByLabel('À', { exact: true }).fill('12:00')
      await maud.getByLabel('Places').fill('1')
      await maud.getByLabel('Lieu').fill('Salle des Pénitents')
      await look(maud, 'formations-formulaire')
      await maud.getByRole('button', { name: 'Publier et ouvrir les inscriptions' }).click()
      await maud.getByText('les inscriptions sont ouvertes').waitFor()
      const id = new URL(maud.url()).pathname.split('/').pop()!

      await solene.goto(`/formations/${id}`)
      await solene.getByRole('button', { name: 'M’inscrire' }).click()
      await ines.goto(`/formations/${id}`)
      await ines.getByRole('button', { name: 'M’inscrire sur la liste d’attente' }).click()
      await ines.getByText('Vous êtes le prochain sur la liste d’attente').waitFor()
      await look(ines, 'formations-attente')
      await maud.goto(`/gestion/formations/${id}`)
      await look(maud, 'formations-fiche')
      await solene.getByRole('button', { name: 'Annuler mon inscription' }).click()
      await ines.goto(`/formations/${id}`)
      await ines.getByText('Votre inscription est enregistrée').waitFor()

      await maud.goto(`/gestion/formations/${id}/emargement`)
      expect(await maud.textContent('main')).toContain('DELMASURE')
      await look(maud, 'formations-emargement')
      const { rows } = await portal.owner.query<{ id: string }>(
        `select f.id from formations f join plateforme.organismes o on o.id = f.organisme_id
       where o.code = 'estuaire' and f.titre = 'Bien commencer avec le portail'`,
      )
      await maud.goto(`/gestion/formations/${rows[0]!.id}`)
      await maud.getByLabel(/^Présent : DELMASURE/).uncheck()
      await maud.getByRole('button', { name: 'Enregistrer les présences' }).click()
      await maud.getByText('Les présences sont relevées').waitFor()
      await look(maud, 'formations-presences')
      await solene.goto(`/formations/${rows[0]!.id}`)
      expect(await solene.getByRole('link', { name: 'Attestation de présence' }).count()).toBe(1)
      await look(solene, 'formations-attestation')

      await maud.goto(`/gestion/formations/${id}`)
      await maud.getByRole('link', { name: 'Annuler la formation…' }).click()
      await maud.getByLabel('Motif').fill('L’intervenante est souffrante.')
      await look(maud, 'formations-annulation')
      await maud.getByRole('button', { name: 'Annuler la formation' }).click()
      await maud.getByText('Un courriel prévient 1 personne').waitFor()
      await ines.goto(`/formations/${id}`)
      await ines.getByText('L’intervenante est souffrante.').waitFor()
      for (const page of [maud, solene, ines]) {
        expect(page.problems()).toEqual([])
        await page.close()
      }
    },
    60_000,
  )
})
