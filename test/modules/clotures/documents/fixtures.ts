import type { AttestationData } from '../../../../src/modules/clotures/documents/attestation.ts'
import type { CompteRenduData } from '../../../../src/modules/clotures/documents/compte-rendu.ts'
import type {
  AnneeBic,
  AnneeBnc,
  DossierGestionData,
  Profession,
} from '../../../../src/modules/clotures/documents/dossier-gestion.ts'
import type { Emetteur, Socle } from '../../../../src/modules/clotures/documents/emetteur.ts'
import { LOI_DE_FINANCES_2025 } from '../../../../src/modules/clotures/regime.ts'

/* Invented organismes and people; SIRET of the fictitious range 000. */

export const estuaire: Emetteur = {
  nom: 'OMGA de l’Estuaire',
  nature: 'OMGA',
  forme: 'Association régie par la loi du 1er juillet 1901',
  adresse: ['12 quai des Chais', '33500 LIBOURNE'],
  telephone: '+33557000000',
  courriel: 'contact@estuaire.example',
  site: 'www.estuaire.example',
  couleur: '#1f5f8b',
  logo: null,
  agrement: { numero: '2.01.330', du: '2019-01-15' },
}

export const socle: Socle = {
  emetteur: estuaire,
  adherent: {
    nom: 'Mme Solène Vauquelin',
    numero: '657',
    siret: '00000001800010',
    profession: 'Architecte d’intérieur',
    adresse: ['8 rue des Tonneliers', '33500 LIBOURNE'],
  },
  exercice: { debut: '2025-01-01', fin: '2025-12-31' },
  cabinet: 'Cabinet Marchepied & Associés',
  emisLe: '2026-05-13',
  numero: '2026-000118',
  remplace: null,
  signataire: { nom: 'Aurélien Castagnède', qualite: 'Président', lieu: 'Libourne' },
  regles: LOI_DE_FINANCES_2025,
}

export const attestation: AttestationData = {
  ...socle,
  categorie: 'BNC',
  adhesionLe: '2014-03-01',
  perteLe: null,
  periodePartielle: null,
}

/** The same member's year 2024, issued while the agrément ran. */
export const attestationAgreee: AttestationData = {
  ...attestation,
  exercice: { debut: '2024-01-01', fin: '2024-12-31' },
  emisLe: '2025-02-10',
  numero: '2025-000042',
}

/** A hundred characters, no shorter. */
export const NOM_LONG =
  'Société d’exercice libéral à responsabilité limitée Lestrade-Montferrand, Kerguénec, Dubourdieu et Fils'

export const compteRendu: CompteRenduData = {
  ...socle,
  emisLe: '2026-09-18',
  numero: '2026-000077',
  categorie: 'BNC',
  regimeFiscal: 'déclaration contrôlée',
  recueLe: '2026-05-12',
  pieces: [
    { nom: 'Déclaration 2035 et annexes', recueLe: '2026-05-12', observation: null },
    { nom: 'Tableaux OGBNC', recueLe: '2026-05-12', observation: 'Tableau 04 reçu le 02/06/2026' },
    { nom: 'Balance', recueLe: '2026-05-12', observation: null },
    { nom: 'Déclarations de TVA CA3', recueLe: '2026-05-14', observation: '12 déclarations' },
    { nom: 'Fichier des écritures comptables', recueLe: null, observation: 'Non demandé' },
  ],
  controles: [
    { nom: 'Documents présents et complets', resultat: 'ras', commentaire: null },
    { nom: 'Catégorie de revenus et régime d’imposition', resultat: 'ras', commentaire: null },
    { nom: 'Nomenclature comptable', resultat: 'ras', commentaire: null },
    {
      nom: 'Recettes déclarées et recettes portées en TVA',
      resultat: 'regularise',
      commentaire: 'Écart de 2 250 € expliqué par les encaissements de décembre.',
    },
    {
      nom: 'Frais de véhicule',
      resultat: 'question_posee',
      commentaire: 'Barème kilométrique : justification reçue.',
    },
    { nom: 'Tableau de passage', resultat: 'ras', commentaire: null },
    { nom: 'Charges sociales personnelles', resultat: 'ras', commentaire: null },
  ],
  questions: { posees: 3, poseesLe: '2026-06-22', reponduesLe: '2026-07-03' },
  tva: {
    lignes: [
      { nom: 'Prestations à 20 %', declare: 84_150, resultat: 86_400 },
      { nom: 'Prestations exonérées', declare: 0, resultat: 0 },
    ],
    explication: 'Encaissements du 31/12/2025 déclarés en janvier 2026.',
  },
  eps: null,
  fec: { etat: 'conforme', commentaire: 'Fichier de test conforme au format de l’article A47 A-1 du LPF.' },
  conclusion: 'regularisees',
  rectificative: null,
  observations: [
    'Nous vous conseillons de rapprocher chaque trimestre vos encaissements et vos déclarations de TVA.',
  ],
  destinataires: ['Mme Solène Vauquelin', 'Cabinet Marchepied & Associés'],
}

const annee = (libelle: string, cases: AnneeBnc['cases']): AnneeBnc => ({
  libelle,
  cases,
  prelevements: 29_500,
  tresorerie: 8_200,
})

export const decorateurs: Profession = {
  nom: 'Architectes d’intérieur et décorateurs',
  portee: 'région Nouvelle-Aquitaine, 2025',
  effectif: 143,
  diffusion: 'diffusable',
  moyennes: {
    AG: 100,
    BA: 3.1,
    BF: 7.4,
    BH: 8.2,
    BJ: 6.9,
    BK: 16.8,
    BM: 4.6,
    BN: 0.9,
    BR: 52.3,
    CH: 4.4,
    excedent: 47.7,
    resultat: 43.4,
  },
  recettes: { q1: 52_300, mediane: 74_800, q3: 98_600 },
  resultat: { q1: 22_400, mediane: 33_900, q3: 46_200 },
}

export const dossierBnc: DossierGestionData = {
  ...socle,
  emisLe: '2026-07-01',
  numero: '2026-000093',
  categorie: 'BNC',
  annees: [
    annee('2023', {
      AA: 74_100,
      AC: 1_800,
      BA: 1_650,
      JY: 560,
      BV: 3_120,
      BF: 6_800,
      BH: 4_910,
      BJ: 6_050,
      BK: 14_600,
      BM: 2_780,
      BN: 505,
      CH: 4_650,
    }),
    annee('2024', {
      AA: 81_050,
      AC: 3_100,
      AE: 12,
      BA: 1_920,
      JY: 588,
      BS: 120,
      BV: 3_480,
      BF: 7_000,
      BH: 5_120,
      BJ: 6_410,
      BK: 15_900,
      BM: 2_960,
      BN: 447,
      CH: 4_400,
    }),
    annee('2025', {
      AA: 86_400,
      AC: 4_200,
      AE: 35,
      BA: 2_100,
      JY: 612,
      BS: 140,
      BV: 3_890,
      BF: 7_200,
      BH: 5_480,
      BJ: 6_935,
      BK: 17_450,
      BM: 3_210,
      BN: 388,
      CC: 1_200,
      CH: 4_115,
    }),
  ],
  profession: decorateurs,
  commentaires: [
    'Vos recettes progressent plus vite que celles de la profession. Vos charges sociales suivent avec un an de retard : prévoyez leur régularisation au second semestre.',
    'Vos frais de déplacement sont un peu au-dessus de la moyenne ; ils s’expliquent par vos chantiers du Périgord.',
  ],
}

const commerce: AnneeBic = {
  libelle: '2025',
  compte: {
    ventesMarchandises: 120_000,
    coutAchat: 70_000,
    productionVendue: 60_000,
    consommationsTiers: 38_000,
    impotsTaxes: 2_500,
    personnel: 31_000,
    dotations: 6_500,
    autresCharges: 300,
    chargesFinancieres: 1_200,
  },
  bilan: {
    stockDebut: 10_000,
    stockFin: 18_000,
    creances: 21_600,
    disponibilites: 6_400,
    dettesFournisseurs: 10_800,
    dettesExploitation: 19_000,
    dettesCourtTerme: 20_000,
    capitauxPermanents: 65_000,
    actifImmobilise: 40_000,
    chiffreAffairesTtc: 216_000,
    achatsTtc: 129_600,
  },
  mouvements: {
    apports: 1_000,
    nouveauxEmprunts: 20_000,
    cessions: 500,
    prelevements: 28_000,
    investissements: 26_000,
    remboursements: 6_500,
  },
  prelevements: 28_000,
  tresorerie: 4_400,
}

export const dossierBic: DossierGestionData = {
  ...socle,
  adherent: { ...socle.adherent, nom: 'Fleurs du Quai', profession: 'Fleuriste', numero: '812' },
  emisLe: '2024-07-01',
  exercice: { debut: '2023-01-01', fin: '2023-12-31' },
  numero: '2024-000051',
  categorie: 'BIC',
  annees: [
    {
      ...commerce,
      libelle: '2022',
      compte: { ...commerce.compte, ventesMarchandises: 111_000, personnel: 28_500 },
    },
    { ...commerce, libelle: '2023' },
  ],
  profession: null,
  commentaires: [],
}

/** Everything that can go wrong at once: losses, fall, debts, nothing known of some years. */
export const dossierPerte: DossierGestionData = {
  ...dossierBic,
  adherent: { ...socle.adherent, nom: NOM_LONG, siret: null, profession: null, adresse: [] },
  cabinet: null,
  annees: [
    {
      ...commerce,
      libelle: '2021',
      compte: { ventesMarchandises: 12_345_678, coutAchat: 9_876_543, personnel: 1_234_567 },
      bilan: null,
    },
    { ...commerce, libelle: '2022', tresorerie: -45_000, bilan: null },
    {
      libelle: '2023',
      compte: {
        ventesMarchandises: 90_000,
        coutAchat: 88_000,
        consommationsTiers: 41_000,
        personnel: 52_000,
        dotations: 6_500,
      },
      bilan: {
        ...(commerce.bilan as NonNullable<AnneeBic['bilan']>),
        dettesCourtTerme: 0,
        achatsTtc: 0,
        capitauxPermanents: -12_000,
      },
      mouvements: commerce.mouvements,
      prelevements: 18_000,
      tresorerie: -61_000,
    },
  ],
  profession: {
    ...decorateurs,
    nom: 'Fleuristes',
    effectif: 6,
    diffusion: 'non_significatif',
    moyennes: { marge: 52.4 },
  },
}
