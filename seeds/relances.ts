import type { Seed } from './demo.ts'

/** The relances of the demo, as their rules would have sent them, and models that the staff made its own. */
export async function seedRelances(seed: Seed): Promise<void> {
  await seed.sql(`insert into relances (organisme_id, courrier_id, relance_id, cycle_le, rang, jour, le, automatique)
    select r.organisme_id, c.id, r.id, c.publie_le, 1, r.publie_le::date, r.publie_le, true
    from courriers r join courriers c on c.organisme_id = r.organisme_id and c.id = r.origine_id
    where r.genre = 'relance'`)
  const organisme = seed.organismes.estuaire
  const modifie = `${seed.day(-35)}T08:40:00Z`
  await seed.sql(
    `insert into modele_courrier_versions (organisme_id, modele_id, version, contenu, le)
     select organisme_id, id, 1, jsonb_build_object('nom', nom, 'genre', genre, 'destinataire', destinataire, 'objet', objet,
       'corps', corps, 'delai_jours', delai_jours, 'questions', questions), $2::timestamptz - interval '300 days'
     from modeles_courriers where organisme_id = $1 and cle = 'csg-deductible'`,
    [organisme, modifie],
  )
  await seed.sql(
    `update modeles_courriers set version = 2, modifie_le = $2, modifie_nom = 'Maud Lescarret', delai_jours = 21,
       questions = '[{"nature": "question", "texte": "Aucune CSG déductible ne figure ligne 14. Est-ce un oubli ? Si oui, indiquez son montant."}]'
     where organisme_id = $1 and cle = 'csg-deductible'`,
    [organisme, modifie],
  )
  await seed.sql(
    `insert into modeles_courriers (organisme_id, nom, genre, destinataire, objet, corps, modifie_le, modifie_nom)
     values ($1, 'Bienvenue', 'information', 'adherent', 'Bienvenue à {{organisme}}',
       'Vous voilà adhérent sous le n° {{numero}}. Vos courriers, vos documents et vos transferts se trouvent dans cet espace.',
       $2, 'Maud Lescarret')`,
    [organisme, modifie],
  )
  await seedEnvoi(seed)
}

/** A sending that is ready and waits for its confirmation. */
async function seedEnvoi(seed: Seed): Promise<void> {
  const [envoi] = await seed.sql<{ id: string }>(
    `insert into envois_courriers (organisme_id, modele_id, modele_version, genre, destinataire, objet, corps, questions,
       a_repondre_avant, exercice, selection, cree_le, cree_par, cree_nom)
     select organisme_id, id, version, genre, destinataire, objet, corps, questions, $2, $3, 'Liste de 3 dossiers', $4, $5,
       'Maud Lescarret'
     from modeles_courriers where organisme_id = $1 and cle = 'vehicule-carburant' returning id`,
    [seed.organismes.estuaire, seed.day(30), seed.year - 1, `${seed.day(-1)}T15:20:00Z`,
      seed.people['estuaire/agent@estuaire.example']], // prettier-ignore
  )
  await seed.sql(
    `insert into envoi_courrier_lignes (organisme_id, envoi_id, rang, numero, adherent_id, cloture_id, valeurs, motif)
     select a.organisme_id, $2, row_number() over (order by a.numero::int), a.numero, a.id, c.id,
       case a.numero when '402' then '{}' else '{"valeur1": "1 480"}' end::jsonb,
       case a.numero when '402' then 'Il manque {{valeur1}}.' else '' end
     from adherents a join clotures c on c.organisme_id = a.organisme_id and c.adherent_id = a.id and c.fin = $3
     where a.organisme_id = $1 and a.numero in ('12', '402', '515')`,
    [seed.organismes.estuaire, envoi!.id, `${seed.year - 1}-12-31`],
  )
}
