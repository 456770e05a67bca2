import { sql } from '../../kernel/sql.ts'
import { CASES_DONT, CASES_SAISIES } from '../clotures/declaration-2035.ts'
import * as lire from './champs.ts'
import type { Champ, Genre, LigneComposee } from './genre.ts'

const CASES = [...CASES_SAISIES, ...Object.keys(CASES_DONT)]
const MONTANTS: Champ[] = CASES.map((code) => ({
  nom: code,
  libelle: `Case ${code}`,
  titres: [code, `2035 ${code}`, `montant ${code}`],
  lire: lire.montant,
  groupe: 'Montants de la déclaration 2035',
}))

function composer(lus: ReadonlyMap<string, unknown>): LigneComposee {
  const dit = (nom: string) => lus.get(nom) as string | null | undefined
  const valeurs: Record<string, unknown> = {}
  const fautes: string[] = []
  for (const nom of ['debut', 'recue_le', 'cotisation_reglee_le']) {
    const valeur = lus.get(nom)
    if (valeur !== undefined) valeurs[nom] = valeur
  }
  // A blank cell ends no exercice and takes back no liasse.
  for (const nom of ['debut', 'recue_le']) if (valeurs[nom] === null) delete valeurs[nom]
  for (const code of CASES) {
    const montant = lus.get(code)
    if (montant !== undefined && montant !== null) valeurs[code] = montant
  }
  const fin = dit('fin')
  if (!fin) fautes.push('La date de clôture manque.')
  else {
    valeurs.fin = fin
    if (typeof valeurs.debut === 'string' && valeurs.debut > fin)
      fautes.push('L’exercice commence après sa clôture.')
    if (typeof valeurs.recue_le === 'string' && valeurs.recue_le <= fin)
      fautes.push('La liasse ne peut pas être reçue avant la clôture.')
  }
  const numero = dit('numero') ?? ''
  return {
    cle: numero === '' ? '' : `${numero} ${fin ?? ''}`,
    libelle: '',
    valeurs: { numero, ...valeurs },
    fautes,
  }
}

const SES_CASES = sql`(select jsonb_object_agg(k, v) from jsonb_each(l.valeurs) as x (k, v) where k ~ '^[A-Z]{2}$')`

export const exercices: Genre = {
  nom: 'exercices',
  titre: 'Exercices',
  un: 'exercice',
  plusieurs: 'exercices',
  aide: 'Une ligne par exercice\u00a0: le numéro d’adhérent et la date de clôture, puis les dates de réception de la liasse et de règlement de la cotisation, et les montants de la 2035 sous le nom de leur case (AA, BA…).',
  champs: [
    { nom: 'numero', libelle: 'N° adhérent', titres: ['n°', 'numéro', 'numéro adhérent', 'adhérent', 'dossier'], lire: lire.texte(20), requis: true },
    { nom: 'fin', libelle: 'Clôture', titres: ['date de clôture', 'fin', 'fin d’exercice', 'clôture le', 'exercice clos le', 'date clôture', 'au'], lire: lire.jour, requis: true },
    { nom: 'debut', libelle: 'Début d’exercice', titres: ['début', 'ouverture', 'date de début', 'du'], lire: lire.jour, aide: 'Un an avant la clôture quand la colonne manque.' },
    { nom: 'recue_le', libelle: 'Liasse reçue le', titres: ['réception', 'date de réception', 'reçue le', 'liasse'], lire: lire.jour },
    { nom: 'cotisation_reglee_le', libelle: 'Cotisation réglée le', titres: ['cotisation', 'date de règlement', 'règlement', 'réglée le'], lire: lire.jour },
    ...MONTANTS,
  ], // prettier-ignore
  composer,
  libelles: {
    numero: 'N° adhérent', fin: 'Clôture', debut: 'Début d’exercice', recue_le: 'Liasse reçue le',
    cotisation_reglee_le: 'Cotisation réglée le', ...Object.fromEntries(CASES.map((code) => [code, `Case ${code}`])),
  }, // prettier-ignore
  indispensables: { fin: 'La date de clôture manque.' },
  async completer(db, importId) {
    await db.run(sql`update import_lignes l set libelle = coalesce(a.denomination, ''), adherent_id = a.id, motifs = l.motifs || case
        when a.id is null then array[format('L’adhérent n°\u00a0%s n’existe pas.', left(l.valeurs ->> 'numero', 20))]
        when c.comptes ->> 'genre' <> '2035' and ${SES_CASES} is not null
          then array['Les comptes de cet exercice ne sont pas ceux d’une 2035.']
        else '{}'::text[] end
      from import_lignes m left join adherents a on a.numero = m.valeurs ->> 'numero'
        left join clotures c on c.adherent_id = a.id and c.fin = (m.valeurs ->> 'fin')::date
      where l.import_id = ${importId} and m.import_id = l.import_id and m.ligne = l.ligne and l.motifs = '{}' and l.cle <> ''`)
  },
  actuels: sql`select c.id, a.numero || ' ' || c.fin as cle, a.id as adherent_id, a.denomination as libelle,
      jsonb_build_object('numero', a.numero, 'fin', c.fin, 'debut', c.debut, 'recue_le', c.recue_le,
        'cotisation_reglee_le', c.cotisation_reglee_le)
        || case when c.comptes ->> 'genre' = '2035' then coalesce(c.comptes -> 'cases', '{}') else '{}' end as valeurs
    from clotures c join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id`,
  verrouiller: (importId) => sql`select c.id from clotures c where c.id in
    (select l.objet_id from import_lignes l where l.import_id = ${importId} and l.etat in ('modifie', 'inchange'))
    order by c.id for no key update`,
  async appliquer(db, imp) {
    const recues = sql`('attendue', 'relancee_1', 'relancee_2', 'mise_en_demeure')`
    await db.run(sql`insert into cloture_mouvements (cloture_id, piste, de, vers, utilisateur_id, motif)
      select c.id, 'reception', c.reception, 'recue', app.utilisateur_id(), 'Import'
      from import_lignes l join clotures c on c.id = l.objet_id
      where l.import_id = ${imp.id} and l.etat = 'modifie' and c.reception in ${recues} and l.valeurs ->> 'recue_le' is not null`)
    await db.run(sql`update clotures c set
        debut = coalesce((l.valeurs ->> 'debut')::date, c.debut),
        recue_le = coalesce((l.valeurs ->> 'recue_le')::date, c.recue_le),
        reception = case when c.reception in ${recues} and l.valeurs ->> 'recue_le' is not null then 'recue' else c.reception end,
        cotisation_reglee_le = case when l.valeurs ? 'cotisation_reglee_le' then (l.valeurs ->> 'cotisation_reglee_le')::date
          else c.cotisation_reglee_le end,
        comptes = case when ${SES_CASES} is null then c.comptes else coalesce(c.comptes, '{"genre": "2035"}')
          || jsonb_build_object('cases', coalesce(c.comptes -> 'cases', '{}') || ${SES_CASES}) end
      from import_lignes l where l.import_id = ${imp.id} and l.etat = 'modifie' and c.id = l.objet_id`)
    await db.run(sql`with nouveaux as (
        insert into clotures (adherent_id, debut, fin, recue_le, reception, cotisation_reglee_le, comptes)
        select l.adherent_id, coalesce((l.valeurs ->> 'debut')::date, ((l.valeurs ->> 'fin')::date + interval '1 day' - interval '1 year')::date),
          (l.valeurs ->> 'fin')::date, (l.valeurs ->> 'recue_le')::date,
          case when l.valeurs ->> 'recue_le' is null then 'attendue' else 'recue' end, (l.valeurs ->> 'cotisation_reglee_le')::date,
          case when ${SES_CASES} is not null then jsonb_build_object('genre', '2035', 'cases', ${SES_CASES}) end
        from import_lignes l where l.import_id = ${imp.id} and l.etat = 'nouveau' order by l.ligne returning id, adherent_id, fin)
      update import_lignes l set objet_id = n.id from nouveaux n where l.import_id = ${imp.id} and l.etat = 'nouveau'
        and l.adherent_id = n.adherent_id and (l.valeurs ->> 'fin')::date = n.fin`)
  },
}
