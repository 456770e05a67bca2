import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { controler } from '../src/modules/fec/controle/controle.ts'
import type { Attendu } from '../src/modules/fec/controle/rapport.ts'
import { bilanDe } from '../src/modules/fec/queries.ts'
import type { Seed } from './demo.ts'

/** The report of an accounting file of the demo, made by the real check. */
export async function seedControleFec(
  seed: Seed,
  file: {
    organisme: string
    numero: string
    transfertId: string
    lienId: string
    jour: string
    nom: string
    bytes: Buffer
  },
): Promise<void> {
  const adherentId = seed.adherents[`${file.organisme}/${file.numero}`]!
  const [adherent] = await seed.sql<{ siret: string; categorie: Attendu['categorie'] }>(
    'select siret, categorie from adherents where id = $1',
    [adherentId],
  )
  const folder = await mkdtemp(join(tmpdir(), 'parvis-fec-'))
  const chemin = join(folder, 'fec')
  await writeFile(chemin, file.bytes)
  const attendu: Attendu = {
    siren: adherent!.siret.slice(0, 9),
    categorie: adherent!.categorie,
    exercices: [],
  }
  const rapport = controler(chemin, file.nom, attendu)
  await rm(folder, { recursive: true })
  const { conforme, erreurs, alertes, qualites } = bilanDe(rapport)
  await seed.sql(
    `insert into fec_controles (organisme_id, transfert_fichier_id, transfert_id, adherent_id, nom, taille, etat, lus,
       demande_le, fini_le, conforme, erreurs, alertes, qualites, rapport)
     values ($1, $2, $3, $4, $5, $6, 'fait', $6, $7::date + time '09:42', $7::date + time '09:42', $8, $9, $10, $11, $12)`,
    [seed.organismes[file.organisme], file.lienId, file.transfertId, adherentId, file.nom, file.bytes.length,
      file.jour, conforme, erreurs, alertes, qualites, JSON.stringify(rapport)], // prettier-ignore
  )
}
