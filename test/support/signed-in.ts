import { type JourneyPage, type PageOptions, openPage } from './browser.ts'
import { type Portal, hostOf } from './portal.ts'

/** A page of that person, logged in without going through the form. */
export async function openSignedIn(
  portal: Portal,
  organisme: string,
  login: string,
  options: Omit<PageOptions, 'baseUrl'>,
): Promise<JourneyPage> {
  const baseUrl = `http://${hostOf(organisme)}:${portal.port}`
  const page = await openPage({ ...options, baseUrl })
  const { cookies } = await portal.login(organisme, login)
  await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: baseUrl })))
  return page
}
