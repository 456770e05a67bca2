import type { Organisme } from '../kernel/organisme.ts'
import type { MenuEntry } from '../kernel/page.ts'

/** Guide 1: an adhérent; also who belongs to an établissement of an éditeur. */
export function adherent(organisme: Organisme): MenuEntry[] {
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
      aussi: ['/fec'],
      enfants: [
        { libelle: 'Transfert de données', url: '/transferts', can: 'transferts.send', aussi: ['/fec'] },
        { libelle: 'Mes envois', url: '/transferts#mes-envois', can: 'transferts.read' },
        {
          libelle: 'Mes télédéclarations',
          url: '/declarations',
          can: 'declarations.read',
          module: 'adherents',
        },
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

/** « l’OGA », « le centre »: the article before the organisme's own word. */
function withArticle(word: string): string {
  return /^[aeiouyéèêàâîôûh]/i.test(word) ? `l’${word}` : `le ${word}`
}
