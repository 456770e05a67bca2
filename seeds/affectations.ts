import type { Seed } from './demo.ts'

/** What somebody who has left since had in hand: the history of a dossier has more than one name. */
export async function seedAffectations(seed: Seed): Promise<void> {
  for (const numero of ['657', '12', '402']) {
    await seed.sql(
      `insert into affectations (organisme_id, adherent_id, utilisateur_id, depuis, jusqu_a, affecte_par, retire_par)
       values ($1, $2, $3, $4, $5, $6, $6)`,
      [
        seed.organismes.estuaire,
        seed.adherents[`estuaire/${numero}`],
        seed.people['estuaire/COL4'],
        seed.day(-1190),
        seed.day(-731),
        seed.people['estuaire/CNS1'],
      ],
    )
  }
}
