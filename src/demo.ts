import { DEMO } from './kernel/config.ts'
import { alone } from './kernel/migrate.ts'
import type { Opened } from './start.ts'

interface LogIn {
  organisme: string
  hote: string
  login: string
  role: string
  qui: string
}

/** Prints where the demo is and who can log in: those of the cast, who came first. */
export async function printDemo({ ownerUrl, embedded }: Opened, port: number): Promise<void> {
  const { rows } = await alone(ownerUrl!, (client) =>
    client.query<LogIn>(`
      select o.nom as organisme, app.hote_principal(o.id) as hote, u.login, u.role, trim(u.prenom || ' ' || u.nom) as qui
      from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
      where u.active_le is not null and u.bloque_le is null and (u.parti_le is null or u.parti_le > current_date)
      order by u.cree_le, o.cree_le, array_position(array['adherent', 'cabinet', 'superviseur', 'collaborateur',
        'permanent', 'administrateur'], u.role), u.login limit 30`),
  )
  const width = (key: 'login' | 'role') => Math.max(...rows.map((row) => row[key].length))
  const [wide, roles] = [width('login'), width('role')]
  const lines = ['', 'Parvis, demonstration', '']
  let last = ''
  for (const row of [...rows].sort((a, b) => orderOf(a) - orderOf(b))) {
    if (row.hote !== last) lines.push(`${last ? '\n' : ''}${row.organisme}   http://${row.hote}:${port}`)
    last = row.hote
    lines.push(`  ${row.login.padEnd(wide)}   ${row.role.padEnd(roles)}   ${row.qui}`)
  }
  lines.push(
    '',
    `Password of everybody: ${DEMO.password}`,
    `Mails are caught:      http://localhost:${port}/courriels-demo`,
    ...(embedded?.shared
      ? ['The database is that of another Parvis which runs on this folder, and stops with it.']
      : []),
    'Ctrl-C stops everything; what you did is kept for the next start.',
    '',
  )
  process.stdout.write(`${lines.join('\n')}\n`)

  function orderOf(row: LogIn): number {
    return rows.findIndex((one) => one.hote === row.hote) * 100 + rows.indexOf(row)
  }
}

const EVERY_MS = 3_000

/** The server that we joined stops with the process that started it: then nothing here can go on. */
export function watchSharedDatabase({ services }: Opened, stop: () => void): void {
  let missed = 0
  const look = async () => {
    missed = await services.database.ping().then(
      () => 0,
      () => missed + 1,
    )
    if (missed !== 3) return
    clearInterval(timer)
    process.stderr.write(
      'The Parvis that had started the database has stopped: this one stops too. Start it again.\n',
    )
    stop()
  }
  const timer = setInterval(() => void look(), EVERY_MS)
  timer.unref()
}
