/** What each module of the portal is called when it decides who sees something. */
export const MODULES: Record<string, string> = {
  actualites: 'Actualités',
  adherents: 'Dossiers',
  clotures: 'Travaux et documents',
  courriers: 'Courriers',
  demandes: 'Demandes',
  espaces: 'Espace documents',
  formations: 'Formations',
  messages: 'Messages',
  statistiques: 'Statistiques',
  telechargements: 'Téléchargements',
  transferts: 'Transferts',
}

export function moduleChoices(active: readonly string[]): { valeur: string; libelle: string }[] {
  return Object.entries(MODULES).map(([valeur, libelle]) => ({
    valeur,
    libelle: active.includes(valeur) ? libelle : `${libelle} (désactivé)`,
  }))
}
