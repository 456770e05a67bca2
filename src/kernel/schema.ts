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
