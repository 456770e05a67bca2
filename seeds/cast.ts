import { readFile } from 'node:fs/promises'
import { hash } from '@node-rs/argon2'
import { DEMO } from '../src/kernel/config.ts'
import type { Seed } from './demo.ts'
import { siretOf } from './siret.ts'

/** Organismes, hosts, structures, adhérents and log-ins. Names are invented. */
export async function seedCast(seed: Seed): Promise<void> {
  for (const organisme of ORGANISMES) await insertOrganisme(seed, organisme)
  for (const structure of STRUCTURES) await insertStructure(seed, structure)
  for (const adherent of ADHERENTS) await insertAdherent(seed, adherent)
  const password = await hash(DEMO.password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  for (const person of PEOPLE) await insertPerson(seed, person, password)
  await assign(seed)
}

interface OrganismeRow {
  code: string
  nature: string
  nom: string
  sigle: string
  forme: string
  adresse: string[]
  telephone: string
  couleur: string
  modules: string[]
  vocabulaire?: Record<string, string>
  hotes: string[]
}

const OGA_MODULES = [
  'adherents',
  'clotures',
  'actualites',
  'formations',
  'transferts',
  'courriers',
  'messages',
  'espaces',
  'statistiques',
]

const ORGANISMES: OrganismeRow[] = [
  {
    code: 'estuaire', nature: 'oga', nom: 'OMGA de l’Estuaire', sigle: 'OMGA de l’Estuaire',
    forme: 'Organisme Mixte de Gestion Agréé de Libourne', adresse: ['12 quai des Tisserands', '33500 LIBOURNE'],
    telephone: '05 00 00 00 33', couleur: '#1f5c7a', modules: OGA_MODULES, hotes: ['localhost', 'estuaire.localhost'],
  },
  {
    code: 'midi', nature: 'oga', nom: 'AGA du Midi', sigle: 'AGA du Midi',
    forme: 'Association de Gestion Agréée d’Aix-en-Provence',
    adresse: ['8 cours des Micocouliers', '13090 AIX EN PROVENCE'], telephone: '04 00 00 00 13', couleur: '#9a3b1f',
    modules: OGA_MODULES, hotes: ['midi.localhost'],
  },
  {
    code: 'sillage', nature: 'editeur', nom: 'Sillage Logiciels', sigle: 'Sillage',
    forme: 'Éditeur de logiciels pour les collectivités', adresse: ['3 allée du Chenal', '35400 SAINT MALO'],
    telephone: '02 00 00 00 35', couleur: '#5b3a8c', modules: ['actualites', 'demandes', 'telechargements'],
    vocabulaire: { adherent: 'client', adherents: 'clients', cabinet: 'établissement', cabinets: 'établissements', organisme: 'éditeur' },
    hotes: ['sillage.localhost'],
  },
  {
    code: 'plateforme', nature: 'plateforme', nom: 'Parvis', sigle: 'Parvis', forme: 'Plateforme', adresse: [],
    telephone: '', couleur: '#33475b', modules: [], hotes: ['plateforme.localhost'],
  },
] // prettier-ignore

async function insertOrganisme(seed: Seed, o: OrganismeRow): Promise<void> {
  const [row] = await seed.sql<{ id: string }>(
    `insert into plateforme.organismes (code, nature, nom, sigle, forme, adresse, telephone, courriel, site, horaires,
       couleur, vocabulaire, modules, logo)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id`,
    [o.code, o.nature, o.nom, o.sigle, o.forme, o.adresse, o.telephone, `contact@${o.code}.example`,
      `https://www.${o.code}.example`, 'Du lundi au vendredi, de 9 h à 12 h 30 et de 14 h à 17 h', o.couleur,
      o.vocabulaire ?? {}, o.modules, await logoOf(o.code)], // prettier-ignore
  )
  seed.organismes[o.code] = row!.id
  for (const [i, hote] of o.hotes.entries()) {
    await seed.sql('insert into plateforme.hotes (hote, organisme_id, principal) values ($1, $2, $3)', [
      hote,
      row!.id,
      i === 0,
    ])
  }
}

/** Drawn for the demo; an organisme without a logo shows its initial. */
async function logoOf(code: string): Promise<Buffer | null> {
  return readFile(new URL(`./logos/${code}.png`, import.meta.url)).catch(() => null)
}

type StructureRow = [
  organisme: string,
  numero: string,
  nom: string,
  nature: string,
  ville: string,
  supervise: boolean,
]

const STRUCTURES: StructureRow[] = [
  ['estuaire', 'CNS1', 'Cabinet Vauquelin & Associés', 'cabinet', '33500 LIBOURNE', true],
  ['estuaire', 'CNS2', 'Cabinet Hélène Pradeau', 'cabinet', '24100 BERGERAC', false],
  ['midi', 'CNS1', 'Fiduciaire des Alpilles', 'cabinet', '13090 AIX EN PROVENCE', true],
  ['sillage', '99055000', 'Ville de Rocheval', 'etablissement', '35500 VITRE', false],
  ['sillage', '99055001', 'Syndicat des Eaux de la Vilaine', 'etablissement', '35400 SAINT MALO', false],
]

async function insertStructure(seed: Seed, s: StructureRow): Promise<void> {
  const [organisme, numero, nom, nature, ville, supervise] = s
  const [row] = await seed.sql<{ id: string }>(
    `insert into structures (organisme_id, nature, numero, nom, siret, profession, statut_juridique, adresse, telephones,
       courriel, supervision_depuis, comptes_depuis)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) returning id`,
    [seed.organismes[organisme], nature, numero, nom, siretOf(700 + Object.keys(seed.structures).length),
      nature === 'cabinet' ? 'Expertise comptable' : 'Administration publique',
      nature === 'cabinet' ? 'Société à responsabilité limitée' : 'Collectivité territoriale',
      ['4 place des Marchands', ville], ['05 00 00 01 00', '05 00 00 01 01', '06 00 00 01 02'],
      `contact@${nom.toLowerCase().normalize('NFD').replace(/[^a-z]+/g, '-')}.example`,
      supervise ? seed.day(-700) : null], // prettier-ignore
  )
  seed.structures[`${organisme}/${numero}`] = row!.id
}

interface AdherentRow {
  organisme: string
  numero: string
  civilite: string
  denomination: string
  professions: string[]
  categorie: 'BNC' | 'BIC' | 'BA' | 'IS'
  cp: string
  ville: string
  cabinet: string | null
  adhesion: number
}

const ESTUAIRE: [string, string, string, string[], 'BNC' | 'BIC' | 'BA' | 'IS', string, string, string | null, number][] = [
  ['657', 'Mme', 'CARRIVEAU Solène', ['Architecte d’intérieur'], 'BNC', '33500', 'LIBOURNE', 'CNS1', -3300],
  ['940', 'Mme', 'DELMASURE Inès', ['Infirmière libérale'], 'BNC', '24000', 'PERIGUEUX', null, -160],
  ['12', 'M.', 'ABADISSE Lucien', ['Agent commercial'], 'BNC', '33500', 'LIBOURNE', 'CNS1', -5000],
  ['45', '', 'FOURNIL DES HALLES', ['Boulangerie-pâtisserie'], 'BIC', '33500', 'LIBOURNE', 'CNS1', -2900],
  ['58', 'M.', 'GOURVENNEC Tanguy', ['Maçonnerie'], 'BIC', '40100', 'DAX', 'CNS1', -2500],
  ['103', 'Mme', 'HAUTEFEUILLE Clarisse', ['Orthophoniste'], 'BNC', '64100', 'BAYONNE', 'CNS1', -2100],
  ['118', 'Mme', 'IZARN Mélanie', ['Coiffure', 'Esthétique'], 'BIC', '24100', 'BERGERAC', 'CNS1', -1900],
  ['204', 'M.', 'JOLIBOIS-LACASSAGNE DE SAINT-PARDOUX Jean-Christophe', ['Conseil d’entreprise', 'Formateur'], 'BNC', '64500', 'SAINT JEAN DE LUZ', 'CNS1', -1800],
  ['311', 'M.', 'KERAUDY Malo', ['Masseur-kinésithérapeute'], 'BNC', '46000', 'CAHORS', 'CNS1', -1500],
  ['402', 'Mme', 'LESTRADE Ombeline', ['Avocat'], 'BNC', '33500', 'LIBOURNE', 'CNS1', -1200],
  ['515', 'M.', 'MONTAUZIER Basile', ['Viticulteur'], 'BA', '33500', 'LIBOURNE', 'CNS1', -1000],
  ['688', '', 'NACRE ET VERMEIL', ['Fleuriste'], 'BIC', '24000', 'PERIGUEUX', 'CNS1', -800],
  ['702', 'M.', 'OLLIVARY Pierrick', ['Taxi'], 'BIC', '12000', 'RODEZ', 'CNS1', -600],
  ['801', 'Mme', 'PESQUIDOUX Aurore', ['Psychologue'], 'BNC', '24100', 'BERGERAC', 'CNS2', -900],
  ['802', 'M.', 'QUINTARD Félicien', ['Plomberie-chauffage'], 'BIC', '24100', 'BERGERAC', 'CNS2', -850],
  ['803', 'Mme', 'ROUMEGOUX Thaïs', ['Sage-femme'], 'BNC', '24000', 'PERIGUEUX', 'CNS2', -700],
] // prettier-ignore

const MIDI: typeof ESTUAIRE = [
  ['657', 'M.', 'SABRAN-TOURVES Marius', ['Vétérinaire'], 'BNC', '13090', 'AIX EN PROVENCE', 'CNS1', -2000],
  ['12', 'Mme', 'TOURREL Magali', ['Ostéopathe'], 'BNC', '13090', 'AIX EN PROVENCE', 'CNS1', -1500],
  ['45', 'M.', 'ULPAT Côme', ['Informaticien indépendant'], 'BNC', '26200', 'MONTELIMAR', null, -1300],
] // prettier-ignore

const ADHERENTS: AdherentRow[] = [
  ...ESTUAIRE.map((row) => toAdherent('estuaire', row)),
  ...MIDI.map((row) => toAdherent('midi', row)),
]

function toAdherent(organisme: string, row: (typeof ESTUAIRE)[number]): AdherentRow {
  const [numero, civilite, denomination, professions, categorie, cp, ville, cabinet, adhesion] = row
  return { organisme, numero, civilite, denomination, professions, categorie, cp, ville, cabinet, adhesion }
}

async function insertAdherent(seed: Seed, a: AdherentRow): Promise<void> {
  const n = Object.keys(seed.adherents).length
  const street = `${(n % 40) + 1} rue des Amandiers`
  const [row] = await seed.sql<{ id: string }>(
    `insert into adherents (organisme_id, numero, civilite, denomination, siret, professions, categorie, regime_fiscal,
       statut_juridique, adresse_professionnelle, adresse_personnelle, code_postal, ville, telephones, courriel,
       debut_activite_le, adhesion_le, structure_id, numero_dossier)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) returning id`,
    [seed.organismes[a.organisme], a.numero, a.civilite, a.denomination, siretOf(n + 1), a.professions, a.categorie,
      a.categorie === 'BNC' ? 'Déclaration contrôlée' : 'Réel simplifié',
      a.civilite === '' ? 'EURL' : 'Entreprise individuelle', [street, `${a.cp} ${a.ville}`],
      [`${(n % 20) + 1} impasse du Lavoir`, `${a.cp} ${a.ville}`], a.cp, a.ville,
      [`05 00 00 ${String(10 + (n % 80)).padStart(2, '0')} 11`, `06 00 00 ${String(10 + (n % 80)).padStart(2, '0')} 22`],
      `adherent${a.numero}@${a.organisme}-adherents.example`, seed.day(a.adhesion - 200), seed.day(a.adhesion),
      a.cabinet ? seed.structures[`${a.organisme}/${a.cabinet}`] : null, a.cabinet ? `D${100 + n}` : ''], // prettier-ignore
  )
  seed.adherents[`${a.organisme}/${a.numero}`] = row!.id
}

interface PersonRow {
  organisme: string
  login: string
  role: string
  prenom: string
  nom: string
  courriel: string
  structure?: string
  adherent?: string
  fonction?: string
  /** Days from today. */
  parti?: number
}

const PEOPLE: PersonRow[] = [
  { organisme: 'estuaire', login: '657', role: 'adherent', prenom: 'Solène', nom: 'Carriveau', courriel: 'solene.carriveau@atelier.example', adherent: '657' },
  { organisme: 'estuaire', login: '940', role: 'adherent', prenom: 'Inès', nom: 'Delmasure', courriel: 'ines.delmasure@soins.example', adherent: '940' },
  { organisme: 'estuaire', login: 'CNS1', role: 'cabinet', prenom: '', nom: 'Cabinet Vauquelin & Associés', courriel: 'direction@vauquelin.example', structure: 'CNS1' },
  { organisme: 'estuaire', login: 'COL14', role: 'collaborateur', prenom: 'Capucine', nom: 'Marchandeau', courriel: 'c.marchandeau@vauquelin.example', structure: 'CNS1', fonction: 'Cheffe de mission' },
  { organisme: 'estuaire', login: 'COL7', role: 'collaborateur', prenom: 'Armel', nom: 'Lagrevol', courriel: 'a.lagrevol@vauquelin.example', structure: 'CNS1', fonction: 'Comptable' },
  { organisme: 'estuaire', login: 'COL3', role: 'collaborateur', prenom: 'Anthime', nom: 'Marquisat', courriel: 'a.marquisat@vauquelin.example', structure: 'CNS1', fonction: 'Assistant comptable' },
  { organisme: 'estuaire', login: 'COL4', role: 'collaborateur', prenom: 'Muguette', nom: 'Renardière', courriel: 'm.renardiere@vauquelin.example', structure: 'CNS1', fonction: 'Comptable', parti: -730 },
  { organisme: 'estuaire', login: 'COL16', role: 'superviseur', prenom: 'Jérémie', nom: 'Aubrespin', courriel: 'j.aubrespin@vauquelin.example', structure: 'CNS1', fonction: 'Directeur de mission' },
  { organisme: 'estuaire', login: 'CNS2', role: 'cabinet', prenom: '', nom: 'Cabinet Hélène Pradeau', courriel: 'contact@pradeau.example', structure: 'CNS2' },
  { organisme: 'estuaire', login: 'agent@estuaire.example', role: 'permanent', prenom: 'Maud', nom: 'Lescarret', courriel: 'agent@estuaire.example', fonction: 'Chargée de dossiers' },
  { organisme: 'estuaire', login: 'admin@estuaire.example', role: 'administrateur', prenom: 'Gaspard', nom: 'Thévenin', courriel: 'admin@estuaire.example', fonction: 'Directeur' },
  { organisme: 'midi', login: '657', role: 'adherent', prenom: 'Marius', nom: 'Sabran-Tourves', courriel: 'marius.sabran@veto.example', adherent: '657' },
  { organisme: 'midi', login: 'CNS1', role: 'cabinet', prenom: '', nom: 'Fiduciaire des Alpilles', courriel: 'contact@alpilles.example', structure: 'CNS1' },
  { organisme: 'midi', login: 'COL14', role: 'collaborateur', prenom: 'Sidonie', nom: 'Vaugrenard', courriel: 's.vaugrenard@alpilles.example', structure: 'CNS1', fonction: 'Comptable' },
  { organisme: 'midi', login: 'agent@midi.example', role: 'permanent', prenom: 'Firmin', nom: 'Escallier', courriel: 'agent@midi.example', fonction: 'Chargé de dossiers' },
  { organisme: 'midi', login: 'admin@midi.example', role: 'administrateur', prenom: 'Garance', nom: 'Mistralet', courriel: 'admin@midi.example', fonction: 'Directrice' },
  { organisme: 'sillage', login: 'admin@rocheval.example', role: 'cabinet', prenom: 'Odile', nom: 'Kermarrec', courriel: 'admin@rocheval.example', structure: '99055000', fonction: 'Administratrice' },
  { organisme: 'sillage', login: 'agent@rocheval.example', role: 'collaborateur', prenom: 'Yannick', nom: 'Prigent', courriel: 'agent@rocheval.example', structure: '99055000', fonction: 'Agent d’établissement' },
  { organisme: 'sillage', login: 'technique@rocheval.example', role: 'collaborateur', prenom: 'Soizic', nom: 'Le Goffic', courriel: 'technique@rocheval.example', structure: '99055000', fonction: 'Référente technique' },
  { organisme: 'sillage', login: 'agent@syndicat.example', role: 'collaborateur', prenom: 'Gildas', nom: 'Morvan-Tréguier', courriel: 'agent@syndicat.example', structure: '99055001', fonction: 'Agent d’établissement' },
  { organisme: 'sillage', login: 'support@sillage.example', role: 'permanent', prenom: 'Nolwenn', nom: 'Corbel', courriel: 'support@sillage.example', fonction: 'Support' },
  { organisme: 'plateforme', login: 'operateur@parvis.example', role: 'operateur', prenom: 'Alix', nom: 'Berthomieu', courriel: 'operateur@parvis.example', fonction: 'Opératrice' },
] // prettier-ignore

async function insertPerson(seed: Seed, p: PersonRow, password: string): Promise<void> {
  const organismeId = seed.organismes[p.organisme]
  const [row] = await seed.sql<{ id: string }>(
    `insert into utilisateurs (organisme_id, login, courriel, nom, prenom, fonction, role, structure_id, adherent_id,
       active_le, parti_le) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
    [organismeId, p.login, p.courriel, p.nom, p.prenom, p.fonction ?? '', p.role,
      p.structure ? seed.structures[`${p.organisme}/${p.structure}`] : null,
      p.adherent ? seed.adherents[`${p.organisme}/${p.adherent}`] : null, seed.day(-400),
      p.parti === undefined ? null : seed.day(p.parti)], // prettier-ignore
  )
  seed.people[`${p.organisme}/${p.login}`] = row!.id
  await seed.sql(
    'insert into acces.secrets (organisme_id, utilisateur_id, mot_de_passe, change_le) values ($1, $2, $3, $4)',
    [organismeId, row!.id, password, seed.day(-400)],
  )
}

/** Five dossiers for COL14, five for COL7, two for nobody yet. */
async function assign(seed: Seed): Promise<void> {
  const given: [organisme: string, numero: string, login: string][] = [
    ...['657', '12', '45', '58', '103'].map((n) => ['estuaire', n, 'COL14'] as [string, string, string]),
    ...['118', '204', '311', '402', '515'].map((n) => ['estuaire', n, 'COL7'] as [string, string, string]),
    ['midi', '657', 'COL14'],
  ]
  for (const [organisme, numero, login] of given) {
    await seed.sql(
      `insert into affectations (organisme_id, adherent_id, utilisateur_id, depuis) values ($1, $2, $3, $4)`,
      [
        seed.organismes[organisme],
        seed.adherents[`${organisme}/${numero}`],
        seed.people[`${organisme}/${login}`],
        seed.day(-300),
      ],
    )
  }
}
