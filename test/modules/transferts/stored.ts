import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Portal } from '../../support/portal.ts'

/** All that a transfer leaves: rows, objects, temporary files. Two equal answers: nothing was stored meanwhile. */
export async function stored(portal: Portal): Promise<Record<string, unknown>> {
  const { rows } = await portal.owner.query<Record<string, number>>(`select
    (select count(*)::int from transferts) as transferts,
    (select count(*)::int from transferts_fichiers) as liens,
    (select count(*)::int from fichiers) as fichiers,
    (select count(*)::int from courriels) as courriels`)
  const objects: string[] = []
  for await (const { key } of portal.services.storage.list()) objects.push(key)
  return {
    ...rows[0],
    objects: objects.sort(),
    temp: await readdir(join(portal.services.config.dataDir, 'temp')),
  }
}

/** A page with ordinary spaces, as sentences are typed in the tests. */
export function plain(html: string): string {
  return html.replace(/[\u00a0\u202f]/g, ' ')
}
