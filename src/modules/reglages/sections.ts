export const REGLAGES = '/gestion/reglages'
export const can = 'reglages.manage'

/** The pages of the settings, in the order of their list. */
export const SECTIONS = [
  { cle: 'identite', libelle: 'Identité', icone: 'building', detail: 'Nom, adresse, téléphone, mentions légales' },
  { cle: 'en-tete', libelle: 'En-tête des documents', icone: 'file-certificate', detail: 'Forme, agrément, signataire, aperçu en PDF' },
  { cle: 'apparence', libelle: 'Couleur et logo', icone: 'photo', detail: 'Ce que chacun voit en haut des pages et des courriels' },
  { cle: 'vocabulaire', libelle: 'Vocabulaire', icone: 'language', detail: 'Vos mots\u00a0: adhérent ou client, cabinet ou conseil' },
  { cle: 'modules', libelle: 'Modules', icone: 'plug', detail: 'Ce que votre portail propose' },
  { cle: 'destinataires', libelle: 'Destinataires des messages', icone: 'messages', detail: 'À qui l’on écrit par «\u00a0Nous contacter\u00a0»' },
  { cle: 'parametres-legaux', libelle: 'Paramètres légaux', icone: 'gavel', detail: 'Les délais, avec leur date d’effet' },
  { cle: 'courriels', libelle: 'Textes des courriels', icone: 'mail', detail: 'Objet, texte et bouton de chaque courriel' },
  { cle: 'securite', libelle: 'Connexion', icone: 'shield-lock', detail: 'Qui doit valider en deux étapes' },
  { cle: 'conservation', libelle: 'Durées de conservation', icone: 'archive', detail: 'Ce qui s’efface, et quand' },
  { cle: 'etat', libelle: 'État des services', icone: 'activity', detail: 'Antivirus, stockage, courriels' },
] as const // prettier-ignore

export type Section = (typeof SECTIONS)[number]['cle']

export const pathOf = (section: Section): string => `${REGLAGES}/${section}`

/** Where the page of a section stands. */
export function trail(section: Section, here?: string) {
  const { libelle } = SECTIONS.find(({ cle }) => cle === section)!
  const list = { libelle: 'Réglages', url: REGLAGES }
  return here === undefined
    ? [list, { libelle }]
    : [list, { libelle, url: pathOf(section) }, { libelle: here }]
}
