import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { SMTPServer } from 'smtp-server'
import { ZipFile } from 'yazl'
import { type Installation, compile, startInstallation } from './installation.ts'
import { agent } from './session.ts'
import { startCluster } from './world.ts'

/*
 * What a campaign of so many PDFs costs, from the zip to the last mail: through HTTP, the worker in a process of its own,
 * mails to a server on this machine that throws them away.
 */

/** A letter of a page with its logo and font. */
const PDF_BYTES = 30_000
/** The organisme of the campaign has a quarter of the world's adhérents, and some of them have left. */
const SHARE = 5

export async function benchPublication(count: number): Promise<void> {
  compile()
  const cluster = await startCluster()
  const sink = await startSink()
  try {
    const database = await cluster.database(count * SHARE, 0)
    const { owner } = database
    const portal = await startInstallation(cluster, database, { SMTP_URL: sink.url })
    try {
      const browser = await agent(owner, portal.web.port)
      const step = steps(portal)
      await browser.post(
        '/gestion/publications/reglages',
        new URLSearchParams({ parMinute: '0', delaiMinutes: '0' }),
      )
      const { rows } = await owner.query<{ numero: string }>(
        `select numero from adherents a join plateforme.organismes o on o.id = a.organisme_id
         where o.code = 'estuaire' and perte_qualite_le is null order by numero_tri limit $1`,
        [count],
      )
      const zip = await zipOf(rows.map((row) => row.numero))
      const form = new FormData()
      for (const [name, value] of Object.entries({
        titre: 'Banc',
        motif: '{numero}_{titre}',
        genre: 'autre',
        exercice: '',
        repondeur: 'adherent',
      }))
        form.append(name, value)
      form.append('fichiers', new File([new Uint8Array(zip)], 'banc.zip'))
      step.begin()
      const path = await browser.post('/gestion/publications/nouvelle', form)
      step.end(`${rows.length} PDFs, zip of ${Math.round(zip.length / 1024 / 1024)} MB received`)
      const id = path.split('/').at(-1)!
      await reach(owner, id, 'verifiee_le')
      step.end('trial', rows.length)
      await browser.post(
        `${path}/confirmation`,
        new URLSearchParams({ prevenir: 'on', quand: 'maintenant', jour: '', heure: '' }),
      )
      await until(
        owner,
        `select bool_and(document_id is not null) as there from publication_lignes where publication_id = $1 and retenue_le is not null`,
        id,
      )
      step.end('files stored, documents in preparation', rows.length)
      await reach(owner, id, 'publiee_le')
      step.end('rows published, with tracks and journal', rows.length)
      await until(
        owner,
        `select not exists (select from courriels where cle like 'publication:' || $1 || ':%' and envoye_le is null)
        and exists (select from publications where id::text = $1 and terminee_le is not null) as there`,
        id,
      )
      step.end('mails at the server', sink.count())
    } finally {
      await portal.stop()
    }
  } finally {
    sink.stop()
    await cluster.stop()
  }
}

async function startSink(): Promise<{ url: string; count(): number; stop(): void }> {
  let count = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      stream.resume()
      stream.on('end', () => {
        count++
        done()
      })
    },
  })
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, count: () => count, stop: () => server.close(() => undefined) }
}

/** A whole PDF of one page, as heavy as a letter: the weight is a stream that no page names. */
function pdfOf(text: string): Buffer {
  const weight = randomBytes(PDF_BYTES / 2).toString('hex')
  const content = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${weight.length} >>\nstream\n${weight}\nendstream`,
  ]
  let out = '%PDF-1.4\n'
  const offsets = objects.map((body, i) => {
    const at = out.length
    out += `${i + 1} 0 obj\n${body}\nendobj\n`
    return at
  })
  const start = out.length
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  for (const at of offsets) out += `${String(at).padStart(10, '0')} 00000 n \n`
  return Buffer.from(
    `${out}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
    'latin1',
  )
}

async function zipOf(numbers: readonly string[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const numero of numbers) zip.addBuffer(pdfOf(numero), `${numero}_lettre.pdf`)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Prints each step with its seconds, what it did a second, and the most memory that each process took meanwhile. */
function steps(portal: Installation): { begin(): void; end(what: string, count?: number): void } {
  let from = 0
  const begin = () => {
    portal.peaks()
    from = performance.now()
  }
  return {
    begin,
    end(what, count) {
      const seconds = (performance.now() - from) / 1000
      const rate = count === undefined ? '' : `, ${Math.round(count / seconds)} a second`
      const { web, worker } = portal.peaks()
      process.stdout.write(
        `${what}: ${seconds.toFixed(1)} s${rate}; at most ${web} MB web, ${worker} MB worker\n`,
      )
      begin()
    },
  }
}

function reach(owner: pg.Client, id: string, column: 'verifiee_le' | 'publiee_le'): Promise<void> {
  return until(owner, `select ${column} is not null as there from publications where id::text = $1`, id)
}

async function until(owner: pg.Client, question: string, id: string): Promise<void> {
  for (;;) {
    const { rows } = await owner.query<{ there: boolean | null }>(question, [id])
    if (rows[0]?.there) return
    const { rows: failed } = await owner.query<{ erreur: string }>(
      `select erreur from travaux where etat = 'echoue'`,
    )
    if (failed[0]) throw new Error(failed[0].erreur)
    await sleep(100)
  }
}
