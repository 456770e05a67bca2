import type { Seed } from './demo.ts'

type Row = [
  organisme: string, genre: string, role: string, raisonSociale: string, numero: string, nom: string, prenom: string,
  courriel: string, message: string, day: number,
] // prettier-ignore

const ROWS: Row[] = [
  // The adhérent 103 has no account; the address is the one of her fiche.
  ['estuaire', 'identifiants-perdus', '', '', '103', 'Hautefeuille', 'Clarisse', 'adherent103@estuaire-adherents.example', '', -3],
  // A collaborateur who writes from an address that nobody knows.
  ['estuaire', 'nouveau-compte', 'collaborateur', 'Cabinet Vauquelin & Associés', 'CNS1', 'Lagrevol', 'Armel', 'armel.lagrevol@messagerie.example',
    'Je n’ai plus accès à ma messagerie du cabinet, pouvez-vous m’envoyer un lien ici\u00a0?', -1],
  ['midi', 'identifiants-perdus', '', '', '12', 'Tourrel', 'Magali', 'magali.tourrel@messagerie.example', '', -2],
  ['sillage', 'nouveau-compte', 'collaborateur', 'Ville de Rocheval', '99055000', 'Le Bihan', 'Yann', 'y.lebihan@rocheval.example', 'Nouvel agent du service des finances.', -4],
] // prettier-ignore

/** Requests of visitors that wait: two at the Estuaire, one at the Midi, one at the éditeur. */
export async function seedDemandesDeCompte(seed: Seed): Promise<void> {
  for (const [organisme, genre, role, raisonSociale, numero, nom, prenom, courriel, message, day] of ROWS) {
    await seed.sql(
      `insert into demandes_de_compte (organisme_id, genre, role_souhaite, raison_sociale, numero, nom, prenom, courriel,
         message, demande_le)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::date + time '17:25')`,
      [
        seed.organismes[organisme],
        genre,
        role,
        raisonSociale,
        numero,
        nom,
        prenom,
        courriel,
        message,
        seed.day(day),
      ],
    )
  }
}
