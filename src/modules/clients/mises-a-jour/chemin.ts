/** Where a firm prepares its updates of the list of its clients. */
export const BASE = '/clients/mises-a-jour'

/** Lines of a pending zone that a page shows; the count is always whole. */
export const MONTRES = 200

export const trail = (libelle: string) => [
  { libelle: 'Page d’accueil', url: '/' },
  { libelle: 'Liste des clients', url: BASE },
  { libelle },
]
