import { PROFESSIONS } from '../professions.ts'
import { siretOf } from '../siret.ts'
import type { Row } from './bulk.ts'
import type { World } from './load.ts'
import { commune, firm, person, pick, slug, street } from './names.ts'
import { type Cabinet, type Organisme, insertPeople } from './organismes.ts'

/** Number of the first adhérent: those of the demo stand before. */
export const FIRST_NUMBER = 10_001

export interface Adherent {
  id: string
  /** Id of his log-in. */
  utilisateurId: string
  profession: string
  /** Year of the adhésion. */
  joined: number
}

const LABELS = Object.keys(PROFESSIONS)
/** The n-th adhérent of an organisme: apart from the numbers that the cast has. */
const SIRET_FROM = 1_000

/** A batch of adhérents with their log-in; nine in ten have a cabinet, which has given most of them to somebody. */
export async function insertAdherents(
  world: World,
  organisme: Organisme,
  from: number,
  count: number,
): Promise<Adherent[]> {
  const { random } = world
  const made: Adherent[] = []
  const rows: Row[] = []
  const people: Parameters<typeof insertPeople>[2][number][] = []
  const affectations: Row[] = []
  for (let n = from; n < from + count; n++) {
    const profession = pick(random, LABELS)
    const { categorie, naf: _naf } = PROFESSIONS[profession]!
    const who = person(random)
    const company = categorie !== 'BNC' && random() < 0.5
    const denomination = company ? firm(random).toUpperCase() : `${who.nom.toUpperCase()} ${who.prenom}`
    const { codePostal, ville } = commune(random)
    const age = 800 + Math.floor(random() * 6_000)
    const cabinet = cabinetOf(random, organisme)
    const numero = String(FIRST_NUMBER + n)
    const courriel = `${slug(who.prenom)}.${slug(who.nom)}.${numero}@${organisme.code}-adherents.example`
    const adherent = {
      id: world.id(),
      utilisateurId: world.id(),
      profession,
      joined: Number(world.day(-age).slice(0, 4)),
    }
    made.push(adherent)
    rows.push({
      organisme_id: organisme.id, id: adherent.id, numero, civilite: company ? '' : who.civilite, denomination,
      siret: siretOf(SIRET_FROM + n), professions: [profession], categorie,
      regime_fiscal: categorie === 'BNC' ? 'Déclaration contrôlée' : 'Réel simplifié',
      statut_juridique: company ? 'EURL' : 'Entreprise individuelle',
      adresse_professionnelle: [street(random), `${codePostal} ${ville}`],
      adresse_personnelle: [street(random), `${codePostal} ${ville}`], code_postal: codePostal, ville,
      telephones: [phone('05', n), phone('06', n)], courriel, debut_activite_le: world.day(-age - 300),
      adhesion_le: world.day(-age), structure_id: cabinet?.id ?? null, numero_dossier: cabinet ? `D${n}` : '',
      cree_le: world.day(-Math.min(age, 2_000)),
    }) // prettier-ignore
    people.push({
      ...who,
      id: adherent.utilisateurId,
      login: numero,
      role: 'adherent',
      adherentId: adherent.id,
      courriel,
    })
    if (cabinet && cabinet.collaborateurs.length > 0 && random() < 0.9) {
      affectations.push({
        organisme_id: organisme.id, id: world.id(), adherent_id: adherent.id,
        utilisateur_id: pick(random, cabinet.collaborateurs), depuis: world.day(-300),
      }) // prettier-ignore
    }
  }
  await world.write.insert('adherents', rows)
  await insertPeople(world, organisme.id, people)
  if (affectations.length > 0) await world.write.insert('affectations', affectations)
  return made
}

/** Clients of the first cabinet of each organisme: the size at which a list must still be pleasant. */
const LARGE = 2_000

/** One adhérent in ten has none. */
function cabinetOf(random: () => number, { cabinets, share }: Organisme): Cabinet | undefined {
  if (cabinets.length === 0 || random() >= 0.9) return undefined
  return random() < Math.min(LARGE / 0.9 / share.adherents, 0.5) ? cabinets[0] : pick(random, cabinets)
}

/** Numbers of the ranges that are kept for fiction have zeros there. */
function phone(prefix: string, n: number): string {
  const digits = String(n % 10_000).padStart(4, '0')
  return `${prefix} 00 00 ${digits.slice(0, 2)} ${digits.slice(2)}`
}
