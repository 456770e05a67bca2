import type { Adherent } from './adherents.ts'
import type { Row } from './bulk.ts'
import type { World } from './load.ts'
import { commune, pick, street } from './names.ts'
import type { Organisme } from './organismes.ts'

const GENRES = ['liasse', 'balance', 'fec', 'pieces', 'autre']

/** What adhérents have sent (four in ten), and the changes of coordinates that they asked for (one in twenty). */
export async function insertEnvois(
  world: World,
  organisme: Organisme,
  adherents: readonly Adherent[],
): Promise<void> {
  const { random } = world
  const [transferts, fichiers, liens, modifications]: [Row[], Row[], Row[], Row[]] = [[], [], [], []]
  for (const adherent of adherents) {
    if (random() < 0.4) {
      const [id, fichierId] = [world.id(), world.id()]
      const sent = world.day(-1 - Math.floor(random() * 300))
      const annee = Number(sent.slice(0, 4))
      const taken = random() < 0.9
      const file = world.files.add(organisme.id, fichierId, 'transfert')
      transferts.push({
        organisme_id: organisme.id, id, annee, numero: organisme.numbers.next('transferts', annee), adherent_id: adherent.id,
        genre: pick(random, GENRES), message: '', depose_par: adherent.utilisateurId, depose_le: `${sent}T09:42:00Z`,
        pris_en_compte_le: taken ? world.day(0) : null, decide_par: taken ? organisme.agent : null, motif: '',
      }) // prettier-ignore
      fichiers.push({
        organisme_id: organisme.id, id: fichierId, cle: file.key, nom: 'piece.pdf', mime: 'application/pdf', taille: file.bytes,
        sha256: file.sha256, antivirus: 'sain', depose_par: adherent.utilisateurId, depose_le: sent,
      }) // prettier-ignore
      liens.push({
        organisme_id: organisme.id,
        id: world.id(),
        transfert_id: id,
        fichier_id: fichierId,
        ordre: 1,
      })
    }
    if (random() < 0.05) modifications.push(modification(world, organisme, adherent))
  }
  if (transferts.length > 0) {
    await world.write.insert('transferts', transferts)
    await world.write.insert('fichiers', fichiers)
    await world.write.insert('transferts_fichiers', liens)
  }
  if (modifications.length > 0) await world.write.insert('modifications', modifications)
}

/** One in ten still waits for the staff. */
function modification(world: World, organisme: Organisme, adherent: Adherent): Row {
  const { random } = world
  const { codePostal, ville } = commune(random)
  const closed = random() < 0.9
  const asked = 20 + Math.floor(random() * 300)
  return {
    organisme_id: organisme.id, id: world.id(), adherent_id: adherent.id, zone: 'adresse-personnelle',
    avant: [street(random), `${codePostal} ${ville}`], apres: [street(random), `${codePostal} ${ville}`],
    demande_le: world.day(-asked), demande_par: adherent.utilisateurId, close_le: closed ? world.day(3 - asked) : null,
    close_par: closed ? organisme.agent : null, issue: closed ? 'acceptee' : null, motif: '',
  } // prettier-ignore
}
