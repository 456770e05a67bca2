import type { Seed } from './demo.ts'

/** Who answers for each portal of the demo; it is hosted by whoever tries it. */
export async function seedMentions(seed: Seed): Promise<void> {
  const directeurs: Record<string, string> = {
    estuaire: 'Gaspard Thévenin, directeur',
    midi: 'Apolline Rastouil, présidente',
    sillage: 'Enora Trividic, gérante',
  }
  for (const [organisme, directeurPublication] of Object.entries(directeurs)) {
    await seed.sql('update plateforme.organismes set reglages = reglages || $2::jsonb where id = $1', [
      seed.organismes[organisme],
      {
        directeurPublication,
        hebergeur: ['Portail de démonstration, hébergé sur l’ordinateur de la personne qui l’essaie.'],
      },
    ])
  }
}
