import type { Knex } from 'knex'
import { createScopedTable, filesSeenThroughOwners } from '../src/kernel/schema.ts'

const MOI = '(select app.utilisateur_id())'
/** The worker, which takes away what a day has made old. */
const MENAGE = `app.role() = 'systeme'`

/** What somebody sent when his session had just ended: sealed, his alone, for a day. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'reprises', {
    columns: `
      utilisateur_id uuid not null default app.utilisateur_id(),
      chemin text not null,
      contenu text not null,
      cree_le timestamptz not null default now()`,
    references: { utilisateur_id: 'utilisateurs' },
    visible: `(utilisateur_id = ${MOI} or ${MENAGE})`,
    indexes: ['utilisateur_id, cree_le'],
  })
  await createScopedTable(knex, 'reprise_fichiers', {
    columns: `
      reprise_id uuid not null,
      champ text not null,
      fichier_id uuid not null,
      ordre int not null`,
    unique: ['reprise_id, ordre'],
    references: { fichier_id: 'fichiers' },
    constraints: [
      `foreign key (organisme_id, reprise_id) references public.reprises (organisme_id, id) on delete cascade`,
    ],
    visible: `exists (select from public.reprises r
      where r.organisme_id = reprise_fichiers.organisme_id and r.id = reprise_fichiers.reprise_id)`,
    indexes: ['fichier_id'],
  })
  await filesSeenThroughOwners(knex)
}
