/** A page to measure: one line here, and `npm run bench` measures it beside its FLOOR and in the naive stack. */
export interface BenchPage {
  /** For `--pages`. */
  name: string
  path: string
  /** Who is logged in, of the cast of the demo. */
  organisme: string
  login: string
  /** Adhérents of the worlds in which it is measured; each has twenty courriers. */
  sizes: readonly number[]
}

export const pages: readonly BenchPage[] = [
  { name: 'accueil', path: '/', organisme: 'estuaire', login: '657', sizes: [100, 50_000] },
  // The first cabinet of the large world, with 2,000 clients: 10,000 and 1,000,000 courriers in the installation.
  { name: 'courriers', path: '/courriers', organisme: 'estuaire', login: 'CNS101', sizes: [500, 50_000] },
  {
    name: 'archives',
    path: '/courriers/archives',
    organisme: 'estuaire',
    login: 'CNS101',
    sizes: [500, 50_000],
  },
  {
    name: 'courriers-collaborateur',
    path: '/courriers',
    organisme: 'estuaire',
    login: 'COL1001',
    sizes: [500, 50_000],
  },
  { name: 'clients', path: '/clients', organisme: 'estuaire', login: 'CNS101', sizes: [500, 50_000] },
  {
    name: 'validations',
    path: '/supervision/validations',
    organisme: 'estuaire',
    login: 'CNS101',
    sizes: [500, 50_000],
  },
  // Of the permanents: an organisme with a quarter of the installation.
  {
    name: 'suivi',
    path: '/gestion/suivi',
    organisme: 'estuaire',
    login: 'agent@estuaire.example',
    sizes: [500, 50_000],
  },
  {
    name: 'demandes',
    path: '/gestion/demandes',
    organisme: 'estuaire',
    login: 'agent@estuaire.example',
    sizes: [500, 50_000],
  },
]
