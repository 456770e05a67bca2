import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { DEMO } from '../../../src/kernel/config.ts'
import {
  type JourneyPage,
  type Width,
  audit,
  describeBrowser,
  noOverflow,
  openPage,
  screenshot,
} from '../../support/browser.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

describeBrowser('an adhérent fetches the attestation that a permanent published a minute before', () => {
  let portal: Portal
  beforeAll(async () => {
    portal = await startPortal()
    await portal.startWorker()
  })

  async function look(page: JourneyPage, name: string): Promise<void> {
    expect(await noOverflow(page)).toBe(true)
    if (page.javaScript) expect(await audit(page)).toEqual([])
    expect(checkHtml(await page.content())).toEqual([])
    await screenshot(page, name)
  }

  async function enter(page: JourneyPage, statut: string, identifiant: string): Promise<void> {
    await page.goto(statut === 'permanent' ? '/connexion?statut=permanent' : '/connexion')
    if (statut === 'adherent') await page.locator('label[for=champ-statut]').click()
    await page.locator('[name=identifiant]').fill(identifiant)
    await page.locator('[name=motDePasse]').fill(DEMO.password)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.getByRole('button', { name: 'Déconnexion' }).waitFor()
  }

  test.each([
    [1366, true, '12'],
    [360, false, '45'],
    [320, true, '58'],
  ] as [Width, boolean, string][])(
    'F8: at %i px, JavaScript %s',
    { timeout: 120_000 },
    async (width, javaScript, numero) => {
      await giveAccount(portal, numero)
      const open = () => openPage({ baseUrl: portal.url, width, javaScript })

      const staff = await open()
      await enter(staff, 'permanent', 'agent@estuaire.example')
      await staff.goto(`/gestion/adherents?numero=${numero}`)
      await look(staff, `gestion-adherents-${width}`)
      await staff
        .locator(`main a[href^="/gestion/adherents/"]`, { hasText: /[A-Z]{3}/ })
        .first()
        .click()
      await look(staff, `gestion-adherent-${width}`)
      await staff.goto(`${new URL(staff.url()).pathname}/clotures`)
      await look(staff, `gestion-clotures-${width}`)
      await staff.locator('.emissions a', { hasText: 'Attestation' }).first().click()
      await look(staff, `gestion-emission-${width}`)
      await staff.getByRole('button', { name: 'Émettre le document' }).click()
      await look(staff, `gestion-document-${width}`)
      await staff.getByText('un courriel le prévient').waitFor()
      const numeroDuDocument = await staff
        .locator('.fiche-zone', { hasText: 'Numéro' })
        .locator('dd')
        .first()
        .innerText()
      expect(numeroDuDocument).toMatch(/^20\d\d-\d{6}$/)
      expect(staff.problems()).toEqual([])
      await staff.close()

      const member = await open()
      await enter(member, 'adherent', numero)
      await look(member, `accueil-${width}`)
      const line = member.locator('.fichier', { hasText: numeroDuDocument }).first()
      const [download] = await Promise.all([
        member.waitForEvent('download'),
        line.getByRole('link', { name: /Télécharger/ }).click(),
      ])
      const bytes = await readFile(await download.path())
      expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
      await member.goto('/documents')
      await look(member, `documents-${width}`)
      await member.goto('/clotures')
      await look(member, `clotures-${width}`)
      expect(member.problems()).toEqual([])
      await member.close()

      const { rows } = await portal.owner.query<{ acteur: string; action: string }>(
        `select j.acteur, j.action from journal j join documents d on d.id = j.objet_id where d.numero = $1 order by j.numero`,
        [numeroDuDocument],
      )
      expect(rows.map((row) => row.action)).toEqual([
        'document.emis',
        'document.publie',
        'document.telecharge',
      ])
      expect(rows[1]!.acteur).toContain('Maud Lescarret')
      await expect
        .poll(
          async () =>
            (
              await portal.owner.query(
                `select 1 from courriels c join documents d on c.cle like 'document:' || d.id || '%'
               where d.numero = $1 and c.envoye_le is not null`,
                [numeroDuDocument],
              )
            ).rowCount,
          { timeout: 10_000 },
        )
        .toBe(1)
    },
  )
})

/** Only 657 and 940 have a log-in in the demo: the others get one here, with the same password. */
async function giveAccount(portal: Portal, numero: string): Promise<void> {
  await portal.owner.query(
    `with u as (
       insert into utilisateurs (organisme_id, login, courriel, nom, role, adherent_id, active_le)
       select a.organisme_id, a.numero, a.courriel, a.denomination, 'adherent', a.id, now() from adherents a
       join plateforme.organismes o on o.id = a.organisme_id where o.code = 'estuaire' and a.numero = $1
       returning organisme_id, id)
     insert into acces.secrets (organisme_id, utilisateur_id, mot_de_passe, change_le)
     select u.organisme_id, u.id, (select s.mot_de_passe from acces.secrets s join utilisateurs x on x.id = s.utilisateur_id
       where x.login = '657' limit 1), now() from u`,
    [numero],
  )
}
