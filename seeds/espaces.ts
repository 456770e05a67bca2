import type { Seed } from './demo.ts'
import { type Guide, guidePdf } from './espaces-papier.ts'

/** The tree of the guide's shape: three espaces at the estuaire, a small one at the Midi. Files are real PDFs. */
export async function seedEspaces(seed: Seed): Promise<void> {
  for (const [code, nodes] of [
    ['estuaire', ESTUAIRE],
    ['midi', MIDI],
  ] as const) {
    const [organisme] = await seed.sql<{ nom: string; couleur: string }>(
      'select nom, couleur from plateforme.organismes where id = $1', [seed.organismes[code]]) // prettier-ignore
    await seedNodes({ seed, code, organisme: organisme! }, nodes, null)
  }
}

interface Place {
  seed: Seed
  code: string
  organisme: { nom: string; couleur: string }
}

interface Node {
  titre: string
  resume?: string
  roles?: string[]
  professions?: string[]
  modules?: string[]
  /** A folder has one, a link an address, a file a guide; several guides are its versions, oldest first. */
  dedans?: Node[]
  url?: string
  versions?: Guide[]
  /** Days from today. */
  jour?: number
}

const TOUS = ['adherent', 'cabinet', 'superviseur', 'collaborateur']

async function seedNodes(place: Place, nodes: readonly Node[], parent: string | null): Promise<void> {
  const { seed, code } = place
  const agent = seed.people[`${code}/agent@${code}.example`]
  for (const [i, node] of nodes.entries()) {
    const genre = node.dedans ? 'dossier' : node.url ? 'lien' : 'fichier'
    const [row] = await seed.sql<{ id: string }>(
      `insert into espaces (organisme_id, parent_id, chemin, genre, titre, resume, url, rang, pour_roles, pour_professions,
         pour_modules, cree_par, cree_le, modifie_par, modifie_le)
       values ($1, $2, '{}', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $12) returning id`,
      [seed.organismes[code], parent, genre, node.titre, node.resume ?? '', node.url ?? '', i + 1, node.roles ?? TOUS,
        node.professions ?? [], node.modules ?? [], agent, seed.day(node.jour ?? -60)], // prettier-ignore
    )
    for (const [v, guide] of (node.versions ?? []).entries())
      await seedVersion(place, row!.id, v + 1, guide, node)
    await seedNodes(place, node.dedans ?? [], row!.id)
  }
}

async function seedVersion(
  { seed, code, organisme }: Place,
  espaceId: string,
  numero: number,
  guide: Guide,
  node: Node,
): Promise<void> {
  const agent = seed.people[`${code}/agent@${code}.example`]!
  const day = seed.day((node.jour ?? -60) - 30 * ((node.versions?.length ?? 1) - numero))
  const { bytes, texte } = await guidePdf(organisme, day, guide)
  const fichierId = await seed.file({
    organisme: code, nom: `${node.titre}.pdf`, mime: 'application/pdf', bytes, deposePar: agent, deposeLe: day,
  }) // prettier-ignore
  await seed.sql(
    `with v as (insert into espace_versions (organisme_id, espace_id, numero, fichier_id, depose_par, depose_le, texte, texte_etat)
       values ($1, $2, $3, $4, $5, $6, $7, 'lu') returning id)
     update espaces set version_id = v.id from v where espaces.organisme_id = $1 and espaces.id = $2`,
    [seed.organismes[code], espaceId, numero, fichierId, agent, day, texte],
  )
}

const SANTE = ['Infirmière libérale', 'Sage-femme', 'Masseur-kinésithérapeute', 'Orthophoniste', 'Pédicure-podologue',
  'Médecin généraliste', 'Chirurgien-dentiste', 'Psychologue', 'Ostéopathe'] // prettier-ignore
const CONSEIL = ['cabinet', 'superviseur', 'collaborateur']

const GUIDE_ADHERENT: Guide = {
  titre: 'Guide de l’adhérent',
  sousTitre: 'Trouver ses documents, envoyer les siens, répondre à une question',
  parties: [
    ['Votre page d’accueil', ['Elle dit ce que nous attendons de vous, ce qui est nouveau et où sont vos papiers. Chaque nombre mène à la liste qu’il compte.']],
    ['Envoyer un document', ['Choisissez « Transfert de données », le type de document, puis le fichier. Un accusé de réception numéroté vous est donné aussitôt.', 'N’envoyez jamais votre comptabilité par courriel : un message électronique n’est pas confidentiel.']],
    ['Répondre à un courrier de questions', ['Répondez à chaque question, joignez vos justificatifs, relisez, puis envoyez. Votre brouillon est gardé.']],
  ],
} // prettier-ignore

const BAREME: Guide = {
  titre: 'Barème kilométrique : mode d’emploi',
  sousTitre: 'Frais de véhicule des professions libérales et des gérants',
  parties: [
    ['Qui peut s’en servir', ['Le barème forfaitaire remplace les frais réels de carburant, d’assurance, d’entretien et l’amortissement du véhicule. L’option vaut pour l’année entière et pour tous les véhicules.']],
    ['Ce qu’il faut garder', ['Un carnet de bord : date, client, lieu, kilomètres. Sans relevé, la déduction peut être refusée.', 'Les péages, le stationnement et les intérêts d’emprunt se déduisent en plus, pour leur part professionnelle.']],
  ],
} // prettier-ignore

const FORMULAIRE_2035: Guide = {
  titre: 'Déclaration 2035 : aide au remplissage',
  sousTitre: 'Les cases qui font le plus souvent question',
  parties: [
    ['Recettes', ['Case AA : les recettes encaissées, honoraires et débours compris selon votre méthode.', 'Les honoraires rétrocédés se portent case AC, et se déclarent chaque année sur l’état des honoraires versés.']],
    ['Dépenses', ['Case BJ : frais de véhicule. Case BK : cotisations personnelles, sans la CSG non déductible.']],
  ],
} // prettier-ignore

const REGLEMENT: Guide = {
  titre: 'Règlement intérieur',
  sousTitre: 'Adopté par l’assemblée générale',
  parties: [['Engagements', ['Chaque adhérent communique sa déclaration de résultats et les renseignements utiles à l’examen de concordance.']]],
} // prettier-ignore

const CONSEILS: Guide = {
  titre: 'Guide du cabinet',
  sousTitre: 'Portefeuille, collaborateurs et supervision',
  parties: [['Superviser les réponses', ['Quand la supervision est activée, chaque réponse d’un collaborateur attend votre validation avant de partir.']]],
} // prettier-ignore

const SOINS: Guide = {
  titre: 'Professions de santé : rétrocessions et redevances',
  sousTitre: 'Remplacements, collaborations, maisons de santé',
  parties: [
    ['Remplacement', ['Le remplaçant encaisse une part des honoraires : le titulaire la déclare en rétrocession.']],
    ['Redevance de collaboration', ['Elle est une recette du titulaire et une dépense du collaborateur. Elle est soumise à la TVA au-delà de la franchise.']],
  ],
} // prettier-ignore

const ESTUAIRE: Node[] = [
  {
    titre: 'Aides',
    resume: 'Se servir de l’extranet.',
    dedans: [
      { titre: 'Guide de l’adhérent', resume: 'Huit pages pour prendre le portail en main.', versions: [GUIDE_ADHERENT, GUIDE_ADHERENT], jour: -20, roles: ['adherent'] },
      { titre: 'Guide du cabinet', resume: 'Portefeuille, collaborateurs, supervision.', versions: [CONSEILS], jour: -45, roles: CONSEIL },
    ],
  },
  {
    titre: 'Documentation professionnelle',
    resume: 'Ce qu’il faut savoir, par profession et par sujet.',
    dedans: [
      {
        titre: 'Par profession',
        dedans: [
          { titre: 'Santé', professions: SANTE, dedans: [{ titre: 'Rétrocessions et redevances des professions de santé', versions: [SOINS], jour: -31 }] },
          { titre: 'Juridique', professions: ['Avocat'], dedans: [{ titre: 'Conseil national des barreaux', url: 'https://barreaux.example/', resume: 'Site de la profession.' }] },
        ],
      },
      {
        titre: 'Formulaires PDF',
        dedans: [
          {
            titre: 'Liasse fiscale',
            dedans: [
              { titre: 'Déclaration 2035 : aide au remplissage des cases qui font le plus souvent question, avec des exemples', resume: 'Recettes, dépenses, véhicule, cotisations : les cases où l’on se trompe.', versions: [FORMULAIRE_2035], jour: -12 },
            ],
          },
          { titre: 'Barème kilométrique : mode d’emploi', versions: [BAREME], jour: -75 },
        ],
      },
      { titre: 'Supports des formations', modules: ['formations'], dedans: [{ titre: 'Calendrier des formations', url: 'https://formations.example/calendrier', resume: 'Toutes les dates de la région.' }] },
    ],
  },
  {
    titre: 'Vie de l’organisme',
    dedans: [
      { titre: 'Règlement intérieur', versions: [REGLEMENT], jour: -200 },
      { titre: 'Nous trouver', url: 'https://estuaire.example/acces', resume: 'Plan d’accès et horaires d’ouverture.' },
    ],
  },
] // prettier-ignore

const MIDI: Node[] = [
  { titre: 'Aides', dedans: [{ titre: 'Guide de l’adhérent', versions: [GUIDE_ADHERENT], jour: -40 }] },
] // prettier-ignore
