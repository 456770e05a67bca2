import { type Comptes, comptesOf, measuresOf, statisticOf } from './amounts.ts'
import type { Seed } from './demo.ts'
import { PROFESSIONS } from './professions.ts'
import { randomStream, spread } from './random.ts'

const SIGNATAIRES: Record<string, [lieu: string, nom: string, qualite: string, agrement: string]> = {
  estuaire: ['Libourne', 'Gaspard Thévenin', 'Directeur, par délégation du président', '3 01 330'],
  midi: ['Aix-en-Provence', 'Apolline Reboul', 'Présidente', '2 02 130'],
}

/** Rules, statistics, three past exercices with amounts and the running one, for every adhérent. */
export async function seedClotures(seed: Seed): Promise<void> {
  for (const [code, [lieu, nom, qualite, agrement]] of Object.entries(SIGNATAIRES)) {
    await seed.sql(
      `insert into regles_clotures (organisme_id, nature_oga, agrement_numero, agrement_le, ex_oga_depuis,
         attestations_jusqu_a, lieu, signataire, qualite_signataire)
       values ($1, $2, $3, '2019-01-01', '2025-02-16', '2024-12-31', $4, $5, $6)`,
      [seed.organismes[code], code === 'midi' ? 'AGA' : 'OMGA', agrement, lieu, nom, qualite],
    )
    for (const profession of Object.keys(PROFESSIONS)) {
      for (const year of [seed.year - 3, seed.year - 2, seed.year - 1]) {
        const effectif = profession === 'Viticulteur' ? 2 : 18 + (profession.length % 40)
        await seed.sql(
          `insert into statistiques_professions (organisme_id, profession, annee, effectif, mesures)
           values ($1, $2, $3, $4, $5)`,
          [seed.organismes[code], profession, year, effectif, statisticOf(profession, year, effectif)],
        )
      }
    }
  }
  for (const [name, id] of Object.entries(seed.adherents)) await seedYears(seed, name, id)
}

async function seedYears(seed: Seed, name: string, adherentId: string): Promise<void> {
  const [organisme = '', numero = ''] = name.split('/')
  const [adherent] = await seed.sql<{ professions: string[]; adhesion_le: string | Date }>(
    'select professions, adhesion_le from adherents where id = $1',
    [adherentId],
  )
  const joined = new Date(adherent!.adhesion_le).getUTCFullYear()
  const random = randomStream(Number(numero) * 31 + organisme.length)
  const size = spread(random, 0.2)
  for (let year = Math.max(seed.year - 3, joined); year <= seed.year; year++) {
    const trend = size * 1.03 ** (year - seed.year)
    const comptes = year < seed.year ? comptesOf(adherent!.professions[0] ?? '', random, trend) : null
    const s = stateOf(seed, organisme, numero, year)
    await seed.sql(
      `insert into clotures (organisme_id, adherent_id, debut, fin, reception, eccv, eps, recue_le, controle_le,
         cotisation_reglee_le, comptes, controles)
       values ($1, $2, $3, $4, $5, $6, 'non_selectionne', $7, $8, $9, $10, $11)`,
      [seed.organismes[organisme], adherentId, `${year}-01-01`, `${year}-12-31`, s.reception, s.eccv, s.recueLe,
        s.controleLe, s.recueLe, comptes, 
        comptes && s.recueLe && s.eccv.startsWith('termine')
          ? controlesOf(adherent!.professions[0] ?? '', comptes, s.recueLe)
          : null], // prettier-ignore
    )
  }
}

/** Past years are done; the last one stands at different points, so that every state is seen somewhere. */
function stateOf(seed: Seed, organisme: string, numero: string, year: number) {
  const received = `${year + 1}-05-${String(4 + (Number(numero) % 12)).padStart(2, '0')}`
  const checked = `${year + 1}-08-${String(3 + (Number(numero) % 20)).padStart(2, '0')}`
  const over = {
    reception: 'complete',
    eccv: 'termine_sans_anomalie',
    recueLe: received,
    controleLe: checked,
  }
  const running = { reception: 'attendue', eccv: 'a_faire', recueLe: null, controleLe: null }
  if (year === seed.year) return running
  // Before the reception and the checks of a year could have happened, nothing has.
  const today = seed.day(0)
  if (received > today) return running
  if (checked > today) return { ...over, eccv: 'en_cours', controleLe: null }
  if (year < seed.year - 1 || (organisme === 'estuaire' && numero === '657')) return over
  const n = Number(numero) % 4
  if (n === 0) return { ...over, eccv: 'questions_posees', controleLe: null }
  if (n === 1) return { ...over, reception: 'incomplete', eccv: 'en_cours', controleLe: null }
  return over
}

const SANS_TVA = /Infirm|Sage|kinési|Ortho|podo|Médecin|dentiste|Psycho|Ostéo|assurances/

/** What the checks of a finished year found: the sections of a compte rendu. */
function controlesOf(profession: string, comptes: Comptes, recueLe: string) {
  const { recettes } = measuresOf(comptes)
  const piece = (nom: string) => ({ nom, recueLe, observation: null })
  return {
    pieces: ['Déclaration de résultats et annexes', 'Tableaux OG', 'Balance', 'Déclarations de TVA'].map(
      piece,
    ),
    controles: [
      { nom: 'Présence des documents', resultat: 'ras', commentaire: null },
      { nom: 'Catégorie et régime d’imposition', resultat: 'ras', commentaire: null },
      { nom: 'Rapprochement de la TVA', resultat: 'ras', commentaire: null },
      { nom: 'Cohérence des charges avec la profession', resultat: 'ras', commentaire: null },
      {
        nom: 'Charges mixtes et réintégrations',
        resultat: 'regularise',
        commentaire: 'Quote-part privée du téléphone réintégrée.',
      },
    ],
    questions: { posees: 1, poseesLe: recueLe, reponduesLe: recueLe },
    tva: SANS_TVA.test(profession)
      ? null
      : { lignes: [{ nom: 'Recettes à 20 %', declare: recettes, resultat: recettes }], explication: null },
    fec: { etat: 'conforme', commentaire: null },
    conclusion: 'regularisees',
    rectificative: null,
    observations: [],
  }
}
