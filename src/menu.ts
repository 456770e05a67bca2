import type { Organisme } from './kernel/organisme.ts'
import { majuscule } from './kernel/formats.ts'
import type { MenuEntry, Utilisateur } from './kernel/page.ts'

function adherent(organisme: Organisme): MenuEntry[] {
  const oga = withArticle(organisme.vocabulaire.organisme)
  return [
    { libelle: 'Page d’accueil', url: '/', icone: 'home', can: 'accueil.read' },
    {
      libelle: 'Courriers',
      url: '/courriers',
      icone: 'mail',
      can: 'courriers.read',
      module: 'courriers',
      compte: 'courriers',
    },
    {
      libelle: 'Informations',
      url: '/actualites',
      icone: 'news',
      can: 'actualites.read',
      enfants: [
        { libelle: 'Actualités', url: '/actualites', can: 'actualites.read', module: 'actualites' },
        { libelle: 'Mes coordonnées', url: '/coordonnees', can: 'coordonnees.read', module: 'adherents' },
        { libelle: 'Espace documents', url: '/espaces', can: 'espaces.read', module: 'espaces' },
        { libelle: 'Statistiques', url: '/statistiques', can: 'statistiques.read', module: 'statistiques' },
      ],
    },
    {
      libelle: `Ce que je transmets vers ${oga}`,
      url: '/transferts',
      icone: 'upload',
      can: 'transferts.read',
      module: 'transferts',
      enfants: [
        { libelle: 'Transfert de données', url: '/transferts', can: 'transferts.send' },
        { libelle: 'Mes envois', url: '/transferts#mes-envois', can: 'transferts.read' },
      ],
    },
    {
      libelle: `Ce que ${oga} me propose`,
      url: '/formations',
      icone: 'school',
      can: 'formations.read',
      module: 'formations',
      enfants: [
        { libelle: 'Formations', url: '/formations', can: 'formations.read' },
        { libelle: 'Mes documents', url: '/documents', can: 'documents.mine', module: 'clotures' },
      ],
    },
    { libelle: 'Contact', url: '/contact', icone: 'phone', can: 'contact.read' },
  ]
}

/** Guide 2: the people of a cabinet. */
const cabinet = (): MenuEntry[] => [
  {
    libelle: 'Votre compte',
    url: '/',
    icone: 'home',
    can: 'accueil.read',
    enfants: [
      { libelle: 'Vos données personnelles', url: '/cabinet', can: 'cabinet.read', module: 'adherents' },
    ],
  },
  {
    libelle: 'À faire',
    url: '/a-faire',
    icone: 'checklist',
    can: 'a-faire.read',
    module: 'courriers',
    compte: 'aFaire',
  },
  {
    libelle: 'Dossiers clients',
    url: '/clients',
    icone: 'folders',
    can: 'clients.read',
    module: 'adherents',
    enfants: [
      { libelle: 'Gestion de vos clients', url: '/clients', can: 'clients.read' },
      {
        libelle: 'Nouveaux courriers',
        url: '/courriers',
        can: 'courriers.read',
        module: 'courriers',
        compte: 'courriers',
      },
      { libelle: 'Liste des clients', url: '/clients/mises-a-jour', can: 'clients.update' },
    ],
  },
  {
    libelle: 'Formations',
    url: '/formations',
    icone: 'school',
    can: 'formations.read',
    module: 'formations',
  },
  {
    libelle: 'Dialogue OGA',
    url: '/messages',
    icone: 'messages',
    can: 'messages.read',
    module: 'messages',
    enfants: [
      { libelle: 'Votre courrier', url: '/messages', can: 'messages.read', compte: 'reponsesNonLues' },
      { libelle: 'Nous contacter', url: '/messages/nouveau', can: 'messages.send' },
    ],
  },
  {
    libelle: 'Statistiques',
    url: '/statistiques',
    icone: 'chart-bar',
    can: 'statistiques.read',
    module: 'statistiques',
  },
  {
    libelle: 'Documentation',
    url: '/espaces',
    icone: 'books',
    can: 'espaces.read',
    module: 'espaces',
    enfants: [{ libelle: 'Espace documents', url: '/espaces', can: 'espaces.read' }],
  },
  { libelle: 'Actualités', url: '/actualites', icone: 'news', can: 'actualites.read', module: 'actualites' },
  { libelle: 'Contact', url: '/contact', icone: 'phone', can: 'contact.read' },
  {
    libelle: 'Validation des réponses',
    url: '/supervision/validations',
    icone: 'shield-check',
    can: 'validations.decide',
    module: 'courriers',
    compte: 'validationsEnSuppleance',
    si: 'validationsEnSuppleance',
  },
  {
    libelle: 'Supervision',
    url: '/supervision',
    icone: 'shield-check',
    can: 'supervision.manage',
    enfants: [
      {
        libelle: 'Gestion collaborateur',
        url: '/collaborateurs',
        can: 'collaborateurs.manage',
        module: 'adherents',
      },
      {
        libelle: 'Gestion dossiers',
        url: '/affectations',
        can: 'affectations.manage',
        module: 'adherents',
      },
      {
        libelle: 'Validation des réponses',
        url: '/supervision/validations',
        can: 'validations.suppleance',
        module: 'courriers',
        compte: 'validations',
      },
      { libelle: 'Suivi des liasses', url: '/declarations', can: 'declarations.read', module: 'adherents' },
    ],
  },
]

/** « l’OGA », « le centre »: the article before the organisme's own word. */
function withArticle(word: string): string {
  return /^[aeiouyéèêàâîôûh]/i.test(word) ? `l’${word}` : `le ${word}`
}

const gestion = (organisme: Organisme): MenuEntry[] => [
  { libelle: 'Accueil', url: '/', icone: 'home', can: 'accueil.read' },
  {
    libelle: majuscule(organisme.vocabulaire.adherents),
    url: '/gestion/adherents',
    icone: 'users',
    can: 'gestion.adherents.read',
    module: 'adherents',
  },
  {
    libelle: 'Suivi',
    url: '/gestion/suivi',
    icone: 'chart-bar',
    can: 'gestion.suivi.read',
    module: 'clotures',
    enfants: [
      { libelle: 'Tableau de suivi', url: '/gestion/suivi', can: 'gestion.suivi.read' },
      { libelle: 'Dossiers', url: '/gestion/suivi/dossiers', can: 'gestion.suivi.read' },
      { libelle: 'Échéances', url: '/gestion/suivi/echeances', can: 'gestion.suivi.read' },
    ],
  },
  {
    libelle: 'Publier',
    url: '/gestion/publications',
    icone: 'send',
    can: 'gestion.publications.manage',
    module: 'clotures',
    groupe: true,
    enfants: [
      { libelle: 'Publications', url: '/gestion/publications', can: 'gestion.publications.manage' },
      { libelle: 'Documents en nombre', url: '/gestion/emissions', can: 'gestion.emissions.manage' },
      { libelle: 'Travaux', url: '/gestion/travaux', can: 'gestion.travaux.read' },
    ],
  },
  {
    libelle: 'Courriers',
    url: '/gestion/courriers',
    icone: 'mail',
    can: 'gestion.courriers.manage',
    module: 'courriers',
    compte: 'courriersATraiter',
    enfants: [
      { libelle: 'Tous les courriers', url: '/gestion/courriers', can: 'gestion.courriers.manage' },
      { libelle: 'Envois groupés', url: '/gestion/courriers/envois', can: 'gestion.courriers.manage' },
      { libelle: 'Relances', url: '/gestion/relances', can: 'gestion.relances.manage' },
      { libelle: 'Modèles', url: '/gestion/courriers/modeles', can: 'gestion.modeles.manage' },
    ],
  },
  {
    libelle: 'Demandes',
    url: '/gestion/demandes',
    icone: 'inbox',
    can: 'gestion.demandes.handle',
    compte: 'demandes',
    aussi: [
      '/gestion/modifications',
      '/gestion/mises-a-jour-clients',
      '/gestion/messages',
      '/gestion/transferts',
      '/gestion/demandes-de-compte',
    ],
    enfants: [
      { libelle: 'Toutes les demandes', url: '/gestion/demandes', can: 'gestion.demandes.handle' },
      {
        libelle: 'Transferts',
        url: '/gestion/transferts',
        can: 'gestion.transferts.read',
        module: 'transferts',
        compte: 'demandes-transfert',
      },
    ],
  },
  {
    libelle: 'Contenus',
    url: '/gestion/actualites',
    icone: 'news',
    can: 'gestion.actualites.manage',
    enfants: [
      {
        libelle: 'Actualités',
        url: '/gestion/actualites',
        can: 'gestion.actualites.manage',
        module: 'actualites',
      },
      {
        libelle: 'Formations',
        url: '/gestion/formations',
        can: 'gestion.formations.manage',
        module: 'formations',
      },
      {
        libelle: 'Statistiques',
        url: '/gestion/statistiques',
        can: 'gestion.statistiques.manage',
        module: 'statistiques',
      },
      {
        libelle: 'Espaces documents',
        url: '/gestion/espaces',
        can: 'gestion.espaces.manage',
        module: 'espaces',
      },
    ],
  },
  {
    libelle: 'Réglages',
    url: '/gestion/reglages',
    icone: 'settings',
    can: 'reglages.manage',
    groupe: true,
    enfants: [
      { libelle: 'Comptes', url: '/gestion/comptes', can: 'gestion.comptes.manage' },
      { libelle: 'Imports', url: '/gestion/imports', can: 'gestion.imports.manage' },
      { libelle: 'Personnel', url: '/gestion/personnel', can: 'personnel.manage' },
      { libelle: 'Réglages', url: '/gestion/reglages', can: 'reglages.manage' },
      { libelle: 'Journal', url: '/gestion/journal', can: 'gestion.journal.read' },
    ],
  },
]

const operateur = (): MenuEntry[] => [
  { libelle: 'Organismes', url: '/plateforme', icone: 'building', can: 'plateforme.read' },
  { libelle: 'État du service', url: '/plateforme/sante', icone: 'activity', can: 'plateforme.read' },
  { libelle: 'Tâches garées', url: '/plateforme/taches', icone: 'alert-triangle', can: 'plateforme.read' },
]

/** The menu of a person, in the order and words of the guides. An entry shows when its route would let him in. */
export function menu(organisme: Organisme, user: Utilisateur): MenuEntry[] {
  if (user.role === 'permanent' || user.role === 'administrateur') return gestion(organisme)
  if (user.role === 'operateur') return operateur()
  return user.structureId !== null && organisme.nature === 'oga' ? cabinet() : adherent(organisme)
}
