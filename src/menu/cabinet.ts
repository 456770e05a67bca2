import type { MenuEntry } from '../kernel/page.ts'

/** Guide 2: the people of a cabinet. */
export const cabinet = (): MenuEntry[] => [
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
    aussi: ['/fec'],
    enfants: [
      { libelle: 'Gestion de vos clients', url: '/clients', can: 'clients.read', aussi: ['/fec'] },
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
