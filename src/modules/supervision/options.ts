/** What a firm decides for its people, in the words of the guide (F68, F72). A date says since when. */
export const OPTIONS = {
  reponses: {
    colonne: 'supervision_depuis',
    question: 'Superviser les réponses de mes collaborateurs avant envoi ?',
    titre: 'Supervision des réponses',
    oui: 'Les réponses des collaborateurs attendent votre validation avant de partir.',
    non: 'Les réponses des collaborateurs partent aussitôt envoyées.',
  },
  comptes: {
    colonne: 'comptes_depuis',
    question: 'Activer les comptes de vos collaborateurs ?',
    titre: 'Comptes collaborateurs',
    oui: 'Chaque collaborateur pourra s’authentifier directement sur la page d’accueil.',
    non: 'Aucun collaborateur ne peut se connecter : seul le compte du cabinet ouvre l’espace.',
  },
  portefeuille: {
    colonne: 'portefeuille_partage_depuis',
    question: 'Montrer à chaque collaborateur tous les clients du cabinet ?',
    titre: 'Clients visibles',
    oui: 'Chaque collaborateur voit tous les clients du cabinet, leurs courriers et leurs documents.',
    non: 'Chaque collaborateur ne voit que les dossiers qui lui sont affectés.',
  },
} as const

export type Option = keyof typeof OPTIONS

export interface Etat {
  id: string
  numero: string
  supervision_depuis: string | null
  comptes_depuis: string | null
  portefeuille_partage_depuis: string | null
}

export function isOn(etat: Etat, option: Option): boolean {
  return etat[OPTIONS[option].colonne] !== null
}

/** What the pages of the options count before anything changes. */
export interface Portee {
  /** Answers in the validation queue. */
  attente: number
  /** People of the firm who have not left. */
  presents: number
  /** Of those, who would be mailed an invitation: never activated, not blocked, with an address. */
  aInviter: number
  /** Sessions that would end. */
  sessions: number
  nonAffectes: number
}
