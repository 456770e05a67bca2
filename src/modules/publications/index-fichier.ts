import { Refusal } from '../../kernel/errors.ts'
import type { Services } from '../../kernel/services.ts'
import { columnsOf } from '../../kernel/tableur/columns.ts'
import { openStoredTable } from '../../kernel/tableur/read.ts'
import { parseDay, parseYesNo } from '../../kernel/tableur/values.ts'
import type { Verdict } from './ligne.ts'

const LIMITS = { rows: 25_000, columns: 60, cell: 500 }

const COLUMNS = {
  ligne: ['ligne'],
  fichier: ['fichier', 'nom du fichier', 'nom fichier', 'pdf'],
  numero: ['n° adhérent', 'numéro', 'n°', 'numéro adhérent', 'numéro d’adhérent', 'adhérent'],
  type: ['type', 'type de document', 'type document'],
  exercice: ['exercice', 'année', 'clôture', 'millésime'],
  titre: ['titre', 'objet', 'libellé'],
  attend: ['appelle une réponse', 'réponse attendue', 'réponse', 'à répondre'],
  avant: ['échéance', 'à répondre avant', 'date limite', 'avant le'],
}

/** A line of the index, as it will stand in the table. */
export interface LigneIndex {
  /** Of our own file to correct: the line that it was made from. */
  ligne: number | null
  /** Name of the file, or '' when the index has no such column. */
  fichier: string
  numero: string
  type: string
  exercice: number | null
  titre: string
  attend: boolean
  avant: string | null
  defaut: '' | Verdict
  raison: string
}

/** The whole index, in its order. @throws FileRefused, Refusal with a sentence */
export async function readIndex(
  services: Services,
  file: { cle: string; nom: string },
): Promise<LigneIndex[]> {
  const table = await openStoredTable(services, file, LIMITS)
  try {
    const at = columnsOf(table.header.cells, COLUMNS)
    if (at.numero === undefined)
      throw new Refusal(
        'L’index n’a pas de colonne «\u00a0N° adhérent\u00a0». Ajoutez-la, puis déposez-le de nouveau.',
      )
    if (at.fichier === undefined)
      throw new Refusal(
        'L’index n’a pas de colonne «\u00a0Fichier\u00a0»\u00a0: elle dit quel PDF va avec quelle ligne. Ajoutez-la, puis déposez-le de nouveau.',
      )
    const lines: LigneIndex[] = []
    for await (const { cells } of table.rows()) {
      const cell = (index: number | undefined) => (index === undefined ? '' : (cells[index] ?? ''))
      lines.push(lineOf((name) => cell(at[name])))
    }
    return lines
  } finally {
    await table.close()
  }
}

function lineOf(cell: (name: keyof typeof COLUMNS) => string): LigneIndex {
  const [exercice, avant, attend] = [cell('exercice'), cell('avant'), cell('attend')]
  const line: LigneIndex = {
    ligne: /^\d{1,6}$/.test(cell('ligne')) ? Number(cell('ligne')) : null,
    // A formula that our own export made harmless comes back with its apostrophe.
    fichier: cell('fichier').replace(/^'/, ''),
    numero: cell('numero').replace(/^n°\s*/i, ''),
    type: cell('type'),
    exercice: yearOf(exercice),
    titre: cell('titre').replace(/^'/, ''),
    attend: attend === '' ? avant !== '' : (parseYesNo(attend) ?? false),
    avant: avant === '' ? null : parseDay(avant),
    defaut: '',
    raison: '',
  }
  if (exercice !== '' && line.exercice === null)
    return { ...line, defaut: 'exercice', raison: `«\u00a0${exercice}\u00a0» n’est pas une année.` }
  if (avant !== '' && line.avant === null)
    return { ...line, defaut: 'date', raison: `«\u00a0${avant}\u00a0» n’est pas une date.` }
  if (attend !== '' && parseYesNo(attend) === null)
    return { ...line, defaut: 'date', raison: `«\u00a0${attend}\u00a0»\u00a0: écrivez oui ou non.` }
  return line
}

/** « 2025 », or the day of the clôture. */
function yearOf(cell: string): number | null {
  const year = /^20\d\d$/.exec(cell)?.[0] ?? parseDay(cell)?.slice(0, 4)
  return year === undefined ? null : Number(year)
}
