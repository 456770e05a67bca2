import { siretOf } from '../siret.ts'
import type { Row } from './bulk.ts'
import type { World } from './load.ts'
import { commune, firm, person, slug, street } from './names.ts'
import { type Numbers, numbersOf } from './numbers.ts'

export interface Cabinet {
  id: string
  /** Ids of the people to whom its dossiers are given. */
  collaborateurs: string[]
}

export interface Organisme {
  id: string
  code: string
  /** Id of the person of the staff who issues and decides. */
  agent: string
  cabinets: Cabinet[]
  share: { adherents: number }
  numbers: Numbers
}

const MODULES = ['adherents', 'clotures', 'actualites', 'formations', 'transferts', 'courriers', 'messages']
const COLOURS = ['#1f5c7a', '#9a3b1f', '#2f6b3a', '#5b3a8c', '#7a4a1f', '#1f6f6b']

/** The Estuaire of the demo and new organismes, each with staff, rules, cabinets and their people. */
export async function insertOrganismes(world: World): Promise<Organisme[]> {
  const { options, client } = world
  const made: Organisme[] = []
  for (let i = 0; i < options.organismes; i++) {
    const found = i === 0 ? await estuaire(world) : await insertOrganisme(world, i + 1)
    await world.write.flush()
    const organisme: Organisme = {
      ...found,
      cabinets: [],
      share: { adherents: shareOf(options.adherents, i, options.organismes) },
      numbers: await numbersOf(client, found.id),
    }
    await insertCabinets(world, organisme, shareOf(options.cabinets, i, options.organismes))
    made.push(organisme)
  }
  return made
}

/** A quarter for the first, the rest in equal parts; sums to the total. */
export function shareOf(total: number, index: number, organismes: number): number {
  if (organismes === 1) return total
  const first = Math.ceil(total / 4)
  if (index === 0) return first
  const upTo = (n: number) => Math.floor(((total - first) * n) / (organismes - 1))
  return upTo(index) - upTo(index - 1)
}

async function estuaire({ client }: World) {
  const { rows } = await client.query<{ id: string; agent: string }>(
    `select o.id, u.id as agent from plateforme.organismes o join utilisateurs u on u.organisme_id = o.id
     where o.code = 'estuaire' and u.login = 'agent@estuaire.example'`,
  )
  return { id: rows[0]!.id, code: 'estuaire', agent: rows[0]!.agent }
}

async function insertOrganisme(world: World, n: number) {
  const { random, write } = world
  const { codePostal, ville } = commune(random)
  const code = `monde-${String(n).padStart(2, '0')}`
  const organisme = { id: world.id(), code, agent: world.id() }
  const nom = `OMGA ${firm(random).split(' ')[1]!}`
  await write.insert('plateforme.organismes', [
    {
      id: organisme.id, code, nature: 'oga', nom, sigle: nom, forme: `Organisme Mixte de Gestion Agréé de ${ville}`,
      adresse: [street(random), `${codePostal} ${ville}`], telephone: '05 00 00 00 00', courriel: `contact@${code}.example`,
      site: `https://www.${code}.example`, horaires: 'Du lundi au vendredi, de 9 h à 12 h', couleur: COLOURS[n % COLOURS.length],
      vocabulaire: {}, modules: MODULES, reglages: {}, cree_le: world.day(-900), modifie_le: world.day(-900),
    },
  ]) // prettier-ignore
  await write.insert('plateforme.hotes', [
    { hote: `${code}.localhost`, organisme_id: organisme.id, principal: true },
  ])
  await write.insert('regles_clotures', [
    {
      id: world.id(), organisme_id: organisme.id, nature_oga: 'OMGA', agrement_numero: `3 ${String(n).padStart(2, '0')} 330`,
      agrement_le: '2019-01-01', ex_oga_depuis: '2025-02-16', attestations_jusqu_a: '2024-12-31', cotisation_exigee: false,
      lieu: ville, signataire: signatory(random), qualite_signataire: 'Directeur',
    },
  ]) // prettier-ignore
  await insertPeople(world, organisme.id, [
    { id: organisme.agent, login: `agent@${code}.example`, role: 'permanent', ...person(random) },
  ])
  return organisme
}

function signatory(random: () => number): string {
  const { prenom, nom } = person(random)
  return `${prenom} ${nom}`
}

async function insertCabinets(world: World, organisme: Organisme, count: number): Promise<void> {
  const { random } = world
  const structures: Row[] = []
  const people: Person[] = []
  for (let i = 0; i < count; i++) {
    const [id, numero, nom] = [world.id(), `CNS${101 + i}`, firm(random).replace(/^\S+/, 'Cabinet')]
    const { codePostal, ville } = commune(random)
    const courriel = `contact@${slug(nom)}-${101 + i}.example`
    structures.push({
      organisme_id: organisme.id, id, nature: 'cabinet', numero, nom, siret: siretOf(90_000 + (i % 9_000)),
      profession: 'Expertise comptable', statut_juridique: 'Société à responsabilité limitée',
      adresse: [street(random), `${codePostal} ${ville}`], telephones: ['05 00 00 01 00'], courriel,
      supervision_depuis: random() < 0.5 || i === 0 ? world.day(-600) : null, comptes_depuis: world.day(-700), cree_le: world.day(-800),
    }) // prettier-ignore
    people.push({
      id: world.id(),
      login: numero,
      courriel,
      role: 'cabinet',
      structureId: id,
      prenom: '',
      nom,
      civilite: '',
    })
    const collaborateurs = Array.from({ length: i === 0 ? 4 : Math.floor(random() * 4) }, (_, n) => {
      const one = {
        id: world.id(),
        login: `COL${1001 + i * 4 + n}`,
        role: 'collaborateur',
        structureId: id,
        ...person(random),
      }
      people.push({
        ...one,
        courriel: `${slug(one.prenom)}.${slug(one.nom)}@${slug(nom)}-${101 + i}.example`,
      })
      return one.id
    })
    organisme.cabinets.push({ id, collaborateurs })
  }
  if (structures.length > 0) await world.write.insert('structures', structures)
  if (people.length > 0) await insertPeople(world, organisme.id, people)
}

export interface Person {
  id: string
  login: string
  role: string
  civilite: string
  prenom: string
  nom: string
  courriel?: string
  structureId?: string
  adherentId?: string
}

/** Log-ins, all with the password of the demo. */
export async function insertPeople(
  world: World,
  organismeId: string,
  people: readonly Person[],
): Promise<void> {
  await world.write.insert(
    'utilisateurs',
    people.map((p) => ({
      organisme_id: organismeId, id: p.id, login: p.login, courriel: p.courriel ?? p.login, civilite: p.civilite, nom: p.nom,
      prenom: p.prenom, fonction: '', role: p.role, structure_id: p.structureId ?? null, adherent_id: p.adherentId ?? null,
      active_le: world.day(-400), cree_le: new Date(world.options.today.getTime()).toISOString(),
    })),
  ) // prettier-ignore
  await world.write.insert(
    'acces.secrets',
    people.map((p) => ({
      organisme_id: organismeId,
      utilisateur_id: p.id,
      mot_de_passe: world.password,
      version: 1,
      change_le: world.day(-400),
      totp_dernier_pas: 0,
      codes_de_secours: [],
    })),
  )
}
