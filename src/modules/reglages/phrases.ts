import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'conservation.purge': 'Données arrivées à échéance supprimées',
  'reglages.manage': 'Réglages modifiés',
  'reglages.identite': 'Identité de l’organisme changée',
  'reglages.en-tete': 'En-tête des documents changé',
  'reglages.couleur': 'Couleur changée',
  'reglages.logo': 'Logo changé',
  'reglages.vocabulaire': 'Vocabulaire changé',
  'reglages.modules': 'Modules changés',
  'reglages.destinataires': 'Destinataires des messages changés',
  'reglages.parametres-legaux': 'Paramètres légaux à venir changés',
  'reglages.courriel': 'Texte d’un courriel changé',
  'reglages.securite': 'Validation en deux étapes\u00a0: rôles changés',
  'reglages.conservation': 'Durées de conservation changées',
}
