import { createHash } from 'node:crypto'
import { mean, quartiles } from '../src/modules/clotures/statistiques.ts'
import { publish } from '../src/modules/statistiques/secret.ts'
import type { Poste, Recue } from '../src/modules/statistiques/statistique.ts'
import type { Seed } from './demo.ts'
import { PROFESSIONS } from './professions.ts'
import { randomStream, spread } from './random.ts'

/** Three years, the country and three regions, for every profession; one region is too small to be shown. */
export async function seedStatistiques(seed: Seed): Promise<void> {
  const rows = [3, 2, 1].flatMap((ago) =>
    Object.keys(PROFESSIONS).flatMap((profession) => tablesOf(profession, seed.year - ago)),
  )
  for (const code of ['estuaire', 'midi'])
    await insert(seed, code, code === 'midi' ? rows.slice(0, 220) : rows)
}

async function insert(seed: Seed, code: string, rows: Recue[]): Promise<void> {
  const organisme = seed.organismes[code]
  const agent = seed.people[`${code}/agent@${code}.example`]
  const sha256 = createHash('sha256').update(JSON.stringify(rows)).digest('hex')
  const bilan = {
    nouvelles: rows.length,
    changees: 0,
    inchangees: 0,
    refusees: 0,
    secretes: 0,
    non_significatives: 0,
    diffusables: 0,
  }
  const published = publish(rows)
  for (const { diffusion } of published) {
    bilan[
      diffusion === 'secret'
        ? 'secretes'
        : diffusion === 'non_significatif'
          ? 'non_significatives'
          : 'diffusables'
    ] += 1
  }
  const [row] = await seed.sql<{ id: string }>(
    `insert into statistiques_imports (organisme_id, fichier, sha256, lignes, bilan, cree_par, cree_le, confirme_par, confirme_le)
     values ($1, 'statistiques-professions.xlsx', $2, '[]', $3, $4, $5, $4, $5) returning id`,
    [organisme, sha256, bilan, agent, seed.day(-50)],
  )
  const record = `profession text, categorie text, annee int, region text, tranche text, poste text, effectif int,
    moyenne numeric, q1 numeric, mediane numeric, q3 numeric`
  const columns = 'profession, categorie, annee, region, tranche, poste, effectif, moyenne, q1, mediane, q3'
  await seed.sql(
    `insert into statistiques_recues (organisme_id, import_id, ${columns}, part_max)
     select $1, $2, ${columns}, part_max from jsonb_to_recordset($3::jsonb) as l(${record}, part_max numeric)`,
    [organisme, row!.id, JSON.stringify(rows)],
  )
  await seed.sql(
    `insert into statistiques_publiees (organisme_id, ${columns}, diffusion)
     select $1, ${columns}, diffusion from jsonb_to_recordset($2::jsonb) as l(${record}, diffusion text)`,
    [organisme, JSON.stringify(published)],
  )
}

const PLACES = [
  ['Nouvelle-Aquitaine', 0.45],
  ['Occitanie', 0.3],
  ['Bretagne', 0.04],
] as const

/** The tables of one profession and year: businesses are drawn for each region, the country is all of them. */
function tablesOf(profession: string, annee: number): Recue[] {
  const random = randomStream(annee * 131 + [...profession].reduce((n, c) => n * 31 + c.charCodeAt(0), 17))
  const size = 24 + Math.floor(random() * 50)
  const drawn = PLACES.map(([region, part]) => ({
    region,
    all: Array.from({ length: Math.max(1, Math.round(size * part)) }, () =>
      businessOf(profession, annee, random),
    ),
  }))
  const elsewhere = Array.from({ length: Math.round(size * 0.21) }, () =>
    businessOf(profession, annee, random),
  )
  const country = [...drawn.flatMap(({ all }) => all), ...elsewhere]
  return [{ region: '', all: country }, ...drawn].flatMap(({ region, all }) =>
    (Object.keys(all[0]!) as Poste[]).map((poste) =>
      lineOf(
        profession,
        annee,
        region,
        poste,
        all.map((one) => one[poste]!),
      ),
    ),
  )
}

function lineOf(profession: string, annee: number, region: string, poste: Poste, values: number[]): Recue {
  const total = values.reduce((sum, value) => sum + Math.abs(value), 0)
  const digits = poste === 'marge_brute' || poste === 'evolution' ? 1 : 0
  const round = (value: number) => Number(value.toFixed(digits))
  const { q1, mediane, q3 } = quartiles(values)!
  return {
    profession, categorie: PROFESSIONS[profession]!.categorie, annee, region, tranche: '', poste,
    effectif: values.length,
    part_max: total === 0 ? 0 : Number(((Math.max(...values.map(Math.abs)) / total) * 100).toFixed(1)),
    moyenne: round(mean(values)!), q1: round(q1), mediane: round(mediane), q3: round(q3),
  } // prettier-ignore
}

/** One invented business: ordinary amounts of its profession, spread as small businesses are. */
function businessOf(profession: string, annee: number, random: () => number): Partial<Record<Poste, number>> {
  const { recettes, resultat, categorie } = PROFESSIONS[profession]!
  const base = recettes * 1000 * spread(random, 0.35) * 1.02 ** (annee - 2024)
  const result = base * (resultat / recettes) * spread(random, 0.12)
  const spent = Math.max(base - result, 0)
  const achats = spent * (categorie === 'BNC' ? 0.07 : 0.42) * spread(random, 0.1)
  const own =
    categorie === 'BNC' ? { loyers: 0.15, vehicule: 0.14, charges_sociales: 0.3 } : { personnel: 0.28 }
  const amortissements = spent * 0.08 * spread(random, 0.2)
  return {
    recettes: base,
    achats,
    marge_brute: ((base - achats) / base) * 100,
    ...Object.fromEntries(
      Object.entries(own).map(([poste, part]) => [poste, spent * part * spread(random, 0.1)]),
    ),
    amortissements,
    ebe: result + amortissements,
    resultat: result,
    evolution: (spread(random, 0.06) - 0.99) * 100,
  }
}
