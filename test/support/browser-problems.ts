import type { BrowserContext, Page } from 'playwright-core'

export interface Problems {
  /** What went wrong since the page was opened, in order; empty for a clean journey. */
  problems(): string[]
  /** Answers of these statuses are wanted by this journey and are no problems. */
  expectStatus(...statuses: number[]): void
}

/**
 * Listens to everything that a visitor's console would show: script errors, refusals by the content
 * security policy, answers of 400 and more, requests that fail, and requests to a foreign host.
 * @param hosts host names that the pages may call; names under `.localhost` always may
 */
export async function collectProblems(
  context: BrowserContext,
  page: Page,
  hosts: string[],
): Promise<Problems> {
  const found: { line: string; status?: number }[] = []
  const expected = new Set<number>()
  const note = (line: string, status?: number) => {
    if (!found.some((known) => known.line === line)) found.push(status ? { line, status } : { line })
  }

  context.on('console', (message) => {
    // A failed answer is told below, with its method and address.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return
    note(`console: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => note(`script: ${error.error().message}`))
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    const local = hostname.endsWith('.localhost') || hosts.includes(hostname)
    if (protocol.startsWith('http') && !local) note(`foreign host: ${request.url()}`)
  })
  context.on('response', (response) => {
    const status = response.status()
    if (status >= 400) note(`answer: ${status} ${response.request().method()} ${response.url()}`, status)
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed'
    // A download, or a page left before its pictures came, is aborted without anybody's fault.
    if (reason !== 'net::ERR_ABORTED') note(`request: ${reason} ${request.method()} ${request.url()}`)
  })
  await collectPolicyRefusals(context, page, note)

  return {
    problems: () => found.filter(({ status }) => !status || !expected.has(status)).map(({ line }) => line),
    expectStatus: (...wanted) => wanted.forEach((status) => expected.add(status)),
  }
}

// The browser's own list of issues names the directive, and needs no script in the page as the
// `securitypolicyviolation` event does: it also works where JavaScript is off.
async function collectPolicyRefusals(context: BrowserContext, page: Page, note: (line: string) => void) {
  const devtools = await context.newCDPSession(page)
  devtools.on('Audits.issueAdded', ({ issue }) => {
    const refusal = issue.details.contentSecurityPolicyIssueDetails
    if (!refusal) return
    const what = refusal.blockedURL ?? refusal.contentSecurityPolicyViolationType
    note(
      `csp: ${refusal.violatedDirective} refused ${what} on ${refusal.sourceCodeLocation?.url ?? page.url()}`,
    )
  })
  await devtools.send('Audits.enable')
}
