import type { Knex } from 'knex'

/** What log-in reads before anybody is known: one account, with what its steps need. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.compte(organisme uuid, utilisateur uuid) returns table (
        id uuid, role text, login text, courriel text, civilite text, nom text, prenom text, adherent_id uuid,
        structure_id uuid, mot_de_passe text, version int, second_facteur boolean)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select u.id, u.role, u.login, u.courriel, u.civilite, u.nom, u.prenom, u.adherent_id, u.structure_id,
             x.mot_de_passe, coalesce(x.version, 0), x.totp_confirme_le is not null
      from public.utilisateurs u
      left join acces.secrets x on x.organisme_id = u.organisme_id and x.utilisateur_id = u.id
      where u.organisme_id = organisme and u.id = utilisateur and u.bloque_le is null
        and (u.parti_le is null or u.parti_le > current_date)
    $$;
  `)
}
