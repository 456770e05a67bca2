import { inflateSync } from 'node:zlib'
import { getDocumentProxy } from 'unpdf'

/** A node of the structure tree: « H1 », « TH »… with the text below it. */
export interface Tag {
  role: string
  alt: string | undefined
  text: string
  children: Tag[]
}

export interface ReadPdf {
  pages: string[]
  /** All pages, with ordinary spaces for every kind of blank: what a person reads. */
  text: string
  title: string
  language: string
  marked: boolean
  tags: Tag[]
}

interface Node {
  role?: string
  alt?: string
  id?: string
  children?: Node[]
}

/** What Mozilla's reader finds in a file: an opinion other than that of the library which wrote it. */
export async function readPdf(file: Buffer): Promise<ReadPdf> {
  const document = await getDocumentProxy(new Uint8Array(file))
  const { info } = (await document.getMetadata()) as unknown as { info: Record<string, string> }
  const mark = (await document.getMarkInfo()) as { Marked?: boolean } | null
  const pages: string[] = []
  const tags: Tag[] = []
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const content = await page.getTextContent({ includeMarkedContent: true })
    const marked = new Map<string, string>()
    const open: string[] = []
    let text = ''
    for (const item of content.items) {
      if ('str' in item) {
        text += item.str + (item.hasEOL ? '\n' : ' ')
        const id = open.at(-1)
        if (id !== undefined) marked.set(id, `${marked.get(id) ?? ''}${item.str} `)
      } else if (item.type === 'endMarkedContent') open.pop()
      else open.push((item as { id?: string }).id ?? '')
    }
    pages.push(readable(text))
    const tree = (await page.getStructTree()) as unknown as Node | null
    tags.push(...(tree?.children ?? []).map((node) => tagOf(node, marked)))
  }
  return {
    pages,
    text: pages.join('\n'),
    title: info.Title ?? '',
    language: info.Language ?? '',
    marked: mark?.Marked ?? false,
    tags,
  }
}

function readable(text: string): string {
  return text.replace(/[\s\u00a0\u202f]+/g, ' ').trim()
}

function tagOf(node: Node, marked: Map<string, string>): Tag {
  const children = (node.children ?? []).filter((child) => child.role !== undefined)
  const own = (node.children ?? []).map((child) =>
    child.id === undefined ? '' : (marked.get(child.id) ?? ''),
  )
  const inner = children.map((child) => tagOf(child, marked))
  return {
    role: node.role ?? '',
    alt: node.alt,
    children: inner,
    text: readable([...own, ...inner.map((child) => child.text)].join(' ')),
  }
}

/** Every tag of a role, at any depth, in reading order. */
export function find(tags: Tag[], role: string): Tag[] {
  return tags.flatMap((tag) => [...(tag.role === role ? [tag] : []), ...find(tag.children, role)])
}

/** The dictionaries of a file, which pdfkit leaves in clear, as text. */
export function rawPdf(file: Buffer): string {
  return file.toString('latin1')
}

/** The drawing instructions of each page. */
export function contents(file: Buffer): string[] {
  const raw = rawPdf(file)
  return [...raw.matchAll(/\/Contents (\d+) 0 R/g)].map(([, id]) => {
    const object = raw.indexOf(`\n${id} 0 obj`)
    const start = raw.indexOf('stream\n', object) + 7
    return inflateSync(file.subarray(start)).toString('latin1')
  })
}

/** Whatever is painted outside of any tag and of any artifact: a screen reader would stumble on it. */
export function untagged(file: Buffer): string[] {
  const found: string[] = []
  for (const page of contents(file)) {
    let depth = 0
    for (const line of page.split('\n')) {
      if (/ (BDC|BMC)$/.test(line)) depth += 1
      else if (line === 'EMC') depth -= 1
      else if (depth === 0 && /(^|\s)(f\*?|F|S|s|B\*?|b\*?|TJ|Tj|Do)$/.test(line)) found.push(line)
    }
  }
  return found
}
