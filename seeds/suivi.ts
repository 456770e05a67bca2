import type { Seed } from './demo.ts'
import { type Year, seedPaper } from './papiers.ts'

/**
 * What makes the board of the Estuaire a campaign: two liasses that nobody sent, papers at different points, the history
 * that led there, filters that the staff has kept, and a change that was made to several dossiers at once.
 */
export async function seedSuivi(seed: Seed): Promise<void> {
  const organisme = seed.organismes.estuaire
  const fin = `${seed.year - 1}-12-31`
  const agent = seed.people['estuaire/agent@estuaire.example']
  for (const [numero, reception] of [
    ['702', 'mise_en_demeure'],
    ['803', 'relancee_1'],
  ] as const) {
    await seed.sql(
      `update clotures set reception = $3, eccv = 'a_faire', recue_le = null, controle_le = null, controles = null
       where adherent_id = $1 and fin = $2`,
      [seed.adherents[`estuaire/${numero}`], fin, reception],
    )
  }
  const years = await seed.sql<Year>(
    `select c.id, a.numero, c.fin::text as fin, c.eccv from clotures c
     join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
     where c.organisme_id = $1 and c.fin = $2 and c.recue_le is not null order by a.numero`,
    [organisme, fin],
  )
  const of = (numero: string) => years.find((year) => year.numero === numero)
  for (const numero of ['118', '311', '402', '515', '802']) {
    const year = of(numero)
    if (year) await seedPaper(seed, 'estuaire', year, 'dossier_gestion', '-07-08')
  }
  for (const numero of ['311', '402', '802']) {
    const year = of(numero)
    if (year) await seedPaper(seed, 'estuaire', year, 'compte_rendu', '-10-13')
  }
  await seedHistory(seed, fin, agent)
  await seed.sql(
    `insert into suivi_filtres (organisme_id, utilisateur_id, nom, requete, partage_le)
     values ($1, $2, 'Questions sans réponse en retard', $3, $5), ($1, $2, 'À examiner cette semaine', $4, null)`,
    [organisme, agent, 'etape=questions&retard=oui', 'etape=reponses', seed.day(-20)],
  )
  await seed.sql(
    `insert into lots_etapes (organisme_id, exercice, piste, vers, clotures, cree_le, cree_par, applique_le, nombre, motif)
     values ($1, $2, 'reception', 'relancee_1', '{}', $3, $4, $3, 2, 'Relance de la campagne.')`,
    [organisme, seed.year - 1, `${seed.day(-120)}T10:00:00Z`, agent],
  )
}

/** Each track of the year as it was moved, by whom and when. */
async function seedHistory(seed: Seed, fin: string, agent: string | undefined): Promise<void> {
  await seed.sql(
    `insert into cloture_mouvements (organisme_id, cloture_id, piste, de, vers, le, utilisateur_id, motif, effet)
     select c.organisme_id, c.id, m.piste, m.de, m.vers, m.le, $2, m.motif, m.effet
     from clotures c
     cross join lateral (values
       ('reception', 'attendue', 'relancee_1', (c.fin + 190)::timestamptz + interval '9 hours', 'Relance de la campagne.',
         null::date, c.reception in ('relancee_1', 'mise_en_demeure')),
       ('reception', 'relancee_1', 'relancee_2', (c.fin + 220)::timestamptz + interval '9 hours', '', null,
         c.reception = 'mise_en_demeure'),
       ('reception', 'relancee_2', 'mise_en_demeure', (c.fin + 260)::timestamptz + interval '9 hours', '', null,
         c.reception = 'mise_en_demeure'),
       ('reception', 'attendue', 'recue', c.recue_le::timestamptz + interval '14 hours', '', c.recue_le,
         c.recue_le is not null),
       ('reception', 'recue', 'complete', c.recue_le::timestamptz + interval '15 hours', '', null, c.reception = 'complete'),
       ('reception', 'recue', 'incomplete', c.recue_le::timestamptz + interval '15 hours', 'La balance manque.', null,
         c.reception = 'incomplete'),
       ('eccv', 'a_faire', 'en_cours', (c.recue_le + 30)::timestamptz + interval '8 hours', '', null, c.eccv <> 'a_faire'),
       ('eccv', 'en_cours', c.eccv, c.controle_le::timestamptz + interval '16 hours', '', c.controle_le,
         c.eccv like 'termine%' and c.controle_le is not null)
     ) as m (piste, de, vers, le, motif, effet, vrai)
     where c.organisme_id = $1 and c.fin = $3 and m.vrai and m.le is not null and m.le < now()
       and not exists (select from cloture_mouvements x where x.cloture_id = c.id and x.piste = m.piste and x.vers = m.vers)`,
    [seed.organismes.estuaire, agent, fin],
  )
}
