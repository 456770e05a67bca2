import { beforeAll, expect, it } from 'vitest'
import { audit, describeBrowser, noOverflow } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
  // A colleague whose name is wider than a telephone, in every list of those to whom a request is given.
  await portal.owner
    .query(`insert into utilisateurs (organisme_id, login, courriel, nom, prenom, role, active_le)
    select id, 'marie@collegue.example', 'marie@collegue.example', 'De La Rochefoucauld-Montbazon de Saint-Chamond', 'Marie-Antoinette Joséphine',
      'permanent', now() from plateforme.organismes where code = 'estuaire'`)
})

describeBrowser('one inbox of requests', () => {
  it.each([
    [1366, true],
    [360, false],
  ] as const)(
    'a permanent takes a request, asks a precision, gets it, and accepts; then the next (%i px, JavaScript %s)',
    async (width, javaScript) => {
      const solene = await portal.login('estuaire', '657')
      const last = width === 1366 ? '71' : '72'
      const fields = { telephone1: `05 57 00 00 ${last}`, telephone2: '', telephone3: '' }
      await solene.post('/coordonnees/telephones', fields)
      const page = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', { width, javaScript })
      const check = async (what: string) => {
        if (javaScript) expect([what, await audit(page)]).toEqual([what, []])
        expect([what, await noOverflow(page)]).toEqual([what, true])
      }
      await page.goto('/gestion/demandes')
      await check('liste')
      const url = '/gestion/demandes?genre=coordonnees&tri=recentes'
      await page.goto(url)
      await page.getByRole('link', { name: /téléphones de CARRIVEAU/ }).first().click() // prettier-ignore
      await page.getByRole('button', { name: 'Je m’en occupe' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain(
        'Vous vous occupez de cette demande.',
      )
      await page.getByText('Historique').click()
      await check('décision')
      await page.getByRole('link', { name: 'Demander une précision' }).click()
      await page.getByLabel('Votre question').fill('Est-ce votre ligne ?')
      await check('précision')
      await page.getByRole('button', { name: 'Envoyer la question' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('Votre question est partie.')
      await page.goto('/gestion/demandes?etat=precision')
      expect(await page.getByText('Précision demandée').count()).toBeGreaterThan(1)
      await check('en attente de précision')

      const member = await openSignedIn(portal, 'estuaire', '657', { width, javaScript })
      await member.goto('/messages')
      await member.getByRole('link', { name: /Précision demandée/ }).first().click() // prettier-ignore
      expect(await member.textContent('main')).toContain('Est-ce votre ligne ?')
      await member.getByLabel('Message', { exact: true }).fill('Oui, depuis octobre.')
      await member.getByRole('button', { name: 'Envoyer' }).click()
      await member.getByText('Oui, depuis octobre.').waitFor()

      await page.goto(url)
      expect(await page.getByText('Précision reçue').count()).toBe(1)
      await page.getByRole('link', { name: /téléphones de CARRIVEAU/ }).first().click() // prettier-ignore
      await page.getByRole('link', { name: 'Lire la précision reçue' }).click()
      expect(await page.textContent('main')).toContain('Oui, depuis octobre.')
      await page.goBack()
      await page.getByRole('button', { name: 'Accepter la mise à jour' }).click()
      expect(await page.getByRole('status').first().textContent()).toContain('est à jour')
      expect(page.url()).toContain('genre=coordonnees')
      await page.goto('/gestion/demandes?etat=traitees&a=moi')
      expect(await page.getByText('Acceptée').count()).toBeGreaterThan(0)
      await page.goto('/gestion/demandes?etat=toutes&q=carriveau')
      await page.getByRole('link', { name: /de CARRIVEAU/ }).first().click() // prettier-ignore
      await page.getByRole('link', { name: 'Suivante' }).click()
      await page.getByRole('link', { name: 'Retour aux demandes' }).click()
      expect(page.url()).toContain('q=carriveau')
      expect([...page.problems(), ...member.problems()]).toEqual([])
      await Promise.all([page.close(), member.close()])
    },
    60_000,
  )
})
