import { parseArgs } from 'node:util'
import { z } from 'zod'
import { inviteByMail } from './kernel/auth/activation.ts'
import { ConfigError, loadConfig } from './kernel/config.ts'
import { alone } from './kernel/migrate.ts'
import { MODULES_OGA } from './kernel/modules.ts'
import { failToStart } from './lifecycle.ts'
import { creation } from './modules/plateforme/forms.ts'
import { openServices } from './start.ts'

const USAGE = `npm run organisme -- create --code <code> --name <name> --host <host>
    --email <address> --first-name <first name> --last-name <last name>
    [--short-name <name>] [--kind oga|editeur|ordre|plateforme] [--modules ${MODULES_OGA.slice(0, 3).join(',')},…]

Creates an organisme and its first administrateur (with --kind plateforme: the platform and its operator), who is mailed
a link to choose a password. Needs DATABASE_URL and DATABASE_OWNER_URL; the mail leaves when the worker runs.
`

/** What the command takes, by the rules of the operator's own form. @throws ConfigError with a line per fault */
function read(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: Object.fromEntries(
      ['code', 'name', 'host', 'email', 'first-name', 'last-name', 'short-name', 'kind', 'modules'].map(
        (name) => [name, { type: 'string' as const }],
      ),
    ),
  })
  if (positionals[0] !== 'create' || positionals.length > 1) throw new ConfigError(USAGE)
  const text = values as Record<string, string | undefined>
  const { kind = 'oga' } = text
  const parsed = creation.extend({ nature: z.enum(['oga', 'editeur', 'ordre', 'plateforme']) }).safeParse({
    code: text.code,
    nature: kind,
    nom: text.name,
    sigle: text['short-name'] ?? text.name,
    hote: text.host,
    modules: kind === 'plateforme' ? [] : (text.modules?.split(',') ?? MODULES_OGA),
    adminCourriel: text.email,
    adminPrenom: text['first-name'],
    adminNom: text['last-name'],
    quotaGo: '',
    quotaComptes: '',
  })
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError([...faults, '', USAGE].join('\n'))
  }
  return parsed.data
}

async function main(): Promise<void> {
  const o = read(process.argv.slice(2))
  const opened = await openServices(loadConfig())
  const { ownerUrl, services } = opened
  if (!ownerUrl) throw new ConfigError('DATABASE_OWNER_URL: needed to create an organisme')
  const created = await alone(ownerUrl, async (client) => {
    const { rows } = await client.query<{ organisme: string; administrateur: string }>(
      'select organisme, administrateur from app.creer_organisme($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [o.code, o.nature, o.nom, o.sigle, o.hote, o.modules, o.adminCourriel, o.adminPrenom, o.adminNom],
    )
    return rows[0]!
  }).catch((error: unknown) => {
    const { constraint } = error as { constraint?: string }
    if (constraint === 'organismes_code_key') throw new ConfigError(`code: ${o.code} is taken`)
    if (constraint === 'hotes_pkey') throw new ConfigError(`host: ${o.hote} is taken`)
    throw error
  })
  await services.database.inOrganisme({ organismeId: created.organisme, role: 'systeme' }, (db) =>
    inviteByMail(db, created.administrateur),
  )
  process.stdout.write(
    `${o.code}: created, at ${o.hote}. A link to open the account goes to ${o.adminCourriel}.\n`,
  )
  await opened.close()
  process.exit(0)
}

main().catch(failToStart)
