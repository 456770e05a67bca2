import type { Seed } from './demo.ts'

/** News of French tax life for the organismes of the demo; none of it names a year that would grow old. */
export async function seedActualites(seed: Seed): Promise<void> {
  for (const news of OGA) {
    for (const organisme of ['estuaire', 'midi']) await insertNews(seed, organisme, news)
  }
  for (const news of SILLAGE) await insertNews(seed, 'sillage', news)
}

interface News {
  titre: string
  chapo: string
  corps: string
  categorie: string
  /** Days from today. */
  du: number
  au?: number
  epingleeJusqua?: number
  roles?: string[]
}

const ADHERENTS = ['adherent']
const CABINETS = ['cabinet', 'superviseur', 'collaborateur']
const TOUS = [...ADHERENTS, ...CABINETS]

async function insertNews(seed: Seed, organisme: string, n: News): Promise<void> {
  await seed.sql(
    `insert into actualites (organisme_id, titre, chapo, corps, categorie, pour_roles, visible_du, visible_au,
       epinglee_jusqu_au, auteur_id, publiee_le, publiee_par, modifie_le, modifie_par)
     values ($1, $2, $3, $4, $5, $6, $7::date, $8, $9, $10, $7::date, $10, $7::date, $10)`,
    [seed.organismes[organisme], n.titre, n.chapo, n.corps, n.categorie, n.roles ?? TOUS, seed.day(n.du),
      n.au === undefined ? null : seed.day(n.au), n.epingleeJusqua === undefined ? null : seed.day(n.epingleeJusqua),
      seed.people[`${organisme}/agent@${organisme}.example`] ?? null], // prettier-ignore
  )
}

const OGA: News[] = [
  {
    titre: 'Déposez vos pièces de clôture sans attendre',
    chapo: 'Plus tôt nous recevons votre dossier, plus tôt vous avez votre attestation.',
    categorie: 'information',
    du: -3,
    epingleeJusqua: 60,
    corps: `Votre exercice se termine bientôt. Trois gestes nous font gagner du temps, à vous comme à nous :

- vérifiez vos coordonnées et votre numéro SIRET sur votre page d’accueil ;
- rassemblez vos relevés bancaires du dernier mois et vos factures d’immobilisations ;
- envoyez-nous la balance et la liasse par **Transfert de données**, jamais par courriel.

Chaque envoi reçoit aussitôt un accusé de réception numéroté.`,
  },
  {
    titre: 'Facturation électronique : ce qui change pour les petites entreprises',
    chapo: 'Recevoir, puis émettre : les étapes, et ce qu’il faut choisir dès maintenant.',
    categorie: 'actualite',
    du: -9,
    corps: `La facturation électronique concerne toutes les entreprises assujetties à la TVA établies en France, y compris celles qui bénéficient de la franchise.

## Ce qu’il faut faire

1. Choisir une plateforme agréée pour recevoir vos factures.
2. Vérifier que votre logiciel sait les lire et les classer.
3. Mettre à jour l’adresse et le SIRET de vos clients professionnels.

## Ce qui ne change pas

Les ventes à des particuliers ne donnent pas lieu à facture électronique : seules leurs données sont transmises à l’administration.

Le calendrier et la liste des plateformes sont publiés sur [impots.gouv.fr](https://www.impots.gouv.fr/).`,
  },
  {
    titre: 'Réunion d’information à Libourne : bien préparer sa clôture',
    chapo: 'Deux heures pour poser toutes vos questions, avec un café.',
    categorie: 'evenement',
    du: -14,
    au: 40,
    roles: ADHERENTS,
    corps: `Notre équipe vous reçoit pour passer en revue les points qui reviennent chaque année : frais de véhicule, local professionnel à domicile, cotisations sociales, immobilisations.

L’entrée est libre. Pour les formations sur inscription, voyez la page [Formations](/formations).`,
  },
  {
    titre: 'Frais de véhicule : barème kilométrique ou frais réels, il faut choisir',
    chapo: 'Le choix vaut pour l’année entière et pour tous vos véhicules.',
    categorie: 'information',
    du: -22,
    corps: `C’est la question que nous posons le plus souvent lors de l’examen des déclarations.

- **Barème** : il couvre l’amortissement, le carburant, l’assurance et l’entretien. Vous ne déduisez rien d’autre, sauf les péages et le stationnement.
- **Frais réels** : vous déduisez les dépenses justifiées, au prorata de l’usage professionnel.

> Gardez un relevé de vos déplacements : date, lieu, motif, kilomètres.`,
  },
  {
    titre: 'La lettre du trimestre est parue',
    chapo: 'Échéances du trimestre, chiffres de votre profession, trois cas pratiques.',
    categorie: 'newsletter',
    du: -31,
    corps: `Au sommaire :

1. Les échéances fiscales et sociales du trimestre.
2. Les chiffres par profession : recettes, charges, résultat.
3. Trois cas pratiques : la vente d’un véhicule, le remplacement d’un confrère, le passage à la TVA.

Vous trouverez vos propres chiffres dans votre dossier de gestion, dès qu’il est publié.`,
  },
  {
    titre: 'Franchise en base de TVA : surveillez vos seuils',
    chapo: 'Un dépassement change vos factures aussitôt.',
    categorie: 'texte_legal',
    du: -38,
    corps: `Si vous relevez de la franchise en base, comparez vos recettes encaissées depuis janvier aux seuils de votre activité. Les seuils en vigueur sont tenus à jour sur [bofip.impots.gouv.fr](https://bofip.impots.gouv.fr/).

En cas de dépassement du seuil majoré, la TVA est due dès la date du dépassement. Prévenez-nous : nous vous aiderons à régulariser.`,
  },
  {
    titre: 'Partenariat avec la caisse locale de prévoyance des indépendants',
    chapo: 'Un rendez-vous gratuit pour faire le point sur vos contrats.',
    categorie: 'partenariat',
    du: -47,
    roles: ADHERENTS,
    corps: `Un conseiller relit avec vous vos contrats de prévoyance et de retraite, et vérifie ce qui est déductible de votre bénéfice. Ce rendez-vous n’engage à rien.

Pour le demander, écrivez-nous depuis la page [Contact](/contact).`,
  },
  {
    titre: 'Cabinets : les déclarations de vos clients se déposent dès janvier',
    chapo: 'Le calendrier de la campagne et les contrôles qui bloquent le plus souvent.',
    categorie: 'information',
    du: -12,
    roles: CABINETS,
    corps: `Les trois motifs de blocage les plus fréquents : un SIRET inconnu, une balance déséquilibrée, un tableau de passage incomplet. Un dossier complet est examiné dans les deux mois.`,
  },
  {
    titre: 'Le standard répond le matin seulement, cette quinzaine',
    chapo: 'Le portail, lui, reste ouvert à toute heure.',
    categorie: 'actualite',
    du: -1,
    au: 14,
    corps: `Nos équipes sont en formation l’après-midi. Vous pouvez continuer à envoyer vos documents : ils sont enregistrés avec leur date, et un accusé de réception vous est remis.`,
  },
]

const SILLAGE: News[] = [
  {
    titre: 'La nouvelle version de Sillage Paie est disponible',
    chapo: 'Nouveaux barèmes, et un contrôle des bulletins avant envoi.',
    categorie: 'actualite',
    du: -5,
    roles: CABINETS,
    corps: `Téléchargez la mise à jour depuis votre espace, puis suivez la procédure d’installation. Comptez vingt minutes, sans interruption pour les agents.`,
  },
  {
    titre: 'Matinée des référents techniques',
    chapo: 'Démonstrations, retours d’expérience et questions ouvertes.',
    categorie: 'evenement',
    du: -18,
    au: 30,
    roles: CABINETS,
    corps: `La matinée se tient à Saint-Malo et se suit aussi à distance. Une feuille de route sera remise aux participants.`,
  },
]
