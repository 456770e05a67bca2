import { TABLEAUX } from '../../kernel/files/allow-list.ts'
import { type Ctx, type SignedIn, view } from '../../kernel/page.ts'
import { readTravail } from '../../kernel/travaux/queries.ts'
import { showTravail } from '../../kernel/travaux/shown.ts'
import { etatOf, isOpen } from './etat.ts'
import { A_CORRIGER, LIBELLES_GENRE, VERDICTS, VERDICT_NAMES, type Verdict } from './ligne.ts'
import {
  type Publication,
  countVerdicts,
  listFichiers,
  readBilan,
  readPublication,
  readReglages,
} from './queries.ts'

/** A campaign: its state, what the trial said, what came of it. */
export async function showPublication({ db, params, now }: Ctx & SignedIn) {
  const publication = await readPublication(db, params.id!)
  const travailId = publication.travail_id ?? publication.essai_id
  const [travail, verdicts, bilan, fichiers, reglages] = await Promise.all([
    travailId === null ? null : readTravail(db, travailId),
    countVerdicts(db, publication.id),
    readBilan(db, publication.id),
    listFichiers(db, publication.id),
    readReglages(db),
  ])
  const aCorriger = A_CORRIGER.reduce((sum, v) => sum + (verdicts[v] ?? 0), 0)
  return view('publications/publication', {
    publication,
    etat: etatOf(publication),
    ouverte: isOpen(publication),
    travail: travail && showTravail(travail, now),
    verdicts: choicesOf(verdicts).slice(1),
    compte: verdicts,
    aCorriger,
    bilan,
    fichiers: fichiers.filter((f) => f.genre !== 'pdf'),
    pdfs: fichiers.filter((f) => f.genre === 'pdf').length,
    reglages,
    tableaux: TABLEAUX,
    genre: publication.genre && LIBELLES_GENRE[publication.genre],
    breadcrumb: trailOf(publication).map((c, i, all) => (i === all.length - 1 ? { libelle: c.libelle } : c)),
  })
}

/** Where one is: the list of its source, then its name. */
export function trailOf(p: Publication): { libelle: string; url: string }[] {
  const root =
    p.source === 'depot'
      ? { libelle: 'Publications', url: '/gestion/publications' }
      : { libelle: 'Documents en nombre', url: '/gestion/emissions' }
  return [root, { libelle: p.titre, url: `/gestion/publications/${p.id}` }]
}

/** How many lines have each verdict, all of them first. */
export function choicesOf(counts: Partial<Record<Verdict | 'a_verifier', number>>) {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0)
  const some = VERDICT_NAMES.filter((v) => (counts[v] ?? 0) > 0)
  return [
    { valeur: '', libelle: 'Toutes', compte: total, genre: 'neutre', aide: '' },
    ...some.map((v) => ({ valeur: v, compte: counts[v]!, ...VERDICTS[v] })),
  ]
}
