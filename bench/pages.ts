/** A page to measure: one line here, and `npm run bench` measures it beside its FLOOR and in the naive stack. */
export interface BenchPage {
  /** For `--pages`. */
  name: string
  path: string
  /** Who is logged in, of the cast of the demo. */
  organisme: string
  login: string
}

export const pages: readonly BenchPage[] = [
  { name: 'accueil', path: '/', organisme: 'estuaire', login: '657' },
]
