import { nombre } from '../../kernel/formats.ts'
import type { Code, Constat, Gravite } from './controle/constats.ts'

/** What a finding is called, what it means and what to do about it, for people who are no accountants. */
export interface Phrase {
  titre: string
  sens: string
  remede: string
}

const EXPORT = 'Corrigez-le dans votre logiciel de comptabilité, puis exportez de nouveau le fichier.'
const EDITEUR =
  'C’est un réglage de l’export : choisissez le format FEC de l’administration dans votre logiciel, ou demandez à son éditeur.'

const PHRASES: Record<Code, Phrase> = {
  illisible: {
    titre: 'Le fichier n’est pas un texte que l’administration sait lire',
    sens: 'Un FEC est un fichier texte (ASCII, ISO 8859-15 ou UTF-8). Celui-ci est d’une autre sorte.',
    remede: EDITEUR,
  },
  vide: {
    titre: 'Le fichier ne contient aucune écriture',
    sens: 'Sans ligne d’écriture, il n’y a rien à contrôler.',
    remede: 'Vérifiez l’exercice choisi au moment de l’export.',
  },
  separateur: {
    titre: 'Les colonnes ne sont pas séparées par une tabulation ou une barre verticale',
    sens: 'Les deux seuls séparateurs admis sont la tabulation et le caractère « | ».',
    remede: EDITEUR,
  },
  entete_absente: {
    titre: 'La première ligne ne donne pas le nom des colonnes',
    sens: 'La première ligne d’un FEC nomme ses colonnes. Les écritures ont été lues dans l’ordre habituel.',
    remede: EDITEUR,
  },
  entete_incomplete: {
    titre: 'Il manque une colonne obligatoire',
    sens: 'Le texte demande 18 colonnes (21 ou 22 en comptabilité de trésorerie), même quand elles sont vides.',
    remede: EDITEUR,
  },
  champs_nombre: {
    titre: 'Des lignes n’ont pas le bon nombre de colonnes',
    sens: 'Chaque ligne doit avoir autant de colonnes que la première. Souvent, un libellé contient un retour à la ligne ou le séparateur lui-même.',
    remede: 'Retirez ces caractères du libellé dans votre logiciel, puis exportez de nouveau le fichier.',
  },
  ligne_vide: {
    titre: 'Des lignes sont vides',
    sens: 'Une ligne vide rompt la structure du fichier.',
    remede: EXPORT,
  },
  ligne_longue: {
    titre: 'Des lignes sont démesurées',
    sens: 'Elles n’ont pas pu être lues. Le fichier est probablement abîmé.',
    remede: 'Exportez de nouveau le fichier et n’y touchez plus.',
  },
  obligatoire_vide: {
    titre: 'Une donnée obligatoire est vide',
    sens: 'L’administration refuse une écriture sans cette donnée.',
    remede: EXPORT,
  },
  nombre_point: {
    titre: 'Des montants sont écrits avec un point',
    sens: 'Les centimes se séparent par une virgule : 1234,56.',
    remede: EDITEUR,
  },
  nombre_milliers: {
    titre: 'Des montants ont un séparateur de milliers',
    sens: 'Les montants s’écrivent sans espace ni point : 1234,56 et non 1 234,56.',
    remede: EDITEUR,
  },
  nombre_illisible: {
    titre: 'Des montants ne sont pas des nombres',
    sens: 'Cette colonne ne peut contenir que des chiffres, une virgule et un signe.',
    remede: EXPORT,
  },
  sens_illisible: {
    titre: 'Le sens d’un montant n’est pas reconnu',
    sens: 'Le sens s’écrit D ou C, ou bien +1 ou -1, sans espace.',
    remede: EDITEUR,
  },
  date_impossible: {
    titre: 'Des dates n’existent pas',
    sens: 'Par exemple le 31 février. L’administration refuse ces lignes.',
    remede: EXPORT,
  },
  date_illisible: {
    titre: 'Des dates sont illisibles',
    sens: 'Une date s’écrit en huit chiffres, année, mois, jour : 20251231.',
    remede: EXPORT,
  },
  donnee_absente: {
    titre: 'Une donnée attendue manque',
    sens: 'L’administration prend le fichier, mais signale que cette donnée n’est pas renseignée partout. Pour les à-nouveaux, c’est souvent normal.',
    remede: 'Renseignez-la quand vous le pouvez : elle peut vous être demandée lors d’un contrôle.',
  },
  compte_chiffres: {
    titre: 'Des numéros de compte ne commencent pas par trois chiffres',
    sens: 'Les trois premiers caractères sont ceux du plan comptable.',
    remede: EXPORT,
  },
  debit_et_credit: {
    titre: 'Des lignes ont à la fois un débit et un crédit',
    sens: 'Une ligne porte un débit ou un crédit, pas les deux.',
    remede: EXPORT,
  },
  debit_credit_nuls: {
    titre: 'Des lignes sont sans montant',
    sens: 'Le débit et le crédit valent zéro.',
    remede: 'Vérifiez si ces lignes ont une raison d’être.',
  },
  date_siecle: {
    titre: 'Des dates sont hors du siècle',
    sens: 'L’année est avant 1900 ou après 2099 : c’est sans doute une faute de frappe.',
    remede: EXPORT,
  },
  date_forme: {
    titre: 'Des dates ne sont pas au format du texte',
    sens: 'Le texte demande AAAAMMJJ (20251231). L’outil de l’administration comprend celles-ci, mais un contrôleur pourrait les refuser.',
    remede: EDITEUR,
  },
  ordre_colonnes: {
    titre: 'Les colonnes ne sont pas dans l’ordre du texte',
    sens: 'Toutes y sont ; leur ordre diffère de celui de l’article A. 47 A-1.',
    remede: EDITEUR,
  },
  encodage_1252: {
    titre: 'L’encodage est celui de Windows',
    sens: 'Le texte demande ASCII, ISO 8859-15 ou UTF-8 : quelques caractères (€, ’, …) risquent d’être mal lus.',
    remede: EDITEUR,
  },
  encodage_melange: {
    titre: 'Deux encodages sont mélangés',
    sens: 'Une partie du fichier est en UTF-8, l’autre non : les accents seront mal lus d’un côté ou de l’autre.',
    remede: 'Exportez de nouveau le fichier sans l’ouvrir ni le compléter à la main.',
  },
  nom_forme: {
    titre: 'Le nom du fichier n’est pas celui du texte',
    sens: 'Le nom est le SIREN, suivi de FEC et de la date de clôture : 123456789FEC20251231.txt.',
    remede: 'Renommez le fichier.',
  },
  nom_date: {
    titre: 'La date dans le nom du fichier n’existe pas',
    sens: 'Le nom finit par la date de clôture de l’exercice : année, mois, jour.',
    remede: 'Renommez le fichier.',
  },
  separateur_final: {
    titre: 'Un séparateur est de trop en fin de ligne',
    sens: 'L’administration l’accepte.',
    remede: 'Rien à faire.',
  },
  ecriture_desequilibree: {
    titre: 'Des écritures ne sont pas équilibrées',
    sens: 'Dans une écriture, le total des débits doit égaler celui des crédits.',
    remede: EXPORT,
  },
  total_desequilibre: {
    titre: 'Le total des débits diffère du total des crédits',
    sens: 'Sur tout le fichier, les deux totaux doivent être égaux. L’outil de l’administration ne le vérifie pas.',
    remede: 'Corrigez les écritures déséquilibrées ; s’il n’y en a pas, des lignes manquent dans le fichier.',
  },
  hors_exercice: {
    titre: 'Des écritures sont hors de l’exercice',
    sens: 'Leur date n’est pas entre le début et la fin de l’exercice.',
    remede: 'Vérifiez la date de ces écritures, et l’exercice choisi au moment de l’export.',
  },
  validation_avant: {
    titre: 'Des écritures sont validées avant leur date',
    sens: 'La date de validation ne peut pas précéder la date de l’écriture.',
    remede: EXPORT,
  },
  ordre_validation: {
    titre: 'Les écritures ne sont pas dans l’ordre de leur validation',
    sens: 'Le texte demande les écritures dans l’ordre chronologique de validation, les à-nouveaux d’abord.',
    remede: EDITEUR,
  },
  numerotation: {
    titre: 'Des numéros d’écriture manquent',
    sens: 'La numérotation doit être continue : un trou fait penser à une écriture supprimée.',
    remede: 'Vérifiez que l’export est complet, ou gardez de quoi expliquer ces trous.',
  },
  doublon: {
    titre: 'Des lignes sont en double',
    sens: 'Deux lignes du fichier sont identiques, du premier au dernier caractère.',
    remede: 'Vérifiez qu’une écriture n’a pas été importée deux fois.',
  },
  lettrage_sans_date: {
    titre: 'Des lettrages sont sans date',
    sens: 'Quand une écriture est lettrée, la date du lettrage est attendue.',
    remede: EXPORT,
  },
  dates_multiples: {
    titre: 'Des écritures portent plusieurs dates',
    sens: 'Les lignes d’une même écriture ont en principe la même date.',
    remede: 'Vérifiez que deux écritures ne portent pas le même numéro.',
  },
  devise: {
    titre: 'Des montants en devise n’ont pas de devise',
    sens: 'Un montant en devise est donné sans dire laquelle.',
    remede: EXPORT,
  },
  comptes_soldes: {
    titre: 'Les comptes de charges et de produits sont soldés',
    sens: 'Le fichier semble contenir les écritures de clôture, que le texte demande d’écarter.',
    remede: 'Exportez l’exercice avant la clôture des comptes de résultat.',
  },
  nom_siren: {
    titre: 'Le SIREN dans le nom du fichier est faux',
    sens: 'Ses neuf chiffres ne forment pas un numéro SIREN.',
    remede: 'Renommez le fichier avec votre numéro SIREN.',
  },
  nom_adherent: {
    titre: 'Le SIREN dans le nom du fichier n’est pas celui du dossier',
    sens: 'Le fichier est peut-être celui d’une autre entreprise.',
    remede: 'Vérifiez que c’est le bon fichier. Si votre SIREN a changé, mettez vos coordonnées à jour.',
  },
  nom_cloture: {
    titre: 'La date dans le nom du fichier n’est pas celle d’un exercice connu',
    sens: 'Aucun exercice du dossier ne se termine ce jour-là.',
    remede: 'Vérifiez la date de clôture dans le nom du fichier.',
  },
  colonnes_bnc: {
    titre: 'Les quatre colonnes de trésorerie manquent',
    sens: 'Un professionnel libéral qui compte ce qu’il encaisse et paie remet un fichier de 22 colonnes. 18 suffisent si vous tenez une comptabilité d’engagement.',
    remede: 'Si vous tenez une comptabilité de trésorerie, choisissez l’export BNC dans votre logiciel.',
  },
  resultat: {
    titre: 'Le résultat du fichier n’est pas celui de la déclaration',
    sens: 'Les produits moins les charges du fichier ne donnent pas le résultat comptable connu de l’organisme.',
    remede: 'Vérifiez que la déclaration et le fichier portent sur les mêmes écritures.',
  },
}

export function phraseDe(constat: Pick<Constat, 'code' | 'champ'>): Phrase {
  const phrase = PHRASES[constat.code]
  return constat.champ === '' ? phrase : { ...phrase, titre: `${phrase.titre}\u00a0: ${constat.champ}` }
}

export const GRAVITES_LIBELLES: Record<Gravite, { un: string; plusieurs: string; titre: string; icone: string; avis: string; chapo: string }> = {
  erreur: {
    un: 'anomalie bloquante', plusieurs: 'anomalies bloquantes', titre: 'Ce que l’administration refuserait', icone: 'circle-x', avis: 'erreur',
    chapo: 'Un fichier qui a une seule de ces anomalies n’est pas conforme.',
  },
  absence: {
    un: 'donnée absente', plusieurs: 'données absentes', titre: 'Les données qui manquent', icone: 'alert-triangle', avis: 'alerte',
    chapo: 'Le fichier peut être remis ; l’administration signalera ces manques.',
  },
  alerte: {
    un: 'alerte', plusieurs: 'alertes', titre: 'Les alertes', icone: 'alert-triangle', avis: 'alerte',
    chapo: 'Elles n’empêchent pas de remettre le fichier, mais méritent d’être corrigées.',
  },
  qualite: {
    un: 'point à vérifier', plusieurs: 'points à vérifier', titre: 'La qualité de la comptabilité', icone: 'info-circle', avis: 'info',
    chapo: 'Nos propres contrôles, au-delà de ceux de l’administration.',
  },
  note: {
    un: 'remarque', plusieurs: 'remarques', titre: 'Pour information', icone: 'info-circle', avis: 'info',
    chapo: '',
  },
} // prettier-ignore

/** « 3 lignes »: how often a finding comes, in the thing it counts. */
export function compteDe({ code, nombre: n, lignes }: Constat): string {
  if (code === 'numerotation') return `${nombre(n)} ${n > 1 ? 'numéros' : 'numéro'}`
  if (code === 'ecriture_desequilibree') return `${nombre(n)} ${n > 1 ? 'écritures' : 'écriture'}`
  if (lignes.every((ligne) => ligne.n === 0) || code === 'entete_incomplete') return ''
  return `${nombre(n)} ${n > 1 ? 'lignes' : 'ligne'}`
}
