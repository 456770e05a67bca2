import { loadConfig } from './kernel/config.ts'
import { openDatabase } from './kernel/db.ts'
import { firstBrokenRow } from './kernel/journal.ts'
import { sql } from './kernel/sql.ts'
import { failToStart } from './lifecycle.ts'
import { openServices } from './start.ts'

const TEN_MINUTES = 600_000

const SENTENCES: Record<string, string> = {
  numero: 'a number is missing before it',
  precedente: 'it does not follow the row before it',
  empreinte: 'its content has been changed',
}

/** Follows the chain of every journal; says which row breaks it first, and then ends with 1. */
async function main(): Promise<void> {
  const opened = await openServices(loadConfig())
  const database = openDatabase({ url: opened.appUrl, max: 1, statementTimeout: TEN_MINUTES })
  let broken = 0
  for (const { id, code } of await database.acces.many<{ id: string; code: string }>(
    sql`select id, code from app.organismes()`,
  )) {
    const rupture = await firstBrokenRow(database.acces, id)
    if (rupture) broken += 1
    process.stdout.write(
      rupture
        ? `${code}: BROKEN at row ${rupture.numero}: ${SENTENCES[rupture.motif] ?? rupture.motif}\n`
        : `${code}: whole\n`,
    )
  }
  await database.close()
  await opened.close()
  process.exit(broken === 0 ? 0 : 1)
}

main().catch(failToStart)
