import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** Models of courriers: an organisme is born with sixteen, and makes them its own. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'modeles_courriers', {
    columns: `
      cle text,
      nom text not null check (nom <> ''),
      genre text not null check (genre in ('questions_eccv', 'demande_pieces', 'demande_eps', 'information',
        'appel_cotisation', 'convocation_ag', 'formation')),
      destinataire text not null check (destinataire in ('cabinet', 'adherent')),
      objet text not null check (objet <> ''),
      corps text not null default '',
      delai_jours int check (delai_jours between 1 and 365),
      questions jsonb not null default '[]' check (jsonb_typeof(questions) = 'array'),
      version int not null default 1 check (version > 0),
      modifie_le timestamptz not null default now(),
      modifie_nom text not null default '',
      retire_le timestamptz,
      retire_par uuid`,
    unique: ['cle'],
    references: { retire_par: 'utilisateurs' },
    constraints: ['check ((retire_le is null) = (retire_par is null))'],
    visible: PERMANENT_SEUL,
  })
  await knex.raw(`create unique index modeles_courriers_nom on modeles_courriers (organisme_id, lower(nom))
    where retire_le is null`)
  // What a model said before: a courrier that was sent from it can be explained years later.
  await createScopedTable(knex, 'modele_courrier_versions', {
    columns: `
      modele_id uuid not null,
      version int not null,
      contenu jsonb not null,
      le timestamptz not null,
      nom text not null default ''`,
    unique: ['modele_id, version'],
    references: { modele_id: 'modeles_courriers' },
    visible: PERMANENT_SEUL,
    appendOnly: true,
  })
  await knex.raw(`
    create function app.amorcer_modeles_courriers(organisme uuid) returns void
      language sql security definer set search_path = pg_catalog, pg_temp as $amorce$
      insert into public.modeles_courriers (organisme_id, cle, nom, genre, destinataire, objet, corps, delai_jours, questions)
      select organisme, m.cle, m.nom, m.genre, 'cabinet', m.objet, m.corps, m.delai_jours, m.questions
      from jsonb_to_recordset($modeles$${JSON.stringify(MODELES).replaceAll('?', '\\?')}$modeles$::jsonb) as m
        (cle text, nom text, genre text, objet text, corps text, delai_jours int, questions jsonb)
      on conflict do nothing
    $amorce$;
    revoke execute on function app.amorcer_modeles_courriers from public, parvis_web;
    create function app.organisme_ne_courriers() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if new.nature = 'oga' then perform app.amorcer_modeles_courriers(new.id); end if;
        return null;
      end $$;
    create trigger organismes_courriers after insert on plateforme.organismes
      for each row execute function app.organisme_ne_courriers();
    select app.amorcer_modeles_courriers(id) from plateforme.organismes where nature = 'oga';
  `)
}

const CONTROLE =
  'Nous menons le contrôle de concordance, de cohérence et de vraisemblance de l’exercice {{exercice}}. Merci de répondre ci-dessous avant le {{echeance}} et de joindre les pièces utiles.'
const question = (texte: string) => ({ nature: 'question', texte })
const piece = (texte: string) => ({ nature: 'piece', texte })

function eccv(cle: string, nom: string, objet: string, ...questions: ReturnType<typeof question>[]) {
  return { cle, nom, genre: 'questions_eccv', objet, corps: CONTROLE, delai_jours: 30, questions }
}

/** The questions that come back every year. {{valeur1}} to {{valeur6}} are what differs from dossier to dossier. */
const MODELES = [
  eccv('recettes-tva', 'Recettes et déclarations de TVA', 'Recettes {{exercice}} et TVA déclarée', question('Vos recettes (case AA) s’élèvent à {{valeur1}} € ; vos déclarations de TVA totalisent {{valeur2}} €. D’où vient l’écart de {{valeur3}} € ?')),
  eccv('vehicule-bareme', 'Véhicule : barème kilométrique', 'Frais de véhicule au barème', question('Vos frais de véhicule (case BJ) suivent le barème kilométrique. Indiquez les kilomètres professionnels, la puissance fiscale et la façon dont les kilomètres sont comptés.')),
  eccv('vehicule-carburant', 'Véhicule : barème et carburant', 'Barème kilométrique et carburant', question('Vous appliquez le barème kilométrique, et {{valeur1}} € de carburant sont déduits par ailleurs. Ces dépenses concernent-elles un autre véhicule ?')),
  eccv('charges-sociales', 'Hausse des charges sociales', 'Charges sociales personnelles', question('Vos charges sociales personnelles augmentent de {{valeur1}} %. Quelle part de CSG et de CRDS n’est pas déductible ?'), piece('L’appel de cotisations de l’exercice')),
  eccv('csg-deductible', 'CSG déductible absente', 'CSG déductible', question('Aucune CSG déductible ne figure ligne 14. Est-ce un oubli ?')),
  eccv('petit-outillage', 'Petit outillage à immobiliser', 'Acquisition en petit outillage', question('Un achat de {{valeur1}} € est porté en petit outillage. Pourquoi n’a-t-il pas été immobilisé ?'), piece('La facture de cet achat')),
  eccv('tableau-passage', 'Écart du tableau de passage', 'Tableau de passage (OGBNC04)', question('Le tableau de passage laisse un écart de trésorerie de {{valeur1}} €. Détaillez vos apports et vos prélèvements personnels.')),
  eccv('loyer-domicile', 'Loyer du domicile', 'Quote-part privée du loyer', question('La part privée du loyer de votre domicile n’est pas réintégrée. Quelle surface sert à l’activité, sur quelle surface totale ?')),
  eccv('honoraires-das2', 'Honoraires rétrocédés et DAS2', 'Honoraires rétrocédés', question('Vous déclarez {{valeur1}} € d’honoraires rétrocédés. La DAS2 a-t-elle été déposée ?'), piece('L’accusé de dépôt de la DAS2')),
  eccv('taux-de-marge', 'Baisse du taux de marge', 'Taux de marge brute', question('Votre taux de marge brute passe de {{valeur1}} % à {{valeur2}} %. Quelles en sont les causes : prix d’achat, pertes, stock, remises ?')),
  eccv('compte-455', 'Compte 455 débiteur', 'Compte courant d’associé', question('Le compte 455 est débiteur de {{valeur1}} € à la clôture. Comment et à quelle date sera-t-il régularisé ?')),
  eccv('stock-identique', 'Stock identique', 'Stock de clôture', question('Le stock de clôture est égal à celui de l’exercice précédent. Confirmez-vous son montant ?'), piece('L’inventaire valorisé à la clôture')),
  eccv('tva-44571', 'TVA collectée et CA3 de décembre', 'Rapprochement de TVA', question('Le solde du compte 44571 diffère de la CA3 de décembre. À quoi tient la différence ?'), piece('Le rapprochement de TVA')),
  eccv('micro-et-reel', 'Micro-BNC et déclaration contrôlée', 'Cumul de régimes', question('Vous cumulez le micro-BNC et la déclaration contrôlée. Confirmez que vous n’exercez pas d’autre activité de même nature.')),
  eccv('fec-anomalies', 'Anomalies du FEC', 'Fichier des écritures comptables', question('Votre FEC comporte {{valeur1}} écritures déséquilibrées et des pièces sans date. Déposez un fichier corrigé dans « Transfert de données », et indiquez ici la date du dépôt.')),
  {
    cle: 'pieces-liasse',
    nom: 'Pièces manquantes de la liasse',
    genre: 'demande_pieces',
    objet: 'Pièces manquantes de la liasse {{exercice}}',
    corps: 'Votre liasse nous est parvenue. Pour la compléter, merci de nous faire parvenir les pièces suivantes avant le {{echeance}}.',
    delai_jours: 21,
    questions: [piece('La balance générale de l’exercice'), piece('Le tableau des immobilisations et des amortissements'), piece('Les déclarations de TVA de l’exercice')],
  },
] // prettier-ignore
