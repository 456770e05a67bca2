import { comptesOf } from '../amounts.ts'
import { spread } from '../random.ts'
import type { Adherent } from './adherents.ts'
import type { Row } from './bulk.ts'
import type { World } from './load.ts'
import type { Organisme } from './organismes.ts'

/** How each paper is called, numbered, dated after the end of its year, and seen on its track of the clôture. */
const PAPERS = [
  { genre: 'attestation', prefix: '', titre: 'Attestation d’adhésion', after: '-05-24', track: 'attestation', states: ['emise', 'consultee'] },
  { genre: 'dossier_gestion', prefix: 'DG-', titre: 'Dossier de gestion', after: '-07-02', track: 'dossier_gestion', states: ['publie', 'consulte'] },
  { genre: 'compte_rendu', prefix: 'CR-', titre: 'Compte rendu de mission', after: '-09-16', track: 'crm', states: ['envoye_adherent', 'envoye_adherent'] },
] as const // prettier-ignore

interface Rows {
  clotures: Row[]
  fichiers: Row[]
  documents: Row[]
  lectures: Row[]
}

/** Three closed exercices (two for who joined late) and the running one, with their papers and who has read them. */
export async function insertYears(
  world: World,
  organisme: Organisme,
  adherents: readonly Adherent[],
): Promise<void> {
  const rows: Rows = { clotures: [], fichiers: [], documents: [], lectures: [] }
  for (const adherent of adherents) {
    const size = spread(world.random, 0.35)
    for (let year = Math.max(world.year - 3, adherent.joined); year <= world.year; year++) {
      addYear(world, organisme, adherent, year, size * 1.01 ** (year - world.year), rows)
    }
  }
  for (const table of ['clotures', 'fichiers', 'documents', 'lectures'] as const) {
    if (rows[table].length > 0) await world.write.insert(table, rows[table])
  }
}

function addYear(
  world: World,
  organisme: Organisme,
  adherent: Adherent,
  year: number,
  trend: number,
  rows: Rows,
): void {
  const { random } = world
  const received = `${year + 1}-05-${String(2 + Math.floor(random() * 20)).padStart(2, '0')}`
  // Older years are done; of the last one, three in ten wait for something.
  const done = received <= world.day(-1) && (year < world.year - 1 || random() < 0.7)
  const cloture: Row = {
    organisme_id: organisme.id, id: world.id(), adherent_id: adherent.id, debut: `${year}-01-01`, fin: `${year}-12-31`,
    reception: done ? 'complete' : 'attendue', attestation: 'a_emettre', eccv: done ? 'termine_sans_anomalie' : 'a_faire',
    eps: 'non_selectionne', crm: 'en_attente', dossier_gestion: 'a_faire', recue_le: done ? received : null,
    controle_le: done ? lesser(`${year + 1}-08-20`, world.day(-1)) : null, cotisation_reglee_le: done ? received : null,
    comptes: year < world.year ? comptesOf(adherent.profession, random, trend * spread(random, 0.04)) : null,
  } // prettier-ignore
  rows.clotures.push(cloture)
  if (!done) return
  for (const paper of PAPERS) {
    const day = lesser(`${year + 1}${paper.after}`, world.day(-2))
    const read = random() < 0.6
    cloture[paper.track] = paper.states[read ? 1 : 0]
    const annee = Number(day.slice(0, 4))
    const numero = `${paper.prefix}${annee}-${String(organisme.numbers.next(paper.genre, annee)).padStart(6, '0')}`
    const [documentId, fichierId] = [world.id(), world.id()]
    const file = world.files.add(organisme.id, fichierId, paper.genre)
    rows.fichiers.push({
      organisme_id: organisme.id, id: fichierId, cle: file.key, nom: `${paper.genre}-${year}.pdf`, mime: 'application/pdf',
      taille: file.bytes, sha256: file.sha256, antivirus: 'sans_objet', depose_par: organisme.agent, depose_le: day,
    }) // prettier-ignore
    rows.documents.push({
      organisme_id: organisme.id, id: documentId, adherent_id: adherent.id, cloture_id: cloture.id, genre: paper.genre,
      titre: `${paper.titre} – exercice ${year}`, numero, fichier_id: fichierId, origine: 'genere', emis_le: `${day}T09:30:00Z`,
      emis_par: organisme.agent, publie_le: `${day}T09:30:00Z`, publie_par: organisme.agent, retire_motif: '',
    }) // prettier-ignore
    if (read) {
      rows.lectures.push({
        organisme_id: organisme.id, id: world.id(), document_id: documentId, utilisateur_id: adherent.utilisateurId,
        premiere_le: world.day(-1),
      }) // prettier-ignore
    }
  }
}

function lesser(a: string, b: string): string {
  return a < b ? a : b
}
