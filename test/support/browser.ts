import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { BrowserUnavailable, startChromium } from './browser-chromium.ts'
import { audit, noOverflow } from './browser-audit.ts'
import { collectProblems, type Problems } from './browser-problems.ts'

export { audit, noOverflow }

/** The widths that we promise, in CSS pixels: a desk, a telephone, the least that WCAG 1.4.10 allows. */
const HEIGHTS = { 1366: 900, 360: 800, 320: 700 }
export const WIDTHS = [1366, 360, 320] as const
export type Width = (typeof WIDTHS)[number]

export type JourneyPage = Page & Problems & { javaScript: boolean }

export interface PageOptions {
  /** Where `page.goto('/…')` leads, such as `http://midi.localhost:4101`; names of `.localhost` are this machine. */
  baseUrl: string
  width?: Width
  /** Off: scripts do not run. Clicks, forms, screenshots and `noOverflow` work, `audit` does not. */
  javaScript?: boolean
  /** Further host names that the pages may call; any other is reported as a problem. */
  hosts?: string[]
}

let browser: Promise<Browser> | undefined
let suites = 0

/**
 * The browser of this test process, started at the first call.
 * @throws BrowserUnavailable when no Chromium can be started
 */
export function launchBrowser(): Promise<Browser> {
  browser ??= startChromium()
  return browser
}

/** Whether a browser starts here; under CI (`CI=true`) its absence throws, so that nothing is skipped there. */
export async function browserAvailable(): Promise<boolean> {
  try {
    await launchBrowser()
    return true
  } catch (error) {
    if (process.env.CI === 'true' || !(error instanceof BrowserUnavailable)) throw error
    return false
  }
}

// Asked once, while tests are collected, because describe() decides at once whether to skip.
const available = await browserAvailable().catch((error: unknown) => error as Error)

/** A suite that needs a browser: without one it fails under CI, and is skipped elsewhere with a sentence. */
export function describeBrowser(name: string, suite: () => void): void {
  if (available instanceof Error) {
    describe(name, () => {
      it('starts a browser', () => {
        throw available
      })
    })
    return
  }
  if (!available) {
    console.warn(`Skipped, because no Chromium could be started on this machine: ${name}`)
    describe.skip(name, suite)
    return
  }
  suites += 1
  describe(name, () => {
    suite()
    afterAll(async () => {
      suites -= 1
      if (suites > 0) return
      await (await browser)?.close()
      browser = undefined
    })
  })
}

/**
 * Opens an empty page in a fresh session (no cookies), in French, on Paris time, without animations.
 * Close it with `page.close()`; what is left open closes with the suite.
 */
export async function openPage({
  baseUrl,
  width = 1366,
  javaScript = true,
  hosts = [],
}: PageOptions): Promise<JourneyPage> {
  const context = await (
    await launchBrowser()
  ).newContext({
    baseURL: baseUrl,
    viewport: { width, height: HEIGHTS[width] },
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
    javaScriptEnabled: javaScript,
  })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  page.once('close', () => void context.close().catch(() => undefined))
  const problems = await collectProblems(context, page, [new URL(baseUrl).hostname, ...hosts])
  return Object.assign(page, problems, { javaScript })
}

/** Writes the whole page to `var/captures/<name>.png`, only when `CAPTURES=1`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.CAPTURES !== '1') return
  const folder = join(import.meta.dirname, '..', '..', 'var', 'captures')
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** Every page wide and narrow, with JavaScript and without, in two journeys; the longest journeys take all four. */
export const LOOKS = [
  { width: 1366, javaScript: true },
  { width: 360, javaScript: false },
] as const

/** A page as its readers get it: accessible, nothing sticks out; its picture is kept. */
export async function look(page: JourneyPage, name: string): Promise<void> {
  if (page.javaScript) expect([name, ...(await audit(page))]).toEqual([name])
  await noOverflow(page)
  await screenshot(page, `${name}-${page.viewportSize()!.width}${page.javaScript ? '' : '-sans-js'}`)
}
