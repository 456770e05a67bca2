import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { onlyHeader } from '../../kernel/tableur/faults.ts'
import { LIMITS, type Table, type TableRow, openStoredTable } from '../../kernel/tableur/read.ts'
import { startTravail } from '../../kernel/travaux/queries.ts'
import { type TravailContext, defineTravail } from '../../kernel/travaux/travail.ts'
import { comparer } from './comparaison.ts'
import { genreDe } from './genres.ts'
import { type LigneLue, lireLigne, poserLignes } from './lecture.ts'
import {
  type ImportRow,
  deleteLignes,
  lockImport,
  markIdle,
  markReady,
  markWorking,
  readImport,
} from './queries.ts'

const LOT = 1000

interface Donnees {
  importId: string
}
interface Curseur {
  ligne: number
  lues: boolean
}
interface Commun {
  imp: ImportRow
  /** Undefined once all of it is read. */
  lecture: Lecture | undefined
}

/** A file under way: a turn of the work goes on where the one before it stopped, without unpacking it again. */
interface Lecture {
  table: Table
  lignes: AsyncGenerator<TableRow>
  /** The last line that was taken. */
  ligne: number
  finie: boolean
}

/** Files kept open between two turns, by import; for long enough that a busy queue comes back. */
const ouvertes = new Map<string, { lecture: Lecture; fin: NodeJS.Timeout }>()
const GARDE_MS = 60_000

async function reprendre(ctx: TravailContext, imp: ImportRow, ligne: number): Promise<Lecture> {
  const gardee = ouvertes.get(imp.id)
  if (gardee) {
    ouvertes.delete(imp.id)
    clearTimeout(gardee.fin)
    if (gardee.lecture.ligne === ligne) return gardee.lecture
    await gardee.lecture.table.close()
  }
  const table = await openStoredTable(ctx.services, imp.fichier, LIMITS)
  return { table, lignes: table.rows(), ligne: 0, finie: false }
}

async function poser(imp: ImportRow, lecture: Lecture): Promise<void> {
  if (lecture.finie) return lecture.table.close()
  const fin = setTimeout(() => {
    ouvertes.delete(imp.id)
    void lecture.table.close()
  }, GARDE_MS)
  fin.unref()
  ouvertes.set(imp.id, { lecture, fin })
}

/** Asks for a trial, in the transaction of the act. Whatever an earlier one set down goes. */
export async function startEssai(db: Db, imp: ImportRow): Promise<void> {
  await deleteLignes(db, imp.id)
  const travailId = await startTravail(db, {
    genre: 'imports.essai',
    titre: `Essai de l’import « ${imp.fichier.nom} »`,
    lien: `/gestion/imports/${imp.id}`,
    donnees: { importId: imp.id },
  })
  await markWorking(db, imp.id, 'essai', travailId)
}

defineTravail<Donnees, Curseur, Commun>('imports.essai', {
  annulation: 'L’essai s’arrête ; le fichier et ses colonnes restent, vous pourrez le reprendre.',
  libelle: 'Essai d’un import',
  can: 'gestion.imports.manage',
  async begin(travail, ctx) {
    const imp = await ctx.transaction((db) => readImport(db, travail.donnees.importId))
    const { ligne = 0, lues = false } = travail.curseur
    return { imp, lecture: lues ? undefined : await reprendre(ctx, imp, ligne) }
  },
  async batch(travail, _ctx, { imp, lecture }) {
    const genre = genreDe(imp.genre)
    if (!lecture || travail.curseur.lues) {
      return async (db) => {
        await lockImport(db, imp.id)
        const comptes = await comparer(db, genre, imp.id)
        await markReady(db, imp.id, comptes)
        return {
          fait: travail.fait,
          total: travail.fait,
          etape: 'Essai terminé',
          rapport: comptes,
          fini: true,
        }
      }
    }
    const from = travail.curseur.ligne ?? 0
    const lot: LigneLue[] = []
    while (lot.length < LOT && !lecture.finie) {
      const next = await lecture.lignes.next()
      if (next.done) lecture.finie = true
      else if (next.value.line > from)
        lot.push(lireLigne(genre, imp.correspondance, imp.vides_effacent, next.value))
    }
    const lues = lecture.finie
    if (lues && lot.length === 0 && from === 0) throw new Refusal(onlyHeader(imp.fichier.nom).message)
    const ligne = lot.at(-1)?.ligne ?? from
    lecture.ligne = ligne
    return async (db) => {
      await poserLignes(db, imp.id, lot)
      const etape = lues ? 'Comparaison avec la base' : 'Lecture des lignes'
      return { fait: travail.fait + lot.length, etape, curseur: { ligne, lues } }
    }
  },
  async cancel(db, travail) {
    await deleteLignes(db, travail.donnees.importId)
    await markIdle(db, travail.donnees.importId, 'correspondance')
  },
  async end({ imp, lecture }) {
    if (lecture) await poser(imp, lecture)
  },
})
