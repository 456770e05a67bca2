/** The same database as the restricted role, with which the web process logs in. */
export function appUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl)
  url.username = 'parvis_app'
  url.password = 'test'
  return url.href
}

export function onDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
