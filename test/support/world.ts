import pg from 'pg'
import { loadDemoWorld } from '../../seeds/demo.ts'
import { openStorage } from '../../src/kernel/files/storage.ts'

/** The cast of the demo, with its content, into a migrated database; the bytes of its files into that folder. */
export async function loadCast(ownerUrl: string, filesDir: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await loadDemoWorld(client, { today: new Date(), storage: await openStorage(`file://${filesDir}`) })
  } finally {
    await client.end()
  }
}
