import type { Visitor } from './portal.ts'

export interface Crawled {
  path: string
  status: number
  from: string
}

/** Follows every link of ours from the home on, `limit` pages at most; one page of each list is enough. */
export async function crawl(visitor: Visitor, limit: number): Promise<Crawled[]> {
  const seen = new Map<string, Crawled>()
  const waiting: [path: string, from: string][] = [['/', '']]
  const known = new Set(['/'])
  const follow = async ([path, from]: [path: string, from: string]) => {
    const answer = await visitor.get(path)
    seen.set(path, { path, status: answer.status, from })
    if (!String(answer.headers['content-type']).startsWith('text/html')) return
    for (const [, href] of answer.text.matchAll(/\b(?:href|src)="(\/[^"#]*)/g)) {
      const next = href!.replace(/&amp;/g, '&')
      const key = next.replace(/\?.*/, '')
      if (/^\/(public|theme|logo)/.test(next) || known.has(key)) continue
      known.add(key)
      waiting.push([next, path])
    }
  }
  while (waiting.length > 0 && seen.size < limit) await Promise.all(waiting.splice(0, 8).map(follow))
  return [...seen.values()]
}
