import { beforeAll, expect, it } from 'vitest'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { LOOKS, audit, describeBrowser, look, noOverflow } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'

describeBrowser('F12: transfert de données, as a person', () => {
  let portal: Portal
  let pdf: Buffer

  beforeAll(async () => {
    portal = await startPortal()
    pdf = await makePdf()
  })

  it.each(LOOKS)(
    'an adhérent is told what is wrong, sends, and keeps the acknowledgement ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const page = await openSignedIn(portal, 'estuaire', '940', { width, javaScript })
      page.expectStatus(422)
      await page.goto('/transferts')
      await look(page, 'transferts')
      await page.getByRole('button', { name: 'Envoyer' }).click()
      await page.getByRole('alert').waitFor()
      expect(await page.textContent('main')).toContain('Choisissez le type de document')

      await page.getByLabel('Type de document').selectOption('Pièces justificatives')
      await page.getByLabel('Message').fill('Les deux factures demandées.')
      const files = page.getByLabel('Fichiers', { exact: true })
      await files.setInputFiles({
        name: 'facture.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('MZ programme'),
      })
      await page.getByRole('button', { name: 'Envoyer' }).click()
      await page.getByRole('link', { name: /n’est pas un vrai PDF/ }).waitFor()
      expect(await page.getByLabel('Message').inputValue()).toBe('Les deux factures demandées.')
      await look(page, 'transferts-faux-pdf')

      const long = `${'Justificatif-de-deplacement-professionnel-'.repeat(3)}.pdf`.slice(-118)
      await files.setInputFiles([
        { name: long, mimeType: 'application/pdf', buffer: pdf },
        { name: 'relevé.csv', mimeType: 'text/csv', buffer: Buffer.from('a;b\n1;2\n') },
      ])
      await page.getByRole('button', { name: 'Envoyer' }).click()
      await page.getByRole('heading', { level: 1, name: /^Accusé de réception T-/ }).waitFor()
      expect(new URL(page.url()).pathname).toMatch(/^\/transferts\/[0-9a-f-]{36}$/)
      expect(await page.getByRole('status').first().textContent()).toContain('Votre envoi est bien arrivé.')
      expect(await page.getByRole('button', { name: 'Imprimer' }).isVisible()).toBe(javaScript)
      await look(page, 'accuse')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Télécharger relevé.csv' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('relevé.csv')
      await page.goto('/transferts')
      await look(page, 'transferts-long')
      expect(page.problems()).toEqual([])
      await page.close()
    },
    60_000,
  )

  it.each(LOOKS)(
    'a permanent finds a transfer and refuses it; the sender reads why ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const solene = await portal.login('estuaire', '657')
      const sent = await solene.upload('/transferts', { genre: 'fec', message: 'Ligne une.\nLigne deux.' }, [
        { field: 'fichiers', name: 'x.csv', content: '1;2\n' },
      ])
      const path = String(sent.headers.location)
      const staff = await openSignedIn(portal, 'estuaire', 'agent@estuaire.example', { width, javaScript })
      staff.expectStatus(422)
      await staff.goto('/gestion/transferts')
      await look(staff, 'gestion-transferts')
      await staff.getByRole('searchbox').fill('carriveau')
      await staff.getByRole('button', { name: 'Rechercher' }).click()
      await staff.getByRole('main').getByRole('link', { name: /^T-/ }).first().click()
      expect(new URL(staff.url()).pathname).toBe(`/gestion${path}`)
      await look(staff, 'gestion-transfert')
      await staff.getByRole('link', { name: 'Refuser…' }).click()
      await staff.getByRole('button', { name: 'Refuser ce transfert' }).click()
      expect(await staff.textContent('main')).toContain('Indiquez le motif du refus.')
      await look(staff, 'gestion-refus')
      await staff.getByLabel('Motif du refus').fill('La seconde page manque.\nRenvoyez le tout.')
      await staff.getByRole('button', { name: 'Refuser ce transfert' }).click()
      expect(await staff.getByRole('status').textContent()).toContain('est refusé')
      await look(staff, 'gestion-refuse')
      const page = await openSignedIn(portal, 'estuaire', '657', { width, javaScript })
      await page.goto(path)
      expect(await page.textContent('main')).toContain('La seconde page manque.')
      await look(page, 'accuse-refuse')
      expect([...page.problems(), ...staff.problems()]).toEqual([])
      await page.close()
      await staff.close()
    },
    60_000,
  )

  it('with JavaScript, says at once that a file will not be taken, before anything leaves', async () => {
    const page = await openSignedIn(portal, 'estuaire', '657', {})
    let posts = 0
    page.on('request', (request) => void (posts += request.method() === 'POST' ? 1 : 0))
    await page.goto('/transferts')
    await page.getByLabel('Type de document').selectOption('Balance')
    await page
      .getByLabel('Fichiers', { exact: true })
      .setInputFiles({ name: 'jeu.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') })
    expect(await page.textContent('main')).toContain('n’est pas d’un format accepté')
    await page.getByRole('button', { name: 'Envoyer' }).click()
    expect(posts).toBe(0)
    expect(await audit(page)).toEqual([])
    await page.close()
  })

  it('with JavaScript, shows how far a large file is', async () => {
    const page = await openSignedIn(portal, 'estuaire', '657', {})
    const devtools = await page.context().newCDPSession(page)
    await page.goto('/transferts')
    await page.getByLabel('Type de document').selectOption('Balance')
    await page
      .getByLabel('Fichiers', { exact: true })
      .setInputFiles({ name: 'gros.csv', mimeType: 'text/csv', buffer: Buffer.alloc(3_000_000, '1;2\n') })
    const speed = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 1_500_000 }
    await devtools.send('Network.emulateNetworkConditions', speed)
    await page.getByRole('button', { name: 'Envoyer' }).click()
    const bar = page.getByRole('progressbar', { name: 'Envoi du fichier' })
    await bar.waitFor()
    expect(await page.getByRole('button', { name: 'Envoyer' }).isDisabled()).toBe(true)
    await noOverflow(page)
    await page.getByRole('heading', { level: 1, name: /^Accusé de réception T-/ }).waitFor()
    expect(page.problems()).toEqual([])
    await page.close()
  })
})
