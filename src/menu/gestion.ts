import { majuscule } from '../kernel/formats.ts'
import type { Organisme } from '../kernel/organisme.ts'
import type { MenuEntry } from '../kernel/page.ts'

/** The permanents and administrateurs of the organisme: few headings, each a piece of work. */
export const gestion = (organisme: Organisme): MenuEntry[] => [
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
      '/fec',
    ],
    enfants: [
      { libelle: 'Toutes les demandes', url: '/gestion/demandes', can: 'gestion.demandes.handle' },
      {
        libelle: 'Transferts',
        url: '/gestion/transferts',
        can: 'gestion.transferts.read',
        module: 'transferts',
        compte: 'demandes-transfert',
        aussi: ['/fec'],
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

/** The operator of the platform, who sees no member. */
export const operateur = (): MenuEntry[] => [
  { libelle: 'Organismes', url: '/plateforme', icone: 'building', can: 'plateforme.read' },
  { libelle: 'État du service', url: '/plateforme/sante', icone: 'activity', can: 'plateforme.read' },
  { libelle: 'Tâches garées', url: '/plateforme/taches', icone: 'alert-triangle', can: 'plateforme.read' },
]
