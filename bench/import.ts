import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { writeWorkbook } from '../src/kernel/tableur/write-workbook.ts'
import { fingerprint } from '../src/kernel/session.ts'
import { readFile } from 'node:fs/promises'
import { startServer } from './process.ts'
import { SESSION_SECRET, signed } from './session.ts'
import { startCluster } from './world.ts'

/*
 * What an import of so many adhérents costs, from the file to the report: a CSV of new ones, the same again as a workbook,
 * and a CSV that changes half of them. Through HTTP, with the worker in the same process, as a small organisme runs it.
 */

const MAIN = join(import.meta.dirname, '../src/server.ts')

interface Row {
  numero: number
  nom: string
  siret: string
  cp: string
  ville: string
  telephone: string
  courriel: string
  adhesion: string
}

const TITLES = [
  'N°',
  'Nom ou dénomination',
  'SIRET',
  'Code postal',
  'Commune',
  'Téléphone',
  'Courriel',
  'Date d’adhésion',
]

function rowsOf(count: number, changed: boolean): Row[] {
  return Array.from({ length: count }, (_, i): Row => ({
    numero: 1_000_000 + i,
    nom: `ADHERENT D’ESSAI ${i}`,
    siret: '00000001800010',
    cp: '33500',
    ville: changed && i % 2 === 0 ? 'BERGERAC' : 'LIBOURNE',
    telephone: `05 57 ${String(i % 100).padStart(2, '0')} 00 11`,
    courriel: `essai${i}@import.example`,
    adhesion: '01/02/2020',
  }))
}

const csv = (rows: Row[]) =>
  Buffer.from(
    [TITLES, ...rows.map((row) => Object.values(row).map(String))]
      .map((cells) => cells.join(';'))
      .join('\r\n'),
  )

async function xlsx(folder: string, rows: Row[]): Promise<Buffer> {
  const path = join(folder, 'import.xlsx')
  const keys = Object.keys(rows[0]!) as (keyof Row)[]
  const columns = keys.map((key, at) => ({ titre: TITLES[at]!, valeur: (row: Row) => row[key] }))
  const batches = async function* () {
    for (let at = 0; at < rows.length; at += 1000) yield await Promise.resolve(rows.slice(at, at + 1000))
  }
  await writeWorkbook(path, 'Adhérents', columns, batches())
  return readFile(path)
}

/** Prints the seconds of the trial and of the import, and the most memory that the process took. */
export async function benchImport(count: number): Promise<void> {
  const cluster = await startCluster()
  try {
    const { appUrl, ownerUrl, owner } = await cluster.database(100)
    const server = await startServer(MAIN, ['--max-semi-space-size=32'], {
      NODE_ENV: 'development',
      DATABASE_URL: appUrl,
      DATABASE_OWNER_URL: ownerUrl,
      SESSION_SECRETS: SESSION_SECRET,
      STORAGE_URL: cluster.storageUrl,
      DATA_DIR: cluster.folder,
      LOG_LEVEL: 'error',
    })
    try {
      const browser = await logIn(owner, server.port)
      let peak = 0
      const watch = setInterval(
        () => void server.usage().then(({ memory }) => (peak = Math.max(peak, memory))),
        100,
      )
      for (const [name, file, content] of [
        [`${count} new, CSV`, 'a.csv', csv(rowsOf(count, false))],
        [`${count} unchanged, XLSX`, 'a.xlsx', await xlsx(cluster.folder, rowsOf(count, false))],
        [`${count / 2} changed, CSV`, 'b.csv', csv(rowsOf(count, true))],
      ] as const) {
        peak = 0
        const figures = await importOnce(owner, browser, file, content)
        process.stdout.write(
          `${name} (${Math.round(content.length / 1024)} KB): trial ${figures.trial.toFixed(1)} s, import ${figures.apply?.toFixed(1) ?? '–'} s, ` +
            `${JSON.stringify(figures.comptes)}, at most ${Math.round(peak / 1024 / 1024)} MB\n`,
        )
      }
      clearInterval(watch)
    } finally {
      await server.stop()
    }
  } finally {
    await cluster.stop()
  }
}

interface Browser {
  post(path: string, body: URLSearchParams | FormData): Promise<string>
}

export async function logIn(owner: pg.Client, port: number): Promise<Browser> {
  const { rows } = await owner.query<{ id: string; organisme_id: string }>(
    `select u.id, u.organisme_id from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
     where o.code = 'estuaire' and u.login = 'agent@estuaire.example'`,
  )
  const sid = randomBytes(24).toString('base64url')
  const token = randomBytes(32).toString('hex')
  await owner.query(
    `insert into acces.sessions (empreinte, organisme_id, utilisateur_id, donnees, expire_le, fin_le)
     values ($1, $2, $3, $4, now() + interval '1 hour', now() + interval '12 hours')`,
    [fingerprint(sid), rows[0]!.organisme_id, rows[0]!.id,
      { cookie: { path: '/', httpOnly: true }, passport: { user: rows[0]!.id }, csrfToken: token }],
  ) // prettier-ignore
  return {
    async post(path, body) {
      const form = body instanceof FormData ? new FormData() : new URLSearchParams()
      form.append('_csrf', token)
      for (const [name, value] of body) form.append(name, value as never)
      const url = `http://localhost:${port}`
      const answer = await fetch(url + path, {
        method: 'POST',
        body: form,
        redirect: 'manual',
        headers: { cookie: `sid=${encodeURIComponent(signed(sid))}`, origin: url },
      })
      if (answer.status !== 303) throw new Error(`${path}: ${answer.status}`)
      return answer.headers.get('location')!
    },
  }
}

async function importOnce(owner: pg.Client, browser: Browser, name: string, content: Buffer) {
  const form = new FormData()
  form.append('genre', 'adherents')
  form.append('fichier', new Blob([new Uint8Array(content)]), name)
  const path = await browser.post('/gestion/imports', form)
  const id = path.split('/').at(-1)!
  const champs = [
    'numero',
    'denomination',
    'siret',
    'code_postal',
    'ville',
    'telephone',
    'courriel',
    'adhesion_le',
  ]
  let from = performance.now()
  await browser.post(
    `${path}/colonnes`,
    new URLSearchParams(champs.map((champ, at): [string, string] => [`col_${at}`, champ])),
  )
  const comptes = await reach(owner, id, 'pret')
  const trial = (performance.now() - from) / 1000
  if (!comptes.nouveau && !comptes.modifie) return { comptes, trial, apply: undefined }
  from = performance.now()
  await browser.post(`${path}/confirmation`, new URLSearchParams())
  await reach(owner, id, 'applique')
  return { comptes, trial, apply: (performance.now() - from) / 1000 }
}

async function reach(owner: pg.Client, id: string, etat: string): Promise<Record<string, number>> {
  for (;;) {
    const { rows } = await owner.query<{
      etat: string
      comptes: Record<string, number>
      erreur: string
      travail: string
    }>(
      `select i.etat, i.comptes, t.erreur, t.etat as travail from imports i join travaux t on t.id = i.travail_id where i.id = $1`,
      [id],
    )
    if (rows[0]!.etat === etat) return rows[0]!.comptes
    if (rows[0]!.travail === 'echoue') throw new Error(rows[0]!.erreur)
    await sleep(50)
  }
}
