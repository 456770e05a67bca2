import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { writeWorkbook } from '../src/kernel/tableur/write-workbook.ts'
import { readFile } from 'node:fs/promises'
import { compile, startInstallation } from './installation.ts'
import { type Browser, agent } from './session.ts'
import { startCluster } from './world.ts'

/*
 * What an import of so many adhérents costs, from the file to the report: a CSV of new ones, the same again as a workbook,
 * and a CSV that changes half of them. Through HTTP, the worker in a process of its own.
 */

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
  compile()
  const cluster = await startCluster()
  try {
    const database = await cluster.database(100)
    const { owner } = database
    const portal = await startInstallation(cluster, database)
    try {
      const browser = await agent(owner, portal.web.port)
      for (const [name, file, content] of [
        [`${count} new, CSV`, 'a.csv', csv(rowsOf(count, false))],
        [`${count} unchanged, XLSX`, 'a.xlsx', await xlsx(cluster.folder, rowsOf(count, false))],
        [`${count / 2} changed, CSV`, 'b.csv', csv(rowsOf(count, true))],
      ] as const) {
        portal.peaks()
        const figures = await importOnce(owner, browser, file, content)
        const { web, worker } = portal.peaks()
        process.stdout.write(
          `${name} (${Math.round(content.length / 1024)} KB): trial ${figures.trial.toFixed(1)} s, import ${figures.apply?.toFixed(1) ?? '–'} s, ` +
            `${JSON.stringify(figures.comptes)}, at most ${web} MB web, ${worker} MB worker\n`,
        )
      }
    } finally {
      await portal.stop()
    }
  } finally {
    await cluster.stop()
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
