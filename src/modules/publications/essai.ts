import { dayInFrance } from '../../kernel/clock.ts'
import type { Db } from '../../kernel/db.ts'
import { type StoredZip, openStoredZip } from '../../kernel/files/stored-zip.ts'
import { sql } from '../../kernel/sql.ts'
import { startTravail } from '../../kernel/travaux/queries.ts'
import { type Ecriture, type TravailContext, defineTravail } from '../../kernel/travaux/travail.ts'
import { type Examen, MAX_DOCUMENT_BYTES, examine, readWhole } from './fichier.ts'
import { type LigneIndex, readIndex } from './index-fichier.ts'
import type { Ligne } from './ligne.ts'
import { type Motif, parseMotif } from './motif.ts'
import {
  type FichierPublication, type NewLigne, type Publication, countVerdicts, insertLignes, listFichiers, listLignes,
  readPublication,
} from './queries.ts' // prettier-ignore
import { judge, readFaits, writeDoubles, writeJugements } from './rapprochement.ts'

/*
 * The trial: nothing is stored or published. The files of the zip become lines, the index says what they are, each file is
 * read once, then every line is matched and judged.
 */

interface Donnees {
  publicationId: string
  /** A corrected index: the files are known already. */
  reprise: boolean
}
interface Curseur {
  phase: 'repertoire' | 'index' | 'fichiers' | 'rapprochement'
  a: number
}
interface Commun {
  publication: Publication
  fichiers: FichierPublication[]
  zip: StoredZip | undefined
  motif: Motif | undefined
}

const ENTRIES = 1000
const FILES = 24
const LINES = 400

export const ESSAI = 'publications.essai'

defineTravail<Donnees, Curseur, Commun>(ESSAI, {
  annulation: 'La campagne est abandonnée. Rien n’a été publié.',
  libelle: 'Essai d’une publication',
  can: 'gestion.publications.manage',
  async begin({ donnees }, { services, transaction }) {
    const [publication, fichiers] = await transaction((db) =>
      Promise.all([readPublication(db, donnees.publicationId), listFichiers(db, donnees.publicationId)]),
    )
    const archive = fichiers.find((f) => f.genre === 'archive')
    const zip = archive ? await openStoredZip(services.storage, archive.cle) : undefined
    return {
      publication,
      fichiers,
      zip,
      motif: publication.motif === '' ? undefined : parseMotif(publication.motif),
    }
  },
  async batch({ donnees, curseur, fait }, ctx, commun) {
    const a = curseur.a ?? 0
    switch (curseur.phase ?? (donnees.reprise ? 'index' : 'repertoire')) {
      case 'repertoire':
        return directory(commun, a)
      case 'index':
        return index(ctx, commun, donnees.reprise)
      case 'fichiers':
        return files(ctx, commun, fait)
      case 'rapprochement':
        return matching(ctx, commun, a, fait)
    }
  },
  async end({ zip }) {
    zip?.close()
    return Promise.resolve()
  },
  async cancel(db, { donnees }) {
    await db.run(sql`update publications set annulee_le = now(), annulee_par = ${db.context.utilisateurId ?? null}
      where id = ${donnees.publicationId} and confirmee_le is null`)
  },
})

/** Asks for the trial in the transaction of the act. */
export async function startEssai(
  db: Db,
  publicationId: string,
  titre: string,
  reprise: boolean,
): Promise<void> {
  const id = await startTravail(db, {
    genre: ESSAI,
    titre: `Essai : ${titre}`,
    lien: `/gestion/publications/${publicationId}`,
    donnees: { publicationId, reprise } satisfies Donnees,
  })
  await db.run(sql`update publications set essai_id = ${id}, verifiee_le = null where id = ${publicationId}`)
}

function directory({ publication, zip, motif, fichiers }: Commun, a: number): Ecriture {
  const entries = zip?.entries.slice(a, a + ENTRIES) ?? []
  const indexed = fichiers.some((f) => f.genre === 'index')
  const lignes = entries.map((entry, i): NewLigne => {
    const nom = entry.name.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 300)
    return { ordre: a + i + 1, nom, entree: a + i, taille: entry.size, ...namedBy(nom, motif, indexed) }
  })
  return async (db) => {
    await insertLignes(db, publication.id, lignes)
    const done = a + entries.length
    const total = zip?.entries.length ?? 0
    const etape = 'Lecture du zip'
    if (done < total) return { fait: done, total, etape, curseur: { phase: 'repertoire', a: done } }
    return { fait: 0, etape, curseur: { phase: 'index', a: 0 } }
  }
}

/** What the name of a file says of its line; an index speaks for itself. */
export function namedBy(nom: string, motif: Motif | undefined, indexed: boolean): Partial<NewLigne> {
  if (indexed || motif === undefined) return {}
  const lu = motif.read(nom)
  if (!lu) return { defaut_ligne: 'nom', raison: 'Le nom du fichier ne suit pas le modèle.' }
  const { numero, type, exercice, titre } = lu
  return { numero, type, titre, exercice: exercice === '' ? null : Number(exercice) }
}

const baseKey = (name: string) => (name.split(/[/\\]/).at(-1) ?? '').toLowerCase().normalize('NFC')

async function index({ services }: TravailContext, commun: Commun, again: boolean): Promise<Ecriture> {
  const { publication, fichiers } = commun
  const file = fichiers.filter((f) => f.genre === 'index').at(-1)
  const rows = file ? await readIndex(services, file) : []
  return async (db) => {
    if (file) await applyIndex(db, publication.id, rows, again)
    // A corrected index may name what was refused before.
    const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n from publication_lignes
      where publication_id = ${publication.id} and sha256 is null and defaut_fichier = '' and entree is not null`)
    return { fait: 0, total: n, etape: 'Lecture des PDF', curseur: { phase: 'fichiers', a: 0 } }
  }
}

/** Each row of the index finds its line: by its number in our own file to correct, else by the name of the file. */
async function applyIndex(db: Db, id: string, rows: readonly LigneIndex[], again: boolean): Promise<void> {
  const lignes = await listLignes(db, id, -1, 100_000)
  const byOrder = new Map(lignes.map((l) => [l.ordre, l]))
  const byName = new Map<string, Ligne[]>()
  for (const l of lignes) {
    const key = baseKey(l.nom)
    byName.set(key, [...(byName.get(key) ?? []), l])
  }
  const taken = new Set<string>()
  let next = lignes.at(-1)?.ordre ?? 0
  const updates: ({ id: string } & Omit<LigneIndex, 'fichier' | 'ligne'>)[] = []
  const news: NewLigne[] = []
  for (const { fichier, ligne, ...row } of rows) {
    const named = byName.get(baseKey(fichier)) ?? []
    const found = (ligne === null ? undefined : byOrder.get(ligne)) ?? named.find((l) => !taken.has(l.id))
    if (found && !taken.has(found.id)) {
      taken.add(found.id)
      updates.push({ id: found.id, ...row })
      continue
    }
    const { defaut, raison, ...rest } = row
    // One file for several adhérents: a line for each.
    const same = named[0]
    const from = same
      ? {
          entree: same.entree,
          source_id: same.source_id,
          sha256: same.sha256,
          taille: same.taille,
          defaut_fichier: same.defaut_fichier,
        }
      : {}
    const missing = !same || (same.entree === null && same.source_id === null)
    news.push({
      ordre: ++next, nom: fichier, ...from, ...rest,
      defaut_ligne: missing ? 'sans_fichier' : defaut,
      raison: missing ? `«\u00a0${fichier}\u00a0» n’est pas parmi les fichiers déposés.` : raison,
    }) // prettier-ignore
  }
  if (!again) {
    await db.run(sql`update publication_lignes set defaut_ligne = 'sans_ligne', raison = 'Aucune ligne de l’index ne nomme ce fichier.'
      where publication_id = ${id} and not id = any(${[...taken]})`)
  }
  await db.run(sql`update publication_lignes l set numero = u.numero, type = u.type, exercice = u.exercice, titre = u.titre,
      attend = u.attend, avant = u.avant,
      defaut_ligne = case when l.entree is null and l.source_id is null then 'sans_fichier' else u.defaut end,
      raison = case when l.entree is null and l.source_id is null then l.raison else u.raison end
    from json_to_recordset(${JSON.stringify(updates)}::json) as u (id uuid, numero text, type text, exercice int, titre text,
      attend boolean, avant date, defaut text, raison text)
    where l.id = u.id`)
  await insertLignes(db, id, news)
}

interface AExaminer {
  entree: number
  nom: string
  taille: number
}

async function files({ transaction }: TravailContext, commun: Commun, fait: number): Promise<Ecriture> {
  const { publication, zip } = commun
  const todo = await transaction((db) =>
    db.many<AExaminer>(sql`select entree, min(nom) as nom, min(taille) as taille, min(ordre) as ordre
      from publication_lignes where publication_id = ${publication.id} and sha256 is null and defaut_fichier = ''
        and entree is not null group by entree order by min(ordre) limit ${FILES}`),
  )
  const seen: ({ entree: number } & Examen)[] = []
  for (const one of todo) seen.push({ entree: one.entree, ...(await examineEntry(zip!, one)) })
  return async (db) => {
    await db.run(sql`update publication_lignes l set taille = e.taille, sha256 = e.sha256, defaut_fichier = e.defaut,
        raison = case when e.defaut = '' or l.defaut_ligne <> '' then l.raison else e.raison end
      from json_to_recordset(${JSON.stringify(seen)}::json) as e (entree int, taille bigint, sha256 text, defaut text, raison text)
      where l.publication_id = ${publication.id} and l.entree = e.entree`)
    const done = fait + seen.length
    if (todo.length === FILES)
      return { fait: done, etape: 'Lecture des PDF', curseur: { phase: 'fichiers', a: 0 } }
    const { n } = await db.one<{ n: number }>(
      sql`select count(*)::int as n from publication_lignes where publication_id = ${publication.id}`,
    )
    return { fait: 0, total: n, etape: 'Rapprochement', curseur: { phase: 'rapprochement', a: 0 } }
  }
}

async function examineEntry(zip: StoredZip, { entree, nom, taille }: AExaminer): Promise<Examen> {
  const nothing = { taille, sha256: '' }
  if (!/\.pdf$/i.test(nom)) return { ...nothing, defaut: 'pas_pdf', raison: 'Ce fichier n’est pas un PDF.' }
  if (taille > MAX_DOCUMENT_BYTES)
    return { ...nothing, defaut: 'illisible', raison: 'Le PDF pèse plus de 20 Mo.' }
  if (taille === 0) return { ...nothing, defaut: 'illisible', raison: 'Le fichier est vide.' }
  const bytes = await readWhole(await zip.open(entree))
  if (!bytes) return { ...nothing, defaut: 'illisible', raison: 'Le PDF pèse plus de 20 Mo.' }
  return examine(bytes)
}

async function matching(
  ctx: TravailContext,
  { publication }: Commun,
  a: number,
  fait: number,
): Promise<Ecriture> {
  const today = dayInFrance(ctx.services.clock())
  const jugements = await ctx.transaction(async (db) => {
    const lignes = await listLignes(db, publication.id, a, LINES)
    const faits = await readFaits(db, publication, lignes, ctx.organisme, today)
    return lignes.map((l) => ({ id: l.id, ordre: l.ordre, ...judge(l, faits) }))
  })
  return async (db) => {
    await writeJugements(db, jugements)
    const done = fait + jugements.length
    const last = jugements.at(-1)
    if (last && jugements.length === LINES)
      return { fait: done, etape: 'Rapprochement', curseur: { phase: 'rapprochement', a: last.ordre } }
    await writeDoubles(db, publication.id)
    await db.run(sql`update publications set verifiee_le = now() where id = ${publication.id}`)
    return { fait: done, etape: '', rapport: await countVerdicts(db, publication.id), fini: true }
  }
}
