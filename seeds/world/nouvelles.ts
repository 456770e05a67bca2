import type { Row } from './bulk.ts'
import type { World } from './load.ts'
import { pick } from './names.ts'
import type { Organisme } from './organismes.ts'

const SUBJECTS = 'Frais de véhicule,Cotisations sociales,Franchise de TVA,Facturation électronique,Amortissements,Prévoyance,Local professionnel,Formation du chef d’entreprise,Crédits d’impôt,Cession d’entreprise'.split(',') // prettier-ignore
const TURNS = 'ce qui change,les questions fréquentes,le point en deux minutes,ce qu’il faut vérifier,trois cas pratiques'.split(',') // prettier-ignore
const CATEGORIES = ['actualite', 'evenement', 'information', 'newsletter', 'partenariat', 'texte_legal']

const ACTUALITES = 40
const FORMATIONS = 24

/** News of two years and training sessions past and to come. */
export async function insertNouvelles(world: World, organisme: Organisme): Promise<void> {
  const { random } = world
  const heading = () => `${pick(random, SUBJECTS)} : ${pick(random, TURNS)}`
  const actualites = Array.from({ length: ACTUALITES }, (_, n): Row => {
    const titre = heading()
    return {
      organisme_id: organisme.id, id: world.id(), titre, chapo: `${titre}.`, categorie: pick(random, CATEGORIES),
      corps: `${'Un paragraphe pour lire et pour chercher, sans rien d’utile. '.repeat(8)}\n\n- un point ;\n- un autre.`,
      pour_roles: ['adherent', 'cabinet', 'superviseur', 'collaborateur'], visible_du: world.day(-40 - 18 * n),
      auteur_id: organisme.agent, cree_le: world.day(-40 - 18 * n), publiee_le: world.day(-40 - 18 * n),
    } // prettier-ignore
  })
  const formations = Array.from({ length: FORMATIONS }, (_, n): Row => {
    // The next ones are those of the demo.
    const day = world.day(n < 8 ? 90 + 30 * n : 210 - 30 * n)
    return {
      organisme_id: organisme.id, id: world.id(), titre: heading(), resume: 'Une matinée en petit groupe.',
      programme: '- Le cadre.\n- La pratique.', public_vise: 'Tous les adhérents', intervenant: 'Un chargé de dossiers',
      tarif: 'Compris dans la cotisation', lieu: 'Salle des Tisserands', adresse: [], debut: `${day}T08:00:00Z`,
      fin: `${day}T11:00:00Z`, duree_minutes: 180, places: 20, inscrits: 0, cree_le: world.day(-700), publiee_le: world.day(-700),
    } // prettier-ignore
  })
  await world.write.insert('actualites', actualites)
  await world.write.insert('formations', formations)
}
