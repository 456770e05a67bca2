import { beforeAll, describe, expect, test } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { deposit, pdfOf, travailOf, zipOf } from '../../support/campagne.ts'
import { runTravail } from '../../support/travail.ts'

let portal: Portal
let maud: Visitor
let today: string

beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  today = new Date().toISOString().slice(0, 10)
  await cadence('0', '0')
})

const cadence = (parMinute: string, delaiMinutes: string) =>
  maud.post('/gestion/publications/reglages', { parMinute, delaiMinutes })
const rows = async <T>(text: string, values: unknown[] = []) =>
  (await portal.owner.query(text, values)).rows as T[]
const run = async (id: string) => runTravail(portal, 'estuaire', await travailOf(portal, id))
const zipFile = (content: Buffer, name = 'lot.zip') => ({ field: 'fichiers', name, content })
const confirm = (id: string, fields: Record<string, string> = {}) =>
  maud.post(`/gestion/publications/${id}/confirmation`, {
    prevenir: 'on',
    quand: 'maintenant',
    jour: '',
    heure: '',
    ...fields,
  })
const verdicts = async (id: string) =>
  Object.fromEntries(
    (
      await rows<{ nom: string; verdict: string }>(
        'select nom, verdict from publication_lignes where publication_id = $1 order by ordre',
        [id],
      )
    ).map((l) => [l.nom, l.verdict]),
  )
const documentsOf = (id: string) =>
  rows<{ id: string; publie_le: string | null; retire_le: string | null }>(
    `select d.id, d.publie_le, d.retire_le from documents d join publication_lignes l on l.document_id = d.id
     where l.publication_id = $1 order by l.ordre`,
    [id],
  )
async function numbers(n: number): Promise<string[]> {
  const found = await rows<{ numero: string }>(
    `select a.numero from adherents a join plateforme.organismes o on o.id = a.organisme_id
     where o.code = 'estuaire' and a.perte_qualite_le is null order by a.numero in ('657', '940') desc, a.numero_tri limit $1`,
    [n],
  )
  return found.map((a) => a.numero)
}

describe('campaigns of publication', () => {
  test('the lines are read page by page, forwards and back, and an empty index is at hand', async () => {
    const [{ id }] = (await rows<{ id: string }>(
      `insert into publications (organisme_id, source, titre) select id, 'depot', 'Longue'
       from plateforme.organismes where code = 'estuaire' returning id`,
    )) as [{ id: string }]
    await rows(
      `insert into publication_lignes (organisme_id, publication_id, ordre, nom, verdict)
       select p.organisme_id, p.id, n, 'f-' || n || '.pdf', case when n <= 210 then 'pret' else 'double' end
       from publications p, generate_series(1, 230) n where p.id = $1`,
      [id],
    )
    const path = `/gestion/publications/${id}/lignes`
    const linkOf = (text: string, rel: string) =>
      new RegExp(`rel="${rel}" href="([^"]+)"`).exec(text)?.[1]?.replaceAll('&amp;', '&')
    const first = (await maud.get(`${path}?verdict=pret`)).text
    expect(first).toContain('1 à 100 sur 210')
    expect(linkOf(first, 'prev')).toBeUndefined()
    const second = (await maud.get(linkOf(first, 'next')!)).text
    expect(second).toContain('101 à 200 sur 210')
    const last = (await maud.get(linkOf(second, 'next')!)).text
    expect(last).toContain('201 à 210 sur 210')
    expect(linkOf(last, 'next')).toBeUndefined()
    const back = (await maud.get(linkOf(last, 'prev')!)).text
    expect(back).toContain('101 à 200 sur 210')
    expect(back.indexOf('f-101.pdf')).toBeLessThan(back.indexOf('f-200.pdf'))
    expect((await maud.get(`${path}?verdict=protege`)).text).toContain('Voir toutes les lignes')
    const index = await maud.get('/gestion/publications/modele.csv')
    expect(index.text).toContain('Fichier')
    expect(index.text).toContain('Réponse attendue')
  })

  test('the trial tells every kind of line apart, and publishes nothing', async () => {
    const [parti] = await rows<{ numero: string }>(
      `update adherents set perte_qualite_le = current_date - 30 where numero = '658'
         and organisme_id = (select id from plateforme.organismes where code = 'estuaire') returning numero`,
    )
    const left = parti?.numero ?? (await numbers(3))[2]!
    if (!parti)
      await rows(`update adherents set perte_qualite_le = current_date - 30 where numero = $1`, [left])
    const locked = Buffer.from(
      pdfOf('secret').toString('latin1').replace('/Root 1 0 R', '/Root 1 0 R /Encrypt 9 0 R'),
      'latin1',
    )
    const before = await rows('select id from documents')
    const id = await deposit(maud, { motif: '{numero}_{exercice}_{type}' }, [
      zipFile(
        await zipOf({
          'lot/657_2025_autre.pdf': pdfOf('a'),
          '940_2025_autre.pdf': pdfOf('b'),
          '940_2025_AUTRE.pdf': pdfOf('b'),
          '99999_2025_autre.pdf': pdfOf('c'),
          [`${left}_2025_autre.pdf`]: pdfOf('d'),
          '657_2025_facture.pdf': pdfOf('e'),
          '657_1999_autre.pdf': pdfOf('f'),
          '657_2031_attestation.pdf': pdfOf('g'),
          '12_2025_autre.pdf': locked,
          '13_2025_autre.pdf': '%PDF-1.4 rien %%EOF',
          '14_2025_autre.pdf': 'bonjour',
          'lisez-moi.txt': 'bonjour',
          '__MACOSX/657.pdf': 'x',
        }),
      ),
    ])
    const page = await maud.get(`/gestion/publications/${id}`)
    expect(page.text).toContain('Essai en cours')
    expect((await run(id)).etat).toBe('termine')
    expect(await verdicts(id)).toEqual({
      'lot/657_2025_autre.pdf': 'pret',
      '940_2025_autre.pdf': 'pret',
      '940_2025_AUTRE.pdf': 'double',
      '99999_2025_autre.pdf': 'inconnu',
      [`${left}_2025_autre.pdf`]: 'parti',
      '657_2025_facture.pdf': 'type',
      '657_1999_autre.pdf': 'nom',
      '657_2031_attestation.pdf': 'exercice',
      '12_2025_autre.pdf': 'protege',
      '13_2025_autre.pdf': 'illisible',
      '14_2025_autre.pdf': 'pas_pdf',
      'lisez-moi.txt': 'nom',
    })
    expect(await rows('select id from documents')).toHaveLength(before.length)
    const shown = (await maud.get(`/gestion/publications/${id}`)).text
    expect(shown).toMatch(/2.documents prêts/)
    expect(shown).toContain('Protégé')
    expect((await maud.get(`/gestion/publications/${id}/lignes?verdict=protege`)).text).toContain(
      '12_2025_autre.pdf',
    )
    const csv = await maud.get(`/gestion/publications/${id}/a-corriger.csv`)
    expect(csv.status).toBe(200)
    expect(csv.text).toContain('"99999"')
    expect(csv.text).not.toContain('lot/657_2025_autre.pdf')
  })

  test('confirmed once: documents in the spaces, one mail a person, the journal, and the same zip publishes nothing twice', async () => {
    const all = await numbers(6)
    const zip = await zipOf(
      Object.fromEntries(
        all.flatMap((n) => [
          [`${n}_lettre.pdf`, pdfOf(`lettre ${n}`)],
          [`${n}_note.pdf`, pdfOf(`note ${n}`)],
        ]),
      ),
    )
    const id = await deposit(maud, { motif: '{numero}_{titre}', genre: 'autre' }, [zipFile(zip)])
    await run(id)
    const [first, second] = await Promise.all([confirm(id), confirm(id)])
    expect([first.status, second.status].sort()).toEqual([303, 422])
    const done = await run(id)
    expect(done).toMatchObject({ etat: 'termine', rapport: { publiees: 12, echecs: 0, prevenues: 12 } })
    const documents = await documentsOf(id)
    expect(documents).toHaveLength(12)
    expect(documents.every((d) => d.publie_le !== null)).toBe(true)
    const mails = await rows<{ cle: string }>(
      `select cle from courriels where cle like 'publication:${id}:%'`,
    )
    const people = await rows(
      `select u.id from utilisateurs u join adherents a on a.id = u.adherent_id
      where a.numero = any($1) and u.bloque_le is null and u.organisme_id = (select id from plateforme.organismes where code = 'estuaire')`,
      [all],
    )
    expect(mails.length).toBe(people.length)
    expect(mails.length).toBeGreaterThan(0)
    const noted = await rows(
      `select objet_id from journal where action = 'document.publie' and detail ->> 'campagne' = $1`,
      [id],
    )
    expect(noted).toHaveLength(12)
    expect(await rows('select 1 from publication_fichiers where publication_id = $1', [id])).toHaveLength(0)

    const again = await deposit(maud, { motif: '{numero}_{titre}', genre: 'autre' }, [
      zipFile(zip, 'encore.zip'),
    ])
    await run(again)
    expect(new Set(Object.values(await verdicts(again)))).toEqual(new Set(['deja']))
    const refused = await confirm(again)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Aucun document n’est prêt')
  })

  test('two campaigns of one zip at the same time: each document once', async () => {
    const [n] = await numbers(1)
    const zip = await zipOf({ [`${n}_unique.pdf`]: pdfOf('unique') })
    const ids = await Promise.all(
      [1, 2].map(() => deposit(maud, { motif: '{numero}_{titre}', genre: 'autre' }, [zipFile(zip)])),
    )
    for (const id of ids) await run(id)
    for (const id of ids) expect((await confirm(id)).status).toBe(303)
    await Promise.all(ids.map(run))
    const results = await rows<{ echec: string }>(
      'select echec from publication_lignes where publication_id = any($1) order by echec',
      [ids],
    )
    expect(results.map((r) => r.echec)).toEqual([
      '',
      'Déjà dans l’espace de l’adhérent, ou déjà en préparation.',
    ])
  })

  test('an index says what each file is; the corrected lines come back and only they change', async () => {
    const [a, b] = await numbers(2)
    const index =
      'Fichier;N° adhérent;Type;Exercice;Titre;Réponse attendue;Échéance\r\n' +
      `un.pdf;${a};autre;2025;Note d’été;non;\r\n` +
      `deux.pdf;99998;autre;2025;Note;non;\r\n` +
      `trois.pdf;${b};autre;;À signer;oui;31/12/2099\r\n` +
      `quatre.pdf;${b};autre;;Absent;non;\r\n` +
      `un.pdf;${b};autre;2025;Note d’été;non;\r\n`
    const id = await deposit(maud, {}, [
      zipFile(
        await zipOf({
          'un.pdf': pdfOf('1'),
          'deux.pdf': pdfOf('2'),
          'trois.pdf': pdfOf('3'),
          'cinq.pdf': pdfOf('5'),
        }),
      ),
      { field: 'index', name: 'index.csv', content: index },
    ])
    await run(id)
    const seen = () =>
      rows<{ nom: string; numero: string; verdict: string }>(
        'select nom, numero, verdict from publication_lignes where publication_id = $1 order by ordre',
        [id],
      )
    expect(await seen()).toEqual([
      { nom: 'un.pdf', numero: a, verdict: 'pret' },
      { nom: 'deux.pdf', numero: '99998', verdict: 'inconnu' },
      { nom: 'trois.pdf', numero: b, verdict: 'pret' },
      { nom: 'cinq.pdf', numero: '', verdict: 'sans_ligne' },
      { nom: 'quatre.pdf', numero: b, verdict: 'sans_fichier' },
      { nom: 'un.pdf', numero: b, verdict: 'pret' },
    ])
    const csv = (await maud.get(`/gestion/publications/${id}/a-corriger.csv`)).text
    const fixed = csv.replace('"99998"', `"${a}"`)
    expect(fixed).not.toBe(csv)
    const answer = await maud.upload(`/gestion/publications/${id}/index`, {}, [
      { field: 'index', name: 'corrige.csv', content: fixed },
    ])
    expect(answer.status).toBe(303)
    await run(id)
    expect((await seen()).map((l) => l.verdict)).toEqual([
      'pret',
      'pret',
      'pret',
      'inconnu',
      'sans_fichier',
      'pret',
    ])
    expect((await confirm(id)).status).toBe(303)
    expect(await run(id)).toMatchObject({ etat: 'termine', rapport: { publiees: 4 } })
    const [letter] = await rows<{ numero: string; a_repondre_avant: string; publie_le: string }>(
      `select c.numero, c.a_repondre_avant::text, c.publie_le::text from courriers c join publication_lignes l on l.courrier_id = c.id
       where l.publication_id = $1`,
      [id],
    )
    expect(letter).toMatchObject({ a_repondre_avant: '2099-12-31' })
    expect(letter!.numero).toMatch(/^C-\d{4}-\d{6}$/)
  })

  test('cancelled before the first mail: documents withdrawn, the one that was replaced is the good one again; afterwards refused', async () => {
    const [year] = await rows<{ cloture: string; numero: string; exercice: number; old: string }>(
      `select c.id as cloture, a.numero, date_part('year', c.fin)::int as exercice, d.id as old from documents d
       join clotures c on c.id = d.cloture_id join adherents a on a.id = d.adherent_id
       join plateforme.organismes o on o.id = a.organisme_id
       where o.code = 'estuaire' and d.genre = 'attestation' and d.publie_le is not null and d.remplace_le is null
         and d.retire_le is null and a.perte_qualite_le is null and a.adhesion_le < c.debut
         and not exists (select from documents x where x.cloture_id = c.id and x.genre = 'attestation' and x.publie_le is null)
       limit 1`,
    )
    const { numero, exercice, old, cloture } = year!
    await cadence('0', '10')
    const id = await deposit(maud, { motif: '{numero}_{exercice}_{type}' }, [
      zipFile(await zipOf({ [`${numero}_${exercice}_attestation.pdf`]: pdfOf('nouvelle') })),
    ])
    await run(id)
    expect(Object.values(await verdicts(id))).toEqual(['pret'])
    await confirm(id)
    await runTravail(portal, 'estuaire', await travailOf(portal, id), 1)
    const [document] = await documentsOf(id)
    expect(document).toMatchObject({ retire_le: null })
    expect(document!.publie_le).not.toBeNull()
    expect(
      await rows('select 1 from documents where id = $1 and remplace_le is not null', [old]),
    ).toHaveLength(1)
    await rows(`update publication_lignes set prevenu_le = now() where publication_id = $1`, [id])
    const travail = await travailOf(portal, id)
    // Asked once, on a page that says what it does.
    expect((await maud.get(`/gestion/publications/${id}`)).text).toContain(
      `href="/gestion/travaux/${travail}/annulation"`,
    )
    const asked = await maud.get(`/gestion/travaux/${travail}/annulation`)
    expect(asked.text).toContain('ceux qu’ils remplaçaient reviennent')
    expect(checkHtml(asked.text)).toEqual([])
    expect((await maud.post(`/gestion/travaux/${travail}/annulation`)).text).toContain(
      'Les premiers courriels sont partis',
    )
    await rows(`update publication_lignes set prevenu_le = null where publication_id = $1`, [id])
    expect((await maud.post(`/gestion/travaux/${travail}/annulation`)).status).toBe(303)
    expect((await documentsOf(id))[0]!.retire_le).not.toBeNull()
    expect(await rows('select 1 from documents where id = $1 and remplace_le is null', [old])).toHaveLength(1)
    const [track] = await rows<{ attestation: string }>('select attestation from clotures where id = $1', [
      cloture,
    ])
    expect(['emise', 'consultee']).toContain(track!.attestation)
    expect(await rows(`select 1 from courriels where cle like 'publication:${id}:%'`)).toHaveLength(0)
    expect((await maud.get(`/gestion/publications/${id}`)).text).toContain('Annulée')
    await cadence('0', '0')
  })

  test('mails leave at the rate of the organisme; a failed one is on the fiche of its adhérent', async () => {
    await cadence('6', '0')
    const [first] = await numbers(1)
    const withAccount = await rows<{ numero: string; id: string }>(
      `select distinct a.numero, a.id from adherents a join utilisateurs u on u.adherent_id = a.id and u.bloque_le is null
       where a.organisme_id = (select id from plateforme.organismes where code = 'estuaire') limit 5`,
    )
    const id = await deposit(maud, { motif: '{numero}_{titre}', genre: 'autre' }, [
      zipFile(
        await zipOf(
          Object.fromEntries(
            withAccount.map(({ numero }) => [`${numero}_cadence.pdf`, pdfOf(`c ${numero} ${first}`)]),
          ),
        ),
      ),
    ])
    await run(id)
    await confirm(id, { avecPartis: 'on' })
    const travail = await travailOf(portal, id)
    await runTravail(portal, 'estuaire', travail, 1)
    const sent = () => rows(`select 1 from courriels where cle like 'publication:${id}:%'`)
    expect(await sent()).toHaveLength(1)
    const [next] = await rows<{ dans: number }>(
      `select extract(epoch from run_at - now())::int as dans from graphile_worker.jobs where task_identifier = 'travaux.avancer'
       order by run_at desc limit 1`,
    )
    expect(next!.dans).toBeGreaterThan(2)
    await runTravail(portal, 'estuaire', travail, 1)
    expect(await sent()).toHaveLength(2)
    await runTravail(portal, 'estuaire', travail)
    expect(await sent()).toHaveLength(withAccount.length)
    const [one] = withAccount
    await rows(
      `update courriels set abandonne_le = now(), erreur = 'boîte pleine' where cle like $1 and destinataire_id in
      (select id from utilisateurs where adherent_id = $2)`,
      [`publication:${id}:%`, one!.id],
    )
    expect((await maud.get(`/gestion/adherents/${one!.id}`)).text).toContain('boîte pleine')
    expect((await maud.get(`/gestion/publications/${id}`)).text).toMatch(/1.non remis/)
    await maud.post(`/gestion/publications/${id}/renvoi`)
    expect((await maud.get(`/gestion/publications/${id}`)).text).toContain('Un courriel repart.')
    expect(
      await rows(`select 1 from courriels where cle like 'publication:${id}:%' and abandonne_le is not null`),
    ).toEqual([])
    await cadence('0', '0')
  })

  test('a scheduled publication: documents wait unseen until the hour, and are cancelled without a trace in the spaces', async () => {
    const [n] = await numbers(1)
    const id = await deposit(maud, { motif: '{numero}_{titre}', genre: 'autre' }, [
      zipFile(await zipOf({ [`${n}_programme.pdf`]: pdfOf('plus tard') })),
    ])
    await run(id)
    expect((await confirm(id, { quand: 'programmee', jour: today, heure: '00:00' })).text).toContain(
      'déjà passée',
    )
    const next = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    expect((await confirm(id, { quand: 'programmee', jour: next, heure: '09:30' })).status).toBe(303)
    await runTravail(portal, 'estuaire', await travailOf(portal, id), 4)
    expect((await documentsOf(id))[0]).toMatchObject({ publie_le: null })
    const page = (await maud.get(`/gestion/publications/${id}`)).text
    expect(page).toContain('Programmée')
    expect(page).toMatch(/à 9\u00a0h\u00a030/)
    await maud.post(`/gestion/travaux/${await travailOf(portal, id)}/annulation`)
    expect((await documentsOf(id))[0]!.retire_le).not.toBeNull()
  })

  test('bombs, nested zips, names that leave their folder: refused at once with a sentence', async () => {
    const post = (content: Buffer, name = 'lot.zip') =>
      maud.upload(
        '/gestion/publications/nouvelle',
        { titre: 'x', motif: '{numero}', genre: '', exercice: '', repondeur: 'adherent' },
        [zipFile(content, name)],
      )
    const bomb = await zipOf({ '657.pdf': Buffer.alloc(200 * 1024 * 1024) })
    expect(bomb.length).toBeLessThan(400_000)
    expect((await post(bomb)).text).toContain('devient trop volumineux')
    expect((await post(await zipOf({ 'b.zip': await zipOf({ a: 'x' }) }))).text).toContain(
      'contient une autre archive',
    )
    const out = await zipOf({ 'aa/657.pdf': pdfOf('x') })
    const escape = Buffer.from(out.toString('latin1').replaceAll('aa/657.pdf', '../657.pdf'), 'latin1')
    expect((await post(escape)).text).toContain('sort de son dossier')
    // The directory says ten bytes where the entry holds more.
    const lie = await zipOf({ '657.pdf': Buffer.alloc(100_000, 'a') })
    const at = lie.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    lie.writeUInt32LE(10, at + 24)
    expect((await post(lie)).status).toBe(422)
    expect((await post(Buffer.from('PK pas un zip'))).status).toBe(422)
    expect((await post(pdfOf('x'), 'lot.exe')).status).toBe(422)
  })

  test('a permanent of another organisme: nothing of it, nor of its adhérents', async () => {
    const [n] = await numbers(1)
    const id = await deposit(maud, { motif: '{numero}_{titre}', genre: 'autre' }, [
      zipFile(await zipOf({ [`${n}_x.pdf`]: pdfOf('mur') })),
    ])
    await run(id)
    const midi = await portal.login('midi', 'agent@midi.example')
    for (const path of ['', '/lignes', '/a-corriger.csv']) {
      expect((await midi.get(`/gestion/publications/${id}${path}`)).status).toBe(404)
    }
    expect(
      (
        await midi.post(`/gestion/publications/${id}/confirmation`, {
          quand: 'maintenant',
          jour: '',
          heure: '',
        })
      ).status,
    ).toBe(404)
    expect((await midi.post(`/gestion/publications/${id}/abandon`)).status).toBe(404)
    const solene = await portal.login('estuaire', '657')
    expect((await solene.get('/gestion/publications')).status).toBe(403)
    expect((await maud.post(`/gestion/publications/${id}/abandon`)).status).toBe(303)
    expect((await confirm(id)).text).toContain('abandonnée')
  })
})
