import type { Genre } from '../src/modules/documents/document.ts'
import { type Demande, makePaper } from '../src/modules/clotures/papiers.ts'
import { titlesOf } from '../src/modules/clotures/presentation.ts'
import { readAdherent, readCloture, readRegles } from '../src/modules/clotures/queries.ts'
import type { Organisme } from '../src/kernel/organisme.ts'
import type { Db } from '../src/kernel/db.ts'
import type { Seed } from './demo.ts'

export interface Year {
  id: string
  numero: string
  fin: string
  eccv: string
}

/**
 * Papers of the years that are done: every document of adhérent 657, the last attestation of the others. Real PDFs, made
 * as the portal makes them, dated in the past.
 */
export async function seedPapiers(seed: Seed): Promise<void> {
  for (const code of ['estuaire', 'midi']) {
    const years = await seed.sql<Year>(
      `select c.id, a.numero, c.fin::text as fin, c.eccv from clotures c
       join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
       where c.organisme_id = $1 and c.recue_le is not null order by c.fin, a.numero`,
      [seed.organismes[code]],
    )
    for (const year of years) {
      const last = Number(year.fin.slice(0, 4)) === seed.year - 1
      if (year.numero === '657') {
        await seedPaper(seed, code, year, 'attestation', '-05-20')
        await seedPaper(seed, code, year, 'compte_rendu', '-09-15')
        await seedPaper(seed, code, year, 'dossier_gestion', '-07-01')
      } else if (last && code === 'estuaire') {
        await seedPaper(seed, code, year, 'attestation', '-05-20')
      }
    }
  }
}

const PREFIX: Record<Genre, string> = { attestation: '', compte_rendu: 'CR-', dossier_gestion: 'DG-' }
const TRACKS: Record<Genre, string> = {
  attestation: `attestation = 'emise'`,
  compte_rendu: `crm = 'envoye_adherent'`,
  dossier_gestion: `dossier_gestion = 'publie'`,
}

/** Issues, publishes and, for years before the last, has the adhérent read one paper. */
export async function seedPaper(
  seed: Seed,
  code: string,
  year: Year,
  genre: Genre,
  monthDay: string,
): Promise<void> {
  const organismeId = seed.organismes[code]!
  const after = Number(year.fin.slice(0, 4)) + 1
  const day = [`${after}${monthDay}`, seed.day(-2)].sort()[0]!
  if (genre === 'compte_rendu' && !year.eccv.startsWith('termine')) return
  const [serie] = await seed.sql<{ dernier: number }>(
    `insert into series (organisme_id, nom, annee, dernier) values ($1, $2, $3, 1)
     on conflict (organisme_id, nom, annee) do update set dernier = series.dernier + 1 returning dernier`,
    [organismeId, genre, Number(day.slice(0, 4))],
  )
  const numero = `${PREFIX[genre]}${day.slice(0, 4)}-${String(serie!.dernier).padStart(6, '0')}`
  const [organisme] = await seed.sql<Organisme>('select * from plateforme.organismes where id = $1', [
    organismeId,
  ])
  const { paper, titre, adherentId } = await seed.reading(code, async (db: Db) => {
    const [cloture, regles] = [await readCloture(db, year.id), await readRegles(db)]
    const adherent = await readAdherent(db, cloture.adherent_id)
    const demande: Demande = {
      cloture,
      adherent,
      regles,
      organisme: organisme!,
      today: day,
      numero,
      remplace: null,
    }
    const titles = titlesOf(cloture, regles, day)
    const titre = {
      attestation: titles.attestation,
      compte_rendu: titles.compteRendu,
      dossier_gestion: titles.dossierGestion,
    }[genre]
    return { paper: await makePaper(db, genre, demande), titre, adherentId: adherent.id }
  })
  const agent = seed.people[`${code}/agent@${code}.example`]!
  const fichierId = await seed.file({
    organisme: code, nom: paper.name, mime: 'application/pdf', bytes: paper.bytes, deposePar: agent, deposeLe: day,
  }) // prettier-ignore
  const [document] = await seed.sql<{ id: string }>(
    `insert into documents (organisme_id, adherent_id, cloture_id, genre, titre, numero, fichier_id, origine, emis_le,
       emis_par, publie_le, publie_par) values ($1, $2, $3, $4, $5, $6, $7, 'genere', $8, $9, $8, $9) returning id`,
    [organismeId, adherentId, year.id, genre, `${titre} – exercice ${year.fin.slice(0, 4)}`, numero, fichierId,
      `${day}T09:30:00Z`, agent], // prettier-ignore
  )
  await seed.sql(`update clotures set ${TRACKS[genre]} where id = $1`, [year.id])
  const reader = seed.people[`${code}/${year.numero}`]
  if (reader && Number(year.fin.slice(0, 4)) < seed.year - 1) {
    await seed.sql('insert into lectures (organisme_id, document_id, utilisateur_id, premiere_le) values ($1, $2, $3, $4)', [
      organismeId, document!.id, reader, `${day}T18:05:00Z`,
    ]) // prettier-ignore
  }
}
