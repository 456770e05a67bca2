/*
 * Cuts Tabler's style sheet down to the rules that can apply to our pages, and gives its dark mode to the
 * system's setting alone. Tabler switches by an attribute that only a script could set before the first paint;
 * its colours are nearly all `light-dark(…)`, so `color-scheme: light dark` on the root is enough, and the few
 * dark rules that remain go into a media query.
 */

const DARK_ROOT = '[data-bs-theme=dark]'
const LIGHT_ONLY = /\[data-(bs-)?theme=light\]|\.theme-light|:host/
const BY_ATTRIBUTE = /\.theme-dark|data-(bs-)?(navbar-)?theme|data-bs-navbar|\.navbar-dark/

/** Words that could be class names: everything that looks like one, wherever it stands. */
export function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_][\w-]*/g) ?? [])
}

/** The classes that a style sheet styles. */
export function classNames(css: string): Set<string> {
  const withoutValues = css.replace(/\{[^{}]*\}/g, '{}').replace(/url\([^)]*\)/g, '')
  return new Set(
    [...withoutValues.matchAll(/\.(-?[A-Za-z_](?:[\w-]|\\.)*)/g)].map((match) =>
      (match[1] ?? '').replace(/\\/g, ''),
    ),
  )
}

interface Rule {
  head: string
  body: string
}

/** The rules of one level: selectors or at-rule before the brace, what is inside. Strings and url() are skipped. */
function rules(css: string): Rule[] {
  const found: Rule[] = []
  let start = 0
  let open = -1
  let depth = 0
  for (let i = 0; i < css.length; i++) {
    const char = css[i]
    if (char === '"' || char === "'") i = css.indexOf(char, i + 1)
    else if (char === ';' && depth === 0) {
      found.push({ head: css.slice(start, i + 1), body: '' })
      start = i + 1
    } else if (char === '{' && depth++ === 0) open = i
    else if (char === '}' && --depth === 0) {
      found.push({ head: css.slice(start, open).trim(), body: css.slice(open + 1, i) })
      start = i + 1
    }
  }
  return found
}

/** Splits a selector list at its top-level commas. */
function selectors(head: string): string[] {
  const list: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < head.length; i++) {
    const char = head[i]
    if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth--
    else if (char === ',' && depth === 0) {
      list.push(head.slice(start, i))
      start = i + 1
    }
  }
  list.push(head.slice(start))
  return list.map((selector) => selector.trim())
}

const vendorOf =
  /\b(ts-|tom-|noUi|litepicker|apexcharts|dropzone|dz-|plyr|jsvectormap|fslightbox|tox-|fc-|easymde|swiper)/

function isUsed(selector: string, words: Set<string>): boolean {
  if (vendorOf.test(selector)) return false
  // What stands in :not(…) need not exist for the rule to apply.
  const needed = selector.replace(/:not\([^)]*\)/g, '')
  return [...classNames(`${needed}{}`)].every((name) => words.has(name))
}

/** One rule for the pages, cut; the dark one goes to `dark`. Empty when nothing is left. */
function cutRule(rule: Rule, words: Set<string>, dark: string[]): string {
  const kept: string[] = []
  for (const selector of selectors(rule.head)) {
    if (selector.startsWith(DARK_ROOT)) {
      const rest = selector.slice(DARK_ROOT.length).trim()
      if (!BY_ATTRIBUTE.test(rest) && isUsed(rest, words))
        dark.push(`:root ${rest}`.trim() + `{${rule.body}}`)
    } else if (LIGHT_ONLY.test(selector) || BY_ATTRIBUTE.test(selector)) continue
    else if (isUsed(selector, words)) kept.push(selector)
  }
  return kept.length === 0 ? '' : `${kept.join(',')}{${rule.body}}`
}

/** Takes the minified Tabler and the words of our pages; gives the style sheet to serve. */
export function cutTabler(css: string, words: Set<string>): string {
  const licence = /\/\*![\s\S]*?\*\//.exec(css)?.[0] ?? ''
  const text = css.replace(/\/\*[\s\S]*?\*\//g, '').replace('@charset "UTF-8";', '')
  const dark: string[] = []
  let out = ''
  for (const rule of rules(text)) {
    if (rule.head.startsWith('@media')) {
      const darkInside: string[] = []
      const inside = rules(rule.body)
        .map((one) => cutRule(one, words, darkInside))
        .join('')
      if (inside !== '') out += `${rule.head}{${inside}}`
    } else if (rule.head.startsWith('@')) out += rule.body === '' ? rule.head : `${rule.head}{${rule.body}}`
    else out += cutRule(rule, words, dark)
  }
  const whole = `${out}@media screen and (prefers-color-scheme:dark){${dark.join('')}}`
  return `@charset "UTF-8";${licence}\n${dropUnused(whole.replaceAll('color-scheme:light;', 'color-scheme:light dark;'))}\n`
}

/** Animations that no rule plays and variables that no rule reads are of no use. */
function dropUnused(css: string): string {
  let before: string
  let after = css.replace(/@keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\}/g, (whole, name: string) =>
    new RegExp(`animation(-name)?:[^;}]*\\b${name}\\b`).test(css) ? whole : '',
  )
  do {
    before = after
    const read = new Set([...before.matchAll(/var\((--[\w-]+)/g)].map((match) => match[1]))
    after = before.replace(
      /([{;])(--tblr-[\w-]+):((?:[^;{}"]|"[^"]*")*)(?=[;}])/g,
      (whole, lead: string, name: string) => (read.has(name) ? whole : lead === '{' ? '{' : ''),
    )
    after = after.replace(/\{;+/g, '{').replace(/[^{};]+\{\}/g, '')
  } while (after !== before)
  return after
}
