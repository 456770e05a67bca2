import PDFDocument from 'pdfkit'
import type { Seed } from './demo.ts'

/** Courriers in every state: unread, read, late, drafted, waiting for the superviseur, rejected, answered, archived. */
export async function seedCourriers(seed: Seed): Promise<void> {
  const rows = [...ESTUAIRE, ...MIDI].sort((a, b) => a.jour - b.jour)
  const ids = new Map<string, string>()
  const numbers = new Map<string, number>()
  for (const row of rows) ids.set(row.cle, await insertCourrier(seed, row, ids, numbers))
  await seed.sql(
    `insert into suppleances (organisme_id, structure_id, titulaire_id, suppleant_id, du, au, cree_par)
     values ($1, $2, $3, $4, $5, $6, $3)`,
    [seed.organismes.estuaire, seed.structures['estuaire/CNS1'], seed.people['estuaire/COL16'],
      seed.people['estuaire/COL7'], seed.day(30), seed.day(44)], // prettier-ignore
  )
  await seed.sql(
    `insert into series (organisme_id, nom, annee, dernier)
     select organisme_id, nom, annee, max(n) from (
       select organisme_id, 'courriers' as nom, substr(numero, 3, 4)::int as annee, substr(numero, 8)::int as n
         from courriers where numero is not null
       union all select organisme_id, 'reponses', substr(numero, 3, 4)::int, substr(numero, 8)::int
         from reponses where numero is not null) x group by 1, 2, 3`,
  )
}

interface Row {
  cle: string
  organisme: string
  /** Number of the adhérent, or of the cabinet when it goes to the cabinet itself. */
  numero: string
  destinataire: 'adherent' | 'cabinet'
  genre: string
  objet: string
  corps: string
  /** Days from today. */
  jour: number
  avant?: number
  questions?: string[]
  /** What it asks for are documents, not words. */
  pieces?: true
  origine?: string
  lus?: [login: string, jour: number][]
  brouillon?: { de: string; jour: number; textes: string[] }
  reponse?: Answer
}

interface Answer {
  de: string
  jour: number
  textes: string[]
  piece?: string
  /** Passed on, by that superviseur when there is one. */
  transmise?: { jour: number; par?: string; corrige?: string }
  rejetee?: { jour: number; par: string; motif: string }
}

const CORPS = 'Dans le cadre du contrôle de concordance, de cohérence et de vraisemblance, merci de répondre aux questions ci-dessous et de joindre les pièces utiles.' // prettier-ignore
const Q = {
  recettes: 'Vos recettes (case AA) s’élèvent à 86 400 € alors que le total de vos déclarations de TVA fait ressortir 84 150 €. Merci d’expliquer l’écart de 2 250 €.',
  vehicule: 'Les frais de véhicule (case BJ) sont déduits au barème kilométrique. Merci de nous indiquer le kilométrage professionnel, la puissance fiscale et la justification du nombre de kilomètres.',
  charges: 'Le poste « Charges sociales personnelles » augmente de 42 %. Merci de préciser la part CSG/CRDS non déductible et de joindre l’appel de cotisations.',
  csg: 'Aucune CSG déductible n’est portée ligne 14. Est-ce une omission ?',
  outillage: 'Une acquisition de 2 340 € figure en petit outillage. Merci de joindre la facture et d’indiquer pourquoi ce bien n’a pas été immobilisé.',
  passage: 'Le tableau de passage OGBNC04 fait apparaître un écart de trésorerie de 613 €. Merci de nous transmettre le détail des apports et prélèvements personnels.',
  loyer: 'La quote-part privée du loyer de votre domicile n’apparaît pas en réintégration. Quelle surface est affectée à l’activité ?',
  marge: 'Votre taux de marge brute passe de 64 % à 51 %. Merci d’en indiquer les causes (prix d’achat, pertes, stock, remises).',
  compte455: 'Le compte 455 est débiteur de 8 900 € à la clôture. Merci de préciser sa régularisation.',
  stock: 'Le stock de clôture est identique à celui de l’exercice précédent. Merci de transmettre l’inventaire valorisé.',
  tva: 'Le solde du compte 44571 ne correspond pas à la CA3 de décembre. Merci de fournir le rapprochement de TVA.',
} // prettier-ignore

const e = { organisme: 'estuaire', destinataire: 'cabinet', genre: 'questions_eccv', corps: CORPS } as const

const ESTUAIRE: Row[] = [
  { ...e, cle: '657-q', numero: '657', objet: 'Questions sur votre déclaration 2035', jour: -12, avant: 9,
    questions: [Q.recettes, Q.vehicule, Q.loyer], lus: [['COL14', -11], ['CNS1', -10]],
    reponse: { de: 'COL14', jour: -1, piece: 'rapprochement-tva.pdf', textes: [
      'L’écart correspond à deux factures encaissées en décembre et déclarées sur la CA3 de janvier, jointe.',
      '9 420 km professionnels, véhicule de 5 CV ; le carnet de route est tenu par semaine.',
      '14 m² sur 96, soit 15 % : la réintégration a été oubliée, elle sera portée sur une déclaration rectificative.',
    ] } },
  { ...e, cle: '12-q', numero: '12', objet: 'Questions sur votre déclaration 2035', jour: -34, avant: -2,
    questions: [Q.vehicule, Q.charges], lus: [['COL14', -33]] },
  { ...e, cle: '12-r', numero: '12', genre: 'relance', objet: 'Relance : questions sur votre déclaration 2035', jour: -1,
    corps: 'Sauf erreur de notre part, nous n’avons pas reçu votre réponse à notre courrier. Merci d’y répondre dès que possible.',
    origine: '12-q' },
  { ...e, cle: '45-p', numero: '45', genre: 'demande_pieces', objet: 'Pièces manquantes de la liasse', jour: -6, avant: 15,
    corps: 'Votre liasse nous est bien parvenue. Deux pièces manquent pour la compléter.',
    questions: ['Merci de joindre la balance générale de l’exercice.', Q.stock] },
  { ...e, cle: '58-q', numero: '58', objet: 'Questions sur votre liasse', jour: -28, avant: 3,
    questions: [Q.compte455, Q.tva], lus: [['COL14', -27]],
    reponse: { de: 'COL14', jour: -3, textes: ['Le compte sera régularisé.', 'Le rapprochement est joint.'],
      rejetee: { jour: -2, par: 'COL16', motif: 'Indiquez la date et le mode de régularisation du compte 455, et joignez le rapprochement annoncé.' } } },
  { ...e, cle: '103-q', numero: '103', objet: 'Questions sur votre déclaration 2035', jour: -60, avant: -20,
    questions: [Q.csg, Q.outillage], lus: [['COL14', -58]],
    reponse: { de: 'COL14', jour: -30, piece: 'facture-materiel.pdf', textes: [
      'Oui, la CSG déductible a été omise.',
      'Il s’agit de cinq biens de 468 € chacun, facturés ensemble.',
    ], transmise: { jour: -29, par: 'COL16', corrige: 'Oui : la CSG déductible, soit 1 204 €, a été omise. Une déclaration rectificative suit.' } } },
  { ...e, cle: '118-q', numero: '118', objet: 'Questions sur votre liasse', jour: -9, avant: 12,
    questions: [Q.marge, Q.stock], lus: [['COL7', -8]],
    brouillon: { de: 'COL7', jour: -2, textes: ['La baisse vient des prix d’achat des produits de coloration, en hausse de 18 %.', ''] } },
  { ...e, cle: '204-e', numero: '204', destinataire: 'adherent', genre: 'demande_eps', objet: 'Examen périodique de sincérité', jour: -8, avant: 20,
    corps: 'Votre dossier est retenu pour l’examen périodique de sincérité de cet exercice.',
    questions: ['Merci de déposer le fichier des écritures comptables de l’exercice.'] },
  { ...e, cle: '311-a', numero: '311', destinataire: 'adherent', genre: 'attestation', objet: 'Votre attestation est disponible', jour: -3,
    corps: 'Votre attestation est à votre disposition dans votre espace.' },
  { ...e, cle: '402-q', numero: '402', objet: 'Questions sur votre déclaration 2035', jour: -15, avant: 4,
    questions: [Q.passage], lus: [['COL7', -14], ['COL16', -1]],
    reponse: { de: 'COL7', jour: -2, textes: ['Apports personnels : 1 500 €. Prélèvements : 24 113 €. Le détail par mois suit dans le tableau de passage corrigé.'] } },
  { ...e, cle: '402-c', numero: '402', destinataire: 'adherent', genre: 'crm', objet: 'Compte rendu de mission', jour: -40,
    corps: 'Le compte rendu de mission de votre dernier exercice est à votre disposition.', lus: [['COL7', -38], ['CNS1', -37]] },
  { ...e, cle: '515-i', numero: '515', destinataire: 'adherent', genre: 'information', objet: 'Nouveau barème des frais kilométriques', jour: -70,
    corps: 'Le barème kilométrique applicable à l’exercice est paru.', lus: [['COL7', -69]] },
  { ...e, cle: '688-q', numero: '688', objet: 'Questions sur votre liasse', jour: -2, avant: 26, questions: [Q.marge, Q.tva] },
  { ...e, cle: '657-c', numero: '657', destinataire: 'adherent', genre: 'appel_cotisation', objet: 'Appel de cotisation', jour: -4,
    corps: 'Votre cotisation annuelle est à régler avant la fin du mois.' },
  { ...e, cle: '657-d', numero: '657', destinataire: 'adherent', genre: 'dossier_gestion', objet: 'Votre dossier de gestion', jour: -100,
    corps: 'Votre dossier de gestion est à votre disposition dans votre espace.', lus: [['657', -99], ['COL14', -98]] },
  { ...e, cle: 'cns1-ag', numero: 'CNS1', genre: 'convocation_ag', objet: 'Assemblée générale annuelle', jour: -5,
    corps: 'Les cabinets correspondants sont conviés à l’assemblée générale de l’organisme.' },
  { ...e, cle: 'cns1-f', numero: 'CNS1', genre: 'formation', objet: 'Réunion d’information des cabinets', jour: -16,
    corps: 'Une réunion d’information est proposée aux collaborateurs des cabinets.', lus: [['CNS1', -15]] },
  { ...e, cle: '801-q', numero: '801', objet: 'Questions sur votre déclaration 2035', jour: -4, avant: 17, questions: [Q.charges, Q.csg] },
  { ...e, cle: '802-p', numero: '802', genre: 'demande_pieces', objet: 'Pièces manquantes de la liasse', jour: -27, avant: -6, pieces: true,
    corps: 'Votre liasse nous est parvenue. Pour la compléter, merci de nous faire parvenir les pièces suivantes.',
    questions: ['La balance générale de l’exercice', 'Le tableau des immobilisations et des amortissements'] },
  { ...e, cle: '803-q', numero: '803', objet: 'Questions sur votre déclaration 2035', jour: -62, avant: -9,
    questions: [Q.passage, Q.loyer], lus: [['CNS2', -60]] },
  { ...e, cle: '803-r', numero: '803', genre: 'relance', objet: 'Relance n° 1 : Questions sur votre déclaration 2035', jour: -24,
    corps: 'Sauf erreur de notre part, votre réponse à notre courrier ne nous est pas parvenue. Merci d’y répondre dans votre espace.',
    origine: '803-q', lus: [['CNS2', -23]] },
  { ...e, cle: '802-q', numero: '802', objet: 'Questions sur votre liasse', jour: -40, avant: -12, questions: [Q.tva], lus: [['CNS2', -39]],
    reponse: { de: 'CNS2', jour: -14, textes: ['La CA3 de décembre a été déposée le 20 janvier ; la différence correspond aux encaissements du 31 décembre.'],
      transmise: { jour: -14 } } },
  { ...e, cle: '940-q', numero: '940', destinataire: 'adherent', objet: 'Questions sur votre déclaration 2035', jour: -7, avant: 14,
    questions: [Q.vehicule, Q.csg, Q.passage] },
  { ...e, cle: '940-p', numero: '940', destinataire: 'adherent', genre: 'demande_pieces', objet: 'Pièces de votre adhésion', jour: -45, avant: 6,
    corps: 'Merci de compléter votre dossier d’adhésion.', lus: [['940', -44]],
    questions: ['Merci de joindre votre mandat de télétransmission signé.', 'Merci d’indiquer la date de votre début d’activité libérale.'],
    reponse: { de: '940', jour: -20, textes: ['', 'Le 2 mai de cette année.'], transmise: { jour: -20 } } },
  { ...e, cle: '940-i', numero: '940', destinataire: 'adherent', genre: 'information', objet: 'Bienvenue dans votre espace', jour: -150,
    corps: 'Votre espace vous permet de lire vos courriers, d’y répondre et de transmettre vos pièces.', lus: [['940', -149]] },
] // prettier-ignore

const MIDI: Row[] = [
  { ...e, organisme: 'midi', cle: 'midi-657-q', numero: '657', objet: 'Questions sur votre déclaration 2035', jour: -5, avant: 20, questions: [Q.recettes, Q.loyer] },
] // prettier-ignore

async function insertCourrier(
  seed: Seed,
  row: Row,
  ids: Map<string, string>,
  numbers: Map<string, number>,
): Promise<string> {
  const organismeId = seed.organismes[row.organisme]
  const at = (jour: number, heure = '09:20') => `${seed.day(jour)}T${heure}:00Z`
  const agent = seed.people[`${row.organisme}/agent@${row.organisme}.example`]
  const adherent = seed.adherents[`${row.organisme}/${row.numero}`] ?? null
  const [place] = await seed.sql<{ structure_id: string | null; denomination: string }>(
    adherent === null
      ? `select id as structure_id, nom as denomination from structures where id = $1`
      : `select structure_id, trim(civilite || ' ' || denomination) as denomination from adherents where id = $1`,
    [adherent ?? seed.structures[`${row.organisme}/${row.numero}`]],
  )
  const structure = place!.structure_id
  const next = (prefix: string, jour: number) => {
    const key = `${row.organisme}/${prefix}-${seed.day(jour).slice(0, 4)}`
    numbers.set(key, (numbers.get(key) ?? 0) + 1)
    return `${prefix}-${seed.day(jour).slice(0, 4)}-${String(numbers.get(key)).padStart(6, '0')}`
  }
  const [courrier] = await seed.sql<{ id: string }>(
    `insert into courriers (organisme_id, adherent_id, structure_id, destinataire, genre, objet, corps, a_repondre_avant,
       origine_id, cree_le, cree_par) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
    [organismeId, adherent, structure, row.destinataire, row.genre, row.objet, row.corps,
      row.avant === undefined ? null : seed.day(row.avant), row.origine ? ids.get(row.origine) : null, at(row.jour), agent], // prettier-ignore
  )
  const id = courrier!.id
  const questions: string[] = []
  for (const [i, texte] of (row.questions ?? []).entries()) {
    const [q] = await seed.sql<{ id: string }>(
      `insert into courrier_questions (organisme_id, courrier_id, ordre, texte, nature) values ($1, $2, $3, $4, $5)
       returning id`,
      [organismeId, id, i + 1, texte, row.pieces ? 'piece' : 'question'],
    )
    questions.push(q!.id)
  }
  await seed.sql('update courriers set numero = $2, publie_le = $3, publie_par = $4 where id = $1', [
    id,
    next('C', row.jour),
    at(row.jour),
    agent,
  ])
  await seed.sql(
    `insert into courrier_envois (organisme_id, courrier_id, utilisateur_id, nom, role, qualite, le)
     select $1, $2, u.id, trim(u.prenom || ' ' || u.nom), u.role,
       case when (u.role = 'adherent') = ($3 = 'adherent') then 'destinataire' else 'copie' end, $4
     from utilisateurs u where u.organisme_id = $1 and (u.adherent_id = $5 or (u.structure_id = $6 and (u.role = 'cabinet'
       or exists (select from affectations f where f.utilisateur_id = u.id and f.adherent_id = $5 and f.jusqu_a is null))))`,
    [organismeId, id, row.destinataire, at(row.jour), adherent, structure],
  )
  for (const [login, jour] of row.lus ?? []) {
    await seed.sql(
      `insert into courrier_lectures (organisme_id, courrier_id, utilisateur_id, nom, role, premiere_le)
       select organisme_id, $2, id, trim(prenom || ' ' || nom), role, $3 from utilisateurs where id = $1`,
      [seed.people[`${row.organisme}/${login}`] ?? null, id, at(jour, '14:35')],
    )
  }
  if (row.reponse)
    await insertReponse(seed, { row, id, adherent, structure, questions, dossier: place!.denomination }, next)
  if (row.brouillon) await insertBrouillon(seed, row, id, structure, questions)
  return id
}

interface Written {
  row: Row
  id: string
  adherent: string | null
  structure: string | null
  questions: string[]
  dossier: string
}

async function insertReponse(
  seed: Seed,
  { row, id, adherent, structure, questions, dossier }: Written,
  next: (prefix: string, jour: number) => string,
): Promise<void> {
  const answer = row.reponse!
  const organismeId = seed.organismes[row.organisme]
  const at = (jour: number, heure: string) => `${seed.day(jour)}T${heure}:00Z`
  const author = await person(seed, row.organisme, answer.de)
  const own = answer.de === row.numero ? null : structure
  const [reponse] = await seed.sql<{ id: string }>(
    `insert into reponses (organisme_id, courrier_id, adherent_id, structure_id, dossier, auteur_id, auteur_nom, soumise_le)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      organismeId,
      id,
      adherent,
      own,
      `${dossier} (n° ${row.numero})`,
      author.id,
      author.nom,
      at(answer.jour, '10:12'),
    ],
  )
  const reponseId = reponse!.id
  for (const [i, texte] of answer.textes.entries()) {
    if (texte === '') continue
    const corrige = i === 0 ? (answer.transmise?.corrige ?? null) : null
    await seed.sql(
      `insert into reponse_lignes (organisme_id, reponse_id, question_id, texte, texte_corrige) values ($1, $2, $3, $4, $5)`,
      [organismeId, reponseId, questions[i], texte, corrige],
    )
  }
  if (answer.piece) {
    const fichier = await seed.file({
      organisme: row.organisme, nom: answer.piece, mime: 'application/pdf', bytes: await pdf(answer.piece),
      deposePar: author.id, deposeLe: seed.day(answer.jour),
    }) // prettier-ignore
    await seed.sql(
      'insert into reponse_fichiers (organisme_id, reponse_id, question_id, fichier_id, ordre) values ($1, $2, $3, $4, 1)',
      [organismeId, reponseId, questions[answer.textes.length - 1], fichier],
    )
  }
  if (answer.transmise) {
    const { jour, par, corrige } = answer.transmise
    const by = par === undefined ? null : await person(seed, row.organisme, par)
    const le = at(jour, '16:48')
    await seed.sql(
      `update reponses set numero = $2, transmise_le = $3, valide_par = $4, valide_nom = $5, corrigee_le = $6 where id = $1`,
      [reponseId, next('R', jour), le, by?.id ?? null, by?.nom ?? '', corrige === undefined ? null : le],
    )
  }
  if (answer.rejetee) {
    const by = await person(seed, row.organisme, answer.rejetee.par)
    await seed.sql(
      `update reponses set rejetee_le = $2, valide_par = $3, valide_nom = $4, motif = $5 where id = $1`,
      [reponseId, at(answer.rejetee.jour, '17:05'), by.id, by.nom, answer.rejetee.motif],
    )
    const brouillon = { de: answer.de, jour: answer.rejetee.jour, textes: answer.textes }
    await insertBrouillon(seed, { ...row, brouillon }, id, structure, questions, reponseId)
  }
}

async function insertBrouillon(
  seed: Seed,
  row: Row,
  id: string,
  structure: string | null,
  questions: string[],
  precedente: string | null = null,
): Promise<void> {
  const { de, jour, textes } = row.brouillon!
  const author = await person(seed, row.organisme, de)
  const typed = Object.fromEntries(questions.map((q, i) => [q, textes[i] ?? '']))
  await seed.sql(
    `insert into brouillons (organisme_id, courrier_id, structure_id, textes, cree_le, cree_par, modifie_le, modifie_par,
       modifie_nom, precedente_id) values ($1, $2, $3, $4, $5, $6, $5, $6, $7, $8)`,
    [
      seed.organismes[row.organisme],
      id,
      structure,
      typed,
      `${seed.day(jour)}T17:05:00Z`,
      author.id,
      author.nom,
      precedente,
    ],
  )
}

async function person(seed: Seed, organisme: string, login: string): Promise<{ id: string; nom: string }> {
  const [row] = await seed.sql<{ id: string; nom: string }>(
    `select id, trim(prenom || ' ' || nom) as nom from utilisateurs where id = $1`,
    [seed.people[`${organisme}/${login}`]],
  )
  if (!row) throw new Error(`nobody ${organisme}/${login} in the demo world`)
  return row
}

async function pdf(title: string): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', margin: 72 })
  doc.fontSize(16).text(title).moveDown().fontSize(11).text('Pièce jointe à la réponse.')
  doc.end()
  return Buffer.concat((await doc.toArray()) as Buffer[])
}
