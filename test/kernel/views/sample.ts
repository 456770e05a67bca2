/** What the kernel gives to every view, filled with a text that would break a page that forgets to escape. */
export const HOSTILE = `<img src=x onerror="alert(1)"> & 'l’été' </textarea><script>`

export function sample(texte: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    texte,
    organisme: {
      nom: texte,
      forme: 'Organisme mixte de gestion',
      sigle: 'OMG',
      adresse: [texte, '33000 Estuaire'],
      telephone: '+33557000000',
      courriel: 'contact@estuaire.example',
      site: 'https://estuaire.example',
      logo: null,
      couleurCss: '/theme.css?v=0',
      vocabulaire: { adherent: 'adhérent', adherents: 'adhérents' },
    },
    user: { nom: texte, role: 'cabinet', libelleRole: 'cabinet', pour: texte },
    menu: [
      { libelle: 'Page d’accueil', url: '/', icone: 'home', actif: false },
      {
        libelle: texte,
        url: '/dossiers',
        icone: 'folder',
        compte: 1234,
        actif: false,
        enfants: [
          { libelle: 'Clients', url: '/dossiers/clients', actif: true, compte: 2 },
          { libelle: 'Autres', url: '/dossiers/autres', actif: false },
        ],
      },
    ],
    breadcrumb: [{ libelle: texte, url: '/dossiers' }, { libelle: 'Ici' }],
    csrf: 'jeton-1',
    notice: { genre: 'succes', texte },
    values: {},
    aujourdhui: '2026-11-22',
    chemin: '/dossiers/clients',
    requestId: '00000000-0000-4000-8000-000000000000',
    etat: {
      legende: texte,
      chemin: '/dossiers/clients',
      requete: { q: 'a b&c', tri: 'nom', sens: 'asc', apres: 'curseur', rang: 51 },
      tri: 'nom',
      sens: 'asc',
    },
    lignes: [
      {
        nom: texte,
        nonLu: true,
        limite: '2026-11-25',
        date: '2026-11-01',
        montant: '18420.50',
        etat: 'En cours',
      },
      { nom: 'Deux', nonLu: false, limite: '2026-11-01', date: null, montant: null, etat: texte },
    ],
    ...changes,
  }
}

export const REFUSED = {
  errors: {
    resume: null,
    champs: [
      { champ: 'siret', message: 'Saisissez un numéro SIRET de 14 chiffres' },
      { champ: 'statut', message: 'Choisissez qui vous êtes' },
      { champ: 'fichier', message: 'Joignez un fichier' },
      { champ: 'accord', message: 'Cochez la case' },
      { champ: 'annee', message: 'Choisissez un exercice' },
      { champ: 'precisions', message: 'Soyez plus bref' },
    ],
  },
  values: {
    siret: '123 "456"',
    statut: 'cabinet',
    interets: ['b'],
    annee: '2024',
    secret: 'ne-pas-rendre',
    mel: '',
  },
}
