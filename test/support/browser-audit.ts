import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * Audits the page as shown against WCAG 2.2 AA and good practice, with axe.
 * axe runs in an isolated world: it reads the same document, but the page's content security policy
 * neither stops it nor has to be lifted, so the policy stays under test. Frames are not entered.
 * @returns one line for each element at fault: rule, selector, what to do; empty when all is well
 * @throws when the page was opened with JavaScript off: promises are never kept there, and axe would wait for ever
 */
export async function audit(page: Page & { javaScript?: boolean }): Promise<string[]> {
  if (page.javaScript === false) throw new Error('audit() needs a page that was opened with JavaScript on')
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const options = {
    runOnly: { type: 'tag', values: STANDARD },
    resultTypes: ['violations'],
    iframes: false,
  }
  const run = `${source}\n;axe.run(document, ${JSON.stringify(options)}).then((r) => ({ violations: r.violations }))`
  const { violations } = await evaluateApart<Pick<AxeResults, 'violations'>>(page, run)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const summary = failureSummary
        ?.split('\n')
        .slice(1)
        .map((line) => line.trim()) // drops “Fix any of…:”
      return `${id}: ${target.join(' ')}: ${summary?.filter(Boolean).join('; ')}`
    }),
  )
}

/**
 * Checks that nobody has to scroll sideways at the width of this page (WCAG 1.4.10, reflow).
 * What scrolls inside its own box, such as a wide table, is no fault.
 * @returns true
 * @throws with the outermost elements that stick out, and by how many CSS pixels
 */
export async function noOverflow(page: Page): Promise<true> {
  const offenders = await evaluateApart<string[]>(page, STICKING_OUT)
  if (offenders.length === 0) return true
  throw new Error(`${page.url()} scrolls sideways: ${offenders.join(', ')}`)
}

const STICKING_OUT = `(() => {
  const root = document.documentElement
  const width = root.clientWidth
  if (root.scrollWidth <= width) return []
  const name = (el) => el.localName + (el.id && '#' + el.id) + [...el.classList].map((c) => '.' + c).join('')
  const clipped = (el) => {
    for (let box = el.parentElement; box && box !== document.body && box !== root; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== 'visible') return true
    return false
  }
  const excess = (el) => Math.ceil(el.getBoundingClientRect().right + scrollX - width)
  const out = [...document.body.querySelectorAll('*')].filter((el) => excess(el) > 0 && !clipped(el))
  const outermost = out.filter((el) => !out.includes(el.parentElement))
  const lines = outermost.slice(0, 5).map((el) => name(el) + ' by ' + excess(el) + ' px')
  return lines.length ? lines : ['the document by ' + (root.scrollWidth - width) + ' px (text or a margin)']
})()`

/** Evaluates an expression on the page's document, out of reach of its scripts and of its policy. */
async function evaluateApart<T>(page: Page, expression: string): Promise<T> {
  const devtools = await page.context().newCDPSession(page)
  try {
    const { frameTree } = await devtools.send('Page.getFrameTree')
    const world = await devtools.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id })
    const { result, exceptionDetails } = await devtools.send('Runtime.evaluate', {
      expression,
      contextId: world.executionContextId,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value as T
  } finally {
    await devtools.detach()
  }
}
