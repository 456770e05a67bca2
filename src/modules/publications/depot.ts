import { randomUUID } from 'node:crypto'
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../../kernel/db.ts'
import { type StoredBytes, insertFiles, putBytes } from '../../kernel/files/store.ts'
import type { StoredZip } from '../../kernel/files/stored-zip.ts'
import { sql } from '../../kernel/sql.ts'
import type { TravailContext } from '../../kernel/travaux/travail.ts'
import { insertCourrier } from '../courriers/gestion/redaction-queries.ts'
import { issueMany } from '../documents/acts.ts'
import { readWhole } from './fichier.ts'
import { LIBELLES_GENRE, type Ligne } from './ligne.ts'
import type { FichierPublication, Publication } from './queries.ts'

/** A line with the bytes that it will own, or with why it has none. */
export interface Prepare {
  ligne: Ligne
  stored?: StoredBytes
  fichierId?: string
  echec?: string
}

/** Puts the files of a batch into the storage: outside any transaction. */
export async function prepareFiles(
  ctx: TravailContext,
  lignes: readonly Ligne[],
  zip: StoredZip | undefined,
  fichiers: readonly FichierPublication[],
): Promise<Prepare[]> {
  const prepared: Prepare[] = []
  const folder = join(ctx.services.config.dataDir, 'temp')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const one = async (ligne: Ligne): Promise<Prepare> => {
    if (ligne.entree === null) {
      const source = fichiers.find((f) => f.id === ligne.source_id)
      return source ? { ligne, fichierId: source.fichier_id } : { ligne, echec: 'Le fichier n’est plus là.' }
    }
    const bytes = zip ? await readWhole(await zip.open(ligne.entree)) : undefined
    const sha256 = bytes && createHash('sha256').update(bytes).digest('hex')
    if (!bytes || sha256 !== ligne.sha256) return { ligne, echec: 'Le fichier n’est plus celui de l’essai.' }
    const tempPath = join(folder, randomUUID())
    await writeFile(tempPath, bytes, { mode: 0o600 })
    const about = { name: fileNameOf(ligne), mime: 'application/pdf', size: bytes.length, sha256 }
    return { ligne, stored: await putBytes(ctx, { ...about, tempPath }) }
  }
  // A few at a time: each waits for the disk, and none for the others.
  for (let i = 0; i < lignes.length; i += AT_ONCE) {
    prepared.push(...(await Promise.all(lignes.slice(i, i + AT_ONCE).map(one))))
  }
  return prepared
}

const AT_ONCE = 6

/** « Attestation 2025 - 657.pdf »: what the adhérent downloads says what it is, whatever the file was called. */
function fileNameOf(ligne: Ligne): string {
  const what = titreOf(ligne).replace(/[\\/:*?"<>|]/g, ' ')
  return `${what} - ${ligne.numero}.pdf`.replace(/\s+/g, ' ')
}

export function titreOf(ligne: Ligne): string {
  if (ligne.titre !== '') return ligne.titre
  const libelle = LIBELLES_GENRE[ligne.genre ?? 'autre']
  return ligne.exercice === null ? libelle : `${libelle} – exercice ${ligne.exercice}`
}

/** Writes documents and courriers in preparation: nobody but staff sees them. */
export async function writePrepared(
  db: Db,
  ctx: TravailContext,
  publication: Publication,
  prepared: readonly Prepare[],
): Promise<void> {
  const fresh = prepared.filter((p) => p.stored)
  const ids = await insertFiles(
    { db, services: ctx.services, organisme: ctx.organisme, user: ctx.demandeur },
    fresh.map((p) => p.stored!),
  )
  fresh.forEach((p, i) => (p.fichierId = ids[i]!))
  const good = prepared.filter((p) => p.fichierId !== undefined)
  const documents = good.filter((p) => !p.ligne.attend)
  const made = await issueMany(
    db,
    documents.map(({ ligne, fichierId }) => ({
      adherentId: ligne.adherent_id!,
      clotureId: ligne.cloture_id,
      genre: ligne.genre!,
      titre: titreOf(ligne),
      numero: null,
      fichierId: fichierId!,
      origine: 'depose',
      emisPar: publication.creee_par,
      remplaceId: null,
      exercice: ligne.exercice,
      empreinte: ligne.sha256,
    })),
  )
  const results: { id: string; document: string | null; courrier: string | null; echec: string }[] = []
  for (const { ligne, echec } of prepared)
    if (echec !== undefined) results.push({ id: ligne.id, document: null, courrier: null, echec })
  documents.forEach(({ ligne }, i) => {
    const document = made[i] ?? null
    const echec = document === null ? 'Déjà dans l’espace de l’adhérent, ou déjà en préparation.' : ''
    results.push({ id: ligne.id, document, courrier: null, echec })
  })
  for (const { ligne, fichierId } of good.filter((p) => p.ligne.attend)) {
    results.push(await letterOf(db, publication, ligne, fichierId!))
  }
  await db.run(sql`update publication_lignes l set document_id = r.document, courrier_id = r.courrier, echec = r.echec
    from json_to_recordset(${JSON.stringify(results)}::json) as r (id uuid, document uuid, courrier uuid, echec text)
    where l.id = r.id`)
}

/** A document that wants an answer is a courrier, with its due date and one piece to send back. */
async function letterOf(db: Db, publication: Publication, ligne: Ligne, fichierId: string) {
  const there = await db.maybe(sql`select 1 from publication_lignes where adherent_id = ${ligne.adherent_id}
    and genre = ${ligne.genre} and coalesce(exercice, 0) = ${ligne.exercice ?? 0} and sha256 = ${ligne.sha256}
    and courrier_id is not null`)
  if (there) return { id: ligne.id, document: null, courrier: null, echec: 'Ce courrier est déjà parti.' }
  const { structure_id } = await db.one<{ structure_id: string | null }>(
    sql`select structure_id from adherents where id = ${ligne.adherent_id}`,
  )
  const courrier = await insertCourrier(db, {
    adherent_id: ligne.adherent_id,
    structure_id,
    destinataire: publication.repondeur,
    genre: 'demande_pieces',
    objet: titreOf(ligne).slice(0, 150),
    corps: '',
    aRepondreAvant: ligne.avant,
    fichierId,
    origineId: null,
    clotureId: ligne.cloture_id,
    questions: [{ nature: 'piece', texte: `Votre réponse à : ${titreOf(ligne)}` }],
  })
  return { id: ligne.id, document: null, courrier, echec: '' }
}
