import type { Db } from '../../kernel/db.ts'
import type { Conservation, Reglages, Vocabulaire } from '../../kernel/organisme.ts'
import { type Reply, redirect } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'

/** What an administrateur may write of the row of his organisme; `reglages` is merged into what is there. */
export interface Champs {
  nom?: string
  sigle?: string
  forme?: string
  adresse?: string[]
  telephone?: string
  courriel?: string
  site?: string
  horaires?: string
  couleur?: string
  modules?: string[]
  vocabulaire?: Vocabulaire
  reglages?: Partial<Reglages>
}

export async function regler(db: Db, champs: Champs): Promise<void> {
  await db.run(sql`select app.regler(${JSON.stringify(champs)}::jsonb)`)
}

/** A PNG, or null to take it away. */
export async function reglerLogo(db: Db, image: Buffer | null): Promise<void> {
  await db.run(sql`select app.regler_logo(${image})`)
}

/** Back to the section, which shows what was just written. */
export function saved(to: string, notice: string): Reply {
  return redirect(to, notice, { organismeChanged: true })
}

type Changement =
  | 'identite' | 'en-tete' | 'couleur' | 'logo' | 'vocabulaire' | 'modules' | 'destinataires' | 'parametres-legaux'
  | 'courriel' | 'securite' | 'conservation' // prettier-ignore

/** What the journal keeps of a section that was changed; phrases.ts has a sentence for each. */
export function note(section: Changement, detail: Record<string, unknown> = {}) {
  return { action: `reglages.${section}`, objet: 'reglages', detail }
}

export interface ReglesPapiers {
  nature_oga: 'CGA' | 'AGA' | 'OMGA'
  forme_juridique: string
  agrement_numero: string
  agrement_le: string | null
  ex_oga_depuis: string | null
  attestations_jusqu_a: string | null
  lieu: string
  signataire: string
  qualite_signataire: string
}

export function readPapiers(db: Db): Promise<ReglesPapiers | undefined> {
  return db.maybe<ReglesPapiers>(sql`select nature_oga, forme_juridique, agrement_numero, agrement_le, ex_oga_depuis,
    attestations_jusqu_a, lieu, signataire, qualite_signataire from regles_clotures`)
}

export async function savePapiers(db: Db, p: ReglesPapiers): Promise<void> {
  await db.run(sql`insert into regles_clotures (nature_oga, forme_juridique, agrement_numero, agrement_le, ex_oga_depuis,
      attestations_jusqu_a, lieu, signataire, qualite_signataire)
    values (${p.nature_oga}, ${p.forme_juridique}, ${p.agrement_numero}, ${p.agrement_le}, ${p.ex_oga_depuis},
      ${p.attestations_jusqu_a}, ${p.lieu}, ${p.signataire}, ${p.qualite_signataire})
    on conflict (organisme_id) do update set nature_oga = excluded.nature_oga,
      forme_juridique = excluded.forme_juridique, agrement_numero = excluded.agrement_numero,
      agrement_le = excluded.agrement_le, ex_oga_depuis = excluded.ex_oga_depuis,
      attestations_jusqu_a = excluded.attestations_jusqu_a, lieu = excluded.lieu, signataire = excluded.signataire,
      qualite_signataire = excluded.qualite_signataire`)
}

export interface Parametre {
  id: string
  depuis: string
  valeurs: Record<string, number>
  source: string
}

export function listParametres(db: Db): Promise<Parametre[]> {
  return db.many<Parametre>(
    sql`select id, depuis, valeurs, source from parametres_legaux order by depuis desc`,
  )
}

export interface Destinataire {
  id: string
  libelle: string
  courriel: string
  ordre: number
  ferme_le: string | null
}

export function listDestinataires(db: Db): Promise<Destinataire[]> {
  return db.many<Destinataire>(
    sql`select id, libelle, courriel, ordre, ferme_le from destinataires order by ferme_le is not null, ordre, libelle`,
  )
}

/** What waits for the antivirus, what it found, and what is stored. */
export interface EtatFichiers {
  en_attente: number
  infectes: number
  plus_ancien: string | null
  nombre: number
  octets: number
  courriels_en_attente: number
  courriels_abandonnes: number
}

export function readEtatFichiers(db: Db): Promise<EtatFichiers> {
  return db.one<EtatFichiers>(sql`select
      count(*) filter (where antivirus = 'en_attente')::int as en_attente,
      count(*) filter (where antivirus = 'infecte')::int as infectes,
      min(depose_le) filter (where antivirus = 'en_attente') as plus_ancien,
      count(*)::int as nombre, coalesce(sum(taille), 0)::bigint as octets,
      (select count(*)::int from courriels where envoye_le is null and abandonne_le is null) as courriels_en_attente,
      (select count(*)::int from courriels where abandonne_le > now() - interval '7 days') as courriels_abandonnes
    from fichiers where efface_le is null`)
}

/** Deletes what has had its time. @returns how many rows, by kind */
export async function purge(db: Db, months: Conservation): Promise<Record<keyof Conservation, number>> {
  const before = (n: number) => sql`now() - ${n} * interval '1 month'`
  const courriels = months.courriels
    ? await db.run(sql`delete from courriels where cree_le < ${before(months.courriels)}
        and (envoye_le is not null or abandonne_le is not null)`)
    : 0
  const demandes = months.demandes
    ? await db.run(sql`delete from demandes_de_compte where close_le < ${before(months.demandes)}`)
    : 0
  const modifications = months.modifications
    ? await db.run(sql`delete from modifications where close_le < ${before(months.modifications)}`)
    : 0
  const messages = months.messages
    ? (await db.one<{ n: number }>(sql`select app.purger_messages(${before(months.messages)}) as n`)).n
    : 0
  return { courriels, demandes, modifications, messages }
}
