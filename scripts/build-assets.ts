/*
 * Makes what public/ holds of other people's work: Tabler cut down to what Parvis uses, the Inter font, the
 * sprite of Tabler icons. The results are committed, so that a start needs no build; a test fails when a view
 * uses a class or an icon that they lack. Run: node --import tsx scripts/build-assets.ts
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { classNames, cutTabler, wordsOf } from './tabler.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(import.meta.url)

const FONTS = {
  'inter-latin.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'inter-latin-ext.woff2': '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2',
}

/** The work behind « Je ne suis pas un robot »; the box on the page is ours (public/js/defi.js). */
export function altchaWorker(): string {
  const worker = readFileSync(fileURLToPath(import.meta.resolve('altcha/workers/pbkdf2')), 'utf8')
  return `/*! altcha, Copyright (c) 2023-2026 Daniel Regeci, BAU Software s.r.o., MIT licence */\n${worker}`
}

/** Icons that pages are likely to want, beside those that they name already. */
const ICONS = `
  activity adjustments alert-circle alert-triangle archive arrow-left arrow-right at award bell book books
  briefcase building calculator building-bank building-store calendar calendar-event certificate chart-bar chart-line check
  checklist checks chevron-down chevron-left chevron-right chevron-up circle-check circle-x clipboard-check
  clipboard-list clock clock-hour-4 cloud-upload copy credit-card database device-desktop device-mobile
  device-laptop device-floppy dots download edit exclamation-mark external-link eye eye-off file
  file-certificate file-check file-description file-download file-invoice file-spreadsheet file-text file-type-pdf
  file-type-csv file-type-doc file-type-xls file-upload file-zip filter flag folder folder-open folders gavel
  help-circle history home id id-badge-2 inbox info-circle key language layout-dashboard lifebuoy link list
  list-check list-details location lock lock-open login logout mail mail-check mail-forward mail-opened map-pin
  menu-2 message message-circle messages minus network news note notebook package paperclip pencil phone photo
  player-pause player-play plug plus point printer question-mark receipt receipt-euro refresh report report-analytics
  repeat school search selector send server settings shield shield-check shield-lock shopping-cart sitemap
  square-check star switch-horizontal table tag ticket tool trash trending-down trending-up upload user
  user-check user-circle user-cog user-minus user-off user-plus user-x users users-group wallet world writing x zoom-in
`
  .trim()
  .split(/\s+/)

/** Classes of Tabler kept though no page names them yet, so that a new page seldom needs a new build. */
const CLASSES = `
  container-xl row col col-auto col-12 col-sm-6 col-md-3 col-md-4 col-md-6 col-md-8 col-lg-3 col-lg-4 col-lg-6
  col-lg-8 row-cards g-2 g-3 card card-body card-header card-title card-footer card-table card-subtitle
  table table-responsive table-vcenter table-sm btn btn-primary btn-outline-primary btn-secondary btn-danger
  btn-outline-danger btn-link btn-sm btn-lg btn-icon btn-list badge alert alert-success alert-info
  alert-warning alert-danger form-label form-control form-select form-check form-check-input form-check-label
  form-hint form-fieldset input-group input-group-text is-invalid invalid-feedback list-group list-group-item
  nav nav-tabs nav-item nav-link progress progress-bar text-secondary text-danger text-success text-warning
  text-end text-center text-nowrap text-break fw-bold fw-normal small lead h1 h2 h3 h4 d-none d-block d-flex
  d-inline-block d-md-none d-md-block flex-wrap flex-column flex-fill align-items-center justify-content-between
  gap-1 gap-2 gap-3 m-0 mb-0 mb-1 mb-2 mb-3 mb-4 mb-5 mt-0 mt-1 mt-2 mt-3 mt-4 mt-5 ms-auto ms-2 me-2 p-0 p-2 p-3
  list-unstyled visually-hidden w-100 h-100 markdown icon
`
  .trim()
  .split(/\s+/)

/** Every file under a folder whose name ends with one of these endings. */
export function filesUnder(folder: string, endings: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => join(folder, name))
    .sort()
}

/** Names of icons written in a view (`icone('x')`, `icone(a or 'x')`, `icone: 'x'`) or in a menu of src. */
export function usedIcons(text: string): string[] {
  const calls = text.matchAll(/\bicone(?:\((?:[\w.]+ or )?|: ?)'([a-z0-9-]+)'/g)
  return [...calls].map((call) => call[1] ?? '')
}

function sprite(names: readonly string[]): string {
  const symbols = names.map((name) => {
    const svg = readFileSync(require.resolve(`@tabler/icons/outline/${name}.svg`), 'utf8')
    const paths = [...svg.matchAll(/<path d="[^"]+"[^>]*\/>/g)].map((match) =>
      match[0].replace(/ \/>$/, '/>'),
    )
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</symbol>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`
}

/** All that decides what public/ must hold: the text of the views, our style sheet, the code. */
export function sources(): { views: string; code: string } {
  const read = (files: string[]) => files.map((file) => readFileSync(file, 'utf8')).join('\n')
  return {
    views: read(filesUnder(join(root, 'views'), ['.njk'])),
    code: read([...filesUnder(join(root, 'src'), ['.ts']), ...filesUnder(join(root, 'public/js'), ['.js'])]),
  }
}

function build(): void {
  const { views, code } = sources()
  mkdirSync(join(root, 'public/fonts'), { recursive: true })
  for (const [name, from] of Object.entries(FONTS))
    copyFileSync(require.resolve(from), join(root, 'public/fonts', name))

  writeFileSync(join(root, 'public/js/altcha-pbkdf2.js'), altchaWorker())

  const icons = [...new Set([...ICONS, ...usedIcons(views), ...usedIcons(code)])].sort()
  writeFileSync(join(root, 'public/icones.svg'), sprite(icons))

  const tabler = readFileSync(require.resolve('@tabler/core/dist/css/tabler.min.css'), 'utf8')
  const words = new Set([...CLASSES, ...wordsOf(views), ...wordsOf(code)])
  const css = cutTabler(tabler, words)
  writeFileSync(join(root, 'public/css/tabler.css'), css)
  process.stdout.write(
    `${icons.length} icons; Tabler ${Math.round(tabler.length / 1024)} KB -> ${Math.round(css.length / 1024)} KB, ` +
      `${classNames(css).size} classes\n`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build()
