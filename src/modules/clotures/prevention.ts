import { evolution, percentOf } from './soldes.ts'

/*
 * Warning signs of a dossier de gestion. They open a conversation, they judge nobody: each comes with a short
 * sentence that says what was seen and what may be done.
 */

export interface Signaux {
  /** Turnover or recettes, and those of the year before when there is one. */
  recettes: number
  recettesAvant: number | null
  resultat: number
  excedentBrut: number
  /** First quartile of the profession's résultat, when it may be shown. */
  q1Resultat: number | null
  /** Box BK of the 2035, or the owner's contributions. */
  cotisations: number | null
  prelevements: number | null
  /** Cash at the end of this year and of the year before. */
  tresorerie: number | null
  tresorerieAvant: number | null
}

export interface Drapeau {
  cle:
    | 'excedent_negatif'
    | 'tresorerie_negative'
    | 'resultat_sous_q1'
    | 'baisse_recettes'
    | 'cotisations_elevees'
    | 'prelevements_superieurs'
  titre: string
  commentaire: string
}

/** Recettes that fall by this much or more, percents. */
const BAISSE = -20
/** Contributions above this part of the recettes, percents. */
const COTISATIONS = 30

export function drapeaux(s: Signaux): Drapeau[] {
  const change = s.recettesAvant === null ? null : evolution(s.recettesAvant, s.recettes)
  const part = s.cotisations === null ? null : percentOf(s.cotisations, s.recettes)
  const seen: Record<Drapeau['cle'], boolean> = {
    excedent_negatif: s.excedentBrut < 0,
    tresorerie_negative: (s.tresorerie ?? 0) < 0 && (s.tresorerieAvant ?? 0) < 0,
    resultat_sous_q1: s.q1Resultat !== null && s.resultat < s.q1Resultat,
    baisse_recettes: change !== null && change <= BAISSE,
    cotisations_elevees: part !== null && part > COTISATIONS,
    prelevements_superieurs: s.prelevements !== null && s.prelevements > s.resultat,
  }
  return DRAPEAUX.filter(({ cle }) => seen[cle])
}

const DRAPEAUX: readonly Drapeau[] = [
  {
    cle: 'excedent_negatif',
    titre: 'L’activité ne couvre pas ses charges courantes',
    commentaire:
      'L’excédent brut est négatif : avant même les emprunts et les impôts, l’activité consomme de l’argent. Revoyez vos prix et vos charges fixes sans attendre, avec votre cabinet ou avec nous.',
  },
  {
    cle: 'tresorerie_negative',
    titre: 'Trésorerie négative depuis deux ans',
    commentaire:
      'Le découvert finance l’activité depuis deux clôtures. Un crédit à moyen terme coûte souvent moins cher ; votre banque et nos permanents peuvent en parler avec vous.',
  },
  {
    cle: 'resultat_sous_q1',
    titre: 'Résultat parmi les plus bas de la profession',
    commentaire:
      'Trois confrères sur quatre dégagent un résultat plus élevé. Comparez ligne à ligne vos charges à la moyenne : les écarts les plus grands disent où regarder.',
  },
  {
    cle: 'baisse_recettes',
    titre: 'Forte baisse de l’activité',
    commentaire:
      'L’activité a reculé d’au moins 20 % en un an. Si la baisse doit durer, demandez dès maintenant un nouveau calcul de vos acomptes de cotisations et d’impôt.',
  },
  {
    cle: 'cotisations_elevees',
    titre: 'Poids élevé des cotisations sociales',
    commentaire:
      'Vos cotisations personnelles dépassent 30 % des recettes. Elles suivent les revenus des années passées : vérifiez la régularisation à venir et provisionnez-la.',
  },
  {
    cle: 'prelevements_superieurs',
    titre: 'Prélèvements supérieurs au résultat',
    commentaire:
      'Vous avez prélevé plus que l’activité n’a gagné. La différence vient de la trésorerie ou des emprunts : elle ne peut pas durer.',
  },
]
