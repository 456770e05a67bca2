import type { Db } from '../../kernel/db.ts'
import { brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { writeJournal, writeJournalOf } from '../../kernel/journal.ts'
import { sql } from '../../kernel/sql.ts'
import { startTravail } from '../../kernel/travaux/queries.ts'
import {
  type Avancement,
  type Travail,
  type TravailContext,
  defineTravail,
} from '../../kernel/travaux/travail.ts'
import { perimees } from './comparaison.ts'
import { startEssai } from './essai.ts'
import { genreDe } from './genres.ts'
import {
  type ImportRow,
  lockImport,
  markApplied,
  markIdle,
  markStale,
  markWorking,
  readImport,
} from './queries.ts'

const MOVED =
  'La base a changé pendant l’import, et une ligne ne peut plus être enregistrée. Rien n’a été fait\u00a0: refaites l’essai.'

/** Asks for the import itself, in the transaction of the confirmation. */
export async function startApplication(db: Db, imp: ImportRow): Promise<void> {
  const { nouveau = 0, modifie = 0, absent = 0 } = imp.comptes
  const travailId = await startTravail(db, {
    genre: 'imports.application',
    titre: `Import « ${imp.fichier.nom} »`,
    lien: `/gestion/imports/${imp.id}`,
    donnees: { importId: imp.id },
    total: nouveau + modifie + (imp.absents === 'retirer' ? absent : 0),
  })
  await markWorking(db, imp.id, 'application', travailId)
}

interface Donnees {
  importId: string
}
interface Curseur {
  /** The last line whose trace is written; the import itself is done when it is there. */
  tracee: number
}

/*
 * The first batch is all of the file or nothing of it, in one transaction. Two imports of one kind wait for each other; the
 * second one finds that the base is no longer what its trial saw, and runs its trial again. The traces of the fiches follow
 * in small batches: the journal of the organisme is locked while it is written, and everybody's acts write it.
 */
defineTravail<Donnees, Curseur>('imports.application', {
  annulation: 'Rien n’est enregistré : l’import redevient prêt à appliquer.',
  libelle: 'Import',
  can: 'gestion.imports.manage',
  async cancel(db, travail) {
    if (travail.curseur.tracee !== undefined) throw new Refusal('Cet import est déjà enregistré.')
    await markIdle(db, travail.donnees.importId, 'pret')
  },
  batch(travail, ctx) {
    const { tracee } = travail.curseur
    return Promise.resolve((db: Db) =>
      tracee === undefined ? apply(db, travail, ctx) : trace(db, travail, ctx, tracee),
    )
  },
})

async function apply(db: Db, travail: Travail<Donnees>, ctx: TravailContext): Promise<Avancement> {
  const imp = await lockImport(db, travail.donnees.importId)
  const genre = genreDe(imp.genre)
  await db.run(
    sql`select pg_advisory_xact_lock(hashtextextended('imports:' || app.organisme_id()::text || ${imp.genre}, 0))`,
  )
  await db.many(genre.verrouiller(imp.id))
  const moved = await perimees(db, genre, imp.id)
  if (moved > 0) {
    await markStale(db, imp.id, moved)
    await startEssai(db, imp)
    return {
      fait: 0,
      etape: 'La base a changé\u00a0: essai refait',
      rapport: { perimees: moved },
      fini: true,
    }
  }
  try {
    await genre.appliquer(db, imp)
    if (imp.absents === 'retirer') await genre.absents?.retirer(db, imp)
  } catch (error) {
    if (brokenConstraint(error) !== undefined || isForbidden(error)) throw new Refusal(MOVED)
    throw error
  }
  await db.run(sql`delete from import_lignes where import_id = ${imp.id} and etat = 'inchange'`)
  await markApplied(db, imp.id)
  await writeJournal(db, ctx.demandeur ?? undefined, {
    action: 'import.applique',
    objet: 'imports',
    objetId: imp.id,
    adherentId: null,
    detail: { genre: imp.genre, fichier: imp.fichier.nom, absents: imp.absents, ...imp.comptes },
    request: '',
  })
  return { fait: 0, etape: 'Écriture du journal', curseur: { tracee: 0 }, rapport: imp.comptes }
}

const TRACES = 1000

/** One row of the journal for each fiche that changed, with the names of its columns. */
async function trace(
  db: Db,
  travail: Travail<Donnees>,
  ctx: TravailContext,
  tracee: number,
): Promise<Avancement> {
  const imp = await readImport(db, travail.donnees.importId)
  const etats = ['nouveau', 'modifie', ...(imp.absents === 'retirer' ? ['absent'] : [])]
  const suite = sql`select l.ligne, l.objet_id, l.adherent_id, l.ligne as rang,
      jsonb_build_object('import', ${imp.id}::text, 'effet', l.etat, 'cle', l.cle, 'champs', l.champs) as detail
    from import_lignes l where l.import_id = ${imp.id} and l.ligne > ${tracee} and l.etat = any(${etats})
    order by l.ligne limit ${TRACES}`
  const { n, ligne } = await db.one<{ n: number; ligne: number | null }>(
    sql`select count(*)::int as n, max(ligne) as ligne from (${suite}) s`,
  )
  await writeJournalOf(
    db,
    ctx.demandeur ?? undefined,
    { action: 'import.fiche', objet: imp.genre, request: '' },
    suite,
  )
  const fait = travail.fait + n
  if (n < TRACES) return { fait, total: fait, etape: 'Import terminé', fini: true }
  return { fait, curseur: { tracee: ligne } }
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42501'
}
