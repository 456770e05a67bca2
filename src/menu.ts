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
  { libelle: 'Actualités', url: '/actualites', icone: 'news', can: 'actualites.read', module: 'actualites' },
  { libelle: 'Contact', url: '/contact', icone: 'phone', can: 'contact.read' },
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
    libelle: 'Courriers',
    url: '/gestion/courriers',
    icone: 'mail',
    can: 'gestion.courriers.manage',
    module: 'courriers',
    compte: 'courriersATraiter',
  },
  {
    libelle: 'Mises à jour',
    url: '/gestion/modifications',
    icone: 'pencil',
    can: 'gestion.modifications.decide',
    module: 'adherents',
    compte: 'modifications',
  },
  {
    libelle: 'Listes des clients',
    url: '/gestion/mises-a-jour-clients',
    icone: 'list-check',
    can: 'gestion.listes-clients.decide',
    module: 'adherents',
    compte: 'listesClients',
  },
  {
    libelle: 'Messages',
    url: '/gestion/messages',
    icone: 'messages',
    can: 'gestion.messages.answer',
    module: 'messages',
    compte: 'messages',
  },
  {
    libelle: 'Transferts',
    url: '/gestion/transferts',
    icone: 'inbox',
    can: 'gestion.transferts.read',
    module: 'transferts',
    compte: 'transferts',
  },
  {
    libelle: 'Demandes de compte',
    url: '/gestion/demandes-de-compte',
    icone: 'user-plus',
    can: 'gestion.demandes-de-compte.decide',
    compte: 'demandesDeCompte',
  },
]

/** The menu of a person, in the order and words of the guides. An entry shows when its route would let him in. */
export function menu(organisme: Organisme, user: Utilisateur): MenuEntry[] {
  if (user.role === 'permanent' || user.role === 'administrateur') return gestion(organisme)
  return user.structureId !== null && organisme.nature === 'oga' ? cabinet() : adherent(organisme)
}
