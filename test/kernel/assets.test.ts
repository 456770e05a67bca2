import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import express, { type Express } from 'express'
import request from 'supertest'
import { afterAll, describe, expect, it } from 'vitest'
import { classNames } from '../../scripts/tabler.ts'
import { assetUrl, assets, loadAssets } from '../../src/kernel/assets.ts'

const folder = mkdtempSync(join(tmpdir(), 'parvis-assets-'))
afterAll(() => rmSync(folder, { recursive: true }))

const css = `body{color:#123456}`.repeat(200) + `@font-face{src:url('../fonts/a.woff2')}`
for (const sub of ['css', 'fonts']) mkdirSync(join(folder, sub))
writeFileSync(join(folder, 'css/a.css'), css)
writeFileSync(join(folder, 'fonts/a.woff2'), Buffer.from([119, 79, 70, 50, 0, 1, 2, 3]))
writeFileSync(join(folder, 'secret.env'), 'PASSWORD=1')

const ours = loadAssets(folder)
const app = express()
app.use('/public', ours.handler)
/** The bytes as they travel: test clients open what is compressed. */
async function travelling(
  handler: Express,
  path: string,
  accept: string,
): Promise<IncomingMessage & { body: Buffer }> {
  const server = handler.listen(0)
  const { port } = server.address() as AddressInfo
  try {
    return await new Promise((resolve, reject) => {
      get({ port, path, headers: { 'accept-encoding': accept } }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve(Object.assign(response, { body: Buffer.concat(parts) })))
      }).on('error', reject)
    })
  } finally {
    server.close()
  }
}

describe('public files', () => {
  it('have an address that changes with their content, fonts of a style sheet too', () => {
    const before = ours.url('css/a.css')
    expect(before).toMatch(/^\/public\/css\/a\.css\?v=[0-9a-f]{10}$/)
    writeFileSync(join(folder, 'fonts/a.woff2'), Buffer.from([119, 79, 70, 50, 9, 9]))
    expect(loadAssets(folder).url('css/a.css')).not.toBe(before)
    expect(() => ours.url('css/absent.css')).toThrow('css/absent.css')
  })

  it('are kept for ever by browsers under their hash, and asked again without it', async () => {
    const kept = await request(app).get(ours.url('css/a.css'))
    expect(kept.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(kept.headers['content-type']).toBe('text/css; charset=utf-8')
    expect(kept.text).toContain(`url('${ours.url('fonts/a.woff2')}')`)
    const bare = await request(app).get('/public/css/a.css?v=0000000000')
    expect(bare.status).toBe(200)
    expect(bare.headers['cache-control']).toBe('public, no-cache')
    const again = await request(app)
      .get('/public/css/a.css')
      .set('If-None-Match', bare.headers.etag ?? '')
    expect(again.status).toBe(304)
  })

  it('travel compressed to whoever accepts it, and are the same once opened', async () => {
    await ours.ready
    const path = ours.url('css/a.css')
    const plain = await travelling(app, path, 'identity')
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.headers.vary).toBe('Accept-Encoding')
    const br = await travelling(app, path, 'gzip, deflate, br')
    expect(br.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
    const gzip = await travelling(app, path, 'gzip, br;q=0')
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
    const font = await travelling(app, ours.url('fonts/a.woff2'), 'br')
    expect(font.headers['content-encoding']).toBeUndefined()
  })

  it('answer HEAD without a body, and nothing else than GET and HEAD', async () => {
    const head = await request(app).head(ours.url('css/a.css'))
    expect(Number(head.headers['content-length'])).toBeGreaterThan(100)
    expect(head.text ?? '').toBe('')
    expect((await request(app).post(ours.url('css/a.css'))).status).toBe(404)
  })

  it('are only those that are there: no folder, no way up, no other kind of file', async () => {
    for (const path of [
      '/public/',
      '/public/css',
      '/public/secret.env',
      '/public/../package.json',
      '/public/%2e%2e/package.json',
    ]) {
      expect((await request(app).get(path)).status, path).toBe(404)
    }
  })

  it('stop the start when a style sheet names a font that is not there', () => {
    rmSync(join(folder, 'fonts/a.woff2'))
    expect(() => loadAssets(folder)).toThrow('fonts/a.woff2')
  })
})

describe('our own public folder', () => {
  const served = express().use('/public', assets())

  it('serves each file that the layouts name', async () => {
    const layouts = ['base', 'public', 'plain']
      .map((name) => readFileSync(`views/layouts/${name}.njk`, 'utf8'))
      .join('')
    const named = [...layouts.matchAll(/asset\('([^']+)'\)/g)].map((match) => match[1] ?? '')
    expect(named).toContain('css/parvis.css')
    for (const path of named) expect((await request(served).get(assetUrl(path))).status, path).toBe(200)
  })

  it('keeps Tabler small: at most 25 KB once compressed, with its licence', async () => {
    const whole = loadAssets('public')
    await whole.ready
    const tabler = await travelling(
      express().use('/public', whole.handler),
      whole.url('css/tabler.css'),
      'br',
    )
    expect(tabler.headers['content-encoding']).toBe('br')
    expect(tabler.body.length).toBeLessThan(25 * 1024)
    expect(readFileSync('public/css/tabler.css', 'utf8').slice(0, 300)).toContain('Licensed under MIT')
  })

  it('follows the system in light and dark, without a script or an attribute', () => {
    const tabler = readFileSync('public/css/tabler.css', 'utf8')
    expect(tabler).toContain('color-scheme:light dark')
    expect(tabler).not.toContain('data-bs-theme')
    expect(classNames(tabler).has('btn')).toBe(true)
  })

  it('loads nothing from elsewhere', () => {
    for (const file of [
      'css/tabler.css',
      'css/parvis.css',
      'icones.svg',
      'js/menu.js',
      'js/focus.js',
      'js/upload.js',
    ]) {
      const text = readFileSync(`public/${file}`, 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replaceAll('http://www.w3.org/2000/svg', '')
      expect(text.match(/https?:|@import/g), file).toBeNull()
    }
  })
})
