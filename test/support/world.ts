import pg from 'pg'
import { loadDemoWorld } from '../../seeds/demo.ts'

/** The cast of the demo, with its content, into a migrated database. */
export async function loadCast(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await loadDemoWorld(client, { today: new Date() })
  } finally {
    await client.end()
  }
}
