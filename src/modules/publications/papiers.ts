import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { storeBytes } from '../../kernel/files/store.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { sql } from '../../kernel/sql.ts'
import type { TravailContext } from '../../kernel/travaux/travail.ts'
import { mayIssue } from '../clotures/emission.ts'
import { makePaper } from '../clotures/papiers.ts'
import { current, titlesOf } from '../clotures/presentation.ts'
import { lockCloture, readAdherent, readCloture, readRegles } from '../clotures/queries.ts'
import { issueMany } from '../documents/acts.ts'
import type { Genre } from '../documents/document.ts'
import { lockSeries, saveSeries } from '../documents/queries.ts'
import type { Ligne } from './ligne.ts'
import type { Publication } from './queries.ts'

/** The attestation's number is the bare yearly series; the other papers say what they are. */
export const PREFIX: Record<Genre, string> = { attestation: '', compte_rendu: 'CR-', dossier_gestion: 'DG-' }

/**
 * Makes the papers of a batch and puts them in preparation. Their numbers are printed in them, and a series has no gap:
 * numbers and papers are made in one transaction, in which a paper that cannot be made takes no number.
 */
export async function makePapers(
  db: Db,
  ctx: TravailContext,
  publication: Publication,
  lignes: readonly Ligne[],
  today: string,
): Promise<void> {
  const genre = publication.genre as Genre
  const annee = Number(today.slice(0, 4))
  const regles = await readRegles(db)
  let dernier = await lockSeries(db, genre, annee)
  const first = dernier
  const results: { id: string; document: string | null; echec: string }[] = []
  for (const ligne of lignes) {
    try {
      const numero = `${PREFIX[genre]}${annee}-${String(dernier + 1).padStart(6, '0')}`
      const document = await makeOne(db, ctx, publication, ligne, { genre, numero, today, regles })
      dernier += 1
      results.push({ id: ligne.id, document, echec: '' })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      results.push({ id: ligne.id, document: null, echec: error.message })
    }
  }
  if (dernier !== first) await saveSeries(db, genre, annee, dernier)
  await db.run(sql`update publication_lignes l set document_id = r.document, echec = r.echec
    from json_to_recordset(${JSON.stringify(results)}::json) as r (id uuid, document uuid, echec text) where l.id = r.id`)
}

interface About {
  genre: Genre
  numero: string
  today: string
  regles: Awaited<ReturnType<typeof readRegles>>
}

/** @throws Refusal when the rules or what is missing say no */
async function makeOne(
  db: Db,
  ctx: TravailContext,
  publication: Publication,
  ligne: Ligne,
  { genre, numero, today, regles }: About,
): Promise<string> {
  await lockCloture(db, ligne.cloture_id!)
  const cloture = await readCloture(db, ligne.cloture_id!)
  const adherent = await readAdherent(db, cloture.adherent_id)
  const decision = mayIssue(genre, cloture, adherent, regles, today)
  if (!decision.ok) throw new Refusal(decision.raison)
  const remplace = current(cloture, genre)
  const organisme: Organisme = ctx.organisme
  const paper = await makePaper(db, genre, {
    cloture, adherent, regles, organisme, today, numero, remplace: remplace?.numero ?? null,
  }) // prettier-ignore
  const stored = await storeBytes(
    { db, services: ctx.services, organisme, user: ctx.demandeur },
    { name: paper.name, mime: 'application/pdf', bytes: paper.bytes },
  )
  const titles = titlesOf(cloture, regles, today)
  const title = { attestation: titles.attestation, compte_rendu: titles.compteRendu, dossier_gestion: titles.dossierGestion }[genre] // prettier-ignore
  const [document] = await issueMany(db, [
    {
      adherentId: adherent.id,
      clotureId: cloture.id,
      genre,
      titre: `${title} – exercice ${cloture.fin.slice(0, 4)}`,
      numero,
      fichierId: stored.id,
      origine: 'genere',
      emisPar: publication.creee_par,
      remplaceId: remplace?.id ?? null,
    },
  ])
  if (!document) throw new Refusal('Un document de ce genre est déjà en préparation.')
  return document
}
