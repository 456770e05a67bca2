import nunjucks from 'nunjucks'
import * as formats from './formats.ts'
import { markdown } from './markdown.ts'
import { renderPage } from './nunjucks-context.ts'
import { FastLoader } from './nunjucks-fast.ts'

/** Where the pages of Parvis come from: one Nunjucks environment, autoescaped, compiled once and kept. */
export interface Views {
  /** HTML of `views/<name>.njk`. Throws when the template is missing or fails: the caller shows the 500 page. */
  render(name: string, data: object): string
  /** Compiles templates now, so that a fault of syntax stops the start and no visitor waits for a compilation. */
  compile(names: readonly string[]): void
}

export interface ViewsOptions {
  viewsDir: string | string[]
  /** Address of a file of public/, with its content hash (assets.ts). */
  assetUrl?: (path: string) => string
  /** Reads templates again when they change: development only, needs chokidar. */
  watch?: boolean
  /** `stock` compiles as nunjucks ships it: what `fast` must equal to the byte. */
  compiler?: 'fast' | 'stock'
}

/** A query string's fields; null or undefined takes one out. */
export type Query = Record<string, string | number | null | undefined>

interface FormErrors {
  champs: { champ: string; message: string }[]
}

function html(text: string): string {
  // SafeString behaves as a string in templates; its type says less than it does.
  return new nunjucks.runtime.SafeString(text) as unknown as string
}

/** What compiled templates pass as `this` to a global function; nunjucks does not publish its types. */
interface TemplateContext {
  env: nunjucks.Environment
  getBlock(name: string): TemplateBlock
}
type TemplateBlock = (
  env: nunjucks.Environment,
  context: TemplateContext,
  frame: unknown,
  runtime: unknown,
  done: (error: Error | null, text?: string) => void,
) => void

/** The text of a block, once more: the title stands in <title> and in <h1>. Its own template escaped it. */
function bloc(this: TemplateContext, name: string): string {
  const runtime = nunjucks.runtime as typeof nunjucks.runtime & { Frame: new () => unknown }
  let output = ''
  this.getBlock(name)(this.env, this, new runtime.Frame(), runtime, (error, text) => {
    if (error) throw error
    output = (text ?? '').trim()
  })
  return output === '' ? '' : html(output)
}

/** 03/02/2026 with the weekday in the tooltip, in a <time>. */
function quand(value: formats.DateLike): string {
  if (value === null || value === undefined || value === '') return ''
  return html(
    `<time datetime="${formats.isoDay(value)}" title="${formats.jour(value)}">${formats.date(value)}</time>`,
  )
}

/** Path with its query: what the page has now, changed by `changes`. */
export function lien(path: string, query: Query = {}, changes: Query = {}): string {
  const kept = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, ...changes })) {
    if (value !== null && value !== undefined && value !== '') kept.set(name, String(value))
  }
  const text = kept.toString()
  return text === '' ? path : `${path}?${text}`
}

/** A filter link: the query with one parameter changed, back to the first page. */
function lienFiltre(path: string, query: Query | undefined, name: string, value: string): string {
  return lien(path, query, { apres: null, avant: null, rang: null, [name]: value })
}

/** Is this choice the typed one, or among those ticked? One ticked box arrives as text, several as a list. */
function estChoisi(typed: unknown, choice: unknown): boolean {
  if (typed === null || typed === undefined) return false
  const chosen = Array.isArray(typed) ? typed : [typed]
  return chosen.some((value) => String(value) === String(choice))
}

function erreurDe(errors: FormErrors | null | undefined, field: string): string | null {
  return errors?.champs.find((error) => error.champ === field)?.message ?? null
}

/** Takes the folders of templates and the asset addresses; gives what renders pages. */
export function createViews(options: ViewsOptions): Views {
  const assetUrl = options.assetUrl ?? ((path: string) => `/public/${path}`)
  const Loader = options.compiler === 'stock' ? nunjucks.FileSystemLoader : FastLoader
  const loader = new Loader(options.viewsDir, { watch: options.watch ?? false, noCache: false })
  const environment = new nunjucks.Environment(loader, {
    autoescape: true,
    throwOnUndefined: false,
    trimBlocks: true,
    lstripBlocks: true,
  })
  const { isoDay: _isoDay, ...filters } = formats
  for (const [name, filter] of Object.entries(filters)) environment.addFilter(name, filter)
  environment.addFilter('quand', quand)
  environment.addFilter('markdown', (text: string) => html(markdown(text)))

  const sprite = assetUrl('icones.svg')
  const icons = new Map<string, string>()
  environment.addGlobal('icone', (name: string) => {
    let icon = icons.get(name)
    if (icon === undefined) {
      if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`not the name of an icon: ${name}`)
      icon = html(
        `<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false"><use href="${sprite}#${name}"/></svg>`,
      )
      icons.set(name, icon)
    }
    return icon
  })
  environment.addGlobal('asset', assetUrl)
  environment.addGlobal('bloc', bloc)
  environment.addGlobal('lien', lien)
  environment.addGlobal('lienFiltre', lienFiltre)
  environment.addGlobal('estChoisi', estChoisi)
  environment.addGlobal('erreurDe', erreurDe)

  const file = (name: string) => (name.endsWith('.njk') ? name : `${name}.njk`)
  return {
    render:
      options.compiler === 'stock'
        ? (name, data) => environment.render(file(name), data)
        : (name, data) => renderPage(environment, file(name), data as Record<string, unknown>),
    compile: (names) => {
      for (const name of names) environment.getTemplate(file(name), true)
    },
  }
}
