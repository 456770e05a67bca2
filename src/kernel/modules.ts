/**
 * What an organisme may switch on: what it is called everywhere, and what is missing without it. Two belong to the
 * portal of an éditeur and are not proposed to the others. Nothing is erased: switched on again, all is there.
 */
export const MODULES = {
  adherents: { libelle: 'Adhérents', sans: 'plus de liste des adhérents, de coordonnées, de clients ni de collaborateurs.' },
  clotures: { libelle: 'Clôtures et documents', sans: 'plus d’avancement des travaux, de documents ni de suivi.' },
  courriers: { libelle: 'Courriers', sans: 'plus de courriers, de réponses, de validations ni de relances.' },
  messages: { libelle: 'Messages', sans: 'plus de «\u00a0Nous contacter\u00a0» ni de réponses dans le portail.' },
  transferts: { libelle: 'Transferts', sans: 'plus d’envoi de fichiers vers l’organisme, ni de contrôle des FEC.' },
  formations: { libelle: 'Formations', sans: 'plus de calendrier ni d’inscriptions.' },
  actualites: { libelle: 'Actualités', sans: 'plus d’actualités sur les accueils ni de flux.' },
  statistiques: { libelle: 'Statistiques', sans: 'plus de pages de statistiques.' },
  espaces: { libelle: 'Espaces documents', sans: 'plus de documentation partagée.' },
  demandes: { libelle: 'Demandes d’intervention', sans: 'plus de demandes au support.', editeur: true },
  telechargements: { libelle: 'Téléchargements', sans: 'plus de mises à jour à télécharger.', editeur: true },
} as const // prettier-ignore

export type NomDeModule = keyof typeof MODULES
export const NOMS_DE_MODULES = Object.keys(MODULES) as [NomDeModule, ...NomDeModule[]]

/** Switched on in a new organisme that does not say otherwise. */
export const MODULES_OGA = NOMS_DE_MODULES.filter((name) => !('editeur' in MODULES[name]))

/** Those to propose to an organisme of a nature: its own, and whatever it has already. */
export function modulesFor(nature: string, active: readonly string[]): NomDeModule[] {
  return NOMS_DE_MODULES.filter(
    (name) => nature === 'editeur' || !('editeur' in MODULES[name]) || active.includes(name),
  )
}

/** The name of a module; the word itself when it is none of them. */
export function moduleName(name: string): string {
  return name in MODULES ? MODULES[name as NomDeModule].libelle : name
}
