import { beforeAll, describe, expect, test } from 'vitest'
import { echeances } from '../../../src/modules/clotures/echeances.ts'
import { sql } from '../../../src/kernel/sql.ts'
import { readRegles } from '../../../src/modules/clotures/queries.ts'
import { rattraper } from '../../../src/modules/suivi/queries.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
const agent = 'agent@estuaire.example'
beforeAll(async () => {
  portal = await startPortal()
})

interface Row {
  id: string
  situation: string
  attente: string
  liasse_avant: string | null
  controle_avant: string | null
  compte_rendu_avant: string | null
  dossier_gestion_avant: string | null
  echeance: string | null
  reponse_avant: string | null
  documents_non_lus: number
  courriers_non_lus: number
}

async function look(): Promise<void> {
  await portal.as('estuaire', agent, (db) => rattraper(db))
}

async function lastYear(numero: string): Promise<Row> {
  await look()
  const { rows } = await portal.owner.query<Row>(
    `select d.id, d.situation, d.attente, d.liasse_avant::text, d.controle_avant::text, d.compte_rendu_avant::text,
       d.dossier_gestion_avant::text, d.echeance::text, d.reponse_avant::text, d.documents_non_lus, d.courriers_non_lus
     from suivi_dossiers d join adherents a on a.id = d.adherent_id join plateforme.organismes o on o.id = a.organisme_id
     where o.code = 'estuaire' and a.numero = $1 and d.fin < current_date order by d.fin desc limit 1`,
    [numero],
  )
  return rows[0]!
}

async function set(id: string, columns: string): Promise<void> {
  await portal.owner.query(`update clotures set ${columns} where id = $1`, [id])
}

describe('a dossier stands at the first thing that keeps it from being over, and somebody has it', () => {
  const CASES: [columns: string, situation: string, attente: string][] = [
    [`reception = 'attendue', recue_le = null, eccv = 'a_faire'`, 'liasse_attendue', 'cabinet'],
    [`reception = 'relancee_2'`, 'liasse_relancee', 'cabinet'],
    [`reception = 'mise_en_demeure'`, 'mise_en_demeure', 'cabinet'],
    [`reception = 'incomplete', recue_le = '2026-05-12'`, 'pieces_manquantes', 'cabinet'],
    [`reception = 'complete'`, 'controle_a_faire', 'organisme'],
    [`eccv = 'en_cours'`, 'controle_en_cours', 'organisme'],
    [`eccv = 'questions_posees'`, 'questions_posees', 'cabinet'],
    [`eccv = 'reponse_a_valider'`, 'reponse_a_valider', 'cabinet'],
    [`eccv = 'reponse_recue'`, 'reponse_recue', 'organisme'],
    [
      `eccv = 'termine_sans_anomalie', eps = 'fichier_demande', controle_le = '2026-09-03'`,
      'eps_en_cours',
      'cabinet',
    ],
    [`eps = 'fichier_recu'`, 'eps_en_cours', 'organisme'],
    [`eps = 'termine', crm = 'en_attente'`, 'compte_rendu_a_rediger', 'organisme'],
    [`crm = 'signe'`, 'compte_rendu_a_envoyer', 'organisme'],
    [`crm = 'envoye_adherent', attestation = 'a_emettre'`, 'attestation_a_emettre', 'organisme'],
    [`attestation = 'emise', dossier_gestion = 'commente'`, 'dossier_gestion_a_publier', 'organisme'],
    [`dossier_gestion = 'publie'`, 'termine', 'personne'],
    [`reception = 'sans_objet'`, 'sans_objet', 'personne'],
  ]

  test('every situation is reached, in the order of the works', async () => {
    const { id } = await lastYear('802')
    await portal.owner.query(
      `update courriers set clos_le = now() where adherent_id = (select adherent_id from clotures where id = $1)`,
      [id],
    )
    for (const [columns, situation, attente] of CASES) {
      await set(id, columns)
      const row = await lastYear('802')
      expect([columns, row.situation, row.attente]).toEqual([columns, situation, attente])
    }
  })

  test('a courrier that waits for an answer holds the dossier of the side that must answer; the answer gives it back', async () => {
    const { id } = await lastYear('515')
    await set(id, `reception = 'complete', eccv = 'en_cours', crm = 'en_attente'`)
    expect((await lastYear('515')).situation).toBe('controle_en_cours')
    const { rows } = await portal.owner.query<{ id: string }>(
      `insert into courriers (organisme_id, adherent_id, structure_id, destinataire, genre, objet, a_repondre_avant)
       select organisme_id, id, structure_id, 'adherent', 'demande_pieces', 'Pièces', current_date + 10
       from adherents where numero = '515' and organisme_id = (select organisme_id from clotures where id = $1) returning id`,
      [id],
    )
    expect((await lastYear('515')).situation, 'not before it is published').toBe('controle_en_cours')
    await portal.owner.query(`update courriers set numero = 'C-T-1', publie_le = now() where id = $1`, [
      rows[0]!.id,
    ])
    expect(await lastYear('515')).toMatchObject({ situation: 'questions_posees', attente: 'adherent' })
    await portal.owner.query(`update courriers set repondu_le = now() where id = $1`, [rows[0]!.id])
    expect(await lastYear('515')).toMatchObject({ situation: 'reponse_recue', attente: 'organisme' })
    await portal.owner.query(`update courriers set clos_le = now() where id = $1`, [rows[0]!.id])
    expect((await lastYear('515')).situation).toBe('controle_en_cours')
  })
})

describe('the limits are those of the law as the code has it', () => {
  const DATES: [fin: string, recue: string | null, eps: string, controle: string | null][] = [
    ['2023-12-31', '2024-05-14', 'non_selectionne', null],
    ['2024-06-30', '2024-12-31', 'non_selectionne', null],
    ['2023-09-30', '2024-06-10', 'selectionne', null],
    ['2024-12-31', '2025-08-31', 'termine', '2025-12-31'],
    ['2025-12-31', null, 'non_selectionne', null],
    ['2026-12-31', null, 'non_selectionne', null],
    ['2027-03-31', null, 'non_selectionne', null],
    ['2031-12-31', null, 'non_selectionne', null],
  ]

  test.each(['as it is', 'with dated parameters'])('a table of cases, %s', async (how) => {
    if (how !== 'as it is') {
      await portal.owner.query(
        `insert into parametres_legaux (organisme_id, depuis, valeurs) select id, d::date, v::jsonb
         from plateforme.organismes, (values ('2024-06-01', '{"eccvMoisSiEps": 10, "dgMois": 3}'),
           ('2025-10-01', '{"crmApresMois": 1, "depotJoursTdfc": 20}')) p (d, v) where code = 'estuaire'`,
      )
    }
    const { id } = await lastYear('12')
    // Out of the way of the years of the cases.
    await portal.owner.query(
      `update clotures set debut = debut - 7300, fin = fin - 7300 where id <> $1 and fin > '2010-01-01'
         and adherent_id = (select adherent_id from clotures where id = $1)`,
      [id],
    )
    const regles = await portal.as('estuaire', agent, (db) => readRegles(db))
    for (const [fin, recue, eps, controle] of DATES) {
      const over = controle !== null
      await portal.owner.query(
        `update clotures set debut = ($2::date - 300), fin = $2, reception = $3, recue_le = $4, eps = $5, controle_le = $6,
           eccv = $7, crm = 'en_attente', dossier_gestion = 'a_faire' where id = $1`,
        [
          id,
          fin,
          recue === null ? 'attendue' : 'complete',
          recue,
          eps,
          controle,
          over ? 'termine_sans_anomalie' : 'en_cours',
        ],
      )
      await look()
      const { rows } = await portal.owner.query<Row>(
        `select liasse_avant::text, controle_avant::text, compte_rendu_avant::text, dossier_gestion_avant::text,
           echeance::text from suivi_dossiers where id = $1`,
        [id],
      )
      const law = echeances(
        { fin, recueLe: recue, eps: eps !== 'non_selectionne', controleLe: controle },
        regles.parametres,
      )
      const wanted = {
        liasse_avant: recue === null ? law.liasse : null,
        controle_avant: over ? null : law.controle,
        compte_rendu_avant: law.compteRendu,
        dossier_gestion_avant: law.dossierGestion,
      }
      const dates = Object.values(wanted).filter((date): date is string => date !== null)
      expect([fin, rows[0]]).toEqual([fin, { ...wanted, echeance: dates.sort()[0] }])
    }
  })
})

const reconcile = () =>
  portal.as('estuaire', agent, async (db) => {
    return (await db.one<{ n: number }>(sql`select corriges as n from app.suivi_reconcilier(null, 1000)`)).n
  })

describe('nothing that is counted drifts', () => {
  test('first readings, publications, moves of cabinet and new delays are seen at the next look', async () => {
    const before = await lastYear('657')
    const solene = await portal.login('estuaire', '657')
    const { rows } = await portal.owner.query<{ id: string }>(
      `select d.id from documents d where d.cloture_id = $1 and d.publie_le is not null
         and not exists (select from lectures l where l.document_id = d.id) limit 1`,
      [before.id],
    )
    expect((await solene.get(`/documents/${rows[0]!.id}`)).status).toBe(200)
    const read = await lastYear('657')
    expect(read.documents_non_lus).toBe(before.documents_non_lus - 1)
    await portal.owner.query(`update documents set retire_le = now() where id = $1`, [rows[0]!.id])
    expect((await lastYear('657')).documents_non_lus).toBe(read.documents_non_lus)
    await portal.owner.query(
      `update adherents set structure_id = null where id = (select adherent_id from clotures where id = $1)`,
      [before.id],
    )
    await look()
    const { rows: moved } = await portal.owner.query(
      'select structure_id from suivi_dossiers where id = $1',
      [before.id],
    )
    expect(moved).toEqual([{ structure_id: null }])
  })

  test('the reconciliation finds nothing to correct after all that, and corrects what was spoilt by hand', async () => {
    await look()
    const reconcile = () =>
      portal.as('estuaire', agent, async (db) => {
        return (await db.one<{ n: number }>(sql`select corriges as n from app.suivi_reconcilier(null, 1000)`))
          .n
      })
    expect(await reconcile()).toBe(0)
    await portal.owner.query(`update suivi_dossiers set situation = 'termine', courriers_non_lus = 99
      where id in (select id from suivi_dossiers where situation <> 'termine' and organisme_id =
        (select id from plateforme.organismes where code = 'estuaire') limit 3)`)
    expect(await reconcile()).toBe(3)
    expect(await reconcile()).toBe(0)
  })

  test('a limit of today is not passed, that of yesterday is', async () => {
    const maud = await portal.login('estuaire', agent)
    const { id } = await lastYear('204')
    const late = async () =>
      (await maud.get('/gestion/suivi/dossiers?exercice=2025&retard=controle')).text.includes(`value="${id}"`)
    for (const [days, wanted] of [
      [0, false],
      [-1, true],
    ] as const) {
      // Six months after the reception, the day of the page.
      await portal.owner.query(
        `update clotures set debut = '2025-01-01', fin = '2025-12-31', reception = 'complete', eccv = 'en_cours',
           eps = 'non_selectionne', recue_le = (now() at time zone 'Europe/Paris')::date + $2::int - 184 where id = $1`,
        [id, days],
      )
      await look()
      await portal.owner.query(
        `update suivi_dossiers set controle_avant = (now() at time zone 'Europe/Paris')::date + $2::int where id = $1`,
        [id, days],
      )
      expect([days, await late()]).toEqual([days, wanted])
    }
    await portal.owner.query(`update clotures set eccv = eccv where id = $1`, [id])
  })

  test('ten who act and three who look at once leave nothing to correct', async () => {
    const { rows: years } = await portal.owner.query<{ id: string; adherent_id: string }>(
      `select c.id, c.adherent_id from clotures c join plateforme.organismes o on o.id = c.organisme_id
       where o.code = 'estuaire' and c.fin = '2025-12-31' order by c.id`,
    )
    const letters = await portal.owner.query<{ id: string }>(
      `select k.id from courriers k join plateforme.organismes o on o.id = k.organisme_id
       where o.code = 'estuaire' and k.publie_le is not null and k.adherent_id is not null order by k.id`,
    )
    const acting = Array.from({ length: 10 }, async (_, who) => {
      for (let i = 0; i < 6; i++) {
        const year = years[(who * 3 + i) % years.length]!
        const letter = letters.rows[(who * 5 + i) % letters.rows.length]!
        await portal.as('estuaire', agent, (db) =>
          db.run(
            sql`update clotures set eccv = ${i % 2 ? 'en_cours' : 'reponse_recue'} where id = ${year.id}`,
          ),
        )
        await portal.as('estuaire', agent, (db) =>
          db.run(sql`update courriers set archive_cabinet_le = now() where id = ${letter.id}`),
        )
      }
    })
    const looking = Array.from({ length: 3 }, async () => {
      for (let i = 0; i < 12; i++) await look()
    })
    await Promise.all([...acting, ...looking])
    while ((await portal.as('estuaire', agent, (db) => rattraper(db))) > 0);
    expect(await reconcile()).toBe(0)
  })

  test('neither a member nor another organisme reads it, and the web process cannot write it', async () => {
    const count = sql`select count(*)::int as n from suivi_dossiers`
    for (const login of ['657', 'CNS1', 'COL14']) {
      expect(await portal.as('estuaire', login, (db) => db.one(count))).toEqual({ n: 0 })
      await portal.as('estuaire', login, (db) => rattraper(db))
    }
    const changed = await portal.as('estuaire', agent, (db) =>
      db.run(sql`update suivi_dossiers set situation = 'termine'`),
    )
    expect(changed).toBe(0)
  })
})
