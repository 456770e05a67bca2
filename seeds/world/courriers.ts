import type { World } from './load.ts'
import { FIRST_NUMBER } from './adherents.ts'
import type { Organisme } from './organismes.ts'

/** Between 0 and 1, the same for the same seed, dossier, courrier and n: drawn by Postgres, so that a million travel nowhere. */
const drawn = (n: number) =>
  `('x' || substr(md5(concat_ws('/', $2::text, i, k, ${n})), 1, 8))::bit(32)::bigint / 4294967296.0`

/**
 * Courriers of one organisme over five years and a half, as many for each dossier: six in ten want an answer, most have
 * it, some answers wait for their superviseur. Written in Postgres from the dossiers that are there.
 */
export async function insertCourriers(world: World, organisme: Organisme): Promise<void> {
  const { client, options } = world
  if (options.courriers === 0) return
  await world.write.flush()
  const values = [organisme.id, options.seed, options.courriers / options.adherents, world.day(0)]
  await client.query('drop table if exists monde_courriers')
  await client.query(LETTERS, [...values, String(FIRST_NUMBER)])
  await client.query('analyze monde_courriers')
  // They keep what is sent from changing, and archive what is read: here rows are born as they have become.
  const triggers = async (what: 'disable' | 'enable') => {
    for (const table of FROZEN) await client.query(`alter table ${table} ${what} trigger user`)
  }
  await triggers('disable')
  await client.query(COURRIERS, [organisme.id, organisme.agent])
  for (const text of [QUESTIONS, ENVOIS, LECTURES, REPONSES, LIGNES, SERIES]) {
    await client.query(text, [organisme.id])
  }
  await triggers('enable')
}

const FROZEN = ['courriers', 'courrier_questions', 'courrier_lectures', 'reponses', 'reponse_lignes']

const id = (kind: string, key: string) => `md5(concat_ws('/', '${kind}', ${key}))::uuid`

/** What each letter is and what became of it. */
const LETTERS = `
  create temp table monde_courriers on commit drop as
  with dossiers as (
    select a.id as adherent_id, a.structure_id, a.numero as dossier, m.id as membre, m.nom as membre_nom, c.id as cabinet,
      c.nom as cabinet_nom, coalesce(p.id, c.id) as auteur, trim(concat(p.prenom, ' ', coalesce(p.nom, c.nom))) as auteur_nom,
      s.supervision_depuis is not null and p.id is not null as supervise, row_number() over (order by a.numero_tri, a.id) as i
    from adherents a
    join utilisateurs m on m.organisme_id = a.organisme_id and m.adherent_id = a.id
    left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
    left join utilisateurs c on c.organisme_id = a.organisme_id and c.structure_id = a.structure_id and c.role = 'cabinet'
    left join affectations f on f.organisme_id = a.organisme_id and f.adherent_id = a.id and f.jusqu_a is null
    left join utilisateurs p on p.organisme_id = f.organisme_id and p.id = f.utilisateur_id
    where a.organisme_id = $1 and length(a.numero) >= length($5) and a.numero >= $5
  ), lettres as (
    select d.*, k, floor(d.i * $3::float) - floor((d.i - 1) * $3::float) as n
    from dossiers d, generate_series(1, (floor(d.i * $3::float) - floor((d.i - 1) * $3::float))::int) as k
  ), ages as (
    select *, (k - ${drawn(1)}) / n * 2000 + 1 as age, ${drawn(2)} as quoi, ${drawn(3)} as a_qui, ${drawn(4)} as suite,
      ${drawn(5)} as quand
    from lettres
  ), dates as (
    select *, $4::date + time '08:00' - age * interval '1 day' as publie_le, quoi < 0.6 as demande,
      case when structure_id is not null and a_qui < 0.8 then 'cabinet' else 'adherent' end as destinataire,
      case when age > 10 or suite < 0.5 then $4::date + time '08:00' - age * interval '1 day' + quand * least(age, 9) * interval '1 day'
        end as lu_le
    from ages
  ), suites as (
    select *, case when demande and age > 20 and suite < 0.95 then publie_le + (3 + quand * 16) * interval '1 day' end as repondu_le
    from dates
  )
  select ${id('courrier', '$2::text, $1, i, k')} as id, row_number() over (order by publie_le, i, k) as rang, *,
    repondu_le is null and demande and destinataire = 'cabinet' and supervise and a_qui < 0.3 as attend,
    case when repondu_le is not null and (age > 60 or quand < 0.5) then repondu_le + interval '1 day' end as clos_le
  from suites`

const COURRIERS = `
  insert into courriers (organisme_id, id, numero, adherent_id, structure_id, destinataire, genre, objet, corps,
    a_repondre_avant, cree_le, cree_par, publie_le, publie_par, repondu_le, archive_adherent_le, archive_cabinet_le, clos_le, clos_par)
  select $1, m.id, 'C-' || extract(year from publie_le) || '-' || lpad((coalesce(s.dernier, 0)
      + row_number() over (partition by extract(year from publie_le) order by rang))::text, 6, '0'),
    adherent_id, structure_id, destinataire,
    case when quoi < 0.4 then 'questions_eccv' when quoi < 0.55 then 'demande_pieces' when quoi < 0.6 then 'demande_eps'
      when quoi < 0.7 then 'attestation' when quoi < 0.78 then 'crm' when quoi < 0.86 then 'dossier_gestion' else 'information' end,
    case when quoi < 0.4 then 'Questions sur votre déclaration' when quoi < 0.55 then 'Pièces manquantes de la liasse'
      when quoi < 0.6 then 'Examen périodique de sincérité' when quoi < 0.7 then 'Votre attestation est disponible'
      when quoi < 0.78 then 'Compte rendu de mission' when quoi < 0.86 then 'Votre dossier de gestion'
      else 'Informations de votre organisme' end,
    'Ce courrier est disponible dans votre espace.', case when demande then (publie_le + interval '30 days')::date end,
    publie_le, $2, publie_le, $2, repondu_le,
    case when demande and destinataire = 'adherent' then repondu_le else lu_le end,
    case when demande and destinataire = 'cabinet' then repondu_le else lu_le end, clos_le, case when clos_le is not null then $2::uuid end
  from monde_courriers m left join series s on s.organisme_id = $1 and s.nom = 'courriers' and s.annee = extract(year from publie_le)
  order by rang`

/** One or two questions for each that wants an answer. */
const QUESTIONS = `
  insert into courrier_questions (organisme_id, id, courrier_id, ordre, texte)
  select $1, ${id('question', 'm.id, o')}, m.id, o, case o when 1 then 'Merci d’expliquer l’évolution de vos charges externes.'
      else 'Merci de joindre le tableau de passage et le détail des frais de véhicule.' end
  from monde_courriers m, generate_series(1, case when m.quand < 0.5 then 1 else 2 end) as o where m.demande`

const ENVOIS = `
  insert into courrier_envois (organisme_id, id, courrier_id, utilisateur_id, nom, role, qualite, le)
  select $1, ${id('envoi', 'id')}, id, case destinataire when 'cabinet' then cabinet else membre end,
    case destinataire when 'cabinet' then cabinet_nom else membre_nom end, destinataire, 'destinataire', publie_le
  from monde_courriers`

/** By the member, or by whoever of the cabinet has the dossier. */
const LECTURES = `
  insert into courrier_lectures (organisme_id, id, courrier_id, utilisateur_id, nom, role, premiere_le)
  select $1, ${id('lecture', 'id')}, id, case destinataire when 'cabinet' then auteur else membre end,
    case destinataire when 'cabinet' then auteur_nom else membre_nom end,
    case when destinataire = 'adherent' then 'adherent' when auteur = cabinet then 'cabinet' else 'collaborateur' end, lu_le
  from monde_courriers where lu_le is not null`

const REPONSES = `
  insert into reponses (organisme_id, id, numero, courrier_id, adherent_id, structure_id, dossier, auteur_id, auteur_nom,
    soumise_le, transmise_le)
  select $1, ${id('reponse', 'm.id')}, case when repondu_le is not null then 'R-' || extract(year from repondu_le) || '-'
      || lpad((coalesce(s.dernier, 0) + row_number() over (partition by extract(year from repondu_le) order by repondu_le, rang))::text, 6, '0') end,
    m.id, adherent_id, case destinataire when 'cabinet' then structure_id end, dossier,
    case destinataire when 'cabinet' then auteur else membre end, case destinataire when 'cabinet' then auteur_nom else membre_nom end,
    coalesce(repondu_le, publie_le + interval '1 day'), repondu_le
  from monde_courriers m left join series s on s.organisme_id = $1 and s.nom = 'reponses' and s.annee = extract(year from repondu_le)
  where repondu_le is not null or attend`

const LIGNES = `
  insert into reponse_lignes (organisme_id, id, reponse_id, question_id, texte)
  select $1, ${id('ligne', 'q.id')}, ${id('reponse', 'm.id')}, q.id, 'La hausse vient du nouveau contrat d’entretien, signé en mars.'
  from monde_courriers m join courrier_questions q on q.organisme_id = $1 and q.courrier_id = m.id
  where m.repondu_le is not null or m.attend`

/** Where the yearly numbers stand, so that the portal goes on from there. */
const SERIES = `
  insert into series (organisme_id, nom, annee, dernier)
  select $1::uuid, 'courriers', extract(year from publie_le), count(*) from monde_courriers group by 3
  union all select $1::uuid, 'reponses', extract(year from repondu_le), count(*) from monde_courriers where repondu_le is not null group by 3
  on conflict (organisme_id, nom, annee) do update set dernier = series.dernier + excluded.dernier`
