import { date } from '../../kernel/formats.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { STATUTS } from '../declarations/declaration.ts'
import * as lire from './champs.ts'
import type { Genre, LigneComposee, Lu } from './genre.ts'

/** What the portals of declarations and the returns of EDI-TDFC (CONTRL, INFENT CR) call each status. */
const MOTS: Record<keyof typeof STATUTS, readonly string[]> = {
  deposee_portail: ['déposée', 'dépôt', 'reçue au portail', 'en attente d’envoi'],
  rejetee_portail: ['rejet portail', 'rejet du portail', 'refusée par le portail'],
  transmise: ['envoyée', 'émise', 'transmission'],
  accuse_reception: ['accusé', 'AR', 'accusée', 'accusé réception', 'contrl accepté', 'contrl ok'],
  rejet_syntaxe: ['rejet contrl', 'contrl rejet', 'contrl ko', 'rejet syntaxe'],
  en_traitement: ['en cours', 'en cours de traitement', 'traitement en cours'],
  acceptee: ['accepté', 'validée', 'acceptation', 'infent cr accepté'],
  rejet_partiel: ['rejetée partiellement', 'partiellement rejetée', 'acceptée partiellement'],
  rejet_total: ['rejet', 'rejetée', 'rejeté', 'refusée', 'infent cr rejet'],
  remplacee: ['remplacé', 'rectifiée'],
  annulee: ['annulé', 'annulation'],
}
const STATUTS_DITS = Object.fromEntries(
  Object.entries(STATUTS).map(([statut, { libelle }]) => [
    statut,
    [libelle, ...MOTS[statut as keyof typeof STATUTS]],
  ]),
)
const libelleDe = (statut: unknown) => STATUTS[statut as keyof typeof STATUTS]?.libelle ?? ''

const DESTINATAIRES = {
  DGFiP: ['impôts', 'sie', 'administration fiscale', 'dgi'],
  OGA: ['organisme', 'cga', 'aga', 'omga'],
  banque: ['banque', 'établissement bancaire'],
}

function millesime(cellule: string): Lu {
  const annee = /^(?:31\/12\/)?(2\d{3})(?:[.,]0+)?$/.exec(cellule)?.[1]
  return annee === undefined
    ? { faute: `«\u00a0${cellule.slice(0, 20)}\u00a0» n’est pas une année.` }
    : { valeur: Number(annee) }
}

/** « 3310 CA3 », « 3310CA3 » and « 3310-CA3-SD » are one form, as are « 2035 » and « 2035-SD ». */
function formulaire(cellule: string): Lu {
  const ecrit = /^(\d{4})[\s-]*([A-Z]{1,3}\d{0,2})?(?:[\s-]*SD)?$/i.exec(cellule)
  if (!ecrit) return lire.texte(40)(cellule)
  const [, numero, suite = ''] = ecrit
  return {
    valeur: suite === '' || suite.toUpperCase() === 'SD' ? numero : `${numero}-${suite.toUpperCase()}`,
  }
}

const NECESSAIRES = {
  formulaire: 'Le formulaire manque.',
  millesime: 'L’exercice manque.',
  transmise_le: 'La date de transmission manque.',
  statut: 'Le statut manque.',
}
const FACULTATIFS = ['statut_le', 'expediteur', 'depot', 'message']

function composer(lus: ReadonlyMap<string, unknown>): LigneComposee {
  const dit = (nom: string) => lus.get(nom) as string | null | undefined
  const valeurs: Record<string, unknown> = { destinataire: dit('destinataire') ?? 'DGFiP' }
  const fautes: string[] = []
  for (const [nom, phrase] of Object.entries(NECESSAIRES)) {
    const valeur = lus.get(nom)
    if (valeur === undefined || valeur === null) fautes.push(phrase)
    else valeurs[nom] = valeur
  }
  for (const nom of FACULTATIFS) {
    const valeur = lus.get(nom)
    // A status has a day, whatever an empty cell says.
    if (valeur !== undefined && (valeur !== null || nom !== 'statut_le')) valeurs[nom] = valeur ?? ''
  }
  const { numero, siret } = { numero: dit('numero') ?? '', siret: dit('siret') ?? '' }
  if (numero === '' && siret === '')
    fautes.push('Le numéro d’adhérent ou le SIRET est nécessaire pour savoir de qui parle cette ligne.')
  if (numero !== '') valeurs.numero = numero
  else if (siret !== '') valeurs.siret = siret
  return { cle: '', libelle: '', valeurs, fautes }
}

/** One line for each recipient of each declaration: a form of a year, sent that day. */
const cleDe = (numero: Sql, v: Sql) =>
  sql`${numero} || ' ' || (${v} ->> 'formulaire') || ' ' || (${v} ->> 'millesime') || ' ' || (${v} ->> 'transmise_le') || ' '
    || (${v} ->> 'destinataire')`

/** Days of France: the file gives no hour, and the base keeps instants. */
const jourDe = (instant: Sql) => sql`(${instant} at time zone 'Europe/Paris')::date`
const instantDe = (jour: Sql) => sql`((${jour})::date::timestamp at time zone 'Europe/Paris')`
const MEME = sql`d.adherent_id = l.adherent_id and d.formulaire = l.valeurs ->> 'formulaire'
  and d.millesime = (l.valeurs ->> 'millesime')::int and ${jourDe(sql`d.transmise_le`)} = (l.valeurs ->> 'transmise_le')::date`

export const declarations: Genre = {
  nom: 'declarations',
  titre: 'Télédéclarations',
  un: 'télédéclaration',
  plusieurs: 'télédéclarations',
  feminin: true,
  aide: 'Une ligne par déclaration et par destinataire\u00a0: l’adhérent (son numéro ou son SIRET), le formulaire, l’exercice, le jour de l’envoi, et ce qu’elle est devenue (dépôt, accusé, rejet, acceptation). Déposez de nouveau le suivi de votre portail\u00a0: seuls les statuts qui ont changé sont enregistrés.',
  champs: [
    { nom: 'numero', libelle: 'N° adhérent', titres: ['n°', 'numéro', 'numéro adhérent', 'adhérent', 'dossier', 'n° dossier'], lire: lire.texte(20) },
    { nom: 'siret', libelle: 'SIRET', titres: ['n° siret', 'siret déclarant', 'identifiant déclarant'], lire: lire.siret, aide: 'Sert quand le numéro d’adhérent manque.' },
    { nom: 'formulaire', libelle: 'Formulaire', titres: ['type de déclaration', 'déclaration', 'imprimé', 'liasse', 'formulaire edi', 'type'], lire: formulaire, requis: true },
    { nom: 'millesime', libelle: 'Exercice', titres: ['millésime', 'année', 'année d’imposition'], lire: millesime, requis: true },
    { nom: 'transmise_le', libelle: 'Transmise le', titres: ['date de transmission', 'date d’envoi', 'envoyée le', 'date de dépôt', 'déposée le', 'date'], lire: lire.jour, requis: true },
    { nom: 'destinataire', libelle: 'Destinataire', titres: ['destinataire edi', 'envoyée à'], lire: lire.parmi(DESTINATAIRES), aide: 'DGFiP, OGA ou banque\u00a0; la DGFiP quand la colonne manque.' },
    { nom: 'statut', libelle: 'Statut', titres: ['état', 'situation', 'résultat', 'compte rendu'], lire: lire.parmi(STATUTS_DITS, libelleDe), requis: true },
    { nom: 'statut_le', libelle: 'Statut du', titres: ['date du statut', 'date statut', 'date d’état', 'date de retour', 'date du compte rendu'], lire: lire.jour, aide: 'Quand la colonne manque\u00a0: le jour de l’envoi, puis celui de l’import qui voit le statut changer.' },
    { nom: 'depot', libelle: 'N° de dépôt', titres: ['dépôt', 'numéro de dépôt', 'référence', 'n° de transmission'], lire: lire.texte(60) },
    { nom: 'message', libelle: 'Message', titres: ['motif', 'erreur', 'commentaire', 'libellé de l’erreur'], lire: lire.texte(500) },
    { nom: 'expediteur', libelle: 'Expéditeur', titres: ['émetteur', 'partenaire edi', 'portail'], lire: lire.texte(120) },
  ], // prettier-ignore
  composer,
  libelles: {
    numero: 'N° adhérent', formulaire: 'Formulaire', millesime: 'Exercice', transmise_le: 'Transmise le',
    destinataire: 'Destinataire', statut: 'Statut', statut_le: 'Statut du', depot: 'N° de dépôt', message: 'Message',
    expediteur: 'Expéditeur',
  }, // prettier-ignore
  montre: { statut: libelleDe, millesime: String },
  detail: ({ formulaire: form, millesime: annee, transmise_le: le, destinataire }) =>
    `${form as string} ${annee as number} du ${date(le as string)}, ${destinataire as string}`,
  indispensables: {},
  cleDeLaBase: true,
  async completer(db, importId) {
    await db.run(sql`update import_lignes l set libelle = coalesce(a.denomination, ''), adherent_id = a.id,
        valeurs = case when a.id is null then l.valeurs
          else l.valeurs - 'siret' || jsonb_build_object('numero', a.numero) end,
        cle = case when a.id is null then '' else ${cleDe(sql`a.numero`, sql`l.valeurs`)} end,
        motifs = l.motifs || case when a.id is not null then '{}'::text[]
          when l.valeurs ? 'numero' then array[format('L’adhérent n°\u00a0%s n’existe pas.', left(l.valeurs ->> 'numero', 20))]
          else array['Aucun adhérent n’a ce SIRET, ou plusieurs l’ont\u00a0: indiquez le numéro.'] end
      from import_lignes m left join lateral (
        select (array_agg(x.id))[1] as id, min(x.numero) as numero, min(x.denomination) as denomination from adherents x
        where x.numero = m.valeurs ->> 'numero' or (x.siret = m.valeurs ->> 'siret' and x.siret <> '')
        having count(*) = 1) a on true
      where l.import_id = ${importId} and m.import_id = l.import_id and m.ligne = l.ligne and l.motifs = '{}'`)
  },
  actuels: sql`select distinct on (b.cle) b.* from (
      select s.id, d.transmise_le, a.id as adherent_id, a.denomination as libelle, v.valeurs, ${cleDe(sql`a.numero`, sql`v.valeurs`)} as cle
      from declarations_destinataires s
        join declarations d on d.organisme_id = s.organisme_id and d.id = s.declaration_id
        join adherents a on a.organisme_id = d.organisme_id and a.id = d.adherent_id,
        lateral (select jsonb_build_object('numero', a.numero, 'formulaire', d.formulaire, 'millesime', d.millesime,
          'transmise_le', ${jourDe(sql`d.transmise_le`)}, 'destinataire', s.destinataire, 'statut', s.statut,
          'statut_le', ${jourDe(sql`s.statut_le`)}, 'depot', s.depot, 'message', s.message, 'expediteur', d.expediteur) as valeurs) v
    ) b order by b.cle, b.transmise_le desc, b.id`,
  verrouiller: (importId) => sql`select s.id from declarations_destinataires s where s.id in
    (select l.objet_id from import_lignes l where l.import_id = ${importId} and l.etat in ('modifie', 'inchange'))
    order by s.id for no key update`,
  async appliquer(db, imp) {
    await db.run(sql`update declarations_destinataires s set statut = l.valeurs ->> 'statut',
        statut_le = case when l.valeurs ? 'statut_le' then ${instantDe(sql`l.valeurs ->> 'statut_le'`)}
          when l.champs && '{statut}' then now() else s.statut_le end,
        depot = coalesce(l.valeurs ->> 'depot', s.depot), message = coalesce(l.valeurs ->> 'message', s.message)
      from import_lignes l where l.import_id = ${imp.id} and l.etat = 'modifie' and s.id = l.objet_id`)
    await db.run(sql`update declarations d set expediteur = l.valeurs ->> 'expediteur'
      from import_lignes l join declarations_destinataires s on s.id = l.objet_id
      where l.import_id = ${imp.id} and l.etat = 'modifie' and l.champs && '{expediteur}' and d.id = s.declaration_id`)
    await db.run(sql`insert into declarations (adherent_id, formulaire, millesime, transmise_le, expediteur)
      select l.adherent_id, l.valeurs ->> 'formulaire', (l.valeurs ->> 'millesime')::int,
        ${instantDe(sql`l.valeurs ->> 'transmise_le'`)}, coalesce(max(l.valeurs ->> 'expediteur'), '')
      from import_lignes l where l.import_id = ${imp.id} and l.etat = 'nouveau'
        and not exists (select from declarations d where ${MEME})
      group by 1, 2, 3, 4`)
    await db.run(sql`with nouveaux as (
        insert into declarations_destinataires (declaration_id, destinataire, statut, statut_le, depot, message)
        select x.id, l.valeurs ->> 'destinataire', l.valeurs ->> 'statut', ${instantDe(sql`coalesce(l.valeurs ->> 'statut_le', l.valeurs ->> 'transmise_le')`)},
          coalesce(l.valeurs ->> 'depot', ''), coalesce(l.valeurs ->> 'message', '')
        from import_lignes l, lateral (select d.id from declarations d where ${MEME}
          order by d.transmise_le desc, d.id limit 1) x
        where l.import_id = ${imp.id} and l.etat = 'nouveau' order by l.ligne returning id, declaration_id, destinataire)
      update import_lignes l set objet_id = n.id from nouveaux n join declarations d on d.id = n.declaration_id
        where l.import_id = ${imp.id} and l.etat = 'nouveau' and ${MEME} and n.destinataire = l.valeurs ->> 'destinataire'`)
  },
}
