import type { Knex } from 'knex'

/** Everyone of the organisme's own staff sees all of it; the others see what `app.adherents_visibles()` gives. */
export const ADHERENT_VISIBLE =
  '((select app.est_permanent()) or adherent_id in (select app.adherents_visibles()))'
export const PERMANENT_SEUL = '(select app.est_permanent())'
export const TOUS = '(select app.est_connecte())'

export interface ScopedTable {
  /** Column definitions, without `organisme_id`, `id` and the keys. */
  columns: string
  /** Foreign keys: column → table of the same organisme. */
  references?: Record<string, string>
  /** Unique keys; organisme_id is put in front. */
  unique?: string[]
  /** Index columns; organisme_id is put in front. */
  indexes?: string[]
  /** SQL condition: which rows of the organisme this person sees. */
  visible: string
  /** SQL condition: which rows he may write (default: those he sees). */
  writable?: string
  /** Table constraints, for example `check (…)`. */
  constraints?: string[]
  /** The role of the web process may only add rows. */
  appendOnly?: boolean
}

/**
 * Creates a table of the trade, born inside its organisme: key, unique keys and foreign keys carry
 * `organisme_id`, which no insert names; a restrictive policy holds the wall, a permissive one says who sees what.
 */
export async function createScopedTable(knex: Knex, name: string, table: ScopedTable): Promise<void> {
  const lines = [
    'organisme_id uuid not null default app.organisme_id() references plateforme.organismes (id)',
    'id uuid not null default gen_random_uuid()',
    table.columns.trim().replace(/,$/, ''),
    'primary key (organisme_id, id)',
    ...(table.unique ?? []).map((columns) => `unique (organisme_id, ${columns})`),
    ...Object.entries(table.references ?? {}).map(
      ([column, target]) =>
        `foreign key (organisme_id, ${column}) references public.${target} (organisme_id, id)`,
    ),
    ...(table.constraints ?? []),
  ]
  const visible = table.visible
  const writable = table.writable ?? visible
  const verbs = table.appendOnly ? 'select, insert' : 'select, insert, update, delete'
  await knex.raw(`
    create table public.${name} (${lines.join(',\n')});
    alter table public.${name} enable row level security;
    create policy ${name}_organisme on public.${name} as restrictive
      using (organisme_id = (select app.organisme_id())) with check (organisme_id = (select app.organisme_id()));
    create policy ${name}_visible on public.${name} for select using (${visible});
    create policy ${name}_insert on public.${name} for insert with check (${writable});
    create policy ${name}_update on public.${name} for update using (${writable}) with check (${writable});
    create policy ${name}_delete on public.${name} for delete using (${writable});
    grant ${verbs} on public.${name} to parvis_web;
  `)
  for (const columns of table.indexes ?? []) {
    await knex.raw(`create index on public.${name} (organisme_id, ${columns})`)
  }
}

/**
 * One more reason to see the rows of a table that another module created, for example the files of a transfer.
 * The condition is read under the caller's own policies.
 */
export async function alsoVisible(knex: Knex, table: string, why: string, condition: string): Promise<void> {
  await knex.raw(`create policy ${table}_${why} on public.${table} for select using (${condition})`)
}

/**
 * Rewrites the policy of `fichiers`: whoever sees a row that owns a file sees the file. Owners are the tables that have
 * `fichier_id`: call it again in the migration that adds one. One function that stops at the first owner, and plans
 * each of them apart, costs the same however many there are; as conditions of policies they were all planned, with
 * their own policies, in every query that names a file (0.5 ms, and 7 ms the first times).
 */
export async function filesSeenThroughOwners(knex: Knex): Promise<void> {
  const { rows: owners } = await knex.raw<{ rows: { name: string; indexed: boolean }[] }>(`
    select c.conrelid::regclass::text as name, exists (select from pg_index i where i.indrelid = c.conrelid
        and i.indpred is null and i.indkey[0] = c.conkey[1] and i.indkey[1] = c.conkey[2]) as indexed
    from pg_constraint c where c.contype = 'f' and c.confrelid = 'public.fichiers'::regclass
    order by c.conrelid <> 'public.documents'::regclass, c.conrelid`)
  for (const { name, indexed } of owners) {
    if (!indexed) await knex.raw(`create index on public.${name} (organisme_id, fichier_id)`)
  }
  const branches = owners.map(
    ({
      name,
    }) => `if exists (select from public.${name} l where l.organisme_id = organisme and l.fichier_id = fichier)
      then return true; end if;`,
  )
  await knex.raw(`
    -- With the rights of who asks: each owner is read under its own policies.
    create or replace function app.fichier_visible(organisme uuid, fichier uuid) returns boolean
      language plpgsql stable as $$ begin ${branches.join('\n')} return false; end $$;
    alter policy fichiers_visible on public.fichiers using ((select app.est_permanent())
      or depose_par = (select app.utilisateur_id()) or app.fichier_visible(organisme_id, id));
  `)
  const { rows: others } = await knex.raw<{ rows: { name: string }[] }>(`
    select polname as name from pg_policy where polrelid = 'public.fichiers'::regclass and polpermissive
      and polcmd = 'r' and polname <> 'fichiers_visible'`)
  for (const { name } of others) await knex.raw('drop policy ?? on public.fichiers', [name])
}
