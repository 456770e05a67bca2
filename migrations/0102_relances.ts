import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** When an organisme reminds, of what, how much a day, and every reminder that it sent. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'reglages_relances', {
    columns: `
      automatique_depuis timestamptz,
      automatique_par uuid,
      plafond_jour int not null default 60 check (plafond_jour between 1 and 5000),
      ecart_jours int not null default 7 check (ecart_jours between 1 and 90),
      texte_relance_1 text not null check (texte_relance_1 <> ''),
      texte_relance_2 text not null check (texte_relance_2 <> ''),
      texte_mise_en_demeure text not null check (texte_mise_en_demeure <> '')`,
    constraints: [
      'unique (organisme_id)',
      'check ((automatique_depuis is null) = (automatique_par is null))',
    ],
    references: { automatique_par: 'utilisateurs' },
    visible: PERMANENT_SEUL,
  })
  // Days after the day by which the answer was last asked; absent: that step is not taken.
  await createScopedTable(knex, 'regles_relances', {
    columns: `
      genre text not null check (genre in ('questions_eccv', 'demande_pieces', 'demande_eps')),
      relance_1_jours int check (relance_1_jours between 1 and 365),
      relance_2_jours int check (relance_2_jours between 1 and 365),
      mise_en_demeure_jours int check (mise_en_demeure_jours between 1 and 365),
      delai_jours int not null default 15 check (delai_jours between 1 and 365)`,
    unique: ['genre'],
    visible: PERMANENT_SEUL,
  })
  // cycle_le: since when the answer is awaited, so that what is asked anew is reminded anew.
  await createScopedTable(knex, 'relances', {
    columns: `
      courrier_id uuid not null,
      relance_id uuid not null,
      cycle_le timestamptz not null,
      rang int not null check (rang between 1 and 3),
      jour date not null,
      le timestamptz not null default clock_timestamp(),
      automatique boolean not null,
      par uuid default app.utilisateur_id()`,
    unique: ['courrier_id, cycle_le, rang', 'courrier_id, jour', 'relance_id'],
    references: { courrier_id: 'courriers', relance_id: 'courriers', par: 'utilisateurs' },
    indexes: ['jour desc, le desc, id desc'],
    visible: PERMANENT_SEUL,
    appendOnly: true,
  })
  await knex.raw(`
    create function app.amorcer_relances(organisme uuid) returns void
      language sql security definer set search_path = pg_catalog, pg_temp as $amorce$
      insert into public.reglages_relances (organisme_id, texte_relance_1, texte_relance_2, texte_mise_en_demeure)
        values (organisme, $r1$${RELANCE_1}$r1$, $r2$${RELANCE_2}$r2$, $r3$${MISE_EN_DEMEURE}$r3$) on conflict do nothing;
      insert into public.regles_relances (organisme_id, genre, relance_1_jours, relance_2_jours, mise_en_demeure_jours)
        values (organisme, 'questions_eccv', 3, 7, 10), (organisme, 'demande_pieces', 3, 7, 10),
          (organisme, 'demande_eps', 5, 10, 15) on conflict do nothing;
    $amorce$;
    revoke execute on function app.amorcer_relances from public, parvis_web;
    create function app.organisme_ne_relances() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if new.nature = 'oga' then perform app.amorcer_relances(new.id); end if;
        return null;
      end $$;
    create trigger organismes_relances after insert on plateforme.organismes
      for each row execute function app.organisme_ne_relances();
    select app.amorcer_relances(id) from plateforme.organismes where nature = 'oga';
  `)
}

const RELANCE_1 =
  'Sauf erreur de notre part, votre réponse à notre courrier n° {{courrier}} du {{date_courrier}} ne nous est pas parvenue.\n\nMerci d’y répondre dans votre espace avant le {{echeance}}.'
const RELANCE_2 =
  'Malgré notre premier rappel, votre réponse à notre courrier n° {{courrier}} du {{date_courrier}} nous manque toujours.\n\nSans elle, nous ne pouvons pas terminer le contrôle de votre dossier. Merci de répondre avant le {{echeance}}.'
const MISE_EN_DEMEURE =
  'Nos rappels étant restés sans effet, nous vous mettons en demeure de répondre à notre courrier n° {{courrier}} du {{date_courrier}}, dans votre espace, au plus tard le {{echeance}}.\n\nPassé cette date, le défaut de réponse sera mentionné au compte rendu de mission, et votre situation pourra être soumise aux instances de {{organisme}}.'
