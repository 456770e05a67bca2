import { beforeAll, expect, it } from 'vitest'
import { DEMO } from '../../../src/kernel/config.ts'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('accounts, « voir comme » and settings, as a person', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'an account is invited, activated and blocked ($width px)',
    { timeout: 60_000 },
    async (at) => {
      const numero = at.javaScript ? '402' : '311'
      const page = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', at)
      page.expectStatus(422)
      await page.goto('/gestion/comptes')
      await look(page, 'reglages-comptes')
      await page.getByRole('link', { name: 'Inviter une personne' }).click()
      await page.getByLabel('Numéro', { exact: true }).fill('999999')
      await page.getByLabel('Adresse électronique').fill(`n${numero}@travail.example`)
      await page.getByRole('button', { name: 'Créer le compte et inviter' }).click()
      await page.getByRole('alert').waitFor()
      await look(page, 'reglages-compte-refuse')
      await page.getByLabel('Numéro', { exact: true }).fill(numero)
      await page.getByRole('button', { name: 'Créer le compte et inviter' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('Le compte est créé')
      await look(page, 'reglages-compte')
      const fiche = page.url()

      const { rows } = await portal.owner.query<{ lien: string }>(
      `select donnees ->> 'lien' as lien from courriels where destinataire = $1`, [`n${numero}@travail.example`]) // prettier-ignore
      const person = await openSignedIn(portal, 'midi', '657', at)
      await person.context().clearCookies()
      await person.goto(new URL(rows[0]!.lien, fiche).href)
      for (const field of await person.locator('input[type=password]').all())
        await field.fill('trois-cormorans-lisent-le-journal')
      await person.locator('main button[type=submit]').first().click()
      await person.getByRole('heading', { level: 1 }).waitFor()
      const { rows: active } = await portal.owner.query(
      'select from utilisateurs where login = $1 and active_le is not null', [numero]) // prettier-ignore
      expect(active).toHaveLength(1)
      await person.close()

      await page.goto(fiche)
      await page.getByRole('link', { name: 'Bloquer le compte' }).click()
      await look(page, 'reglages-compte-blocage')
      await page.getByLabel('Raison').fill('Une demande de son titulaire')
      await page.getByRole('button', { name: 'Bloquer le compte' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('Le compte est bloqué')
      await look(page, 'reglages-compte-bloque')
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )

  it.each(LOOKS)(
    'the portal is seen as a member, with a banner, until « Quitter » ($width px)',
    { timeout: 60_000 },
    async (at) => {
      await portal.owner.query('delete from acces.tentatives')
      const page = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', at)
      page.setDefaultTimeout(30_000)
      page.expectStatus(403)
      await page.goto(`/gestion/comptes/${(await portal.person('estuaire', '657')).id}`)
      await page.getByRole('link', { name: 'Voir le portail comme cette personne' }).click()
      await page.getByLabel('Raison').fill('Elle ne trouve pas son attestation')
      await page.getByLabel('Votre mot de passe').fill(DEMO.password)
      await look(page, 'reglages-voir-comme-demande')
      await page.getByRole('button', { name: 'Voir le portail comme cette personne' }).click()
      await page.getByText('vous voyez le portail comme').waitFor()
      await look(page, 'reglages-voir-comme-accueil')
      await page.goto('/coordonnees')
      expect(await page.getByText('vous voyez le portail comme').count()).toBe(1)
      await page.goto('/profil')
      await page.getByText('Vous regardez le portail à la place de').waitFor()
      await look(page, 'reglages-voir-comme-refus')
      await page.getByRole('button', { name: 'Quitter' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('La vue est terminée')
      await look(page, 'reglages-voir-comme-fin')
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )

  it.each(LOOKS)(
    'every page of the settings and of the staff ($width px)',
    { timeout: 90_000 },
    async (at) => {
      const page = await openSignedIn(portal, 'estuaire', 'admin@estuaire.example', at)
      await page.goto('/gestion/reglages')
      await look(page, 'reglages-liste')
      for (const section of [
        'identite',
        'en-tete',
        'apparence',
        'vocabulaire',
        'modules',
        'destinataires',
        'parametres-legaux',
        'courriels',
        'courriels/courrier-recu/attend',
        'securite',
        'conservation',
        'etat',
      ]) {
        await page.goto(`/gestion/reglages/${section}`)
        await look(page, `reglages-${section.replaceAll('/', '-')}`)
      }
      await page.goto('/gestion/reglages/identite')
      await page.getByLabel('Nom court').fill('OMGA Estuaire')
      await page.getByRole('button', { name: 'Enregistrer' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('L’identité est enregistrée')
      expect(await page.title()).toContain('OMGA Estuaire')
      for (const path of [
        '/gestion/personnel',
        '/gestion/personnel/nouveau',
        `/gestion/personnel/${(await portal.person('estuaire', 'agent@estuaire.example')).id}`,
      ]) {
        await page.goto(path)
        await look(
          page,
          `reglages-personnel-${path.split('/').length}-${path.endsWith('nouveau') ? 'nouveau' : 'page'}`,
        )
      }
      expect(page.problems()).toEqual([])
      await page.close()
    },
  )
})
