import { cpSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'

// What the compiler leaves behind, put where the compiled code looks for it: beside itself.
for (const folder of ['views', 'public']) cpSync(folder, join('dist', folder), { recursive: true })
for (const name of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
  if (['.ttf', '.js', '.mjs', '.json'].includes(extname(name))) cpSync(join('src', name), join('dist', 'src', name))
}
cpSync('seeds/logos', join('dist', 'seeds', 'logos'), { recursive: true })
