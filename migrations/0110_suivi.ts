import type { Knex } from 'knex'
import { PARAMETRES_LEGAUX, filingDate } from '../src/modules/clotures/echeances.ts'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** The delays of the law as the code has them, which the dated parameters of an organisme change. */
const LOI = PARAMETRES_LEGAUX[0]!

/**
 * The board of a campaign: one narrow row per clôture that says where it stands, whom it waits for, by when, and what
 * nobody has read. Acts only note whose dossiers have moved (a row that never waits for another); whoever looks at the
 * board makes up for it first, one at a time in an organisme, so what is counted is what is listed.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create table plateforme.depots_papier (annee int primary key, jour date not null);
    grant select on plateforme.depots_papier to parvis_web`)
  const years = Array.from({ length: 121 }, (_, i) => 2000 + i)
  await knex.raw(
    `insert into plateforme.depots_papier (annee, jour) select * from unnest(?::int[], ?::date[])`,
    [years, years.map((year) => filingDate(`${year}-12-31`))],
  )

  await createScopedTable(knex, 'suivi_dossiers', {
    columns: `
      adherent_id uuid not null,
      structure_id uuid,
      exercice int not null,
      fin date not null,
      numero_tri text not null collate "C",
      recherche text not null,
      categorie text not null,
      regime_fiscal text not null,
      profession text not null,
      situation text not null check (situation in ('sans_objet', 'liasse_attendue', 'liasse_relancee',
        'mise_en_demeure', 'pieces_manquantes', 'controle_a_faire', 'controle_en_cours', 'eps_en_cours',
        'questions_posees', 'reponse_a_valider', 'reponse_recue', 'compte_rendu_a_rediger', 'compte_rendu_a_envoyer',
        'attestation_a_emettre', 'dossier_gestion_a_publier', 'termine')),
      attente text not null check (attente in ('organisme', 'cabinet', 'adherent', 'personne')),
      liasse_faite boolean not null,
      controle_fait boolean not null,
      compte_rendu_fait boolean not null,
      attestation_faite boolean not null,
      dossier_gestion_fait boolean not null,
      liasse_avant date,
      controle_avant date,
      compte_rendu_avant date,
      dossier_gestion_avant date,
      echeance date,
      reponse_avant date,
      documents_non_lus int not null,
      courriers_non_lus int not null`,
    constraints: [
      'foreign key (organisme_id, id) references public.clotures (organisme_id, id) on delete cascade',
    ],
    visible: PERMANENT_SEUL,
    writable: 'false',
    indexes: [
      'adherent_id',
      'exercice, numero_tri, id',
      'exercice, recherche, id',
      'exercice, situation',
      'echeance',
      'exercice, echeance, id',
      `exercice, (coalesce(echeance, date '9999-12-31')), id`,
      'exercice, structure_id, numero_tri, id',
      'exercice, profession',
      'exercice, regime_fiscal',
    ],
  })
  await createScopedTable(knex, 'suivi_a_refaire', {
    columns: `adherent_id uuid not null, le timestamptz not null default clock_timestamp()`,
    visible: PERMANENT_SEUL,
    writable: 'false',
  })
  await knex.raw(CALCUL)
  await knex.raw(MARQUES)

  await knex.raw(`
    -- The day on which what a step says happened, when it is not the day on which it was written.
    alter table cloture_mouvements add column effet date;
    alter table cloture_mouvements add column lot_id uuid;
  `)
  // What was ticked, frozen: the preview and the confirmation speak of the same dossiers.
  await createScopedTable(knex, 'lots_etapes', {
    columns: `
      exercice int not null,
      piste text not null,
      vers text not null,
      clotures uuid[] not null,
      cree_le timestamptz not null default now(),
      cree_par uuid not null default app.utilisateur_id(),
      applique_le timestamptz,
      nombre int,
      motif text not null default ''`,
    references: { cree_par: 'utilisateurs' },
    constraints: ['check ((applique_le is null) = (nombre is null))'],
    visible: `((select app.est_permanent()) and (cree_par = (select app.utilisateur_id())
      or (select app.role()) = 'systeme'))`,
    indexes: ['cree_par, cree_le desc'],
  })
  await createScopedTable(knex, 'suivi_filtres', {
    columns: `
      utilisateur_id uuid not null default app.utilisateur_id(),
      nom text not null check (nom <> ''),
      requete text not null,
      partage_le timestamptz,
      cree_le timestamptz not null default now()`,
    unique: ['utilisateur_id, nom'],
    references: { utilisateur_id: 'utilisateurs' },
    visible: `((select app.est_permanent()) and (utilisateur_id = (select app.utilisateur_id()) or partage_le is not null))`,
    writable: `((select app.est_permanent()) and utilisateur_id = (select app.utilisateur_id()))`,
  })
}

const CALCUL = `
  -- Where the clôtures of those adhérents stand: the same law as in the code, with the organisme's dated parameters.
  create function app.suivi_calcul(organisme uuid, adherents uuid[]) returns setof public.suivi_dossiers
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with lettres as (
      select coalesce(k.cloture_id, (select x.id from public.clotures x
            where x.organisme_id = k.organisme_id and x.adherent_id = k.adherent_id
            order by (x.fin < k.publie_le::date) desc, abs(x.fin - k.publie_le::date), x.fin limit 1)) as cloture_id,
          k.destinataire, k.a_repondre_avant,
          k.a_repondre_avant is not null and k.repondu_le is null and k.clos_le is null as ouverte,
          k.repondu_le is not null and k.clos_le is null as a_examiner,
          case k.destinataire when 'adherent' then k.archive_adherent_le else k.archive_cabinet_le end is null
            and not exists (select from public.courrier_lectures l where l.organisme_id = k.organisme_id
              and l.courrier_id = k.id and (l.role = 'adherent') = (k.destinataire = 'adherent')) as non_lue
        from public.courriers k
        where k.organisme_id = organisme and k.adherent_id = any (adherents) and k.publie_le is not null
          and ((k.a_repondre_avant is not null and k.clos_le is null)
            or case k.destinataire when 'adherent' then k.archive_adherent_le else k.archive_cabinet_le end is null)
    ), courriers as (
      select cloture_id, count(*) filter (where ouverte) as ouvertes, count(*) filter (where a_examiner) as a_examiner,
          count(*) filter (where non_lue) as non_lues, min(a_repondre_avant) filter (where ouverte) as avant,
          (array_agg(destinataire order by a_repondre_avant) filter (where ouverte))[1] as de
        from lettres group by cloture_id
    ), papiers as (
      select coalesce(d.cloture_id, (select x.id from public.clotures x
            where x.organisme_id = d.organisme_id and x.adherent_id = d.adherent_id
            order by (x.fin < d.publie_le::date) desc, abs(x.fin - d.publie_le::date), x.fin limit 1)) as cloture_id,
          count(*) as non_lus
        from public.documents d
        where d.organisme_id = organisme and d.adherent_id = any (adherents)
          and d.publie_le is not null and d.remplace_le is null and d.retire_le is null
          and not exists (select from public.lectures l
            where l.organisme_id = d.organisme_id and l.document_id = d.id)
        group by 1
    ), dossiers as (
      select c.*, a.structure_id, a.numero_tri, a.recherche, a.categorie, a.regime_fiscal,
          coalesce(a.professions[1], '') as profession,
          c.reception in ('recue', 'incomplete', 'complete') as recue,
          c.eccv like 'termine%' and c.eps in ('non_selectionne', 'termine', 'fichier_detruit') as controlee,
          c.crm in ('envoye_adherent', 'transmis_sie', 'ar_sie') as envoye,
          c.dossier_gestion in ('publie', 'consulte') as analysee,
          coalesce(k.ouvertes, 0) as ouvertes, coalesce(k.a_examiner, 0) as a_examiner,
          coalesce(k.non_lues, 0) as non_lues, k.avant, k.de, coalesce(p.non_lus, 0) as non_lus
        from public.clotures c
        join public.adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
        left join courriers k on k.cloture_id = c.id
        left join papiers p on p.cloture_id = c.id
        where c.organisme_id = organisme and c.adherent_id = any (adherents)
    ), situees as (
      select d.*, case
          when d.reception = 'sans_objet' then 'sans_objet'
          when d.reception = 'mise_en_demeure' then 'mise_en_demeure'
          when d.reception in ('relancee_1', 'relancee_2') then 'liasse_relancee'
          when not d.recue then 'liasse_attendue'
          when not d.controlee then case
            when d.eccv = 'reponse_a_valider' then 'reponse_a_valider'
            when d.ouvertes > 0 then 'questions_posees'
            when d.eccv = 'reponse_recue' or d.a_examiner > 0 then 'reponse_recue'
            when d.eccv = 'questions_posees' then 'questions_posees'
            when d.reception = 'incomplete' then 'pieces_manquantes'
            when d.eccv like 'termine%' then 'eps_en_cours'
            when d.eccv = 'a_faire' then 'controle_a_faire'
            else 'controle_en_cours' end
          when d.crm = 'en_attente' then 'compte_rendu_a_rediger'
          when not d.envoye then 'compte_rendu_a_envoyer'
          when d.attestation not in ('emise', 'consultee') then 'attestation_a_emettre'
          when not d.analysee then 'dossier_gestion_a_publier'
          else 'termine' end as situation
        from dossiers d
    ), datees as (
      select s.*,
          case when not s.recue and s.reception <> 'sans_objet'
            then j.jour + coalesce((pf.valeurs ->> 'depotJoursTdfc')::int, ${LOI.depotJoursTdfc}) end as liasse_avant,
          case when s.recue and not s.controlee then (s.recue_le + make_interval(months =>
            case when s.eps = 'non_selectionne' then coalesce((pr.valeurs ->> 'eccvMois')::int, ${LOI.eccvMois})
              else coalesce((pr.valeurs ->> 'eccvMoisSiEps')::int, ${LOI.eccvMoisSiEps}) end))::date
            end as controle_avant,
          case when s.recue and s.controlee and not s.envoye then (s.controle_le + make_interval(months =>
            coalesce((pc.valeurs ->> 'crmApresMois')::int, ${LOI.crmApresMois})))::date end as compte_rendu_avant,
          case when s.recue and not s.analysee then least(
            (s.recue_le + make_interval(months => coalesce((pr.valeurs ->> 'dgMois')::int, ${LOI.dgMois})))::date,
            case when to_char(s.fin, 'MM-DD') <> '12-31' then (s.fin + make_interval(months =>
              coalesce((pr.valeurs ->> 'dgMoisApresClotureSiDecalee')::int, ${LOI.dgMoisApresClotureSiDecalee})))::date end)
            end as dossier_gestion_avant
        from situees s
        left join plateforme.depots_papier j on j.annee = extract(year from s.fin)::int
        left join lateral (select p.valeurs from public.parametres_legaux p where p.organisme_id = s.organisme_id
          and p.depuis <= s.fin order by p.depuis desc limit 1) pf on true
        left join lateral (select p.valeurs from public.parametres_legaux p where p.organisme_id = s.organisme_id
          and p.depuis <= s.recue_le order by p.depuis desc limit 1) pr on true
        left join lateral (select p.valeurs from public.parametres_legaux p where p.organisme_id = s.organisme_id
          and p.depuis <= s.controle_le order by p.depuis desc limit 1) pc on true
    )
    select d.organisme_id, d.id, d.adherent_id, d.structure_id, extract(year from d.fin)::int, d.fin, d.numero_tri,
      d.recherche, d.categorie, d.regime_fiscal, d.profession, d.situation,
      case
        when d.situation in ('sans_objet', 'termine') then 'personne'
        when d.situation = 'questions_posees' and d.de is not null then d.de
        when d.situation in ('liasse_attendue', 'liasse_relancee', 'mise_en_demeure', 'pieces_manquantes',
            'questions_posees') or (d.situation = 'eps_en_cours' and d.eps in ('fichier_demande', 'pieces_demandees'))
          then case when d.structure_id is null then 'adherent' else 'cabinet' end
        when d.situation = 'reponse_a_valider' then 'cabinet'
        else 'organisme' end,
      d.recue, d.recue and d.controlee, d.recue and d.envoye, d.attestation in ('emise', 'consultee'), d.analysee,
      d.liasse_avant, d.controle_avant, d.compte_rendu_avant, d.dossier_gestion_avant,
      least(d.liasse_avant, d.controle_avant, d.compte_rendu_avant, d.dossier_gestion_avant),
      d.avant, d.non_lus::int, d.non_lues::int
    from datees d
  $$;
  revoke execute on function app.suivi_calcul from public, parvis_web;

  -- Writes what has changed; gives how many rows that was. Whoever calls it holds the lock of the organisme.
  create function app.suivi_ecrire(organisme uuid, adherents uuid[]) returns int
    language sql security definer set search_path = pg_catalog, pg_temp as $$
    with ecrites as (
      insert into public.suivi_dossiers as s select * from app.suivi_calcul(organisme, adherents)
      on conflict (organisme_id, id) do update set (adherent_id, structure_id, exercice, fin, numero_tri, recherche,
          categorie, regime_fiscal, profession, situation, attente, liasse_faite, controle_fait, compte_rendu_fait,
          attestation_faite, dossier_gestion_fait, liasse_avant, controle_avant, compte_rendu_avant,
          dossier_gestion_avant, echeance, reponse_avant, documents_non_lus, courriers_non_lus)
        = (excluded.adherent_id, excluded.structure_id, excluded.exercice, excluded.fin, excluded.numero_tri,
          excluded.recherche, excluded.categorie, excluded.regime_fiscal, excluded.profession, excluded.situation,
          excluded.attente, excluded.liasse_faite, excluded.controle_fait, excluded.compte_rendu_fait,
          excluded.attestation_faite, excluded.dossier_gestion_fait, excluded.liasse_avant, excluded.controle_avant,
          excluded.compte_rendu_avant, excluded.dossier_gestion_avant, excluded.echeance, excluded.reponse_avant,
          excluded.documents_non_lus, excluded.courriers_non_lus)
        where s is distinct from excluded
      returning 1)
    select count(*)::int from ecrites
  $$;
  revoke execute on function app.suivi_ecrire from public, parvis_web;

  -- Makes up for what has moved since the last look: at most so many adhérents. Gives how many are left.
  create function app.suivi_rattraper(plafond int) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      qui uuid[];
      patience text := current_setting('lock_timeout');
    begin
      -- Whoever looks as another person writes nothing: he sees the board as it was last brought up to date.
      if not app.est_permanent() or current_setting('transaction_read_only') = 'on' then return 0; end if;
      if not exists (select from public.suivi_a_refaire r where r.organisme_id = app.organisme_id()) then return 0; end if;
      begin
        perform set_config('lock_timeout', '500ms', true);
        perform pg_advisory_xact_lock(hashtextextended('suivi:' || app.organisme_id()::text, 0));
        perform set_config('lock_timeout', patience, true);
      exception when lock_not_available then
        -- Somebody else is at it: the board says how many are left.
        return (select count(distinct r.adherent_id) from public.suivi_a_refaire r
          where r.organisme_id = app.organisme_id());
      end;
      with pris as (
        delete from public.suivi_a_refaire r where r.organisme_id = app.organisme_id() and r.adherent_id in (
          select distinct x.adherent_id from public.suivi_a_refaire x where x.organisme_id = app.organisme_id() limit plafond)
        returning r.adherent_id)
      select array_agg(distinct adherent_id) into qui from pris;
      if qui is not null then perform app.suivi_ecrire(app.organisme_id(), qui); end if;
      return (select count(distinct r.adherent_id) from public.suivi_a_refaire r
        where r.organisme_id = app.organisme_id());
    end $$;

  -- Every row again for adhérents after that one, so many at a time: what it corrects was wrong.
  create function app.suivi_reconcilier(apres uuid, nombre int) returns table (dernier uuid, corriges int)
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      qui uuid[];
    begin
      if not app.est_permanent() then return; end if;
      perform pg_advisory_xact_lock(hashtextextended('suivi:' || app.organisme_id()::text, 0));
      select array_agg(x.id order by x.id) into qui from (select a.id from public.adherents a
        where a.organisme_id = app.organisme_id() and (apres is null or a.id > apres) order by a.id limit nombre) x;
      if qui is null then return; end if;
      delete from public.suivi_a_refaire r where r.organisme_id = app.organisme_id() and r.adherent_id = any (qui);
      dernier := qui[array_upper(qui, 1)];
      corriges := app.suivi_ecrire(app.organisme_id(), qui);
      return next;
    end $$;

  -- Everything, for who loads a world past the triggers: the owner alone.
  create function app.suivi_reconstruire(organisme uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      qui uuid[];
    begin
      for qui in select array_agg(x.id) from (select a.id, (row_number() over (order by a.id) - 1) / 1000 as part
          from public.adherents a where a.organisme_id = organisme) x group by x.part
      loop
        perform app.suivi_ecrire(organisme, qui);
      end loop;
      delete from public.suivi_a_refaire r where r.organisme_id = organisme;
    end $$;
  revoke execute on function app.suivi_reconstruire from public, parvis_web;
`

/** Which acts move a dossier. Transition tables: one call a statement, however many rows it writes. */
const SOURCES: [table: string, event: 'insert' | 'update', adherents: string][] = [
  ['clotures', 'insert', 'select adherent_id, organisme_id from apres'],
  ['clotures', 'update', 'select adherent_id, organisme_id from apres'],
  ['courriers', 'insert', 'select adherent_id, organisme_id from apres where publie_le is not null'],
  ['courriers', 'update', 'select adherent_id, organisme_id from apres where publie_le is not null'],
  [
    'courrier_lectures',
    'insert',
    `select k.adherent_id, k.organisme_id from apres l
       join public.courriers k on k.organisme_id = l.organisme_id and k.id = l.courrier_id`,
  ],
  ['documents', 'insert', 'select adherent_id, organisme_id from apres where publie_le is not null'],
  ['documents', 'update', 'select adherent_id, organisme_id from apres where publie_le is not null'],
  [
    'lectures',
    'insert',
    `select d.adherent_id, d.organisme_id from apres l
       join public.documents d on d.organisme_id = l.organisme_id and d.id = l.document_id`,
  ],
  [
    'adherents',
    'update',
    `select n.id as adherent_id, n.organisme_id from apres n
       join avant o on o.organisme_id = n.organisme_id and o.id = n.id
     where (o.structure_id, o.recherche, o.numero_tri, o.categorie, o.regime_fiscal, o.professions)
       is distinct from (n.structure_id, n.recherche, n.numero_tri, n.categorie, n.regime_fiscal, n.professions)`,
  ],
  [
    'parametres_legaux',
    'insert',
    'select a.id as adherent_id, a.organisme_id from public.adherents a where a.organisme_id in (select organisme_id from apres)',
  ],
  [
    'parametres_legaux',
    'update',
    'select a.id as adherent_id, a.organisme_id from public.adherents a where a.organisme_id in (select organisme_id from apres)',
  ],
]

const trigger = ([table, event, adherents]: (typeof SOURCES)[number]) => `
  create function app.suivi_${table}_${event}() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    begin
      insert into public.suivi_a_refaire (organisme_id, adherent_id)
        select distinct m.organisme_id, m.adherent_id from (${adherents}) m where m.adherent_id is not null;
      return null;
    end $$;
  revoke execute on function app.suivi_${table}_${event} from public, parvis_web;
  create trigger suivi_${event} after ${event} on public.${table}
    referencing ${event === 'update' ? 'old table as avant ' : ''}new table as apres
    for each statement execute function app.suivi_${table}_${event}();`

const MARQUES = `${SOURCES.map(trigger).join('\n')}
  create function app.suivi_parametre_retire() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    begin
      insert into public.suivi_a_refaire (organisme_id, adherent_id)
        select a.organisme_id, a.id from public.adherents a where a.organisme_id in (select organisme_id from avant);
      return null;
    end $$;
  revoke execute on function app.suivi_parametre_retire from public, parvis_web;
  create trigger suivi_delete after delete on public.parametres_legaux referencing old table as avant
    for each statement execute function app.suivi_parametre_retire();

  -- What stood there before this board did.
  insert into public.suivi_a_refaire (organisme_id, adherent_id) select a.organisme_id, a.id from public.adherents a;
`
