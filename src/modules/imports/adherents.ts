import { type Sql, sql } from '../../kernel/sql.ts'
import * as lire from './champs.ts'
import type { Genre, LigneComposee } from './genre.ts'

/** Telephones as `telephone` reads them: stored ones were typed by people. */
export const TELEPHONES = (column: Sql): Sql => sql`(select coalesce(jsonb_agg(case
    when regexp_replace(t, '[^0-9+]', '', 'g') ~ '^0[1-9][0-9]{8}$' then '+33' || substr(regexp_replace(t, '[^0-9+]', '', 'g'), 2)
    else t end order by n), '[]') from unnest(${column}) with ordinality as x (t, n))`

const CATEGORIES = {
  BNC: ['2035', 'libéral'],
  BIC: ['2031', 'commerçant', 'artisan'],
  BA: ['2139', 'agriculteur', 'agricole'],
  IS: ['2065'],
}

/** The columns of `adherents` that an import may write, beside the number and the firm. */
const COLONNES = sql`civilite, denomination, siret, professions, categorie, regime_fiscal, statut_juridique,
  adresse_professionnelle, code_postal, ville, telephones, courriel, debut_activite_le, adhesion_le, perte_qualite_le,
  numero_dossier`
const LUES = sql`r.civilite, r.denomination, r.siret, r.professions, r.categorie, r.regime_fiscal, r.statut_juridique,
  r.adresse_professionnelle, r.code_postal, r.ville, r.telephones, r.courriel, r.debut_activite_le, r.adhesion_le, r.perte_qualite_le,
  r.numero_dossier`
const DEFAUTS = JSON.stringify({
  civilite: '', siret: '', professions: [], categorie: 'BNC', regime_fiscal: '', statut_juridique: '',
  adresse_professionnelle: [], code_postal: '', ville: '', telephones: [], courriel: '', numero_dossier: '',
}) // prettier-ignore

const DIRECTS = [
  'civilite', 'siret', 'professions', 'categorie', 'regime_fiscal', 'statut_juridique', 'code_postal', 'ville', 'courriel',
  'debut_activite_le', 'adhesion_le', 'perte_qualite_le', 'cabinet', 'numero_dossier',
] // prettier-ignore
/** Of those, what is no text: nothing in it is null, or no element. */
const JOURS = new Set(['debut_activite_le', 'adhesion_le', 'perte_qualite_le', 'cabinet'])

function composer(lus: ReadonlyMap<string, unknown>): LigneComposee {
  const dit = (nom: string) => lus.get(nom) as string | null | undefined
  const valeurs: Record<string, unknown> = {}
  const fautes: string[] = []
  for (const nom of DIRECTS) {
    const valeur = lus.get(nom)
    if (valeur === undefined) continue
    valeurs[nom] = valeur ?? (JOURS.has(nom) ? null : nom === 'professions' ? [] : '')
  }
  const denomination =
    dit('denomination') ??
    (dit('nom') ? `${dit('nom')!.toLocaleUpperCase('fr')} ${dit('prenom') ?? ''}`.trim() : undefined)
  if (denomination !== undefined && denomination !== '') valeurs.denomination = denomination
  const adresse = lire.adresse(lus)
  if (adresse !== undefined) valeurs.adresse_professionnelle = adresse
  const numeros = [lus.get('telephone'), lus.get('mobile')]
  if (numeros.some((un) => un !== undefined)) {
    valeurs.telephones = [...new Set(numeros.flatMap((un) => (un as string[] | null | undefined) ?? []))]
  }
  const { adhesion_le: entree, perte_qualite_le: sortie } = valeurs as Record<
    string,
    string | null | undefined
  >
  if (entree && sortie && sortie < entree) fautes.push('La date de départ précède la date d’adhésion.')
  if (valeurs.categorie === '') delete valeurs.categorie
  return { cle: dit('numero') ?? '', libelle: denomination ?? '', valeurs, fautes }
}

export const adherents: Genre = {
  nom: 'adherents',
  titre: 'Adhérents',
  un: 'adhérent',
  plusieurs: 'adhérents',
  aide: 'Une ligne par adhérent. Le numéro d’adhérent retrouve sa fiche.',
  champs: [
    { nom: 'numero', libelle: 'N° adhérent', titres: ['n°', 'numéro', 'numéro adhérent', 'n adhérent', 'num', 'adhérent', 'code adhérent', 'code'], lire: lire.texte(20), requis: true },
    { nom: 'civilite', libelle: 'Civilité', titres: ['civ', 'titre'], lire: lire.civilite },
    { nom: 'denomination', libelle: 'Nom ou dénomination', titres: ['dénomination', 'raison sociale', 'nom ou raison sociale', 'nom complet', 'nom et prénom', 'nom prénom', 'entreprise'], lire: lire.texte(200), aide: 'Ou deux colonnes, Nom et Prénom.' },
    { nom: 'nom', libelle: 'Nom', titres: ['nom de famille', 'nom d’usage'], lire: lire.texte(120) },
    { nom: 'prenom', libelle: 'Prénom', titres: ['prénoms'], lire: lire.texte(80) },
    { nom: 'siret', libelle: 'SIRET', titres: ['n° siret', 'numéro siret', 'siret établissement'], lire: lire.siret },
    { nom: 'professions', libelle: 'Professions', titres: ['profession', 'activité', 'métier'], lire: lire.liste },
    { nom: 'categorie', libelle: 'Catégorie', titres: ['catégorie de revenus', 'bic bnc ba', 'type de revenus'], lire: lire.parmi(CATEGORIES), aide: 'BNC, BIC, BA ou IS.' },
    { nom: 'regime_fiscal', libelle: 'Régime fiscal', titres: ['régime', 'régime d’imposition'], lire: lire.texte(80) },
    { nom: 'statut_juridique', libelle: 'Statut juridique', titres: ['forme juridique', 'statut'], lire: lire.texte(80) },
    { nom: 'adresse', libelle: 'Adresse professionnelle', titres: ['adresse', 'rue', 'voie', 'adresse 1', 'adresse1'], lire: lire.texte(200) },
    { nom: 'complement', libelle: 'Complément d’adresse', titres: ['complément', 'adresse 2', 'adresse2'], lire: lire.texte(80) },
    { nom: 'code_postal', libelle: 'Code postal', titres: ['cp', 'codepostal'], lire: lire.codePostal },
    { nom: 'ville', libelle: 'Commune', titres: ['ville', 'localité'], lire: lire.commune },
    { nom: 'telephone', libelle: 'Téléphones', titres: ['téléphone', 'tél', 'téléphone fixe', 'tel 1'], lire: lire.telephones },
    { nom: 'mobile', libelle: 'Téléphone mobile', titres: ['mobile', 'portable', 'téléphone portable', 'gsm', 'tel 2'], lire: lire.telephones },
    { nom: 'courriel', libelle: 'Adresse électronique', titres: ['courriel', 'e-mail', 'email', 'mail', 'mél'], lire: lire.courriel },
    { nom: 'debut_activite_le', libelle: 'Début d’activité', titres: ['date de début d’activité', 'début activité', 'installation'], lire: lire.jour },
    { nom: 'adhesion_le', libelle: 'Adhérent depuis le', titres: ['date d’adhésion', 'adhésion', 'date adhésion', 'adhérent depuis', 'date d’entrée'], lire: lire.jour },
    { nom: 'perte_qualite_le', libelle: 'Départ le', titres: ['date de départ', 'départ', 'date de radiation', 'radiation', 'démission', 'date de sortie', 'date de démission', 'perte de qualité'], lire: lire.jour },
    { nom: 'cabinet', libelle: 'Cabinet', titres: ['n° cabinet', 'numéro cabinet', 'code cabinet', 'cns', 'expert-comptable', 'conseil'], lire: lire.texte(200), aide: 'Le numéro du cabinet, par exemple CNS1.' },
    { nom: 'numero_dossier', libelle: 'Numéro de dossier', titres: ['n° de dossier', 'dossier', 'n° dossier', 'numéro dossier cabinet'], lire: lire.texte(40) },
  ], // prettier-ignore
  composer,
  libelles: {
    civilite: 'Civilité', denomination: 'Nom ou dénomination', siret: 'SIRET', professions: 'Professions', categorie: 'Catégorie',
    regime_fiscal: 'Régime fiscal', statut_juridique: 'Statut juridique', adresse_professionnelle: 'Adresse professionnelle',
    code_postal: 'Code postal', ville: 'Commune', telephones: 'Téléphones', courriel: 'Adresse électronique',
    debut_activite_le: 'Début d’activité', adhesion_le: 'Adhérent depuis le', perte_qualite_le: 'Départ le', cabinet: 'Cabinet',
    numero_dossier: 'Numéro de dossier',
  }, // prettier-ignore
  indispensables: {
    denomination: 'Le nom manque\u00a0: il est nécessaire pour un nouvel adhérent.',
    adhesion_le: 'La date d’adhésion manque\u00a0: elle est nécessaire pour un nouvel adhérent.',
  },
  completer: (db, importId) => completerCabinets(db, importId),
  actuels: sql`select a.id, a.numero as cle, a.id as adherent_id, a.denomination as libelle, jsonb_build_object(
      'civilite', a.civilite, 'denomination', a.denomination, 'siret', a.siret, 'professions', a.professions,
      'categorie', a.categorie, 'regime_fiscal', a.regime_fiscal, 'statut_juridique', a.statut_juridique,
      'adresse_professionnelle', a.adresse_professionnelle, 'code_postal', a.code_postal, 'ville', a.ville,
      'telephones', ${TELEPHONES(sql`a.telephones`)}, 'courriel', a.courriel, 'debut_activite_le', a.debut_activite_le,
      'adhesion_le', a.adhesion_le, 'perte_qualite_le', a.perte_qualite_le, 'cabinet', s.numero,
      'numero_dossier', a.numero_dossier) as valeurs
    from adherents a left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id`,
  absents: {
    libelle: 'Enregistrer leur départ',
    date: true,
    lignes: (
      importId,
    ) => sql`select a.id, a.numero as cle, a.denomination as libelle, a.id as adherent_id from adherents a
      where (a.perte_qualite_le is null or a.perte_qualite_le > current_date)
        and not exists (select from import_lignes l where l.import_id = ${importId} and l.cle = a.numero)`,
    async retirer(db, imp) {
      await db.run(sql`update adherents a set perte_qualite_le = greatest(${imp.absents_le}::date, a.adhesion_le)
        from import_lignes l where l.import_id = ${imp.id} and l.etat = 'absent' and a.id = l.objet_id
          and (a.perte_qualite_le is null or a.perte_qualite_le > ${imp.absents_le}::date)`)
    },
  },
  verrouiller: (importId) => sql`select a.id from adherents a where a.id in
    (select l.objet_id from import_lignes l where l.import_id = ${importId} and l.etat in ('modifie', 'inchange', 'absent'))
    order by a.id for no key update`,
  async appliquer(db, imp) {
    await db.run(sql`update adherents a set (${COLONNES}, structure_id) = (select ${LUES},
          case when l.valeurs ? 'cabinet' then s.id else a.structure_id end from jsonb_populate_record(a, l.valeurs) r)
      from import_lignes l left join structures s on s.numero = l.valeurs ->> 'cabinet'
      where l.import_id = ${imp.id} and l.etat = 'modifie' and a.id = l.objet_id`)
    await db.run(sql`with nouveaux as (
        insert into adherents (numero, structure_id, ${COLONNES})
        select l.cle, s.id, ${LUES}
        from import_lignes l left join structures s on s.numero = l.valeurs ->> 'cabinet',
          jsonb_populate_record(null::adherents, ${DEFAUTS}::jsonb || l.valeurs) r
        where l.import_id = ${imp.id} and l.etat = 'nouveau' order by l.ligne returning id, numero)
      update import_lignes l set objet_id = n.id, adherent_id = n.id from nouveaux n
        where l.import_id = ${imp.id} and l.etat = 'nouveau' and l.cle = n.numero`)
  },
}

type Db = Parameters<NonNullable<Genre['completer']>>[0]

/** A firm is named by its number, alone or before its name; what the base does not know is refused. */
export async function completerCabinets(db: Db, importId: string): Promise<void> {
  await db.run(sql`with dits as materialized (
      select distinct valeurs ->> 'cabinet' as dit from import_lignes
      where import_id = ${importId} and valeurs ->> 'cabinet' is not null),
    trouves as (
      select d.dit, (select s.numero from structures s
        where lower(s.numero) in (lower(d.dit), lower(split_part(d.dit, ' ', 1)), lower(replace(d.dit, ' ', '')))
        order by lower(s.numero) = lower(d.dit) desc limit 1) as numero from dits d)
    update import_lignes l set
      valeurs = case when t.numero is null then l.valeurs else l.valeurs || jsonb_build_object('cabinet', t.numero) end,
      motifs = case when t.numero is null then l.motifs || format('Le cabinet «\u00a0%s\u00a0» n’existe pas.', left(t.dit, 40)) else l.motifs end
    from trouves t where l.import_id = ${importId} and l.valeurs ->> 'cabinet' = t.dit
      and (t.numero is null or t.numero <> t.dit)`)
}
