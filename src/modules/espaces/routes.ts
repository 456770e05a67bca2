import { NotFound } from '../../kernel/errors.ts'
import { downloadable } from '../../kernel/files/store.ts'
import { type Ctx, type Reply, type Route, file, page, view } from '../../kernel/page.ts'
import { kindOf, sorted, tokens } from './espace.ts'
import { recherche } from './forms.ts'
import { TOO_MANY, listLevel, listTree, listWay, markRead, readElement, readFile, search } from './queries.ts'
import { shown } from './recherche.ts'

const FOUND = 50
/** Fewer elements than this are shown unfolded. */
const FEW = 15

type Asked = { q: string; tri: 'ordre' | 'nom' | 'date'; deplier?: 'tout' | 'rien' | undefined }

/** What members and cabinets see (F65, F66, F67). */
export const routes: Route[] = [
  page('/espaces', { can: 'espaces.read', query: recherche, run: (ctx) => tree(ctx, null) }),
  page('/espaces/:id', { can: 'espaces.read', query: recherche, run: (ctx) => tree(ctx, ctx.params.id!) }),
  page('/espaces/:id/fichier', { can: 'espaces.read', journal: true, run: (ctx) => open(ctx, true) }),
  page('/espaces/:id/telechargement', { can: 'espaces.read', journal: true, run: (ctx) => open(ctx, false) }),
]

async function tree({ db, query }: Ctx<undefined, Asked>, root: string | null): Promise<Reply> {
  const { q, tri, deplier } = query
  if (q !== '') {
    const found = await search(db, q, FOUND)
    return view('espaces/recherche', {
      q,
      trouves: found.map(shown),
      plafond: found.length === FOUND ? FOUND : null,
      kindOf,
    })
  }
  const [folder, way, rows] = await Promise.all([
    root === null ? null : readElement(db, root),
    root === null ? [] : listWay(db, root),
    listTree(db, root),
  ])
  // A file or a link has no page: it is opened where it stands.
  if (folder !== null && folder.genre !== 'dossier') throw new NotFound('not a folder')
  const whole = rows.length <= TOO_MANY
  const level = whole ? [] : (await listLevel(db, root)).filter((row) => !row.vide)
  const jetons = whole ? tokens(rows, root, tri) : sorted(level, tri).map((element) => ({ element }))
  const chemin = root === null ? '/espaces' : `/espaces/${root}`
  return view('espaces/arbre', {
    dossier: folder,
    jetons,
    ouvert: deplier === 'tout' || (deplier === undefined && rows.length <= FEW),
    dossiers: jetons.some((jeton) => 'ouvre' in jeton),
    requete: { tri, deplier },
    chemin,
    kindOf,
    breadcrumb: folder && [
      { libelle: 'Espace documents', url: '/espaces' },
      ...way.slice(0, -1).map(({ id, titre }) => ({ libelle: titre, url: `/espaces/${id}` })),
      { libelle: folder.titre },
    ],
  })
}

/** Opening is reading: it is counted for staff. */
async function open({ db, params, note }: Ctx, inline: boolean): Promise<Reply> {
  const row = await readFile(db, params.id!)
  downloadable(row)
  await markRead(db, params.id!)
  note({ action: 'espaces.read', objet: 'espaces', detail: { fichier: row.nom } })
  return file(row, { inline: inline && (row.mime === 'application/pdf' || row.mime.startsWith('image/')) })
}
