/* A process that receives one upload of a given size and says how it went, as JSON; started under a full disk. */
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { TRANSFERTS } from '../../../src/kernel/files/allow-list.ts'
import { createUploader } from '../../../src/kernel/files/upload.ts'

const [temp = '', size = ''] = process.argv.slice(2)
const receive = createUploader(temp)
const app = express()
app.post('/', async (req, res) => {
  try {
    await receive(req, res, { rule: TRANSFERTS, maxFiles: 1, onFirstFile: () => undefined })
    res.json({ upload: 'received' })
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    res.json({ upload: name, cause: cause?.code })
  }
})
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const form = new FormData()
form.append('fichier', new Blob([new Uint8Array(Number(size))]), 'a.zip')
const { port } = server.address() as AddressInfo
const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: form })
process.stdout.write(JSON.stringify({ ...((await answer.json()) as object), temp: await readdir(temp) }))
server.closeAllConnections()
server.close()
