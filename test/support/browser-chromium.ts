import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

const DEBIAN = '/usr/bin/chromium'
const PACKAGED = 'sparticuz'

// Tests never leave this machine: every name but the loopback ones fails to resolve.
const RESOLVER = 'MAP *.localhost 127.0.0.1, MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'
const ARGS = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  `--host-resolver-rules=MAP localhost 127.0.0.1, ${RESOLVER}`,
]

export class BrowserUnavailable extends Error {}

/**
 * Starts Chromium: the one named by `CHROMIUM_PATH` and no other, else Debian's, else the packaged one.
 * `CHROMIUM_PATH=sparticuz` forces the packaged one.
 * @throws BrowserUnavailable with the reason of each Chromium that was tried
 */
export async function startChromium(wanted = process.env.CHROMIUM_PATH): Promise<Browser> {
  const candidates = wanted ? [wanted] : existsSync(DEBIAN) ? [DEBIAN, PACKAGED] : [PACKAGED]
  const reasons: string[] = []
  for (const candidate of candidates) {
    try {
      const place = candidate === PACKAGED ? await unpack() : undefined
      if (!place && !existsSync(candidate)) throw new Error('no such file')
      return await chromium.launch({
        executablePath: place ? join(place, 'chromium') : candidate,
        env: { ...process.env, ...(place && surroundings(place)) },
        args: ARGS,
      })
    } catch (error) {
      reasons.push(`${candidate}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new BrowserUnavailable(
    `No Chromium could be started. Install one and name it in CHROMIUM_PATH.\n${reasons.join('\n')}`,
  )
}

// The package carries what a bare Debian image lacks: NSS, NSPR and expat, and one family of fonts.
function surroundings(place: string) {
  const libraries = [join(place, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH]
  return { LD_LIBRARY_PATH: libraries.filter(Boolean).join(':'), FONTCONFIG_FILE: join(place, 'fonts.conf') }
}

/**
 * Inflates the packaged Chromium (about 200 MB, 2 s) once per machine, user and version.
 * The package itself writes to fixed names straight into the temporary folder, so it is run with a
 * temporary folder of its own, renamed when complete: two workers may do so at once, the first one wins.
 * @returns the folder that holds `chromium`, its libraries and its fonts
 */
export async function unpack(parent = tmpdir()): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const root = join(dirname(entry), '..', '..')
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const place = join(parent, `parvis-chromium-${version}-${userInfo().uid}`)
  if (complete(place)) return place

  const staging = await mkdtemp(`${place}.`)
  try {
    // Only a process that looks like Amazon's gets the shared libraries.
    await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', `import c from '@sparticuz/chromium'; await c.executablePath()`],
      { cwd: root, env: { TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' } },
    )
    await writeFile(join(staging, 'fonts.conf'), fontsConf(place))
    if (!complete(place)) await rm(place, { recursive: true, force: true })
    await rename(staging, place)
  } catch (error) {
    if (!complete(place)) throw error
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
  return place
}

// Files may be missing when the system has cleaned its temporary folder by age.
function complete(place: string) {
  const needed = [
    'chromium',
    'fonts.conf',
    'al2023/lib/libnss3.so',
    'al2023/lib/libexpat.so.1',
    'fonts/fonts',
  ]
  return needed.every((file) => existsSync(join(place, file)))
}

function fontsConf(place: string) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(place, 'fonts', 'fonts')}</dir>
  <cachedir>${join(place, 'fonts-cache')}</cachedir>
</fontconfig>
`
}
