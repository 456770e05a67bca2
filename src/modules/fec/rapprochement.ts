import type { Db } from '../../kernel/db.ts'
import { euros } from '../../kernel/formats.ts'
import { sql } from '../../kernel/sql.ts'
import { totaux2035 } from '../clotures/declaration-2035.ts'
import type { Comptes } from '../clotures/papiers.ts'
import { soldes } from '../clotures/soldes.ts'
import { CODES_CONNUS, type Constat, GRAVITES, graviteDe } from './controle/constats.ts'
import type { Rapport } from './controle/rapport.ts'

/** Whole euros on the return, cents in the file, one rounding a box. */
const TOLERANCE = 20

/**
 * Holds the result of a file (accounts 7 less accounts 6) against that of the return, when the organisme has the
 * amounts of this exercice. On a 2035 the depreciation stands after the total of the charges, and may or may not be
 * in the file: both results are taken.
 */
export async function rapprocher(db: Db, adherentId: string, rapport: Rapport): Promise<Rapport> {
  if (rapport.cloture === '' || rapport.lignes === 0) return rapport
  const row = await db.maybe<{ comptes: Comptes | null }>(sql`
    select comptes from clotures where adherent_id = ${adherentId} and fin = ${rapport.cloture}`)
  const connus = row?.comptes ? resultatsDe(row.comptes) : []
  if (connus.length === 0 || connus.some((connu) => Math.abs(connu - rapport.resultat) <= TOLERANCE))
    return rapport
  const constat: Constat = {
    code: 'resultat',
    gravite: graviteDe('resultat'),
    champ: '',
    nombre: 1,
    lignes: [
      { n: 0, texte: `${euros(rapport.resultat)} dans le fichier, ${euros(connus[0])} dans la déclaration` },
    ],
  }
  const rang = ({ gravite, code }: Constat) => GRAVITES.indexOf(gravite) * 100 + CODES_CONNUS.indexOf(code)
  return { ...rapport, constats: [...rapport.constats, constat].sort((x, y) => rang(x) - rang(y)) }
}

function resultatsDe(comptes: Comptes): number[] {
  if (comptes.genre === 'resultat') return [soldes(comptes.compte).resultat]
  const { AG, BR } = totaux2035(comptes.cases)
  return [AG - BR - (comptes.cases.CH ?? 0), AG - BR]
}
