import { beforeAll, describe, expect, test } from 'vitest'
import type { Context, Db } from '../../src/kernel/db.ts'
import { type Sql, sql } from '../../src/kernel/sql.ts'
import { type TestDatabase, contextOf, createTestDatabase } from '../support/database.ts'
import { everything } from '../support/everything.ts'

/*
 * Functions that run with the owner's rights see past every policy. Each that the web process may call is here: either
 * open to whoever asks, and why, or called by those whom it must give nothing.
 */

/** No argument: only the context, which the kernel sets, says of whom. */
const CONTEXT_ONLY = [
  'adherents_visibles', 'espaces_fermes', 'mes_professions', 'modules_actifs', 'mon_cabinet', 'portefeuille',
  'prochain_code_collaborateur', 'reglages', 'structure_du_client', 'titulaire_supplee',
] // prettier-ignore

const OPEN: Record<string, string> = {
  ajouter_courriel: 'writes into the organisme of the context only; every role may cause a mail',
  ajouter_courriels: 'the same, for many',
  ajouter_tache: 'the job carries the organisme of the context, whatever its payload says (below)',
  compte: 'log-in: there is no context yet',
  comptes_ouverts: 'log-in: a yes or a no on a pair of ids',
  hote_principal: 'a public name',
  identifier: 'log-in: there is no context yet; the page is the same for known and unknown',
  journal_premiere_rupture: 'the command of the machine: the number of a row, and nothing that it says',
  journaliser: 'adds a row to the journal of the context; author, role and time are not the caller’s to say',
  journaliser_lot: 'the same, for many',
  logo: 'a public image',
  numero_liste_clients: 'the next number of the organisme of the context',
  numero_transfert: 'the same',
  organisme_par_hote: 'which organisme a host is: before any context',
  organismes: 'ids and codes, for what runs by the clock',
  precision_de_compte: 'a secret link of 256 bits, of which the hash is asked',
  repondre_precision_de_compte: 'the same',
  session_ouverte: 'the same, for the cookie',
  verrouiller_formation: 'a lock, and nothing given',
}

interface Call {
  call: (ids: Record<string, string>) => Sql
  /** Who is given something, or the test would prove nothing; absent where an answer is no more than an act. */
  control?: [organisme: string, login: string]
  /** Callers that the function is for. */
  except?: (who: string) => boolean
}

const staff = (who: string) => who.includes('agent@')
const neighbours = (who: string) => who.startsWith('estuaire/')
const AGENT: [string, string] = ['estuaire', 'agent@estuaire.example']
const OPERATOR: [string, string] = ['plateforme', 'operateur@parvis.example']

/** Called with what belongs to adhérent 657 of estuaire, to his firm CNS1, and to its COL14. */
const CLOSED: Record<string, Call> = {
  actes_de: {
    call: (i) => sql`select * from app.actes_de(${i.col14}, array['essai'], null, null, 50)`,
    control: ['estuaire', 'CNS1'],
  },
  attribuer_places: {
    call: (i) => sql`select * from app.attribuer_places(${i.formation})`,
    except: neighbours,
  },
  chercher_adherents: { call: (i) => sql`select app.chercher_adherents(${i.nom}, 10)`, control: AGENT },
  chercher_clients: {
    call: (i) => sql`select app.chercher_clients(${i.nom}, 10)`,
    control: ['estuaire', 'CNS1'],
    // Of the same firm: the policies of what the ids are asked for keep his clients apart.
    except: (who) => who === 'estuaire/COL7',
  },
  chercher_comptes: { call: (i) => sql`select app.chercher_comptes(${i.nom}, 10)`, control: AGENT },
  chercher_demandes: { call: (i) => sql`select app.chercher_demandes(${i.demande}, 10)`, control: AGENT },
  chercher_espaces: {
    call: () => sql`select * from app.chercher_espaces('Règlement intérieur', 10)`,
    control: ['estuaire', '657'],
    except: (who) => who !== 'estuaire/anonyme',
  },
  clients_connus: {
    call: (i) => sql`select * from app.clients_connus(array[${i.siret}]::text[], '{}')`,
    control: ['estuaire', 'CNS1'],
    // A firm announces clients that come from another one.
    except: (who) => who === 'estuaire/CNS2',
  },
  demandeurs_possibles: {
    call: (i) => sql`select * from app.demandeurs_possibles('', '', ${i.nom}, 10)`,
    control: AGENT,
  },
  document_consulte: { call: (i) => sql`select app.document_consulte(${i.document})` },
  journal_rupture: { call: () => sql`select * from app.journal_rupture(0, 1000000)` },
  mon_fil: { call: (i) => sql`select app.mon_fil(${i.fil})`, control: ['estuaire', '657'] },
  places_de_comptes: { call: () => sql`select * from app.places_de_comptes()`, except: staff },
  plateforme_abandonner_tache: { call: () => sql`select app.plateforme_abandonner_tache(1)` },
  plateforme_administrateur: { call: (i) => sql`select app.plateforme_administrateur(${i.organisme})` },
  plateforme_ajouter_hote: {
    call: (i) => sql`select app.plateforme_ajouter_hote(${i.organisme}, 'pris.example', true)`,
  },
  plateforme_creer: {
    call: () =>
      sql`select app.plateforme_creer('pris', 'oga', 'Pris', 'P', 'pris.example', '{}', 'a@pris.example', 'A', 'A')`,
  },
  plateforme_file: { call: () => sql`select * from app.plateforme_file()` },
  plateforme_organisme: {
    call: (i) => sql`select * from app.plateforme_organisme(${i.organisme})`,
    control: OPERATOR,
  },
  plateforme_organismes: { call: () => sql`select * from app.plateforme_organismes()`, control: OPERATOR },
  plateforme_regler: { call: (i) => sql`select app.plateforme_regler(${i.organisme}, '{}', 1, 1)` },
  plateforme_relancer_tache: { call: () => sql`select app.plateforme_relancer_tache(1)` },
  plateforme_retirer_hote: {
    call: (i) => sql`select app.plateforme_retirer_hote(${i.organisme}, 'localhost')`,
  },
  plateforme_suspendre: { call: (i) => sql`select app.plateforme_suspendre(${i.organisme}, 'motif')` },
  plateforme_taches_garees: { call: () => sql`select * from app.plateforme_taches_garees(10)` },
  purger_messages: { call: () => sql`select app.purger_messages(now() + interval '10 years')` },
  rang_attente: { call: (i) => sql`select app.rang_attente(${i.inscription})`, except: neighbours },
  regler: { call: () => sql`select app.regler('{"nom": "Pris"}')` },
  regler_logo: { call: () => sql`select app.regler_logo('\\x00')` },
  suivi_rattraper: { call: () => sql`select app.suivi_rattraper(10)`, except: staff },
  suivi_reconcilier: { call: () => sql`select * from app.suivi_reconcilier(null, 10)`, except: staff },
}

const ids: Record<string, string> = {}
let db: TestDatabase
let callers: [who: string, context: Context][]

beforeAll(async () => {
  db = await createTestDatabase()
  const solene = await db.person('estuaire', '657')
  const read = async (name: string, text: string) => {
    const { rows } = await db.owner.query<{ v: string }>(text, [solene.organismeId])
    if (!rows[0]) throw new Error(`nothing for ${name}`)
    ids[name] = rows[0].v
  }
  const adherent = `'${solene.adherentId}'`
  ids.organisme = solene.organismeId
  ids.col14 = (await db.person('estuaire', 'COL14')).id
  await read('nom', `select denomination as v from adherents where organisme_id = $1 and id = ${adherent}`)
  await read(
    'siret',
    `select siret as v from adherents where organisme_id = $1 and id = ${adherent} and siret <> ''`,
  )
  await read('formation', 'select id as v from formations where organisme_id = $1')
  await read(
    'demande',
    `select d.nom as v from demandes d where d.organisme_id = $1 and length(d.nom) > 5 and not exists
      (select from demandes x where x.organisme_id <> $1 and x.nom = d.nom) limit 1`,
  )
  await read('fil', `select id as v from fils where organisme_id = $1 and ouvert_par = '${solene.id}'`)
  await read('inscription', 'select id as v from inscriptions where organisme_id = $1')
  await read(
    'document',
    `select id as v from documents where organisme_id = $1 and adherent_id = ${adherent}
    and genre = 'attestation' and publie_le is not null and remplace_le is null`,
  )
  await db.as('estuaire', 'COL14', (d) =>
    d.run(sql`select app.journaliser('COL14', 'essai', 'essai', null, null, '{}', 'essai')`),
  )
  const people = [
    ['estuaire', '940'], ['estuaire', 'CNS2'], ['estuaire', 'COL7'], ['midi', '657'], ['midi', 'CNS1'],
    ['midi', 'COL14'], ['midi', 'agent@midi.example'], OPERATOR,
  ] as const // prettier-ignore
  callers = await Promise.all(
    people.map(async ([code, login]) => {
      const person = await db.person(code, login)
      return [`${code}/${login}`, contextOf(person)] as [string, Context]
    }),
  )
  callers.push(['estuaire/anonyme', { organismeId: solene.organismeId, role: 'anonyme' }])
})

/** Whether the answer says anything: a row with a value that is neither null, false, zero nor empty. */
function says(rows: Record<string, unknown>[]): boolean {
  return rows.some((row) => Object.values(row).some((v) => v !== null && v !== false && v !== 0 && v !== ''))
}

/** What a caller is given; refused is given nothing. */
async function given(context: Context, call: Sql): Promise<Record<string, unknown>[]> {
  try {
    return await db.database.inOrganisme(context, (d: Db) => d.many<Record<string, unknown>>(call))
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return []
    throw error
  }
}

describe('functions with the owner’s rights', () => {
  test('each that the web process may call has been looked at, and no more stand in these lists', async () => {
    const { rows } = await db.owner.query<{ name: string; args: number }>(
      `select proname as name, pronargs as args from pg_proc where pronamespace = 'app'::regnamespace and prosecdef
         and prorettype <> 'trigger'::regtype and has_function_privilege('parvis_web', oid, 'execute') order by 1`,
    )
    const looked = [...CONTEXT_ONLY, ...Object.keys(OPEN), ...Object.keys(CLOSED)]
    expect(rows.map((row) => row.name)).toEqual(looked.sort())
    expect(rows.filter((row) => CONTEXT_ONLY.includes(row.name) && row.args > 0)).toEqual([])
  })

  test('no other of our schemas has any, but those of Postgres and of the queue', async () => {
    const { rows } = await db.owner.query(
      `select oid::regprocedure::text from pg_proc where prosecdef and pronamespace in (select oid from pg_namespace
         where nspname not in ('app', 'pg_catalog', 'information_schema', 'graphile_worker'))`,
    )
    expect(rows).toEqual([])
  })

  test.each(Object.keys(CLOSED))('app.%s gives nothing to whom it is not for', async (name) => {
    const { call, control, except } = CLOSED[name]!
    const before = await everything(db.owner)
    for (const [who, context] of callers) {
      if (except?.(who) || (name.startsWith('plateforme_') && context.role === 'operateur')) continue
      const rows = await given(context, call(ids))
      expect([who, says(rows)], JSON.stringify(rows).slice(0, 300)).toEqual([who, false])
    }
    expect(await everything(db.owner)).toBe(before)
    if (!control) return
    const rows = await db.as(...control, (d) => d.many<Record<string, unknown>>(call(ids)))
    expect(says(rows), 'control').toBe(true)
  })

  test('a job is of the organisme of who asks for it, whatever is in it', async () => {
    const { organismeId } = await db.person('midi', '657')
    await db.as('midi', '657', (d) =>
      d.run(
        sql`select app.ajouter_tache('essai', ${JSON.stringify({ organisme_id: ids.organisme })}::json, null, 'e', 1)`,
      ),
    )
    const { rows } = await db.owner.query(
      `select j.payload->>'organisme_id' as of from graphile_worker._private_jobs j join graphile_worker._private_tasks t
         on t.id = j.task_id where t.identifier = 'essai'`,
    )
    expect(rows).toEqual([{ of: organismeId }])
  })
})
