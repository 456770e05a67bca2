import { Refusal } from '../../kernel/errors.ts'
import { sql } from '../../kernel/sql.ts'
import { completerCabinets } from './adherents.ts'
import * as lire from './champs.ts'
import type { Genre, LigneComposee } from './genre.ts'

function composer(lus: ReadonlyMap<string, unknown>): LigneComposee {
  const valeurs: Record<string, unknown> = {}
  const fautes: string[] = []
  for (const nom of ['cabinet', 'civilite', 'nom', 'prenom', 'fonction', 'courriel', 'parti_le']) {
    const valeur = lus.get(nom)
    if (valeur !== undefined) valeurs[nom] = valeur ?? (nom === 'parti_le' ? null : '')
  }
  for (const nom of ['cabinet', 'nom']) if (valeurs[nom] === '') delete valeurs[nom]
  const code = ((lus.get('code') as string | null | undefined) ?? '').toUpperCase().replace(/\s/g, '')
  if (code !== '' && !/^COL\d{1,12}$/.test(code)) {
    fautes.push(
      `Le code «\u00a0${code.slice(0, 20)}\u00a0» n’est pas celui d’un collaborateur\u00a0: il s’écrit COL suivi d’un nombre.`,
    )
  }
  if (code === '' && (valeurs.cabinet === undefined || valeurs.nom === undefined)) {
    fautes.push('Sans code, le cabinet et le nom sont nécessaires pour retrouver le collaborateur.')
  }
  const libelle = [lus.get('prenom'), lus.get('nom')]
    .filter((un) => typeof un === 'string' && un !== '')
    .join(' ')
  return { cle: code, libelle, valeurs, fautes }
}

export const collaborateurs: Genre = {
  nom: 'collaborateurs',
  titre: 'Collaborateurs',
  un: 'collaborateur',
  plusieurs: 'collaborateurs',
  aide: 'Une ligne par collaborateur. Son code (COL14) le retrouve\u00a0; sans code, son cabinet, son nom et son prénom. Aucun compte n’est ouvert et aucun message n’est envoyé.',
  champs: [
    { nom: 'code', libelle: 'Code collaborateur', titres: ['code', 'col', 'identifiant', 'n° collaborateur', 'numéro'], lire: lire.texte(20) },
    { nom: 'cabinet', libelle: 'Cabinet', titres: ['n° cabinet', 'numéro cabinet', 'code cabinet', 'cns'], lire: lire.texte(200), aide: 'Le numéro du cabinet, par exemple CNS1.' },
    { nom: 'civilite', libelle: 'Civilité', titres: ['civ', 'titre'], lire: lire.civilite },
    { nom: 'nom', libelle: 'Nom', titres: ['nom de famille', 'nom d’usage'], lire: lire.texte(120) },
    { nom: 'prenom', libelle: 'Prénom', titres: ['prénoms'], lire: lire.texte(80) },
    { nom: 'fonction', libelle: 'Fonction', titres: ['poste', 'emploi'], lire: lire.texte(120) },
    { nom: 'courriel', libelle: 'Adresse électronique', titres: ['courriel', 'e-mail', 'email', 'mail', 'mél'], lire: lire.courriel },
    { nom: 'parti_le', libelle: 'Départ le', titres: ['date de départ', 'départ', 'parti le', 'date de sortie'], lire: lire.jour },
  ], // prettier-ignore
  composer,
  libelles: {
    cabinet: 'Cabinet', civilite: 'Civilité', nom: 'Nom', prenom: 'Prénom', fonction: 'Fonction',
    courriel: 'Adresse électronique', parti_le: 'Départ le',
  }, // prettier-ignore
  indispensables: {
    nom: 'Le nom manque\u00a0: il est nécessaire pour un nouveau collaborateur.',
    cabinet: 'Le cabinet manque\u00a0: il est nécessaire pour un nouveau collaborateur.',
  },
  cleDeLaBase: true,
  async completer(db, importId) {
    await completerCabinets(db, importId)
    // Without a code: the one person of that name in that firm, else a new one.
    await db.run(sql`with personnes as (
        select s.numero as cabinet, app.sans_accent(u.nom) as nom, app.sans_accent(u.prenom) as prenom, min(upper(u.login)) as code,
          count(*) as n
        from utilisateurs u join structures s on s.organisme_id = u.organisme_id and s.id = u.structure_id
        where u.role in ('collaborateur', 'superviseur') group by 1, 2, 3)
      update import_lignes l set cle = coalesce(p.code, '~' || (l.valeurs ->> 'cabinet') || ' ' || app.sans_accent(l.valeurs ->> 'nom')
          || ' ' || app.sans_accent(coalesce(l.valeurs ->> 'prenom', ''))),
        motifs = case when p.n > 1 then l.motifs || 'Plusieurs collaborateurs de ce cabinet portent ce nom\u00a0: indiquez le code.'::text
          else l.motifs end
      from import_lignes m left join personnes p on p.cabinet = m.valeurs ->> 'cabinet'
        and p.nom = app.sans_accent(m.valeurs ->> 'nom') and p.prenom = app.sans_accent(coalesce(m.valeurs ->> 'prenom', ''))
      where l.import_id = ${importId} and m.import_id = l.import_id and m.ligne = l.ligne and l.cle = ''
        and l.motifs = '{}'`)
    // A person does not change firms: the other firm opens an account of its own.
    await db.run(sql`update import_lignes l set motifs = l.motifs || 'Ce code est celui d’un collaborateur d’un autre cabinet.'::text
      from utilisateurs u join structures s on s.organisme_id = u.organisme_id and s.id = u.structure_id
      where l.import_id = ${importId} and upper(u.login) = l.cle and l.valeurs ->> 'cabinet' is not null
        and s.numero <> l.valeurs ->> 'cabinet'`)
    await db.run(sql`update import_lignes l set motifs = l.motifs || 'Un compte en service\u00a0: son titulaire change seul son adresse électronique.'::text
      from utilisateurs u where l.import_id = ${importId} and upper(u.login) = l.cle and u.active_le is not null
        and l.valeurs ? 'courriel' and lower(l.valeurs ->> 'courriel') <> lower(u.courriel)`)
  },
  actuels: sql`select u.id, upper(u.login) as cle, null::uuid as adherent_id, trim(u.prenom || ' ' || u.nom) as libelle,
      jsonb_build_object('cabinet', s.numero, 'civilite', u.civilite, 'nom', u.nom, 'prenom', u.prenom,
        'fonction', u.fonction, 'courriel', u.courriel, 'parti_le', u.parti_le) as valeurs
    from utilisateurs u join structures s on s.organisme_id = u.organisme_id and s.id = u.structure_id
    where u.role in ('collaborateur', 'superviseur')`,
  absents: {
    libelle: 'Enregistrer leur départ',
    date: true,
    // Only of the firms that the file speaks of: a firm sends the list of its own people.
    lignes: (
      importId,
    ) => sql`select u.id, upper(u.login) as cle, trim(u.prenom || ' ' || u.nom) as libelle, null::uuid as adherent_id
      from utilisateurs u join structures s on s.organisme_id = u.organisme_id and s.id = u.structure_id
      where u.role in ('collaborateur', 'superviseur') and u.parti_le is null
        and s.numero in (select l.valeurs ->> 'cabinet' from import_lignes l where l.import_id = ${importId})
        and not exists (select from import_lignes l where l.import_id = ${importId} and l.cle = upper(u.login))`,
    async retirer(db, imp) {
      await db.run(sql`update utilisateurs u set parti_le = ${imp.absents_le}::date
        from import_lignes l where l.import_id = ${imp.id} and l.etat = 'absent' and u.id = l.objet_id and u.parti_le is null`)
    },
  },
  verrouiller: (importId) => sql`select u.id from utilisateurs u where u.id in
    (select l.objet_id from import_lignes l where l.import_id = ${importId} and l.etat in ('modifie', 'inchange', 'absent'))
    order by u.id for no key update`,
  async appliquer(db, imp) {
    // Activated since the trial: whoever changed that address could ask for a password there.
    const enService = await db.maybe(sql`select from import_lignes l join utilisateurs u on u.id = l.objet_id
      where l.import_id = ${imp.id} and l.etat = 'modifie' and u.active_le is not null
        and lower(l.valeurs ->> 'courriel') <> lower(u.courriel) limit 1`)
    if (enService)
      throw new Refusal(
        'Un compte a été activé depuis l’essai\u00a0: son titulaire change seul son adresse électronique. Rien n’a été fait\u00a0: refaites l’essai.',
      )
    await db.run(sql`update utilisateurs u set (civilite, nom, prenom, fonction, courriel, parti_le) =
        (select r.civilite, r.nom, r.prenom, r.fonction, r.courriel, r.parti_le from jsonb_populate_record(u, l.valeurs) r)
      from import_lignes l where l.import_id = ${imp.id} and l.etat = 'modifie' and u.id = l.objet_id`)
    // The next codes of the organisme, in the order of the file: its counter locks until the commit.
    await db.run(sql`with suivant as (select substr(app.prochain_code_collaborateur(), 4)::bigint as n),
      rangs as (select l.ligne, row_number() over (order by l.ligne) - 1 as rang from import_lignes l
        where l.import_id = ${imp.id} and l.etat = 'nouveau' and l.cle like '~%'),
      donnes as (select coalesce(max(substr(l.cle, 4)::bigint), 0) + 1 as n from import_lignes l
        where l.import_id = ${imp.id} and l.etat = 'nouveau' and l.cle like 'COL%')
      update import_lignes l set cle = 'COL' || (greatest(s.n, d.n) + r.rang)
      from rangs r, suivant s, donnes d where l.import_id = ${imp.id} and l.ligne = r.ligne`)
    await db.run(sql`with nouveaux as (
        insert into utilisateurs (login, role, structure_id, civilite, nom, prenom, fonction, courriel, parti_le)
        select l.cle, 'collaborateur', s.id, coalesce(l.valeurs ->> 'civilite', ''), l.valeurs ->> 'nom',
          coalesce(l.valeurs ->> 'prenom', ''), coalesce(l.valeurs ->> 'fonction', ''), coalesce(l.valeurs ->> 'courriel', ''),
          (l.valeurs ->> 'parti_le')::date
        from import_lignes l join structures s on s.numero = l.valeurs ->> 'cabinet'
        where l.import_id = ${imp.id} and l.etat = 'nouveau' order by l.ligne returning id, login)
      update import_lignes l set objet_id = n.id from nouveaux n
        where l.import_id = ${imp.id} and l.etat = 'nouveau' and l.cle = n.login`)
  },
}
