import { render } from '../src/modules/clients/mises-a-jour/recepisse.ts'
import type { Seed } from './demo.ts'
import { siretOf } from './siret.ts'

/** For CNS1: what waits in its two zones; liasses with their statuses; a request of the firm; a little dialogue. */
export async function seedClients(seed: Seed): Promise<void> {
  await sentLists(seed)
  await pending(seed)
  await declarations(seed)
  await request(seed)
  await dialogue(seed)
}

const O = 'estuaire'

/** One of CNS1 that was accepted, one of CNS2 that waits for the staff. */
async function sentLists(seed: Seed): Promise<void> {
  await sent(seed, {
    cabinet: 'CNS1',
    by: 'COL16',
    nom: 'Jérémie Aubrespin',
    jour: -40,
    client: '688',
    acceptee: -38,
  })
  await sent(seed, { cabinet: 'CNS2', by: 'CNS2', nom: 'Cabinet Hélène Pradeau', jour: -2 })
}

interface Sent {
  cabinet: string
  by: string
  nom: string
  jour: number
  /** The adhérent who came with it; somebody new otherwise. */
  client?: string
  acceptee?: number
}

async function sent(seed: Seed, list: Sent): Promise<void> {
  const [organisme, structure, by] = [
    seed.organismes[O], seed.structures[`${O}/${list.cabinet}`], seed.people[`${O}/${list.by}`],
  ] // prettier-ignore
  const jour = seed.day(list.jour)
  const annee = Number(jour.slice(0, 4))
  const [last] = await seed.sql<{ n: number }>(
    'select count(*)::int + 1 as n from listes_clients where organisme_id = $1 and annee = $2',
    [organisme, annee],
  )
  const recepisse = `L-${annee}-${String(last!.n).padStart(6, '0')}`
  const adherentId = list.client === undefined ? null : seed.adherents[`${O}/${list.client}`]!
  const [known] = await seed.sql<{ nom: string; siret: string; profession: string }>(
    'select denomination as nom, siret, professions[1] as profession from adherents where organisme_id = $1 and id = $2',
    [organisme, adherentId],
  )
  const who = known ?? { nom: 'ESCANDE Philibert', siret: siretOf(861), profession: 'Géomètre' }
  const line = { ...who, numero: list.client ?? '', le: jour, raison: '' as const, precision: '' }
  const bytes = await render({
    recepisse,
    emetteur: { nom: 'OMGA de l’Estuaire', forme: 'Organisme Mixte de Gestion Agréé de Libourne',
      adresse: ['12 quai des Tisserands', '33500 LIBOURNE'], telephone: '05 00 00 00 33',
      courriel: 'contact@estuaire.example', couleur: '#1f5c7a' },
    cabinet: { nom: list.cabinet === 'CNS1' ? 'Cabinet Vauquelin & Associés' : 'Cabinet Hélène Pradeau', numero: list.cabinet.replace('S', 'S ') },
    envoyePar: list.nom,
    envoyeLe: `${jour}T09:30:00Z`,
    jour,
    arrivees: [line],
    departs: [],
  }) // prettier-ignore
  const fichier = await seed.file({
    organisme: O, nom: `Récépissé ${recepisse}.pdf`, mime: 'application/pdf', bytes, deposePar: by!, deposeLe: jour,
  }) // prettier-ignore
  const [row] = await seed.sql<{ id: string }>(
    `insert into listes_clients (organisme_id, structure_id, annee, numero, envoyee_le, envoyee_par, envoyee_nom, fichier_id,
       acceptee_le, decide_par) values ($1, $2, $3, $4, $5::date + time '09:30', $6, $7, $8, $9::date + time '10:10', $10)
     returning id`,
    [organisme, structure, annee, last!.n, jour, by, list.nom, fichier,
      list.acceptee === undefined ? null : seed.day(list.acceptee),
      list.acceptee === undefined ? null : seed.people[`${O}/agent@${O}.example`]], // prettier-ignore
  )
  await seed.sql(
    `insert into mouvements_clients (organisme_id, structure_id, genre, adherent_id, nom, siret, profession, le, cree_par,
       cree_le, liste_id, traite_le) values ($1, $2, 'arrivee', $3, $4, $5, $6, $7, $8, $7::date + time '09:20', $9, $10::date + time '10:10')`,
    [organisme, structure, adherentId, line.nom, line.siret,
      line.profession, jour, by, row!.id, list.acceptee === undefined ? null : seed.day(list.acceptee)], // prettier-ignore
  )
}

async function pending(seed: Seed): Promise<void> {
  const [organisme, cabinet, by] = [
    seed.organismes[O],
    seed.structures[`${O}/CNS1`],
    seed.people[`${O}/COL16`],
  ]
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
      [
        seed.organismes[O],
        seed.adherents[`${O}/${numero}`],
        form,
        form.startsWith('3310') ? seed.year : year,
        seed.day(day),
      ],
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
