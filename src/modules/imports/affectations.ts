import { sql } from '../../kernel/sql.ts'
import * as lire from './champs.ts'
import type { Genre, LigneComposee } from './genre.ts'

function composer(lus: ReadonlyMap<string, unknown>): LigneComposee {
  const code = ((lus.get('code') as string | null | undefined) ?? '')
    .toUpperCase()
    .replace(/\s/g, '')
    .split('–')[0]!
  const fautes = code === '' ? ['Le code du collaborateur manque.'] : []
  return {
    cle: (lus.get('numero') as string | null | undefined) ?? '',
    libelle: '',
    valeurs: code === '' ? {} : { collaborateur: code },
    fautes,
  }
}

export const affectations: Genre = {
  nom: 'affectations',
  titre: 'Affectations',
  un: 'affectation',
  plusieurs: 'affectations',
  feminin: true,
  aide: 'Une ligne par dossier client\u00a0: le numéro d’adhérent et le code du collaborateur qui le suit. L’affectation précédente prend fin, et reste dans l’historique.',
  champs: [
    { nom: 'numero', libelle: 'N° adhérent', titres: ['n°', 'numéro', 'numéro adhérent', 'adhérent', 'dossier', 'n° client', 'client'], lire: lire.texte(20), requis: true },
    { nom: 'code', libelle: 'Code collaborateur', titres: ['collaborateur', 'code', 'col', 'affecté à', 'responsable'], lire: lire.texte(120), requis: true },
  ], // prettier-ignore
  composer,
  libelles: { collaborateur: 'Collaborateur' },
  indispensables: { collaborateur: 'Le code du collaborateur manque.' },
  async completer(db, importId) {
    // « COL14 Capucine Marchandeau », as our exports say it.
    await db.run(sql`update import_lignes l set valeurs = jsonb_build_object('collaborateur', substring(l.valeurs ->> 'collaborateur' from '^COL[0-9]+'))
      where l.import_id = ${importId} and l.valeurs ->> 'collaborateur' ~ '^COL[0-9]+[^0-9]'`)
    await db.run(sql`update import_lignes l set libelle = coalesce(a.denomination, ''), adherent_id = a.id, motifs = l.motifs || case
        when a.id is null then array[format('L’adhérent n°\u00a0%s n’existe pas.', left(l.cle, 20))]
        when u.id is null then array[format('Le collaborateur «\u00a0%s\u00a0» n’existe pas.', left(l.valeurs ->> 'collaborateur', 20))]
        when a.structure_id is null then array['Cet adhérent n’a pas de cabinet.']
        when u.structure_id <> a.structure_id then array['Ce collaborateur n’est pas du cabinet de cet adhérent.']
        when u.parti_le is not null then array['Ce collaborateur a quitté son cabinet.']
        else '{}'::text[] end
      from import_lignes m left join adherents a on a.numero = m.cle
        left join utilisateurs u on lower(u.login) = lower(m.valeurs ->> 'collaborateur') and u.role in ('collaborateur', 'superviseur')
      where l.import_id = ${importId} and m.import_id = l.import_id and m.ligne = l.ligne and l.motifs = '{}' and l.cle <> ''`)
  },
  actuels: sql`select f.id, a.numero as cle, a.id as adherent_id, a.denomination as libelle,
      jsonb_build_object('collaborateur', upper(u.login)) as valeurs
    from affectations f join adherents a on a.organisme_id = f.organisme_id and a.id = f.adherent_id
      join utilisateurs u on u.organisme_id = f.organisme_id and u.id = f.utilisateur_id
    where f.jusqu_a is null`,
  absents: {
    libelle: 'Mettre fin à leur affectation',
    date: false,
    // Only of the firms that the file speaks of.
    lignes: (importId) => sql`select f.id, a.numero as cle, a.denomination as libelle, a.id as adherent_id
      from affectations f join adherents a on a.organisme_id = f.organisme_id and a.id = f.adherent_id
      where f.jusqu_a is null and a.structure_id in (select b.structure_id from import_lignes l
          join adherents b on b.id = l.adherent_id where l.import_id = ${importId})
        and not exists (select from import_lignes l where l.import_id = ${importId} and l.cle = a.numero)`,
    async retirer(db, imp) {
      await db.run(sql`update affectations f set jusqu_a = greatest(now(), f.depuis), retire_par = app.utilisateur_id()
        from import_lignes l where l.import_id = ${imp.id} and l.etat = 'absent' and f.id = l.objet_id and f.jusqu_a is null`)
    },
  },
  verrouiller: (importId) => sql`select a.id from adherents a where a.id in
    (select l.adherent_id from import_lignes l where l.import_id = ${importId} and l.etat in ('nouveau', 'modifie', 'inchange', 'absent'))
    order by a.id for no key update`,
  async appliquer(db, imp) {
    await db.run(sql`update affectations f set jusqu_a = greatest(now(), f.depuis), retire_par = app.utilisateur_id()
      from import_lignes l where l.import_id = ${imp.id} and l.etat = 'modifie' and f.id = l.objet_id`)
    await db.run(sql`with faites as (
        insert into affectations (adherent_id, utilisateur_id, depuis)
        select l.adherent_id, u.id, greatest(now(), f.depuis) from import_lignes l
          join utilisateurs u on lower(u.login) = lower(l.valeurs ->> 'collaborateur')
          left join affectations f on f.id = l.objet_id
        where l.import_id = ${imp.id} and l.etat in ('nouveau', 'modifie') returning id, adherent_id)
      update import_lignes l set objet_id = n.id from faites n
        where l.import_id = ${imp.id} and l.etat in ('nouveau', 'modifie') and l.adherent_id = n.adherent_id`)
  },
}
