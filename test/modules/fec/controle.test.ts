import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CODES_CONNUS } from '../../../src/modules/fec/controle/constats.ts'
import { conclure } from '../../../src/modules/fec/controle/rapport.ts'
import { conclusionDe } from '../../../src/modules/fec/conclusion.ts'
import { controler } from '../../../src/modules/fec/controle/controle.ts'
import { phraseDe } from '../../../src/modules/fec/explications.ts'
import {
  ATTENDU,
  BNC,
  COLONNES,
  type Forme,
  type Ligne,
  NOM,
  TRESORERIE,
  controlerLignes,
  controlerOctets,
  ligne,
  texte,
  trouves,
  vente,
} from './fec.ts'

const deux = [...vente('1'), ...vente('2')]

/** The same lines with a change in one of them. */
function avec(at: number, more: Ligne): Ligne[] {
  return deux.map((one, i) => (i === at ? { ...one, ...more } : one))
}

const MONTANT_SENS = COLONNES.map((nom) => (nom === 'Debit' ? 'Montant' : nom === 'Credit' ? 'Sens' : nom))
const enSens = (lignes: readonly Ligne[], debit = 'D', credit = 'C') =>
  lignes.map((one) =>
    one.Debit === '0,00'
      ? { ...one, Montant: one.Credit!, Sens: credit }
      : { ...one, Montant: one.Debit!, Sens: debit },
  )

describe('a file that is right', () => {
  const formes: [string, readonly Ligne[], Forme][] = [
    ['18 columns, tabs', deux, {}],
    ['18 columns, pipes', deux, { separateur: '|' }],
    ['Unix line ends', deux, { fin: '\n' }],
    ['old Mac line ends', deux, { fin: '\r' }],
    ['Latin-9', avec(0, { EcritureLib: 'Café à Épinal' }), { encodage: 'latin1' }],
    ['UTF-8', avec(0, { EcritureLib: 'Café à Épinal, 3 €' }), {}],
    ['amount and side', enSens(deux), { colonnes: MONTANT_SENS }],
    ['amount and signed side', enSens(deux, '+1', '-1'), { colonnes: MONTANT_SENS }],
    ['21 columns', deux, { colonnes: TRESORERIE }],
    ['22 columns', deux, { colonnes: BNC, attendu: { categorie: 'BNC' } }],
    ['names in another case', deux, { entete: COLONNES.join('\t').toUpperCase() }],
    ['accents in names', deux, { entete: COLONNES.join('\t').replace('PieceRef', 'PièceRef').replace('PieceDate', 'PièceDate') }],
    ['a column more', deux.map((one) => ({ ...one, Analytique: 'A1' })), { colonnes: [...COLONNES, 'Analytique'] }],
    ['a sign at the end', [...deux, ligne('3', '411000', '12,30-', '0,00'), ligne('3', '706000', '0,00', '-12,30')], {}],
    ['empty amounts', [ligne('1', '411000', '5,00', ''), ligne('1', '706000', '', '5,00')], {}],
    ['entries whose lines are mixed', [deux[0]!, deux[3]!, deux[1]!, deux[4]!, deux[2]!, deux[5]!], {}],
    ['numbers by journal', [...deux, ...vente('1', { JournalCode: 'AC' }), ...vente('2', { JournalCode: 'AC' })], {}],
    ['blanks around fields', avec(1, { CompteNum: ' 706000 ', Credit: ' 1000,00 ' }), {}],
  ] // prettier-ignore

  it.each(formes)('has no finding: %s', (_name, lignes, forme) => {
    const rapport = controlerLignes(lignes, forme)
    expect(trouves(rapport)).toEqual({})
    expect(rapport.debit).toBeCloseTo(rapport.credit, 6)
    expect(conclure(rapport)).toEqual({ conforme: true, donnees: true, entete: true })
  })

  it('is described: totals, result, dates, journals, encoding', () => {
    const rapport = controlerLignes(avec(0, { EcritureLib: 'Café' }))
    expect(rapport).toMatchObject({
      nom: NOM, lignes: 6, ecritures: 2, debit: 2400, credit: 2400, resultat: 2000, encodage: 'UTF-8',
      separateur: 'tabulation', finDeLigne: 'CRLF', colonnes: 18, profil: 'BIC', cloture: '2025-12-31',
      premiere: '2025-01-15', derniere: '2025-01-15',
      journaux: [{ code: 'VE', libelle: 'Ventes', lignes: 6, debit: 2400, credit: 2400 }],
    }) // prettier-ignore
  })

  it('begins with a byte order mark or not', () => {
    const rapport = controlerOctets(`\ufeff${texte(deux)}`)
    expect(trouves(rapport)).toEqual({})
    expect(rapport.bom).toBe(true)
  })
})

/** One thing is changed; exactly these findings. */
const FAUTES: [nom: string, lignes: readonly Ligne[], forme: Forme, attendus: Record<string, number>][] = [
  ['a comma between the columns', deux, { separateur: ';' }, { separateur: 1 }],
  ['no header', deux, { entete: texte([deux[0]!]).split('\r\n')[1]! }, { entete_absente: 1, doublon: 1, debit_credit_nuls: 0 }],
  ['a column missing', deux, { colonnes: COLONNES.filter((nom) => nom !== 'DateLet') }, { 'entete_incomplete:DateLet': 1 }],
  ['a field more', avec(1, { EcritureLib: 'a\tb' }), {}, { champs_nombre: 1 }],
  ['an empty EcritureNum', [...deux, ligne('', '411000', '1,00', '0,00'), ligne('', '706000', '0,00', '1,00')], {}, { 'obligatoire_vide:EcritureNum': 2 }],
  ['an empty EcritureDate', avec(1, { EcritureDate: '' }), {}, { 'obligatoire_vide:EcritureDate': 1 }],
  ['an empty CompteNum', avec(1, { CompteNum: '' }), {}, { 'obligatoire_vide:CompteNum': 1 }],
  ['an empty CompteLib of a BNC', avec(1, { CompteLib: '' }), { colonnes: BNC }, { 'obligatoire_vide:CompteLib': 1 }],
  ['an empty EcritureLib of a BA', avec(1, { EcritureLib: '' }), { colonnes: TRESORERIE }, { 'obligatoire_vide:EcritureLib': 1 }],
  ['a decimal point', avec(1, { Credit: '1000.00' }), {}, { 'nombre_point:Credit': 1 }],
  ['a blank between thousands', avec(0, { Debit: '1 200,00' }), {}, { 'nombre_milliers:Debit': 1 }],
  ['a no-break space between thousands', avec(0, { Debit: '1\u00a0200,00' }), {}, { 'nombre_milliers:Debit': 1 }],
  ['a point between thousands', avec(0, { Debit: '1.200,00' }), {}, { 'nombre_milliers:Debit': 1 }],
  ['no number', avec(0, { Debit: 'abc' }), {}, { 'nombre_illisible:Debit': 1, debit_credit_nuls: 1, ecriture_desequilibree: 1, total_desequilibre: 1 }],
  ['two commas', avec(0, { Debit: '12,00,0' }), {}, { 'nombre_illisible:Debit': 1, debit_credit_nuls: 1, ecriture_desequilibree: 1, total_desequilibre: 1 }],
  ['an unknown side', enSens(deux).map((one, i) => (i === 1 ? { ...one, Sens: 'X' } : one)), { colonnes: MONTANT_SENS }, { 'sens_illisible:Sens': 1 }],
  ['a day that does not exist', avec(1, { PieceDate: '20250230' }), {}, { 'date_impossible:PieceDate': 1 }],
  ['a thirteenth month', avec(1, { EcritureDate: '20251301' }), {}, { 'date_impossible:EcritureDate': 1 }],
  ['no date', avec(1, { PieceDate: 'hier' }), {}, { 'date_illisible:PieceDate': 1 }],
  ['a date of zeros where one is due', avec(1, { EcritureDate: '00000000' }), {}, { 'date_illisible:EcritureDate': 1 }],
  ['a date with hyphens', avec(1, { EcritureDate: '2025-01-15' }), {}, { 'date_forme:EcritureDate': 1 }],
  ['a date in the French order', avec(1, { PieceDate: '15/01/2025' }), {}, { 'date_forme:PieceDate': 1 }],
  ['a date with a time', avec(1, { ValidDate: '20250131 10:22:00' }), {}, { 'date_forme:ValidDate': 1 }],
  ['another century', avec(1, { PieceDate: '22250115' }), {}, { 'date_siecle:PieceDate': 1 }],
  ['PieceRef missing', avec(1, { PieceRef: '' }), {}, { 'donnee_absente:PieceRef': 1 }],
  ['JournalLib missing', avec(1, { JournalLib: '' }), {}, { 'donnee_absente:JournalLib': 1 }],
  ['ValidDate missing', avec(1, { ValidDate: '' }), {}, { 'donnee_absente:ValidDate': 1 }],
  ['an account in letters', avec(1, { CompteNum: '7A6000' }), {}, { compte_chiffres: 1 }],
  ['an account of two digits', avec(1, { CompteNum: '70' }), {}, { compte_chiffres: 1 }],
  ['a debit and a credit', [...deux, ligne('3', '411000', '5,00', '5,00')], {}, { debit_et_credit: 1 }],
  ['neither debit nor credit', [...deux, ligne('2', '512000', '0,00', '0,00')], {}, { debit_credit_nuls: 1 }],
  ['columns in another order', deux, { colonnes: ['JournalLib', 'JournalCode', ...COLONNES.slice(2)] }, { ordre_colonnes: 1 }],
  ['a separator at the end', deux.map((one) => ({ ...one, '': '' })), { colonnes: [...COLONNES, ''] }, { separateur_final: 1 }],
  ['an amount that is not the others’', avec(0, { Debit: '1200,01' }), {}, { ecriture_desequilibree: 1, total_desequilibre: 1 }],
  ['cents that went to another entry', avec(0, { Debit: '1199,99' }).map((one, i) => (i === 3 ? { ...one, Debit: '1200,01' } : one)), {}, { ecriture_desequilibree: 2 }],
  ['an entry of another year', [...deux, ...vente('3', { EcritureDate: '20260102', PieceDate: '20260102', ValidDate: '20260131' })], {}, { hors_exercice: 3 }],
  ['validated before its date', avec(5, { EcritureDate: '20250201' }).map((one, i) => (i > 2 ? { ...one, EcritureDate: '20250201' } : one)), {}, { validation_avant: 3 }],
  ['not in the order of validation', [...deux, ...vente('3', { ValidDate: '20250120' })], {}, { ordre_validation: 3 }],
  ['missing numbers', [...deux, ...vente('5')], {}, { numerotation: 2 }],
  ['missing numbers after a prefix', [...vente('VE-007'), ...vente('VE-009')], {}, { numerotation: 1 }],
  ['a line twice', [...deux, ligne('2', '512000', '1,00', '0,00'), ligne('2', '512000', '1,00', '0,00'), ligne('2', '708000', '0,00', '2,00')], {}, { doublon: 1 }],
  ['a lettering without date', avec(0, { EcritureLet: 'AA' }), {}, { lettrage_sans_date: 1 }],
  ['two dates in an entry', avec(1, { EcritureDate: '20250116' }), {}, { dates_multiples: 1 }],
  ['a foreign amount without currency', avec(0, { Montantdevise: '1300,00' }), {}, { devise: 1 }],
  ['accounts 6 and 7 closed', [...deux, ligne('3', '706000', '2000,00', '0,00'), ligne('3', '120000', '0,00', '2000,00')], {}, { comptes_soldes: 1 }],
  ['18 columns of a BNC', deux, { attendu: { categorie: 'BNC' } }, { colonnes_bnc: 1 }],
  ['another name', deux, { nom: 'export.txt' }, { nom_forme: 1 }],
  ['a name with a wrong day', deux, { nom: '000000018FEC20251331.txt' }, { nom_date: 1 }],
  ['a name with a wrong SIREN', deux, { nom: '000000019FEC20251231.txt' }, { nom_siren: 1 }],
  ['the SIREN of somebody else', deux, { nom: '000000026FEC20251231.txt' }, { nom_adherent: 1 }],
  ['the closing of an unknown exercice', deux, { nom: '000000018FEC20250630.txt' }, { nom_cloture: 1 }],
] // prettier-ignore

describe('one thing wrong', () => {
  it.each(FAUTES)('finds exactly: %s', (_nom, lignes, forme, attendus) => {
    const expected = Object.fromEntries(Object.entries(attendus).filter(([, n]) => n > 0))
    const rapport = controlerLignes(lignes, forme)
    if ('entete_absente' in expected) expect(trouves(rapport)).toMatchObject({ entete_absente: 1 })
    else expect(trouves(rapport)).toEqual(expected)
  })

  it('finds what the file as a whole has: empty, blank line, two encodings, Windows', () => {
    expect(trouves(controlerOctets(''))).toEqual({ vide: 1 })
    expect(trouves(controlerLignes([]))).toEqual({ vide: 1 })
    expect(trouves(controlerOctets(texte(deux).replace('\r\nVE', '\r\n\r\nVE')))).toEqual({ ligne_vide: 1 })
    const latin = Buffer.from(texte(avec(0, { EcritureLib: 'Café' })), 'latin1')
    const utf8 = Buffer.from(
      texte(vente('3', { EcritureLib: 'Été' }))
        .split('\r\n')
        .slice(1)
        .join('\r\n'),
    )
    expect(trouves(controlerOctets(Buffer.concat([latin, utf8])))).toEqual({ encodage_melange: 1 })
    const windows = Buffer.from(texte(avec(0, { EcritureLib: 'L\x92été' })), 'latin1')
    expect(trouves(controlerOctets(windows))).toEqual({ encodage_1252: 1 })
    const long = texte(avec(0, { EcritureLib: 'x'.repeat(200_000) }))
    expect(trouves(controlerOctets(long))).toMatchObject({ ligne_longue: 1 })
  })

  it('says of what is no text what it is', () => {
    const utf16 = Buffer.from(`\ufeff${texte(deux)}`, 'utf16le')
    const ebcdic = Buffer.from([0xd1, 0x96, 0xa4, 0x99, 0x95, 0x81, 0x93, 0xc3, 0x96, 0x84, 0x85, 0x05])
    for (const [octets, quoi] of [
      [utf16, 'UTF-16'],
      [ebcdic, 'EBCDIC'],
      [Buffer.from('PK\x03\x04'), 'ZIP'],
      [Buffer.from('<?xml version="1.0"?><comptabilite/>'), 'XML'],
    ] as const) {
      const { constats } = controlerOctets(octets)
      expect(constats).toMatchObject([{ code: 'illisible', lignes: [{ n: 0, texte: quoi }] }])
    }
  })

  it('has a sentence for every finding, and every finding but one of the organisme is met above', () => {
    const met = new Set(
      [...FAUTES.flatMap(([, , , attendus]) => Object.keys(attendus)), 'vide', 'ligne_vide', 'encodage_melange', 'encodage_1252', 'ligne_longue', 'illisible'].map((key) => key.split(':')[0]), // prettier-ignore
    )
    for (const code of CODES_CONNUS) {
      expect(phraseDe({ code, champ: '' }).titre).not.toBe('')
      if (code !== 'resultat') expect(met, code).toContain(code)
    }
  })
})

describe('the vectors of the text', () => {
  it('(a) an invoice of 1 200,00 in three lines conforms', () => {
    const rapport = controlerLignes(vente('1'))
    expect(rapport.constats).toEqual([])
    expect([rapport.debit, rapport.credit]).toEqual([1200, 1200])
  })

  it('(b) pipes, a point, hyphens and an account 4A', () => {
    const lignes = vente('1', { EcritureDate: '2025-01-15' })
    lignes[0]!.Debit = '1 200.00'
    lignes[2]!.CompteNum = '4A'
    const rapport = controlerLignes(lignes, { separateur: '|' })
    expect(trouves(rapport)).toEqual({
      'nombre_milliers:Debit': 1,
      compte_chiffres: 1,
      'date_forme:EcritureDate': 3,
    })
    expect(rapport.constats.find(({ code }) => code === 'nombre_milliers')!.lignes).toEqual([
      { n: 2, texte: '1 200.00' },
    ])
    expect(rapport.constats.find(({ code }) => code === 'compte_chiffres')!.lignes[0]!.n).toBe(4)
  })

  it('(c) a remise of 450,00 in 22 columns conforms', () => {
    const lignes = [ligne('1', '512000', '450,00', ''), ligne('1', '706000', '', '450,00')]
    expect(trouves(controlerLignes(lignes, { colonnes: BNC, attendu: { categorie: 'BNC' } }))).toEqual({})
  })

  it('has the eight conclusions', () => {
    const all = [true, false].flatMap((e) =>
      [true, false].flatMap((v) =>
        [true, false].map((h) => {
          const constats = [
            ...(e ? [] : [{ code: 'nombre_point' as const, gravite: 'erreur' as const }]),
            ...(v ? [] : [{ code: 'donnee_absente' as const, gravite: 'absence' as const }]),
            ...(h ? [] : [{ code: 'entete_incomplete' as const, gravite: 'erreur' as const }]),
          ].map((one) => ({ ...one, champ: '', nombre: 1, lignes: [] }))
          expect(conclure({ constats })).toEqual({ conforme: e, donnees: v, entete: h })
          const { titre, texte: words } = conclusionDe({ constats })
          return titre + words
        }),
      ),
    )
    expect(new Set(all).size).toBe(8)
  })
})

describe('whatever the file', () => {
  const amount = fc.integer({ min: 1, max: 99_999_999 }).map((n) => (n / 100).toFixed(2).replace('.', ','))
  const entry = fc.record({ montant: amount, jour: fc.integer({ min: 1, max: 28 }), lib: fc.stringMatching(/^[A-Za-zéèà ]{1,20}$/) }) // prettier-ignore
  const file = fc.array(entry, { minLength: 1, maxLength: 30 }).map((entries) =>
    entries.flatMap(({ montant, jour, lib }, i) => {
      const day = `202503${String(jour).padStart(2, '0')}`
      const more = { EcritureDate: day, PieceDate: day, ValidDate: '20250430', EcritureLib: `n${lib}` }
      return [
        ligne(String(i + 1), '512000', montant, '0,00', more),
        ligne(String(i + 1), '706000', '0,00', montant, more),
      ]
    }),
  )
  const forme = fc.record({
    separateur: fc.constantFrom('\t', '|'),
    fin: fc.constantFrom('\r\n', '\n', '\r'),
    colonnes: fc.constantFrom(COLONNES, TRESORERIE, BNC),
    encodage: fc.constantFrom('utf8' as const, 'latin1' as const),
  })

  it('a right file has no finding, and one change makes exactly its own', () => {
    const MUTATIONS: [string, (one: Ligne) => Ligne][] = [
      ['nombre_point', (one) => (one.Debit === '0,00' ? { ...one, Credit: one.Credit!.replace(',', '.') } : { ...one, Debit: one.Debit!.replace(',', '.') })],
      ['date_impossible', (one) => ({ ...one, PieceDate: '20250231' })],
      ['compte_chiffres', (one) => ({ ...one, CompteNum: 'X12' })],
      ['donnee_absente', (one) => ({ ...one, PieceRef: '' })],
      ['obligatoire_vide', (one) => ({ ...one, CompteNum: '' })],
      ['lettrage_sans_date', (one) => ({ ...one, EcritureLet: 'AB' })],
    ] // prettier-ignore
    fc.assert(
      fc.property(file, forme, fc.nat(), fc.constantFrom(...MUTATIONS), (lignes, how, at, [code, change]) => {
        expect(trouves(controlerLignes(lignes, how))).toEqual({})
        const place = at % lignes.length
        const changed = lignes.map((one, i) => (i === place ? change(one) : one))
        const { constats } = controlerLignes(changed, how)
        expect(constats.map((one) => [one.code, one.nombre, one.lignes[0]!.n])).toEqual([
          [code, 1, place + 2],
        ])
      }),
      { numRuns: 60 },
    )
  })

  it('any bytes are answered with a report', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const rapport = controlerOctets(Buffer.from(bytes))
        expect(rapport.constats.length).toBeGreaterThan(0)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a file whose entries are mixed beyond what is kept by name', () => {
  it('is read twice, and its two wrong entries are told with their first lines', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parvis-fec-'))
    const n = 120_000
    const line = (num: number, compte: string, debit: string, credit: string) =>
      `VE\tVentes\t${num}\t20250115\t${compte}\tCompte\t\t\tF${num}\t20250115\tFacture\t${debit}\t${credit}\t\t\t20250131\t\t\n`
    const all = Array.from({ length: n }, (_, i) => line(i + 1, '411000', `${i + 1},00`, '0,00'))
    for (let i = 0; i < n; i++) {
      const wrong = i === 41_999 ? 1 : i === 99_999 ? -1 : 0
      all.push(line(i + 1, '706000', '0,00', `${i + 1 + wrong},00`))
    }
    const chemin = join(folder, 'fec')
    writeFileSync(chemin, [`${COLONNES.join('\t')}\n`, ...all].join(''))
    const rapport = controler(chemin, NOM, ATTENDU)
    await rm(folder, { recursive: true })
    expect(trouves(rapport)).toEqual({ ecriture_desequilibree: 2 })
    expect(rapport.constats[0]!.lignes.map((one) => one.n)).toEqual([42_001, 100_001])
    expect(rapport.constats[0]!.lignes[0]!.texte).toContain('écriture 42000')
  })
})
