import { sql } from '../../kernel/sql.ts'
import { TELEPHONES } from './adherents.ts'
import * as lire from './champs.ts'
import type { Genre, LigneComposee } from './genre.ts'

const DEFAUTS = JSON.stringify({
  siret: '', profession: 'Expertise comptable', statut_juridique: '', adresse: [], telephones: [], courriel: '',
}) // prettier-ignore

function composer(lus: ReadonlyMap<string, unknown>): LigneComposee {
  const valeurs: Record<string, unknown> = {}
  for (const nom of ['nom', 'siret', 'profession', 'statut_juridique', 'courriel']) {
    const valeur = lus.get(nom)
    if (valeur !== undefined) valeurs[nom] = valeur ?? ''
  }
  if (valeurs.nom === '') delete valeurs.nom
  const adresse = lire.adresse(lus)
  if (adresse !== undefined) valeurs.adresse = adresse
  const numeros = [lus.get('telephone'), lus.get('mobile')]
  if (numeros.some((un) => un !== undefined)) {
    valeurs.telephones = [...new Set(numeros.flatMap((un) => (un as string[] | null | undefined) ?? []))]
  }
  const numero = (lus.get('numero') as string | null | undefined) ?? ''
  return {
    cle: numero.toUpperCase(),
    libelle: (valeurs.nom as string | undefined) ?? '',
    valeurs,
    fautes: [],
  }
}

export const cabinets: Genre = {
  nom: 'cabinets',
  titre: 'Cabinets',
  un: 'cabinet',
  plusieurs: 'cabinets',
  aide: 'Une ligne par cabinet. Son numéro, par exemple CNS1, le retrouve.',
  champs: [
    { nom: 'numero', libelle: 'N° cabinet', titres: ['numéro', 'n°', 'numéro cabinet', 'code', 'code cabinet', 'cns', 'cabinet'], lire: lire.texte(20), requis: true },
    { nom: 'nom', libelle: 'Nom', titres: ['dénomination', 'raison sociale', 'nom du cabinet', 'nom ou dénomination', 'nom ou raison sociale'], lire: lire.texte(200) },
    { nom: 'siret', libelle: 'SIRET', titres: ['n° siret', 'numéro siret'], lire: lire.siret },
    { nom: 'profession', libelle: 'Profession', titres: ['activité'], lire: lire.texte(120) },
    { nom: 'statut_juridique', libelle: 'Statut juridique', titres: ['forme juridique', 'statut'], lire: lire.texte(80) },
    { nom: 'adresse', libelle: 'Adresse', titres: ['rue', 'voie', 'adresse 1'], lire: lire.texte(200) },
    { nom: 'complement', libelle: 'Complément d’adresse', titres: ['complément', 'adresse 2'], lire: lire.texte(80) },
    { nom: 'code_postal', libelle: 'Code postal', titres: ['cp'], lire: lire.codePostal },
    { nom: 'ville', libelle: 'Commune', titres: ['ville', 'localité'], lire: lire.commune },
    { nom: 'telephone', libelle: 'Téléphones', titres: ['téléphone', 'tél', 'téléphone fixe'], lire: lire.telephones },
    { nom: 'mobile', libelle: 'Téléphone mobile', titres: ['mobile', 'portable'], lire: lire.telephones },
    { nom: 'courriel', libelle: 'Adresse électronique', titres: ['courriel', 'e-mail', 'email', 'mail', 'mél'], lire: lire.courriel },
  ], // prettier-ignore
  composer,
  libelles: {
    nom: 'Nom', siret: 'SIRET', profession: 'Profession', statut_juridique: 'Statut juridique', adresse: 'Adresse',
    telephones: 'Téléphones', courriel: 'Adresse électronique',
  }, // prettier-ignore
  indispensables: { nom: 'Le nom manque\u00a0: il est nécessaire pour un nouveau cabinet.' },
  actuels: sql`select s.id, upper(s.numero) as cle, null::uuid as adherent_id, s.nom as libelle, jsonb_build_object('nom', s.nom,
      'siret', s.siret, 'profession', s.profession, 'statut_juridique', s.statut_juridique, 'adresse', s.adresse,
      'telephones', ${TELEPHONES(sql`s.telephones`)}, 'courriel', s.courriel) as valeurs
    from structures s where s.nature = 'cabinet'`,
  verrouiller: (importId) => sql`select s.id from structures s where s.id in
    (select l.objet_id from import_lignes l where l.import_id = ${importId} and l.etat in ('modifie', 'inchange'))
    order by s.id for no key update`,
  async appliquer(db, imp) {
    await db.run(sql`update structures s set (nom, siret, profession, statut_juridique, adresse, telephones, courriel) =
        (select r.nom, r.siret, r.profession, r.statut_juridique, r.adresse, r.telephones, r.courriel
          from jsonb_populate_record(s, l.valeurs) r)
      from import_lignes l where l.import_id = ${imp.id} and l.etat = 'modifie' and s.id = l.objet_id`)
    await db.run(sql`with nouveaux as (
        insert into structures (nature, numero, nom, siret, profession, statut_juridique, adresse, telephones, courriel)
        select 'cabinet', l.cle, r.nom, r.siret, r.profession, r.statut_juridique, r.adresse, r.telephones, r.courriel
        from import_lignes l, jsonb_populate_record(null::structures, ${DEFAUTS}::jsonb || l.valeurs) r
        where l.import_id = ${imp.id} and l.etat = 'nouveau' order by l.ligne returning id, numero)
      update import_lignes l set objet_id = n.id from nouveaux n
        where l.import_id = ${imp.id} and l.etat = 'nouveau' and l.cle = n.numero`)
  },
}
