/** Names of people and firms that do not exist, built of syllables that sound French; communes are real ones. */

const HEADS = 'Bar Bel Bro Cas Char Cour Del Fau Fon Gar Gour Hau Jar Lam Lan Mal Mar Mont Nav Par Per Pra Roch Rou Sau Ser Tar Tour Vau Ver'.split(' ') // prettier-ignore
const MIDDLES = 'be ca da den di fi la lin ma mar na ran ri ro ta tin va vil'.split(' ')
const ENDS = 'bert chard deau det dois gnac gnon lard lier mont nac nier quet rac reau ret rieu seau tel val'.split(' ') // prettier-ignore
const WOMEN = 'Adèle Agathe Anaïs Apolline Aurore Bérénice Camille Capucine Clarisse Clémence Delphine Éloïse Estelle Fanny Garance Hélène Inès Jeanne Lison Louise Maëlle Margaux Mathilde Nina Ombeline Perrine Rose Sidonie Suzanne Thaïs'.split(' ') // prettier-ignore
const MEN = 'Anselme Antonin Armel Basile Baptiste Côme Corentin Désiré Edgar Félicien Firmin Gaspard Gildas Gustave Hippolyte Jules Léandre Lucien Malo Marius Mathurin Octave Pierrick Rémi Sacha Tanguy Théodore Tristan Valère Yannick'.split(' ') // prettier-ignore
const STREETS = 'rue des Amandiers,rue du Four à Chaux,avenue des Peupliers,chemin de la Fontaine,place des Marchands,rue des Lavandières,impasse du Lavoir,allée des Tilleuls,quai des Tisserands,rue de la Tannerie,cours des Micocouliers,chemin des Vignes,rue du Puits Couvert,boulevard des Platanes,rue Haute'.split(',') // prettier-ignore
const SIGNS = 'Atelier,Maison,Comptoir,Établissements,Compagnie'.split(',')

/** Postal code and name as on an envelope. */
const COMMUNES =
  '33500 LIBOURNE,24000 PERIGUEUX,24100 BERGERAC,40100 DAX,64100 BAYONNE,64500 SAINT JEAN DE LUZ,31240 L UNION,31830 PLAISANCE DU TOUCH,31450 POMPERTUZAT,12230 NANT,12000 RODEZ,46000 CAHORS,09000 FOIX,13090 AIX EN PROVENCE,26200 MONTELIMAR,69300 CALUIRE ET CUIRE,71100 CHALON SUR SAONE,21200 BEAUNE,68000 COLMAR,88000 EPINAL,35400 SAINT MALO,35500 VITRE,22300 LANNION,49300 CHOLET,49400 SAUMUR,53000 LAVAL,20000 AJACCIO' // prettier-ignore
    .split(',')
    .map((line) => ({ codePostal: line.slice(0, 5), ville: line.slice(6) }))

export type Commune = (typeof COMMUNES)[number]

export function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!
}

export function surname(random: () => number): string {
  return pick(random, HEADS) + pick(random, MIDDLES) + pick(random, ENDS)
}

/** One in seven has a name of two parts. */
export function person(random: () => number): { civilite: 'M.' | 'Mme'; prenom: string; nom: string } {
  const woman = random() < 0.52
  const nom = surname(random)
  return {
    civilite: woman ? 'Mme' : 'M.',
    prenom: pick(random, woman ? WOMEN : MEN),
    nom: random() < 0.14 ? `${nom}-${surname(random)}` : nom,
  }
}

export function firm(random: () => number): string {
  return `${pick(random, SIGNS)} ${surname(random)}`
}

export function commune(random: () => number): Commune {
  return pick(random, COMMUNES)
}

export function street(random: () => number): string {
  return `${1 + Math.floor(random() * 80)} ${pick(random, STREETS)}`
}

/** The text as it stands in an e-mail address. */
export function slug(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
}
