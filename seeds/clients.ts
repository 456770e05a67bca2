import type { Seed } from './demo.ts'
import { siretOf } from './siret.ts'

/** For CNS1: what waits in its two zones; liasses with their statuses; a request of the firm; a little dialogue. */
export async function seedClients(seed: Seed): Promise<void> {
  await pending(seed)
  await declarations(seed)
  await request(seed)
  await dialogue(seed)
}

const O = 'estuaire'

async function pending(seed: Seed): Promise<void> {
  const [organisme, cabinet, by] = [seed.organismes[O], seed.structures[`${O}/CNS1`], seed.people[`${O}/COL16`]]
  await seed.sql(
    `insert into mouvements_clients (organisme_id, structure_id, genre, nom, siret, profession, le, cree_par, cree_le)
     values ($1, $2, 'arrivee', 'VALADIER Eugénie', $3, 'Sophrologue', $4, $5, $6::date + time '10:20')`,
    [organisme, cabinet, siretOf(860), seed.day(-4), by, seed.day(-3)],
  )
  await seed.sql(
    `insert into mouvements_clients (organisme_id, structure_id, genre, adherent_id, numero, nom, siret, profession, le,
       raison, precision, cree_par, cree_le)
     select organisme_id, $2, 'depart', id, numero, denomination, siret, array_to_string(professions, ', '), $3,
       'retraite', 'cession du fonds', $4, $5::date + time '10:24' from adherents where organisme_id = $1 and id = $6`,
    [organisme, cabinet, seed.day(20), by, seed.day(-3), seed.adherents[`${O}/702`]],
  )
}

async function declarations(seed: Seed): Promise<void> {
  const year = seed.year - 1
  const sent: [numero: string, form: string, day: number, suivis: [string, string, number, string, string][]][] = [
    ['657', '2035', -190, [['DGFiP', 'acceptee', -188, `D${year}-40112`, ''], ['OGA', 'accuse_reception', -189, '', '']]],
    ['12', '2035', -188, [['DGFiP', 'rejet_total', -187, `D${year}-40127`, 'SIRET inconnu de la DGFiP.'], ['OGA', 'accuse_reception', -187, '', '']]],
    ['12', '2035', -185, [['DGFiP', 'acceptee', -183, `D${year}-40291`, ''], ['OGA', 'accuse_reception', -184, '', '']]],
    ['45', '2033', -176, [['DGFiP', 'rejet_partiel', -174, `D${year}-40408`, 'Tableau 2033-D absent.'], ['OGA', 'accuse_reception', -175, '', '']]],
    ['58', '3310-CA3', -3, [['DGFiP', 'en_traitement', -2, `D${seed.year}-51877`, ''], ['banque', 'transmise', -2, '', '']]],
    ['515', '2143', -150, [['DGFiP', 'acceptee', -148, `D${year}-44010`, '']]],
  ] // prettier-ignore
  for (const [numero, form, day, suivis] of sent) {
    const [row] = await seed.sql<{ id: string }>(
      `insert into declarations (organisme_id, adherent_id, formulaire, millesime, transmise_le, expediteur)
       values ($1, $2, $3, $4, $5::date + time '17:42', 'Portail Liasses Atlantique') returning id`,
      [seed.organismes[O], seed.adherents[`${O}/${numero}`], form, form.startsWith('3310') ? seed.year : year, seed.day(day)],
    )
    for (const [destinataire, statut, le, depot, message] of suivis) {
      await seed.sql(
        `insert into declarations_destinataires (organisme_id, declaration_id, destinataire, statut, statut_le, depot, message)
         values ($1, $2, $3, $4, $5::date + time '08:15', $6, $7)`,
        [seed.organismes[O], row!.id, destinataire, statut, seed.day(le), depot, message],
      )
    }
  }
}

async function request(seed: Seed): Promise<void> {
  await seed.sql(
    `insert into modifications (organisme_id, structure_id, zone, avant, apres, demande_le, demande_par)
     select organisme_id, id, 'telephones', telephones, $3, $4::date + time '11:05', $5 from structures
     where organisme_id = $1 and id = $2`,
    [seed.organismes[O], seed.structures[`${O}/CNS1`], ['+33500000100', '+33600000108'], seed.day(-1),
      seed.people[`${O}/CNS1`]], // prettier-ignore
  )
}

async function dialogue(seed: Seed): Promise<void> {
  const services: [string, string, string][] = [
    ['estuaire', 'Service des dossiers', 'dossiers@estuaire.example'],
    ['estuaire', 'Service des formations', 'formations@estuaire.example'],
    ['estuaire', 'Assistance de l’extranet', 'assistance@estuaire.example'],
    ['midi', 'Secrétariat', 'secretariat@midi.example'],
  ]
  for (const [i, [organisme, libelle, courriel]] of services.entries()) {
    await seed.sql('insert into destinataires (organisme_id, libelle, courriel, ordre) values ($1, $2, $3, $4)', [
      seed.organismes[organisme], libelle, courriel, i,
    ]) // prettier-ignore
  }
  await fil(seed, { login: 'CNS1', sujet: 'Calendrier des attestations', jour: -12, question: 'Quand les attestations de nos clients au 30 juin seront-elles disponibles ?', reponse: [-11, 'Elles seront publiées dans la première quinzaine du mois. Un courriel l’annoncera à chacun.'] }) // prettier-ignore
  await fil(seed, { login: 'CNS1', sujet: 'Support de la formation TVA', jour: -2, question: 'Pourriez-vous nous transmettre le support de la formation du mois dernier ?' }) // prettier-ignore
  await fil(seed, { login: '657', sujet: 'Duplicata de mon attestation', jour: -5, question: 'Où puis-je retrouver mon attestation de l’an dernier ?', reponse: [-4, 'Dans « Mes documents », à l’exercice concerné : elle y reste.'] }) // prettier-ignore
}

interface Fil {
  login: string
  sujet: string
  jour: number
  question: string
  reponse?: [jour: number, texte: string]
}

async function fil(seed: Seed, f: Fil): Promise<void> {
  const organisme = seed.organismes[O]
  const agent = seed.people[`${O}/agent@${O}.example`]
  const [row] = await seed.sql<{ id: string }>(
    `insert into fils (organisme_id, sujet, ouvert_par, expediteur, expediteur_nom, structure_id, adherent_id,
       destinataire_id, destinataire, ouvert_le)
     select u.organisme_id, $3, u.id, u.courriel, trim(u.prenom || ' ' || u.nom), u.structure_id, u.adherent_id, d.id,
       d.libelle, $4::date + time '09:12'
     from utilisateurs u join destinataires d on d.organisme_id = u.organisme_id and d.libelle = 'Service des dossiers'
     where u.organisme_id = $1 and u.id = $2 returning id`,
    [organisme, seed.people[`${O}/${f.login}`], f.sujet, seed.day(f.jour)],
  )
  const write = (by: string | undefined, ours: boolean, text: string, day: number, time: string) =>
    seed.sql(
      `insert into messages (organisme_id, fil_id, auteur_id, auteur_nom, de_l_organisme, corps, le)
       select organisme_id, $2, id, trim(prenom || ' ' || nom), $4, $5, $6::date + $7::time from utilisateurs
       where organisme_id = $1 and id = $3`,
      [organisme, row!.id, by, ours, text, seed.day(day), time],
    )
  await write(seed.people[`${O}/${f.login}`], false, f.question, f.jour, '09:12')
  if (f.reponse) await write(agent, true, f.reponse[1], f.reponse[0], '15:30')
}
