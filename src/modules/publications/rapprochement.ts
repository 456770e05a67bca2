import type { Db } from '../../kernel/db.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { sql } from '../../kernel/sql.ts'
import { mayIssue } from '../clotures/emission.ts'
import {
  type AdherentDeCloture, type Cloture, type Regles, listAdherentsDeCloture, listCloturesOf, readRegles,
} from '../clotures/queries.ts' // prettier-ignore
import { type GenreLigne, type Ligne, type Verdict, genreOfWord } from './ligne.ts'
import type { Publication } from './queries.ts'

/** What a line was matched with. */
export interface Jugement {
  verdict: Verdict
  raison: string
  adherent_id: string | null
  cloture_id: string | null
  genre: GenreLigne | null
  exercice: number | null
}

export interface Faits {
  publication: Pick<Publication, 'genre' | 'exercice' | 'repondeur'>
  /** By number, as it sorts: « 0657 » is « 657 ». */
  adherents: ReadonlyMap<string, AdherentDeCloture & { structure_id: string | null }>
  /** By adhérent and year. */
  clotures: ReadonlyMap<string, Cloture>
  regles: Regles
  /** Keys of what is in the spaces already, see `cleDe`. */
  deja: ReadonlySet<string>
  courriers: boolean
  today: string
}

/** What can be said of one line alone; doubles are looked for when all have been. Pure. */
export function judge(ligne: Ligne, faits: Faits): Jugement {
  const { publication, today } = faits
  const genre = ligne.type === '' ? publication.genre : (genreOfWord(ligne.type) ?? null)
  const exercice = ligne.exercice ?? publication.exercice
  const adherent = faits.adherents.get(triOf(ligne.numero))
  const cloture = adherent && exercice !== null ? faits.clotures.get(`${adherent.id}:${exercice}`) : undefined
  const found = {
    adherent_id: adherent?.id ?? null,
    cloture_id: cloture?.id ?? null,
    genre,
    exercice,
  }
  const say = (verdict: Verdict, raison: string): Jugement => ({ verdict, raison, ...found })

  if (ligne.defaut_ligne !== '') return say(ligne.defaut_ligne, ligne.raison)
  if (ligne.defaut_fichier !== '') return say(ligne.defaut_fichier, ligne.raison)
  if (!adherent) {
    return say(
      'inconnu',
      ligne.numero === ''
        ? 'Le numéro de l’adhérent manque.'
        : `Aucun adhérent ne porte le numéro «\u00a0${ligne.numero}\u00a0».`,
    )
  }
  if (genre === null) {
    return say(
      'type',
      ligne.type === ''
        ? 'Le type de document manque.'
        : `«\u00a0${ligne.type}\u00a0» n’est pas un type de document.`,
    )
  }
  if (ligne.attend) {
    if (!faits.courriers)
      return say('refuse', 'Le module des courriers n’est pas ouvert : rien ne peut attendre de réponse.')
    if (ligne.avant === null)
      return say('date', 'Un document qui attend une réponse a besoin d’une échéance.')
    if (ligne.avant < today) return say('date', 'L’échéance est déjà passée.')
    if (publication.repondeur === 'cabinet' && adherent.structure_id === null)
      return say('refuse', 'Cet adhérent n’a pas de cabinet qui réponde.')
  } else if (genre !== 'autre') {
    if (exercice === null) return say('exercice', 'L’année de l’exercice manque.')
    if (!cloture) return say('exercice', `Cet adhérent n’a pas d’exercice clos en ${exercice}.`)
  }
  if (
    ligne.sha256 !== null &&
    faits.deja.has(cleDe({ adherent_id: adherent.id, genre, exercice, sha256: ligne.sha256 }))
  )
    return say('deja', 'Le même fichier est déjà dans l’espace de l’adhérent.')
  if (!ligne.attend && genre !== 'autre') {
    // What a deposited dossier de gestion says was computed elsewhere: no accounts are needed here.
    const decision = mayIssue(
      genre,
      { ...cloture!, comptes: cloture!.comptes ?? {} },
      adherent,
      faits.regles,
      today,
    )
    if (!decision.ok) return say('refuse', decision.raison)
  }
  if (adherent.perte_qualite_le !== null && adherent.perte_qualite_le <= today)
    return say('parti', `Parti le ${adherent.perte_qualite_le.split('-').reverse().join('/')}.`)
  return say('pret', '')
}

export function triOf(numero: string): string {
  return numero.trim().padStart(20, '0')
}

/** What makes two lines the same paper of the same adhérent. */
export function cleDe(l: {
  adherent_id: string
  genre: string
  exercice: number | null
  sha256: string
}): string {
  return `${l.adherent_id}:${l.genre}:${l.exercice ?? 0}:${l.sha256}`
}

/** All that `judge` needs for those lines, in a few statements. */
export async function readFaits(
  db: Db,
  publication: Publication,
  lignes: readonly Ligne[],
  organisme: Pick<Organisme, 'modules'>,
  today: string,
): Promise<Faits> {
  const numbers = [...new Set(lignes.map((l) => triOf(l.numero)))]
  const years = [...new Set(lignes.flatMap((l) => l.exercice ?? publication.exercice ?? []))]
  const ids = await db.many<{ id: string; tri: string; structure_id: string | null }>(
    sql`select id, numero_tri as tri, structure_id from adherents where numero_tri = any(${numbers})`,
  )
  const shas = [...new Set(lignes.flatMap((l) => l.sha256 ?? []))]
  const who = ids.map((row) => row.id)
  const [adherents, clotures, regles, deja] = await Promise.all([
    listAdherentsDeCloture(db, who),
    listCloturesOf(db, who, years),
    readRegles(db),
    db.many<{ adherent_id: string; genre: string; exercice: number | null; sha256: string }>(sql`
      select adherent_id, genre, exercice, empreinte as sha256 from documents
        where adherent_id = any(${who}) and empreinte = any(${shas}) and retire_le is null
      union all select adherent_id, genre, exercice, sha256 from publication_lignes
        where adherent_id = any(${who}) and sha256 = any(${shas}) and courrier_id is not null`),
  ])
  const byId = new Map(adherents.map((a) => [a.id, a]))
  const byYear = new Map<string, Cloture>()
  for (const c of clotures) {
    const key = `${c.adherent_id}:${Number(c.fin.slice(0, 4))}`
    if (!byYear.has(key)) byYear.set(key, c)
  }
  return {
    publication,
    adherents: new Map(ids.map(({ id, tri, structure_id }) => [tri, { ...byId.get(id)!, structure_id }])),
    clotures: byYear,
    regles,
    deja: new Set(deja.map(cleDe)),
    courriers: organisme.modules.includes('courriers'),
    today,
  }
}

export async function writeJugements(
  db: Db,
  jugements: readonly ({ id: string } & Jugement)[],
): Promise<void> {
  await db.run(sql`update publication_lignes l set verdict = j.verdict, raison = j.raison, adherent_id = j.adherent_id,
      cloture_id = j.cloture_id, genre = j.genre, exercice = j.exercice
    from json_to_recordset(${JSON.stringify(jugements)}::json) as j (id uuid, verdict text, raison text, adherent_id uuid,
      cloture_id uuid, genre text, exercice int)
    where l.id = j.id`)
}

/**
 * Several lines for one paper of one adhérent. The same bytes: the first is kept. Others: nobody knows which is good,
 * so that none is. « Autre » papers are told apart by their titles.
 */
export async function writeDoubles(db: Db, publicationId: string): Promise<void> {
  await db.run(sql`with candidates as (
      select l.id, l.ordre, l.sha256, l.adherent_id, l.genre, coalesce(l.exercice, 0) as exercice,
        case when l.genre = 'autre' or l.attend then lower(l.titre) || l.attend else '' end as part,
        case when l.genre = 'autre' or l.attend then case when l.titre = '' then l.sha256 else '' end else '' end as seul
      from publication_lignes l where l.publication_id = ${publicationId} and l.verdict in ('pret', 'parti')
    ), groupes as (
      select id, count(*) over g as n, min(sha256) over g = max(sha256) over g as memes,
        first_value(ordre) over (partition by adherent_id, genre, exercice, part, seul order by ordre) as premier, ordre
      from candidates window g as (partition by adherent_id, genre, exercice, part, seul)
    )
    update publication_lignes l set verdict = 'double', raison = case when g.memes
        then 'Le même fichier figure déjà à la ligne ' || g.premier || '.'
        else 'Plusieurs fichiers différents (dont la ligne ' || g.premier || ') pour ce même document.' end
    from groupes g where l.id = g.id and g.n > 1 and not (g.memes and g.ordre = g.premier)`)
}
