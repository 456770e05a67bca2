import type { Collaborateur } from './collaborateur.ts'

export function nomDe({ prenom, nom }: Pick<Collaborateur, 'prenom' | 'nom'>): string {
  return `${prenom} ${nom}`.trim()
}

/** What the journal calls him. */
export function sujet(id: string): { objet: string; objetId: string } {
  return { objet: 'collaborateur', objetId: id }
}

/** Where a page about him stands. @param here the page below his fiche */
export function lieu(c: Collaborateur, here?: string): { libelle: string; url?: string }[] {
  const list = { libelle: 'Gestion des collaborateurs', url: '/collaborateurs' }
  if (here === undefined) return [list, { libelle: c.login }]
  return [list, { libelle: c.login, url: `/collaborateurs/${c.id}` }, { libelle: here }]
}
