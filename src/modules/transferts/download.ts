import { downloadable } from '../../kernel/files/store.ts'
import { type Ctx, type Reply, file } from '../../kernel/page.ts'
import { readFichier } from './queries.ts'

/** One file of a transfer, with its row in the journal. @throws Refusal while the antivirus has not let it through */
export async function download({ db, params, note }: Ctx): Promise<Reply> {
  const row = await readFichier(db, params.id!, params.fichier!)
  downloadable(row)
  note({
    action: 'transferts.download',
    objet: 'transferts',
    objetId: params.id!,
    adherentId: row.adherent_id,
    detail: { accuse: row.accuse, fichier: row.id, nom: row.nom },
  })
  return file(row)
}
