import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { RequestHandler } from 'express'

/*
 * The files of public/, read once and kept in memory: their addresses carry a hash of their content, so that
 * browsers may keep them for ever and still get a new version at once.
 */

/** Beside the sources, and copied beside a build. */
const PUBLIC_DIR = fileURLToPath(new URL('../../public', import.meta.url))

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}
const COMPRESSED = new Set(['.css', '.js', '.svg', '.md', '.txt'])
const FOR_EVER = 'public, max-age=31536000, immutable'

interface Asset {
  type: string
  body: Buffer
  hash: string
  br?: Buffer
  gzip?: Buffer
}

export interface Assets {
  /** Address of a file (`css/parvis.css`), with its hash. Throws when there is no such file. */
  url(path: string): string
  /** To be mounted at /public. GET and HEAD of a known file; anything else goes on. */
  handler: RequestHandler
  /** Settles when the compressed copies are made; until then files are served as they are. */
  ready: Promise<void>
}

function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 10)
}

function read(folder: string): Map<string, Asset> {
  const files = new Map<string, Asset>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES[extname(name)]
    if (type === undefined || !statSync(join(folder, name)).isFile()) continue
    const body = readFileSync(join(folder, name))
    files.set(name.split(sep).join('/'), { type, body, hash: hashOf(body) })
  }
  return files
}

/** Fonts are named by the style sheet: their addresses get their hashes too, and the sheet's own hash follows. */
function linkFonts(files: Map<string, Asset>): void {
  for (const [name, asset] of files) {
    if (!name.endsWith('.css')) continue
    const css = asset.body.toString('utf8').replace(/url\('\.\.\/(fonts\/[^']+)'\)/g, (_, path: string) => {
      const font = files.get(path)
      if (!font) throw new Error(`${name} names a font that is not in public/: ${path}`)
      return `url('/public/${path}?v=${font.hash}')`
    })
    asset.body = Buffer.from(css)
    asset.hash = hashOf(asset.body)
  }
}

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

async function compress(files: Map<string, Asset>): Promise<void> {
  for (const [name, asset] of files) {
    if (!COMPRESSED.has(extname(name))) continue
    asset.gzip = await gzipped(asset.body, { level: 9 })
    asset.br = await brotli(asset.body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: asset.body.length,
      },
    })
  }
}

/** Reads a folder of public files; throws when a style sheet names a font that is not there. */
export function loadAssets(folder: string): Assets {
  const files = read(folder)
  linkFonts(files)

  const handler: RequestHandler = (req, res, next) => {
    const asset = files.get(req.path.slice(1))
    if (!asset || (req.method !== 'GET' && req.method !== 'HEAD')) return next()
    res.setHeader('Content-Type', asset.type)
    res.setHeader('ETag', `"${asset.hash}"`)
    res.setHeader('Cache-Control', req.query.v === asset.hash ? FOR_EVER : 'public, no-cache')
    res.setHeader('Vary', 'Accept-Encoding')
    if (req.headers['if-none-match'] === `"${asset.hash}"`) {
      res.status(304).end()
      return
    }
    // Asked one by one: browsers name gzip first with the same weight, and brotli is the smaller.
    const encoding = (['br', 'gzip'] as const).find((name) => asset[name] && req.acceptsEncodings(name))
    if (encoding) res.setHeader('Content-Encoding', encoding)
    const body = (encoding && asset[encoding]) ?? asset.body
    res.setHeader('Content-Length', body.length)
    res.end(req.method === 'HEAD' ? undefined : body)
  }

  return {
    url(path) {
      const asset = files.get(path)
      if (!asset) throw new Error(`no such file in public/: ${path}`)
      return `/public/${path}?v=${asset.hash}`
    },
    handler,
    ready: compress(files),
  }
}

let ours: Assets | undefined

/** Serves our public/ folder, to be mounted at /public. */
export function assets(): RequestHandler {
  ours ??= loadAssets(PUBLIC_DIR)
  return ours.handler
}

/** Address of a file of our public/ folder (`css/parvis.css`), with its hash. Throws when there is no such file. */
export function assetUrl(path: string): string {
  ours ??= loadAssets(PUBLIC_DIR)
  return ours.url(path)
}
