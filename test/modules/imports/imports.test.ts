import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { Journey } from './journey.ts'

let portal: Portal
let maud: Visitor
let journey: Journey

beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  journey = new Journey(portal, maud)
})

const text = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ')

async function adherent(numero: string, organisme = 'estuaire') {
  const { rows } = await portal.owner.query<Record<string, unknown>>(
    `select a.*, a.adhesion_le::text as adhesion_le, a.perte_qualite_le::text as perte_qualite_le, s.numero as cabinet
     from adherents a join plateforme.organismes o on o.id = a.organisme_id
     left join structures s on s.id = a.structure_id where o.code = $2 and a.numero = $1`,
    [numero, organisme],
  )
  return rows[0]
}

/** As Excel saves « CSV (séparateur : point-virgule) » on Windows. */
const windows1252 = (file: string) => Buffer.from(file.replace(/’/g, '\x92'), 'latin1')

const HEADER = 'N°;Nom;Prénom;SIRET;CP;Ville;Adresse;Tél;Mél;Adhésion;Départ;CNS;Profession'

describe('an import of adhérents', () => {
  it('shows what would change field by field, writes nothing before the confirmation, then all of it at once', async () => {
    const before = await adherent('657')
    const file = [
      HEADER,
      '657;Carriveau;Solène;000 000 018 00010;33500;Libourne;9 rue Neuve;05 57 00 00 99;solene@nouvelle.example;;;CNS1;Architecte d’intérieur',
      '7001;Noé;Anaël;;9000;L’Union;12, chemin du Port;;anael@noe.example;01/02/2026;;cns2;Formateur, Conseil d’entreprise',
      '7002;Sansdate;Pol;;;;;;;;;;',
      '12;;;;;;;;;;;CNS99;',
      '45;;;123;;;;pas un numéro;sans arobase;31/02/2026;;;',
      '7001;Noé;Bis;;;;;;;01/02/2026;;;',
      ';Orphelin;;;;;;;;;;;',
    ].join('\r\n')
    const path = await journey.depose('adherents', windows1252(file), 'adhérents 2026.csv')
    const columns = await maud.get(path)
    checkHtml(columns.text)
    expect(text(columns.text)).toContain('13 colonnes sont reconnues')
    const essai = await journey.essaie(path)
    expect(essai).toMatchObject({ etat: 'pret', comptes: { nouveau: 1, modifie: 1, refuse: 5, absent: 13 } })
    expect(await adherent('657')).toEqual(before)
    expect(await adherent('7001')).toBeUndefined()

    const changes = await maud.get(`${path}?lignes=modifie`)
    checkHtml(changes.text)
    expect(text(changes.text)).toMatch(
      /Adresse professionnelle : 1 rue des Amandiers, 33500 LIBOURNE devient 9 rue Neuve, 33500 LIBOURNE/,
    )
    expect(text(changes.text)).toContain('solene@nouvelle.example')
    const refused = text((await maud.get(`${path}?lignes=refuse`)).text)
    for (const sentence of [
      'La date d’adhésion manque',
      'Le cabinet « CNS99 » n’existe pas.',
      'SIRET : « 123 » n’est pas un SIRET',
      'Téléphones : « pas un numéro » n’est pas un numéro de téléphone',
      '« 31/02/2026 » n’est pas une date',
      'Double : déjà à la ligne 3.',
      'Le numéro manque',
    ])
      expect(refused).toContain(sentence)

    const fix = await maud.get(`${path}/a-corriger.csv`)
    expect(fix.text).toContain('"5";"Le cabinet')
    expect(fix.text.split('\r\n')[0]).toBe(
      `\ufeff"Ligne du fichier";"À corriger";"${HEADER.split(';').join('";"')}"`,
    )

    const done = await journey.confirme(essai)
    expect(done.etat).toBe('applique')
    expect(await adherent('657')).toMatchObject({
      courriel: 'solene@nouvelle.example',
      adresse_professionnelle: ['9 rue Neuve', '33500 LIBOURNE'],
      telephones: ['+33557000099'],
      cabinet: 'CNS1',
    })
    expect(await adherent('7001')).toMatchObject({
      denomination: 'NOÉ Anaël',
      code_postal: '09000',
      ville: 'L UNION',
      adhesion_le: '2026-02-01',
      cabinet: 'CNS2',
      professions: ['Formateur', 'Conseil d’entreprise'],
      categorie: 'BNC',
    })
    expect((await adherent('12'))!.perte_qualite_le).toBeNull()
    const report = await maud.get(path)
    checkHtml(report.text)
    expect(text(report.text)).toContain('Adhérents : 1 nouveau, 1 modifié, 5 lignes refusées.')
    const { rows } = await portal.owner.query<{
      action: string
      detail: Record<string, unknown>
      acteur: string
    }>(
      `select action, detail, acteur from journal where action in ('import.fiche', 'import.applique') order by numero`,
    )
    expect(rows.map((row) => [row.action, row.detail.effet, row.acteur])).toEqual([
      ['import.applique', undefined, 'Maud Lescarret (agent@estuaire.example)'],
      ['import.fiche', 'modifie', 'Maud Lescarret (agent@estuaire.example)'],
      ['import.fiche', 'nouveau', 'Maud Lescarret (agent@estuaire.example)'],
    ])
    expect(rows[1]!.detail.champs).toEqual(['adresse_professionnelle', 'courriel', 'telephones'])
  })

  it('changes nothing the second time, whatever the order and the format of our own export', async () => {
    for (const format of ['csv', 'xlsx']) {
      const { body } = await maud.get(`/gestion/adherents.${format}?tri=nom`)
      const essai = await journey.essaieTout('adherents', body, `export.${format}`)
      expect(essai.comptes).toEqual({ inchange: 17 })
      const refusal = await maud.post(`${essai.path}/confirmation`, {})
      expect(refusal.status).toBe(422)
      expect(text(refusal.text)).toContain('Ce fichier ne change rien')
    }
  })

  it('records the departure of those who are not in the file only when that is asked, with its day', async () => {
    const { rows } = await portal.owner.query<{ numero: string; denomination: string }>(
      `select numero, denomination from adherents a join plateforme.organismes o on o.id = a.organisme_id
       where o.code = 'estuaire' and numero <> '803'`,
    )
    const file = ['numéro;dénomination', ...rows.map((row) => `${row.numero};${row.denomination}`)].join('\n')
    const essai = await journey.essaieTout('adherents', file)
    expect(essai.comptes).toEqual({ inchange: 16, absent: 1 })
    const nothing = await maud.post(`${essai.path}/confirmation`, { absents: 'garder' })
    expect(nothing.status).toBe(422)
    const noDay = await maud.post(`${essai.path}/confirmation`, { absents: 'retirer', absents_le: '' })
    expect(text(noDay.text)).toContain('Indiquez la date de départ')
    const done = await journey.confirme(essai, { absents: 'retirer', absents_le: '2026-10-31' })
    expect(done.etat).toBe('applique')
    expect((await adherent('803'))!.perte_qualite_le).toBe('2026-10-31')
  })

  it('erases with an empty cell only when that is asked', async () => {
    const file = 'numéro;siret;profession;civilité\n12;;;\n'
    const kept = await journey.essaieTout('adherents', file)
    expect(kept.comptes.inchange).toBe(1)
    const back = await maud.post(`${kept.path}/retour`)
    expect(back.status).toBe(303)
    const erased = await journey.confirme(await journey.essaie(kept.path, { vides_effacent: 'oui' }))
    expect(erased.etat).toBe('applique')
    expect(await adherent('12')).toMatchObject({
      siret: '',
      professions: [],
      civilite: '',
      denomination: 'ABADISSE Lucien',
    })
  })

  it('says that the base moved between the trial and the confirmation, writes nothing, and runs the trial again', async () => {
    const file = 'numéro;ville;courriel\n58;Bayonne;tanguy@neuf.example\n103;Dax;\n'
    const essai = await journey.essaieTout('adherents', file)
    expect(essai.comptes).toMatchObject({ modifie: 2 })
    await portal.owner.query(`update adherents set ville = 'DAX' where numero = '103'`)
    // What the file does not speak of may move.
    await portal.owner.query(`update adherents set numero_dossier = 'D-neuf' where numero = '58'`)
    const again = await journey.confirme(essai)
    expect(again).toMatchObject({ etat: 'pret', comptes: { modifie: 1, inchange: 1 } })
    expect((await adherent('58'))!.ville).toBe('DAX')
    expect(text((await maud.get(essai.path)).text)).toContain(
      'La base a changé depuis votre premier essai (1 ligne)',
    )
    expect((await journey.confirme(again)).etat).toBe('applique')
    expect(await adherent('58')).toMatchObject({ ville: 'BAYONNE', numero_dossier: 'D-neuf' })
  })

  it('lets two people import at once: the second one is told what the first one changed', async () => {
    const directrice = new Journey(portal, await portal.login('estuaire', 'admin@estuaire.example'))
    const file = 'numéro;nom;adhésion\n7100;Ensemble;01/03/2026\n'
    const [one, two] = [
      await journey.essaieTout('adherents', file),
      await directrice.essaieTout('adherents', file),
    ]
    const answers = await Promise.all([
      maud.post(`${one.path}/confirmation`, {}),
      maud.post(`${two.path}/confirmation`, {}),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([303, 303])
    const ends = await Promise.all([journey.follow(one.path), directrice.follow(two.path)])
    expect(ends.map((end) => end.etat).sort()).toEqual(['applique', 'pret'])
    expect(ends.find((end) => end.etat === 'pret')!.comptes.inchange).toBe(1)
    const { rows } = await portal.owner.query(`select from adherents where numero = '7100'`)
    expect(rows).toHaveLength(1)
  })

  it('reads 2,000 rows in several turns, applies them at once, and the journal still holds', async () => {
    const rows = Array.from({ length: 2_000 }, (_, i) => `${20_000 + i};Nombreux ${i};01/03/2026`)
    const essai = await journey.essaieTout('adherents', `numéro;dénomination;adhésion\n${rows.join('\n')}\n`)
    expect(essai.comptes).toMatchObject({ nouveau: 2_000 })
    expect((await journey.confirme(essai)).etat).toBe('applique')
    const { rows: traces } = await portal.owner.query<{ n: number; adherents: number }>(
      `select count(*)::int as n, count(distinct adherent_id)::int as adherents from journal
       where action = 'import.fiche' and detail ->> 'import' = $1`,
      [essai.id],
    )
    expect(traces[0]).toEqual({ n: 2_000, adherents: 2_000 })
    const { rows: broken } = await portal.owner.query(
      `select r.* from plateforme.organismes o, app.journal_premiere_rupture(o.id) r where o.code = 'estuaire'`,
    )
    expect(broken).toEqual([])
  }, 60_000)

  it('says that nothing can be imported when every row is refused, and does not call that « nothing to change »', async () => {
    const essai = await journey.essaieTout(
      'cabinets',
      'Code;Nom ou raison sociale;SIRET\nCNS77;Un cabinet;123\n',
    )
    expect(essai.comptes).toMatchObject({ refuse: 1 })
    const page = text((await maud.get(essai.path)).text)
    expect(page).toContain('Rien ne peut être importé : 1 ligne est refusée')
    expect(page).toContain('Un cabinet')
  })

  it('keeps a formula in a name as a text, on the page and in what leaves', async () => {
    const name = '=HYPERLINK("http://x.example";"y")'
    const file = `numéro;dénomination;adhésion\n7200;"${name.replace(/"/g, '""')}";01/03/2026\n`
    await journey.importe('adherents', file)
    expect((await adherent('7200'))!.denomination).toBe(name)
    expect((await maud.get('/gestion/adherents.csv?numero=7200')).text).toContain(`"'=HYPERLINK(`)
  })

  it('remembers the columns for the next file of the same titles', async () => {
    const file = 'zzz;yyy\n45;FOURNIL\n'
    const path = await journey.depose('adherents', file)
    const refused = await maud.post(`${path}/colonnes`, { col_0: '', col_1: 'denomination' })
    expect([refused.status, text(refused.text)]).toEqual([
      422,
      expect.stringContaining('Indiquez la colonne qui donne « N° adhérent »'),
    ])
    const twice = await maud.post(`${path}/colonnes`, { col_0: 'numero', col_1: 'numero' })
    expect([twice.status, text(twice.text)]).toEqual([
      422,
      expect.stringContaining('est déjà donné par la colonne « zzz »'),
    ])
    await journey.essaie(path, { col_0: 'numero', col_1: 'denomination' })
    const next = await maud.get(await journey.depose('adherents', 'YYY;Zzz\nx;1\n'))
    expect(next.text).toContain('vos choix sont repris')
    expect(
      (await journey.essaie(next.text.match(/\/gestion\/imports\/[0-9a-f-]{36}/)![0])).comptes,
    ).toMatchObject({ refuse: 1 })
  })
})

describe('what is no table to import', () => {
  it.each([
    ['nothing', 'x.csv', '', 'est vide'],
    ['a header alone', 'x.csv', 'numéro;nom\n', 'ne contient que la ligne des titres'],
    [
      'a protected workbook',
      'x.xlsx',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512)]),
      'protégé par un mot de passe',
    ],
    ['another kind of file', 'x.pdf', '%PDF-1.4', 'n’est pas d’un format accepté'],
  ])('refuses %s', async (_, name, content, sentence) => {
    const answer = await maud.upload('/gestion/imports', { genre: 'adherents' }, [
      { field: 'fichier', name, content },
    ])
    expect([answer.status, text(answer.text)]).toEqual([422, expect.stringContaining(sentence)])
  })

  it('stops the trial of 50,001 rows with a sentence, and lets the file go', async () => {
    const file = `numéro;nom\n${Array.from({ length: 50_001 }, (_, i) => `${i};A`).join('\n')}\n`
    const essai = await journey.essaieTout('adherents', file)
    expect(essai.erreur.replace(/\s/g, ' ')).toContain('Ce fichier contient plus de 50 000 lignes.')
    const page = await maud.get(essai.path)
    expect(text(page.text)).toContain('plus de 50 000 lignes')
    const { rows } = await portal.owner.query<{ travail_id: string }>(
      'select travail_id from imports where id = $1',
      [essai.id],
    )
    expect((await maud.post(`/gestion/travaux/${rows[0]!.travail_id}/annulation`)).status).toBe(303)
    expect((await journey.row(essai.id)).etat).toBe('correspondance')
    expect((await maud.post(`${essai.path}/abandon`)).status).toBe(303)
    const { rows: left } = await portal.owner.query('select from import_lignes where import_id = $1', [
      essai.id,
    ])
    expect(left).toHaveLength(0)
  }, 60_000)
})

describe('who imports', () => {
  it('is the staff: members are refused, another organisme does not know the import', async () => {
    const path = await journey.depose('adherents', 'numéro;nom\n1;A\n')
    for (const login of ['657', 'CNS1']) {
      const member = await portal.login('estuaire', login)
      expect([login, (await member.get('/gestion/imports')).status]).toEqual([login, 403])
      expect([login, (await member.get(path)).status]).toEqual([login, 403])
    }
    const midi = await portal.login('midi', 'agent@midi.example')
    expect((await midi.get(path)).status).toBe(404)
    expect((await midi.post(`${path}/abandon`)).status).toBe(404)
    expect((await midi.get(`${path}/a-corriger.csv`)).status).toBe(404)
    expect((await midi.get('/gestion/imports')).text).not.toContain(path)
  })

  it('touches nothing of another organisme that has the same numbers', async () => {
    const before = await adherent('657', 'midi')
    await journey.importe('adherents', 'numéro;ville\n657;Bergerac\n')
    expect((await adherent('657'))!.ville).toBe('BERGERAC')
    expect(await adherent('657', 'midi')).toEqual(before)
  })
})
