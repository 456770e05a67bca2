import type { Seed } from './demo.ts'

/** Six sessions to come at the OMGA de l'Estuaire: one is full and somebody waits, 657 is enrolled in one; one is over. */
export async function seedFormations(seed: Seed): Promise<void> {
  for (const session of ESTUAIRE) await insertSession(seed, 'estuaire', session)
  for (const session of MIDI) await insertSession(seed, 'midi', session)
}

interface Session {
  titre: string
  resume: string
  programme: string
  public: string
  intervenant: string
  tarif: string
  lieu: string
  adresse: string[]
  /** Days from today, then the hours in France. */
  jour: number
  de: string
  a: string
  minutes: number
  places: number
  /** Numbers of the adhérents who are enrolled. */
  inscrits: string[]
}

async function insertSession(seed: Seed, organisme: string, s: Session): Promise<void> {
  const day = workingDay(seed, s.jour)
  const [row] = await seed.sql<{ id: string }>(
    `insert into formations (organisme_id, titre, resume, programme, public_vise, intervenant, tarif, lieu, adresse,
       debut, fin, duree_minutes, places, publiee_le)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, ($10::timestamp at time zone 'Europe/Paris'),
       ($11::timestamp at time zone 'Europe/Paris'), $12, $13, now()) returning id`,
    [seed.organismes[organisme], s.titre, s.resume, s.programme, s.public, s.intervenant, s.tarif, s.lieu, s.adresse,
      `${day} ${s.de}`, `${day} ${s.a}`, s.minutes, s.places], // prettier-ignore
  )
  for (const numero of s.inscrits) {
    await seed.sql(
      `insert into inscriptions (organisme_id, formation_id, adherent_id, inscrit_par, inscrit_le)
       values ($1, $2, $3, $4, $5)`,
      [seed.organismes[organisme], row!.id, seed.adherents[`${organisme}/${numero}`],
        seed.people[`${organisme}/${numero}`] ?? seed.people[`${organisme}/agent@${organisme}.example`], seed.day(-6)], // prettier-ignore
    )
  }
  if (s.jour < 0) {
    await seed.sql(
      `update inscriptions set presence = 'present', presence_le = $2, presence_par = $3 where formation_id = $1`,
      [row!.id, day, seed.people[`${organisme}/agent@${organisme}.example`]],
    )
  }
}

/** That day, or the Monday after it: nobody teaches on a Sunday. */
function workingDay(seed: Seed, offset: number): string {
  const weekday = new Date(`${seed.day(offset)}T00:00:00Z`).getUTCDay()
  return seed.day(offset + (weekday === 6 ? 2 : weekday === 0 ? 1 : 0))
}

const QUAI = ['12 quai des Tisserands', '33500 LIBOURNE']

const ESTUAIRE: Session[] = [
  {
    titre: 'La déclaration 2035 pas à pas',
    resume: 'Remplir sa déclaration ligne par ligne, avec ses propres chiffres.',
    programme: `## Le matin

- Les recettes : encaissements, rétrocessions, débours.
- Les dépenses : ce qui se déduit, ce qui ne se déduit pas.

## L’après-midi

- Véhicule, local, cotisations sociales : les trois postes qui font question.
- Du résultat comptable au résultat fiscal : exercice guidé.

Apportez votre livre des recettes et vos relevés de cotisations.`,
    public: 'Professions libérales, débutants bienvenus',
    intervenant: 'Maud Lescarret, chargée de dossiers',
    tarif: 'Compris dans la cotisation',
    lieu: 'OMGA de l’Estuaire',
    adresse: QUAI,
    jour: 12, de: '09:30', a: '17:00', minutes: 360, places: 12,
    inscrits: ['657', '103', '311', '402'],
  },
  {
    titre: 'Facturation électronique : choisir sa plateforme',
    resume: 'Comprendre l’obligation, comparer les offres, repartir avec un plan d’action.',
    programme: `- Qui est concerné, à partir de quand.
- Plateforme agréée, logiciel de facturation : qui fait quoi.
- Dix questions à poser avant de signer.`,
    public: 'Toutes les entreprises',
    intervenant: 'Gaspard Thévenin, directeur',
    tarif: 'Compris dans la cotisation',
    lieu: 'Visioconférence',
    adresse: [],
    jour: 5, de: '12:30', a: '14:00', minutes: 90, places: 6,
    inscrits: ['12', '45', '58', '118', '204', '515', '801'],
  },
  {
    titre: 'Lire son dossier de gestion',
    resume: 'Soldes intermédiaires, ratios, comparaison avec la profession : ce qu’ils disent de votre activité.',
    programme: `- De la marge au résultat : lire les soldes intermédiaires de gestion.
- Trois ratios à suivre dans l’année.
- Se comparer à sa profession sans se tromper.`,
    public: 'Artisans, commerçants, professions libérales',
    intervenant: 'Maud Lescarret, chargée de dossiers',
    tarif: 'Compris dans la cotisation',
    lieu: 'Salle des Pénitents',
    adresse: ['3 place du Marché-Couvert', '24100 BERGERAC'],
    jour: 20, de: '14:00', a: '17:30', minutes: 210, places: 15,
    inscrits: ['118', '801'],
  },
  {
    titre: 'Embaucher son premier salarié',
    resume: 'Du contrat au bulletin de paie : les démarches dans l’ordre.',
    programme: `- Avant l’embauche : poste, contrat, convention collective.
- Le jour même : déclaration préalable, registre, mutuelle.
- Chaque mois : bulletin et déclaration sociale.`,
    public: 'Entreprises sans salarié',
    intervenant: 'Léopold Castagnac, consultant en droit social',
    tarif: '40 € par personne',
    lieu: 'Maison des Métiers',
    adresse: ['18 allée des Platanes', '40100 DAX'],
    jour: 27, de: '09:00', a: '12:30', minutes: 210, places: 10,
    inscrits: ['58'],
  },
  {
    titre: 'TVA : de la franchise au régime réel',
    resume: 'Savoir quand on change de régime, et ce que cela change sur la facture.',
    programme: `- Les seuils et leur surveillance.
- La première déclaration.
- Récupérer la TVA sur le stock et les immobilisations.`,
    public: 'Entreprises en franchise de TVA',
    intervenant: 'Maud Lescarret, chargée de dossiers',
    tarif: 'Compris dans la cotisation',
    lieu: 'Espace Adour',
    adresse: ['7 rue des Corsaires', '64100 BAYONNE'],
    jour: 41, de: '09:30', a: '12:30', minutes: 180, places: 12,
    inscrits: [],
  },
  {
    titre: 'Préparer la transmission de son entreprise',
    resume: 'Évaluer, trouver un repreneur, mesurer l’impôt : deux ans ne sont pas de trop.',
    programme: `- Combien vaut mon entreprise ?
- Vente, donation, mise en société : les grandes voies.
- L’imposition de la plus-value et les exonérations.`,
    public: 'Dirigeants de plus de 55 ans',
    intervenant: 'Clémence Arribat, notaire',
    tarif: '60 € par personne',
    lieu: 'OMGA de l’Estuaire',
    adresse: QUAI,
    jour: 62, de: '09:30', a: '17:00', minutes: 360, places: 14,
    inscrits: ['12', '515'],
  },
  {
    titre: 'Bien commencer avec le portail',
    resume: 'Une heure pour trouver ses documents et envoyer les siens.',
    programme: 'Démonstration, puis questions.',
    public: 'Nouveaux adhérents',
    intervenant: 'Maud Lescarret, chargée de dossiers',
    tarif: 'Compris dans la cotisation',
    lieu: 'Visioconférence',
    adresse: [],
    jour: -25, de: '12:30', a: '13:30', minutes: 60, places: 20,
    inscrits: ['657', '940'],
  },
] // prettier-ignore

const MIDI: Session[] = [
  {
    titre: 'La déclaration 2035 pas à pas',
    resume: 'Remplir sa déclaration ligne par ligne.',
    programme: '- Recettes et dépenses.\n- Du résultat comptable au résultat fiscal.',
    public: 'Professions libérales',
    intervenant: 'Firmin Escallier, chargé de dossiers',
    tarif: 'Compris dans la cotisation',
    lieu: 'AGA du Midi',
    adresse: ['8 cours des Micocouliers', '13090 AIX EN PROVENCE'],
    jour: 16, de: '09:30', a: '17:00', minutes: 360, places: 10,
    inscrits: ['12'],
  },
] // prettier-ignore
