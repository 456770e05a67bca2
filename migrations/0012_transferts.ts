import type { Knex } from 'knex'
import { ADHERENT_VISIBLE, PERMANENT_SEUL, alsoVisible, createScopedTable } from '../src/kernel/schema.ts'

/** What members send to their organisme: an acknowledgement with its number, its files, and what became of it. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'transferts', {
    columns: `
      annee int not null check (annee between 2000 and 2999),
      numero int not null check (numero between 1 and 999999),
      accuse text not null collate "C"
        generated always as ('T-' || annee::text || '-' || lpad(numero::text, 6, '0')) stored,
      adherent_id uuid not null,
      genre text not null check (genre in ('liasse', 'balance', 'fec', 'pieces', 'autre')),
      message text not null default '',
      depose_par uuid not null default app.utilisateur_id(),
      depose_le timestamptz not null default now(),
      pris_en_compte_le timestamptz,
      refuse_le timestamptz,
      decide_par uuid,
      motif text not null default ''`,
    unique: ['annee, numero', 'accuse'],
    references: { adherent_id: 'adherents', depose_par: 'utilisateurs', decide_par: 'utilisateurs' },
    constraints: [
      'check (pris_en_compte_le is null or refuse_le is null)',
      'check ((decide_par is null) = (pris_en_compte_le is null and refuse_le is null))',
      `check ((refuse_le is null) = (motif = ''))`,
    ],
    visible: ADHERENT_VISIBLE,
    indexes: ['adherent_id, annee desc, numero desc', 'genre, annee desc, numero desc'],
  })
  // The conditions name the row of the outer table, so that reading one file never reads everybody's.
  const ofVisibleTransfer = `exists (select from public.transferts t
    where t.organisme_id = transferts_fichiers.organisme_id and t.id = transferts_fichiers.transfert_id)`
  await createScopedTable(knex, 'transferts_fichiers', {
    columns: `
      transfert_id uuid not null,
      fichier_id uuid not null,
      ordre int not null check (ordre > 0)`,
    unique: ['transfert_id, ordre', 'fichier_id'],
    references: { transfert_id: 'transferts', fichier_id: 'fichiers' },
    visible: ofVisibleTransfer,
    appendOnly: true,
  })
  await alsoVisible(
    knex,
    'fichiers',
    'transferts',
    `exists (select from public.transferts_fichiers l
      where l.organisme_id = fichiers.organisme_id and l.fichier_id = fichiers.id)`,
  )
  await knex.raw(`
    create index transferts_a_traiter on transferts (organisme_id, annee desc, numero desc) where decide_par is null;
    create index transferts_refuses on transferts (organisme_id, annee desc, numero desc) where refuse_le is not null;
    -- Whoever sends does not decide, and nothing that was acknowledged is erased.
    alter policy transferts_update on transferts using (${PERMANENT_SEUL}) with check (${PERMANENT_SEUL});
    revoke delete on transferts from parvis_web;

    -- The next number of the year. The lock is held until the transfer is committed or given up: no gap, no double.
    create function app.numero_transfert(an int) returns int
      language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.organisme_id() is null then raise exception 'no organisme in context'; end if;
        perform pg_advisory_xact_lock(hashtextextended('transferts:' || app.organisme_id()::text, 0));
        return (select coalesce(max(t.numero), 0) + 1 from public.transferts t
          where t.organisme_id = app.organisme_id() and t.annee = an);
      end $$;
  `)
}
