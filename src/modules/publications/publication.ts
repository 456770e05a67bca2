import { dayInFrance } from '../../kernel/clock.ts'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type StoredZip, openStoredZip } from '../../kernel/files/stored-zip.ts'
import { heure } from '../../kernel/formats.ts'
import { writeJournalRows } from '../../kernel/journal.ts'
import { sql } from '../../kernel/sql.ts'
import { startTravail } from '../../kernel/travaux/queries.ts'
import {
  type Ecriture,
  type Travail,
  type TravailContext,
  defineTravail,
} from '../../kernel/travaux/travail.ts'
import { insertEnvois, listDestinataires, publishCourrier } from '../courriers/gestion/envoi-queries.ts'
import { publishMany, withdrawMany } from '../documents/acts.ts'
import { prepareFiles, writePrepared } from './depot.ts'
import type { Ligne } from './ligne.ts'
import { tellPeople } from './courriels.ts'
import { makePapers } from './papiers.ts'
import {
  type FichierPublication, type Publication, dropArchive, listFichiers, readBilan, readPublication, readReglages,
} from './queries.ts' // prettier-ignore
import { waiting } from './attente.ts'

/*
 * The publication: files stored and documents put in preparation; at the hour, all made visible; then, when the time to
 * cancel is over, people told at the pace of the organisme. Each batch writes its lines with its progress.
 */

interface Donnees {
  publicationId: string
}
export type Phase = 'depot' | 'publication' | 'courriels'
interface Curseur {
  phase: Phase
}
interface Commun {
  publication: Publication
  fichiers: FichierPublication[]
  zip: StoredZip | undefined
}

const FILES = 24
const PAPERS = 8
const VISIBLE = 250

export const PUBLICATION = 'publications.publication'

defineTravail<Donnees, Curseur, Commun>(PUBLICATION, {
  annulation:
    'Les documents déjà publiés sont retirés, et ceux qu’ils remplaçaient reviennent. C’est impossible dès qu’un courriel est parti.',
  libelle: 'Publication',
  can: 'gestion.publications.manage',
  async begin({ donnees, curseur }, { services, transaction }) {
    const [publication, fichiers] = await transaction((db) =>
      Promise.all([readPublication(db, donnees.publicationId), listFichiers(db, donnees.publicationId)]),
    )
    const archive = fichiers.find((f) => f.genre === 'archive')
    const needed = archive && (curseur.phase ?? 'depot') === 'depot'
    return {
      publication,
      fichiers,
      zip: needed ? await openStoredZip(services.storage, archive.cle) : undefined,
    }
  },
  async batch(travail, ctx, commun) {
    switch (travail.curseur.phase ?? 'depot') {
      case 'depot':
        return deposit(travail, ctx, commun)
      case 'publication':
        return appear(travail, ctx, commun)
      case 'courriels':
        return tell(travail, ctx, commun)
    }
  },
  async end({ zip }) {
    zip?.close()
    return Promise.resolve()
  },
  cancel: (db, { donnees }) => undo(db, donnees.publicationId),
})

/** In the transaction of the confirmation. The lines to publish are marked. */
export async function startPublication(db: Db, publication: Publication, lien: string): Promise<string> {
  const n = await db.one<{ n: number }>(sql`select count(*)::int as n from publication_lignes
    where publication_id = ${publication.id} and retenue_le is not null`)
  const id = await startTravail(db, {
    genre: PUBLICATION,
    titre: publication.titre,
    lien,
    donnees: { publicationId: publication.id } satisfies Donnees,
    total: n.n,
  })
  await db.run(sql`update publications set travail_id = ${id} where id = ${publication.id}`)
  return id
}

const LIGNE = sql`l.id, l.ordre, l.nom, l.entree, l.source_id, l.numero, l.exercice, l.titre, l.attend, l.avant, l.sha256,
  l.adherent_id, l.cloture_id, l.genre, l.document_id, l.courrier_id`

async function deposit(
  { fait }: Pick<Travail, 'fait'>,
  ctx: TravailContext,
  { publication, fichiers, zip }: Commun,
): Promise<Ecriture> {
  const made = publication.source === 'emission'
  const size = made ? PAPERS : FILES
  const lignes = await ctx.transaction((db) =>
    db.many<Ligne>(sql`select ${LIGNE} from publication_lignes l where l.publication_id = ${publication.id}
      and l.retenue_le is not null and l.document_id is null and l.courrier_id is null and l.echec = ''
      order by l.ordre limit ${size}`),
  )
  const prepared = made ? [] : await prepareFiles(ctx, lignes, zip, fichiers)
  const etape = made ? 'Établissement des documents (1/3)' : 'Dépôt des documents (1/3)'
  return async (db) => {
    if (made) await makePapers(db, ctx, publication, lignes, dayInFrance(ctx.services.clock()))
    else await writePrepared(db, ctx, publication, prepared)
    if (lignes.length === size) return { fait: fait + size, etape, curseur: { phase: 'depot' } }
    const { deposees } = await readBilan(db, publication.id)
    if (!publication.publier) return finish(db, publication, fait + lignes.length)
    return { fait: 0, total: deposees, etape: 'Publication (2/3)', curseur: { phase: 'publication' } }
  }
}

async function appear(
  { fait }: Pick<Travail, 'fait'>,
  ctx: TravailContext,
  { publication }: Commun,
): Promise<Ecriture> {
  const at = publication.publier_le === null ? null : new Date(publication.publier_le)
  if (at !== null && waiting(at, ctx.services.clock())) {
    return () =>
      Promise.resolve({ fait, etape: 'Documents prêts, publication à l’heure prévue', attendre: at })
  }
  const today = dayInFrance(ctx.services.clock())
  return async (db) => {
    const lignes = await db.many<Ligne>(sql`select ${LIGNE} from publication_lignes l
      where l.publication_id = ${publication.id} and l.retenue_le is not null and l.publiee_le is null and l.echec = ''
        and (l.document_id is not null or l.courrier_id is not null) order by l.ordre limit ${VISIBLE}`)
    const { id, creee_par } = publication
    const seen = await publishMany(db, lignes.flatMap((l) => l.document_id ?? []), creee_par) // prettier-ignore
    const letters = lignes.filter((l) => l.courrier_id !== null)
    for (const l of letters) await sendLetter(db, publication, l, today)
    const there = [...seen.map((d) => d.id), ...letters.map((l) => l.courrier_id)]
    await db.run(sql`update publication_lignes l set
        publiee_le = case when coalesce(l.document_id, l.courrier_id) = any(${there}) then now() end,
        echec = case when coalesce(l.document_id, l.courrier_id) = any(${there}) then '' else 'Retiré avant la publication.' end
      where l.id = any(${lignes.map((l) => l.id)})`)
    await journalize(db, ctx, id, seen, letters)
    if (lignes.length === VISIBLE)
      return { fait: fait + VISIBLE, etape: 'Publication (2/3)', curseur: { phase: 'publication' } }
    await db.run(sql`update publications set publiee_le = now() where id = ${id}`)
    const bilan = await readBilan(db, id)
    if (!publication.prevenir) return finish(db, publication, bilan.publiees)
    const { delai_minutes } = await readReglages(db)
    const soon = new Date(ctx.services.clock().getTime() + delai_minutes * 60_000)
    const wait = delai_minutes === 0 ? {} : { attendre: soon }
    const etape =
      delai_minutes === 0 ? 'Courriels (3/3)' : `Les courriels partiront à ${heure(soon.toISOString())}`
    return { fait: 0, total: bilan.publiees, etape, curseur: { phase: 'courriels' }, ...wait }
  }
}

async function sendLetter(db: Db, publication: Publication, ligne: Ligne, today: string): Promise<void> {
  const destination = await db.one<{ adherent_id: string; structure_id: string | null }>(
    sql`select adherent_id, structure_id from courriers where id = ${ligne.courrier_id}`,
  )
  const people = await listDestinataires(db, destination)
  await publishCourrier(db, ligne.courrier_id!, publication.creee_par, Number(today.slice(0, 4)))
  await insertEnvois(db, ligne.courrier_id!, people, publication.repondeur)
}

/** Last of all: the journal of the organisme is locked from here to the commit. */
async function journalize(
  db: Db,
  { demandeur }: TravailContext,
  campagne: string,
  documents: readonly { id: string; adherent_id: string }[],
  letters: readonly Ligne[],
): Promise<void> {
  const about = { request: `travail:${campagne}`, detail: { campagne } }
  const rows = documents.map((d) => ({ objetId: d.id, adherentId: d.adherent_id }))
  const sent = letters.map((l) => ({ objetId: l.courrier_id!, adherentId: l.adherent_id }))
  const user = demandeur ?? undefined
  await writeJournalRows(db, user, { action: 'document.publie', objet: 'document', ...about }, rows)
  await writeJournalRows(db, user, { action: 'courrier.publie', objet: 'courrier', ...about }, sent)
}

async function tell(
  { fait }: Pick<Travail, 'fait'>,
  ctx: TravailContext,
  { publication }: Commun,
): Promise<Ecriture> {
  return async (db) => {
    const pace = await tellPeople(db, publication, await readReglages(db))
    if (pace.done) return finish(db, publication, fait + pace.told)
    const wait =
      pace.pauseMs === 0 ? {} : { attendre: new Date(ctx.services.clock().getTime() + pace.pauseMs) }
    return { fait: fait + pace.told, etape: 'Courriels (3/3)', curseur: { phase: 'courriels' }, ...wait }
  }
}

async function finish(db: Db, publication: Publication, fait: number) {
  await db.run(sql`update publications set terminee_le = now() where id = ${publication.id}`)
  await dropArchive(db, publication.id)
  return { fait, etape: '', rapport: { ...(await readBilan(db, publication.id)) }, fini: true }
}

/** Before the first mail, as if nothing had been: what was there before is there again. @throws Refusal afterwards */
async function undo(db: Db, publicationId: string): Promise<void> {
  const told = await db.maybe(sql`select 1 from publication_lignes where publication_id = ${publicationId}
    and prevenu_le is not null limit 1`)
  if (told) {
    throw new Refusal(
      'Les premiers courriels sont partis : la campagne ne peut plus être annulée. Mettez-la en pause, et retirez un à un les documents qui doivent l’être.',
    )
  }
  const user = db.context.utilisateurId ?? null
  const lignes = await db.many<{ document_id: string | null; courrier_id: string | null }>(sql`
    select document_id, courrier_id from publication_lignes where publication_id = ${publicationId}
      and (document_id is not null or courrier_id is not null)`)
  const documents = lignes.flatMap((l) => l.document_id ?? [])
  const courriers = lignes.flatMap((l) => l.courrier_id ?? [])
  const gone = await withdrawMany(db, documents, user, 'Campagne annulée', true)
  await db.run(sql`update courriers set clos_le = now(), clos_par = ${user}
    where id = any(${courriers}) and publie_le is not null and clos_le is null`)
  await db.run(sql`update publication_lignes set courrier_id = null, echec = 'Campagne annulée' where publication_id = ${publicationId}
    and courrier_id in (select id from courriers where publie_le is null)`)
  await db.run(sql`delete from courrier_questions where courrier_id = any(${courriers})
    and exists (select from courriers c where c.id = courrier_questions.courrier_id and c.publie_le is null)`)
  await db.run(sql`delete from courriers where id = any(${courriers}) and publie_le is null`)
  await db.run(
    sql`update publications set annulee_le = now(), annulee_par = ${user} where id = ${publicationId}`,
  )
  await dropArchive(db, publicationId)
  const person = await db.maybe<{ prenom: string; nom: string; login: string }>(
    sql`select prenom, nom, login from utilisateurs where id = ${user}`,
  )
  await writeJournalRows(
    db,
    person,
    {
      action: 'document.retire',
      objet: 'document',
      request: `travail:${publicationId}`,
      detail: { motif: 'Campagne annulée' },
    },
    gone.map((d) => ({ objetId: d.id, adherentId: d.adherent_id })),
  )
}
