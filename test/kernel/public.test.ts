import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Response } from 'express'
import multer from 'multer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { assetUrl, assets } from '../../src/kernel/assets.ts'
import { themeCss } from '../../src/kernel/theme.ts'
import { createViews } from '../../src/kernel/views.ts'
import {
  type JourneyPage,
  WIDTHS,
  audit,
  describeBrowser,
  noOverflow,
  openPage,
  screenshot,
} from '../support/browser.ts'
import { REFUSED, sample } from './views/sample.ts'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'"
const LONG =
  'SELARL des infirmières et infirmiers associés du centre hospitalier intercommunal du Haut-Estuaire'
const views = createViews({ viewsDir: ['views', 'test/kernel/views'], assetUrl })
const received: string[] = []
let notices = 0
let server: Server
let baseUrl: string

const show = (res: Response, name: string, changes: Record<string, unknown> = {}, texte = 'Cabinet Roux') => {
  const page = sample(texte, { notice: undefined, ...changes })
  const organisme = { ...(page.organisme as object), couleurCss: '/theme.css' }
  res.setHeader('Content-Security-Policy', POLICY)
  res.type('html').send(views.render(name, { ...page, organisme }))
}

beforeAll(() => {
  const app = express()
  app.use('/public', assets())
  app.get('/theme.css', (_req, res) => void res.type('css').send(themeCss('#7a1f5c')))
  app.get('/page', (_req, res) => show(res, 'page'))
  app.get('/longue', (_req, res) => show(res, 'page', {}, LONG))
  app.get('/refusee', (_req, res) => show(res, 'page', REFUSED))
  app.get('/visiteur', (_req, res) => show(res, 'visiteur', { user: null }))
  app.get('/envoi', (_req, res) => show(res, 'envoi'))
  app.post('/envoi', multer().single('fichier'), (req, res) => {
    const { objet } = req.body as { objet: string }
    received.push(`${objet}: ${req.file?.originalname}, ${req.file?.size}`)
    if (objet === '') {
      res.status(422)
      return show(res, 'envoi', {
        errors: { resume: null, champs: [{ champ: 'objet', message: 'Indiquez un objet' }] },
      })
    }
    notices = 1
    res.redirect(303, '/envois')
  })
  // As in the kernel: a notice is shown once, to the first who asks.
  app.get('/envois', (_req, res) => {
    show(res, 'visiteur', notices-- > 0 ? { notice: { genre: 'succes', texte: 'Fichier bien reçu' } } : {})
  })
  server = app.listen(0)
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const pdf = (size: number, name = 'bilan.pdf') => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.alloc(size, 1),
})
const focused = (page: JourneyPage) => page.evaluate<string>('document.activeElement.id')

describeBrowser('pages in a browser', () => {
  it.each(WIDTHS)(
    'are accessible, in light and in dark, and never scroll sideways at %d px',
    async (width) => {
      const page = await openPage({ baseUrl, width })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        for (const path of ['/page', '/longue', '/refusee', '/visiteur', '/envoi']) {
          await page.goto(path)
          expect(await audit(page), `${path} ${colorScheme}`).toEqual([])
          expect(await noOverflow(page)).toBe(true)
          await screenshot(page, `kernel-${path.slice(1)}-${width}-${colorScheme}`)
        }
      }
      expect(page.problems()).toEqual([])
      await page.close()
    },
    120_000,
  )

  it('open the menu of a telephone by a button, and close it with Escape', async () => {
    const page = await openPage({ baseUrl, width: 360 })
    await page.goto('/page')
    const button = page.getByRole('button', { name: 'Menu' })
    const menu = page.getByRole('navigation', { name: 'Menu principal' })
    expect(await menu.isVisible()).toBe(false)
    await button.click()
    expect(await button.getAttribute('aria-expanded')).toBe('true')
    expect(await menu.isVisible()).toBe(true)
    await menu.getByRole('link', { name: 'Page d’accueil' }).press('Escape')
    expect(await menu.isVisible()).toBe(false)
    expect(await button.getAttribute('aria-expanded')).toBe('false')
    await page.close()
  })

  it('open it without JavaScript too', async () => {
    const page = await openPage({ baseUrl, width: 360, javaScript: false })
    await page.goto('/page')
    const menu = page.getByRole('navigation', { name: 'Menu principal' })
    expect(await menu.isVisible()).toBe(false)
    await page.getByRole('link', { name: 'Menu', exact: true }).click()
    expect(await menu.isVisible()).toBe(true)
    await page.getByRole('link', { name: 'Fermer le menu' }).click()
    expect(await menu.isVisible()).toBe(false)
    await page.close()
  })

  it('give the focus to the summary of errors, whose links go to the fields', async () => {
    const page = await openPage({ baseUrl })
    await page.goto('/refusee')
    expect(await page.evaluate('document.activeElement.hasAttribute("data-focus")')).toBe(true)
    await page.getByRole('link', { name: 'Saisissez un numéro SIRET' }).click()
    expect(await focused(page)).toBe('champ-siret')
    await page.getByRole('link', { name: 'Choisissez qui vous êtes' }).click()
    expect(await focused(page)).toBe('champ-statut')
    await page.close()
  })

  it('show how far an upload is, then the page that answers, with its notice', async () => {
    const page = await openPage({ baseUrl })
    await page.goto('/envoi')
    await page.getByLabel('Objet').fill('Bilan')
    await page.getByLabel('Fichier').setInputFiles(pdf(900_000))
    const network = await page.context().newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 10,
      downloadThroughput: 5e6,
      uploadThroughput: 300_000,
    })
    await page.getByRole('button', { name: 'Envoyer le fichier' }).click()
    await page.getByText(/^\d+\s% · .+ sur 8\d\d\sKo · encore /).waitFor()
    expect(await page.getByRole('button', { name: 'Envoyer le fichier' }).isDisabled()).toBe(true)
    expect(Number(await page.getByRole('progressbar').getAttribute('value'))).toBeGreaterThan(0)
    await page.getByText('Fichier bien reçu').waitFor()
    expect(new URL(page.url()).pathname).toBe('/envois')
    expect(received.at(-1)).toBe('Bilan: bilan.pdf, 900000')
    expect(await page.title()).toContain('Se connecter')
    expect(await focused(page)).toBe('contenu')
    expect(page.problems()).toEqual([])
    await page.close()
  })

  it('show a refused upload as the form again, where the summary takes the focus', async () => {
    const page = await openPage({ baseUrl })
    await page.goto('/envoi')
    await page.getByLabel('Fichier').setInputFiles(pdf(1000))
    await page.getByRole('button', { name: 'Envoyer le fichier' }).click()
    await page.getByRole('link', { name: 'Indiquez un objet' }).click()
    expect(await focused(page)).toBe('champ-objet')
    await page.getByLabel('Objet').fill('Encore')
    await page.getByLabel('Fichier').setInputFiles(pdf(1000))
    await page.getByRole('button', { name: 'Envoyer le fichier' }).click()
    await page.getByText('Fichier bien reçu').waitFor()
    await page.close()
  })

  it.each([
    [pdf(1_100_000), '« bilan.pdf » pèse 1,05 Mo : le maximum est de 1 Mo.'],
    [pdf(10, 'bilan.exe'), '« bilan.exe » n’est pas d’un format accepté (pdf, png).'],
    [pdf(10, 'sans-extension'), '« sans-extension » n’est pas d’un format accepté (pdf, png).'],
    [pdf(0), '« bilan.pdf » est vide.'],
  ])('say at once, beside the field, what is wrong with a file', async (file, sentence) => {
    const page = await openPage({ baseUrl })
    await page.goto('/envoi')
    const before = received.length
    await page.getByLabel('Fichier').setInputFiles(file)
    await page.getByRole('button', { name: 'Envoyer le fichier' }).click()
    const said = await page.locator('#champ-fichier-erreur').innerText()
    expect(said.replace(/\s+/g, ' ')).toBe(`Erreur : ${sentence}`)
    expect(await focused(page)).toBe('champ-fichier')
    expect(received.length).toBe(before)
    await page.getByLabel('Fichier').setInputFiles(pdf(10))
    expect(await page.locator('#champ-fichier-erreur').isVisible()).toBe(false)
    await page.close()
  })

  it('keep the form when the connection is lost, and say so', async () => {
    const page = await openPage({ baseUrl })
    await page.goto('/envoi')
    await page.getByLabel('Objet').fill('Bilan')
    await page.getByLabel('Fichier').setInputFiles(pdf(1000))
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Envoyer le fichier' }).click()
    await page.getByText('L’envoi a été interrompu').waitFor()
    expect(await page.getByLabel('Objet').inputValue()).toBe('Bilan')
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Envoyer le fichier' }).click()
    await page.getByText('Fichier bien reçu').waitFor()
    await page.close()
  })

  it('send a file without JavaScript, as an ordinary form', async () => {
    const page = await openPage({ baseUrl, javaScript: false })
    await page.goto('/envoi')
    await page.getByLabel('Objet').fill('Sans script')
    await page.getByLabel('Fichier').setInputFiles(pdf(1000))
    await page.getByRole('button', { name: 'Envoyer le fichier' }).click()
    await page.getByText('Fichier bien reçu').waitFor()
    expect(received.at(-1)).toBe('Sans script: bilan.pdf, 1000')
    await page.close()
  })
})
