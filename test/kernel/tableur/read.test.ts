import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeExcel from 'write-excel-file/node'
import { FileRefused } from '../../../src/kernel/files/errors.ts'
import { LIMITS, openTable } from '../../../src/kernel/tableur/read.ts'
import { makeZip } from '../files/zip-maker.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tableur-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(content: Buffer | string, name = 'a.csv', limits = LIMITS) {
  const path = join(folder, randomBytes(6).toString('hex'))
  await writeFile(path, content)
  const table = await openTable(path, name, limits)
  try {
    const rows = []
    for await (const row of table.rows()) rows.push([row.line, ...row.cells])
    return { ...table, titles: table.header.cells, at: table.header.line, rows }
  } finally {
    await table.close()
  }
}

async function refusal(content: Buffer | string, name?: string, limits?: typeof LIMITS): Promise<string> {
  const outcome = await read(content, name, limits).catch((error: unknown) => error)
  expect(outcome).toBeInstanceOf(FileRefused)
  return (outcome as FileRefused).message.replace(/[\u00a0\u202f]/g, ' ')
}

const TEXT = 'Nom;Ville;Montant\r\nCœur & fils;Foix;12 €\r\nÉmile;"Saint-Jean; ""bis""";-3\r\n'
const ROWS = [
  [2, 'Cœur & fils', 'Foix', '12 €'],
  [3, 'Émile', 'Saint-Jean; "bis"', '-3'],
]

/** One byte a sign, as the programs of Windows and of before it write. */
function oneByte(text: string, codes: Record<string, number>): Buffer {
  return Buffer.from([...text].map((char) => codes[char] ?? char.charCodeAt(0)))
}

describe('reading a CSV', () => {
  it('takes UTF-8 with and without its mark, UTF-16, Windows-1252 and Latin-9 for the same text', async () => {
    const utf16 = Buffer.from(`\ufeff${TEXT}`, 'utf16le')
    const files = {
      'utf-8': [Buffer.from(TEXT), Buffer.from(`\ufeff${TEXT}`)],
      'utf-16le': [utf16, utf16.subarray(2)],
      'utf-16be': [Buffer.from(utf16).swap16()],
      'windows-1252': [oneByte(TEXT, { œ: 0x9c, '€': 0x80 })],
      'iso-8859-15': [oneByte(TEXT, { œ: 0xbd, '€': 0xa4 })],
    }
    for (const [encoding, contents] of Object.entries(files)) {
      for (const content of contents) {
        const table = await read(content)
        expect(table).toMatchObject({
          encoding,
          separator: ';',
          titles: ['Nom', 'Ville', 'Montant'],
          rows: ROWS,
        })
      }
    }
  })

  it('finds the one separator of the header, whatever the rows hold', async () => {
    expect(await read('a,b\n"1,5",x;y;z;t\n')).toMatchObject({
      separator: ',',
      rows: [[2, '1,5', 'x;y;z;t']],
    })
    expect(await read('a\tb, c\n1\t2\n')).toMatchObject({ separator: '\t', rows: [[2, '1', '2']] })
    expect(await read('"a;b";c|d\n1|2\n')).toMatchObject({ separator: ';' })
    expect(await read('seule\n1\n')).toMatchObject({ separator: ';', titles: ['seule'], rows: [[2, '1']] })
  })

  it('numbers rows as a spreadsheet does: empty lines and lines inside quotes', async () => {
    const table = await read('\n\nNom;Note;;\n\nA;"deux\nlignes"\n;;\nB;x;de trop;encore\n')
    expect(table.at).toBe(3)
    expect(table.titles).toEqual(['Nom', 'Note'])
    expect(table.rows).toEqual([
      [5, 'A', 'deux lignes'],
      [7, 'B', 'x'],
    ])
  })

  it('refuses what is too much, with the number that is the limit', async () => {
    const limits = { rows: 3, columns: 2, cell: 10 }
    expect(await refusal('a\n1\n2\n3\n4\n', 'a.csv', limits)).toBe(
      'Ce fichier contient plus de 3 lignes. Partagez-le en plusieurs fichiers.',
    )
    expect((await read('a\n1\n2\n3\n', 'a.csv', limits)).rows).toHaveLength(3)
    expect(await refusal('a;b;c\n1;2;3\n', 'a.csv', limits)).toContain('plus de 2 colonnes')
    expect(await refusal(`a\n\n${'x'.repeat(11)}\n`, 'a.csv', limits)).toContain(
      'Ligne 3, colonne « a » : le texte dépasse 10 caractères',
    )
  })

  it('stops at 50,000 rows', async () => {
    const rows = (count: number) => `n\n${'x\n'.repeat(count)}`
    expect((await read(rows(50_000))).rows).toHaveLength(50_000)
    expect(await refusal(rows(50_001))).toContain('Ce fichier contient plus de 50 000 lignes.')
  })

  it('refuses what is empty, binary, unclosed, or no table', async () => {
    expect(await refusal('')).toContain('ne contient aucune ligne')
    expect(await refusal('\n \n;;\n')).toContain('ne contient aucune ligne')
    expect(await refusal(Buffer.from([0x61, 0, 0, 0, 1, 2, 3, 0x0a, 0x61, 0x62]))).toContain(
      'n’est pas un texte lisible',
    )
    expect(await refusal('a;b\n1;"ouvert\n2;3\n')).toContain('guillemet')
    expect(await refusal(`a;b\n1;"${'x\n'.repeat(700_000)}`)).toContain('guillemet')
    expect(await refusal('a\n1\n', 'a.pdf')).toContain('n’est pas un tableau')
  })
})

async function workbook(rows: unknown[][]): Promise<Buffer> {
  const cells = rows.map((row) =>
    row.map((value) => (value instanceof Date ? { value, format: 'dd/mm/yyyy' } : { value })),
  )
  return writeExcel(cells as never).toBuffer()
}

describe('reading a workbook', () => {
  it('gives texts, numbers with a comma and days, with the rows of the file', async () => {
    const content = await workbook([
      ['N°', 'Nom', 'Le', 'Montant', 'Actif'],
      [10_000_000_000_000, 'L’« Étal » & <fils>', new Date('2025-12-31'), -1234.56, true],
      [],
      ['00123', ' x ', new Date('2024-02-29'), 0.1 + 0.2, false],
    ])
    const table = await read(content, 'a.xlsx')
    expect(table).toMatchObject({ format: 'xlsx', titles: ['N°', 'Nom', 'Le', 'Montant', 'Actif'] })
    expect(table.rows).toEqual([
      [2, '10000000000000', 'L’« Étal » & <fils>', '2025-12-31', '-1234,56', 'oui'],
      [4, '00123', 'x', '2024-02-29', '0,3', 'non'],
    ])
    // Whatever its name says.
    expect((await read(content, 'a.csv')).format).toBe('xlsx')
  })

  it('takes what other programs write: prefixes, no places, gaps, inline and rich texts, days from 1904, hidden sheets', async () => {
    const rel = (id: string, type: string, target: string) =>
      `<Relationship Id="${id}" Type="http://x/${type}" Target="${target}"/>`
    const file = (name: string, content: string) => ({ name, content: `<?xml version="1.0"?>${content}` })
    const content = makeZip([
      file('[Content_Types].xml', '<Types/>'),
      file('_rels/.rels', `<Relationships>${rel('r', 'officeDocument', '/xl/wb.xml')}</Relationships>`),
      file(
        'xl/wb.xml',
        '<x:workbook><x:workbookPr date1904="1"/><x:sheets><x:sheet name="c" state="hidden" r:id="r1"/><x:sheet name="v" r:id="r2"/></x:sheets></x:workbook>',
      ),
      file(
        'xl/_rels/wb.xml.rels',
        `<Relationships>${rel('r1', 'worksheet', 'sheets/no.xml')}${rel('r2', 'worksheet', 'sheets/s.xml')}${rel('r3', 'sharedStrings', 'strings.xml')}${rel('r4', 'styles', 'styles.xml')}</Relationships>`,
      ),
      file(
        'xl/strings.xml',
        '<sst><si><r><t>Ri</t></r><r><t xml:space="preserve">che </t></r><rPh><t>non</t></rPh></si><si/><si><t>A&#233;_x0041_&amp;amp;</t></si></sst>',
      ),
      file(
        'xl/styles.xml',
        '<styleSheet><numFmts><numFmt numFmtId="200" formatCode="[$-40C]d\\ mmmm\\ yyyy"/><numFmt numFmtId="201" formatCode="0.00&quot; jours&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/><xf numFmtId="201"/></cellXfs></styleSheet>',
      ),
      file('xl/sheets/no.xml', '<worksheet/>'),
      file(
        'xl/sheets/s.xml',
        `<x:worksheet><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>c</x:t></x:is></x:c></x:row><x:row r="3"/>
        <x:row r="1048576"><x:c r="A9" t="s"><x:v>2</x:v></x:c><x:c r="B9" s="1"><x:v>44560</x:v></x:c><x:c r="C9" s="2"><x:f>1+1</x:f><x:v>2.5</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
      ),
    ])
    expect(await read(content, 'a.xlsx')).toMatchObject({
      titles: ['Riche', 'b', 'c'],
      rows: [[1_048_576, 'AéA&amp;', '2025-12-31', '2,5']],
    })
  })

  it('refuses a bomb, a protected workbook, a damaged one, and a zip that is no workbook', async () => {
    const bomb = makeZip([
      { name: '[Content_Types].xml', content: '<Types/>' },
      { name: 'xl/worksheets/sheet1.xml', content: Buffer.alloc(130 * 1024 * 1024, ' ') },
    ])
    expect(bomb.length).toBeLessThan(1_000_000)
    const before = process.memoryUsage().rss
    expect(await refusal(bomb, 'a.xlsx')).toContain('trop volumineux une fois décompressé')
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000)
    const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), randomBytes(600)])
    expect(await refusal(compound, 'a.xlsx')).toContain('protégé par un mot de passe')
    expect(await refusal((await workbook([['a'], ['b']])).subarray(0, 900), 'a.xlsx')).toContain('abîmé')
    expect(await refusal(makeZip([{ name: 'a.txt', content: 'x' }]), 'a.xlsx')).toContain(
      'ne peut pas être lu',
    )
    expect(await refusal('Nom\nx\n', 'a.xlsx')).toContain('ne peut pas être lu')
  })

  it('refuses rows that would fill the memory: one endless element', async () => {
    const noise = randomBytes(1_200_000).toString('hex')
    const rels = (target: string, type: string) =>
      `<Relationships><Relationship Id="r1" Type="http://x/${type}" Target="${target}"/></Relationships>`
    const endless = makeZip([
      { name: '_rels/.rels', content: rels('xl/workbook.xml', 'officeDocument') },
      {
        name: 'xl/workbook.xml',
        content: '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
      },
      { name: 'xl/_rels/workbook.xml.rels', content: rels('s.xml', 'worksheet') },
      { name: 'xl/s.xml', content: `<row><c t="inlineStr"><is><t>${noise}</t></is></c>` },
    ])
    expect(await refusal(endless, 'a.xlsx')).toContain('ne peut pas être lu')
  })
})
