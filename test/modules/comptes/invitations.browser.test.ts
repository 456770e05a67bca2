import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'
import { runTravail } from '../../support/travail.ts'

describeBrowser('inviting all who have no account, as staff', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(LOOKS)(
    'told before who will be left out, followed, and reported ($width px, JavaScript $javaScript)',
    async (options) => {
      await portal.owner.query(`update plateforme.organismes o set quota_comptes = 2 + (select count(*)
        from utilisateurs u where u.organisme_id = o.id and (u.parti_le is null or u.parti_le > current_date))
        where code = 'estuaire'`)
      const maud = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', options)
      await maud.goto('/gestion/comptes/invitations')
      await maud.getByRole('link', { name: 'Tous les inviter' }).click()
      await maud.getByText('Plus de place').waitFor()
      await look(maud, 'invitations-avant')
      await maud.getByRole('button', { name: 'Inviter 2 personnes' }).click()
      await maud.waitForURL(/invitations\/envois\//)
      await look(maud, 'invitations-pendant')
      const id = new URL(maud.url()).pathname.split('/').at(-1)!
      expect((await runTravail(portal, 'estuaire', id)).etat).toBe('termine')
      // The page looks again by itself, with JavaScript and without.
      await maud.getByRole('heading', { name: 'Non invités' }).waitFor()
      await look(maud, 'invitations-apres')
      expect(maud.problems()).toEqual([])
      await maud.close()
    },
    60_000,
  )
})
