import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileRule, InspectedFile } from '../../../src/kernel/files/allow-list.ts'
import { DOCUMENTS, PIECES_JOINTES, TRANSFERTS, inspectFile } from '../../../src/kernel/files/allow-list.ts'
import { FileRefused } from '../../../src/kernel/files/errors.ts'
import { gif, jpeg, png } from './image-maker.ts'
import { makePdf, rawPdf, streamObject } from './pdf-maker.ts'
import { makeXlsx, makeZip } from './zip-maker.ts'

const MO = 1024 * 1024
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parvis-inspect-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function inspect(
  content: Buffer | string,
  name: string,
  rule: FileRule = TRANSFERTS,
): Promise<InspectedFile> {
  const path = join(folder, randomBytes(8).toString('hex'))
  await writeFile(path, content)
  return inspectFile(path, name, rule)
}

async function refusal(content: Buffer | string, name: string, rule?: FileRule): Promise<FileRefused> {
  const outcome = await inspect(content, name, rule).catch((error: unknown) => error)
  expect(outcome).toBeInstanceOf(FileRefused)
  return outcome as FileRefused
}

/** With plain spaces, so that the expected sentences can be read. */
async function sentence(content: Buffer | string, name: string, rule?: FileRule): Promise<string> {
  return (await refusal(content, name, rule)).message.replace(/[\u00a0\u202f]/g, ' ')
}

describe('what is taken', () => {
  it('takes a true PDF and gives its clean name, stored type, size and hash', async () => {
    const content = await makePdf()
    expect(await inspect(content, '../../Relevé\u202e final.PDF', DOCUMENTS)).toEqual({
      name: 'Relevé final.PDF',
      extension: 'pdf',
      mime: 'application/pdf',
      size: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    })
  })

  it.each([
    ['photo.png', png(800, 600), 'image/png'],
    ['photo.jpg', jpeg(8000, 5000), 'image/jpeg'],
    ['photo.JPEG', jpeg(10, 10), 'image/jpeg'],
    ['logo.gif', gif(16, 16), 'image/gif'],
    ['balance.xlsx', makeXlsx(), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['dossier.zip', makeZip([{ name: 'a/' }, { name: 'a/b.pdf', content: 'x' }]), 'application/zip'],
    ['releve.csv', '\ufeffdate;libellé;montant\r\n2025-01-01;Été;1 234,50\r\n', 'text/csv'],
    [
      '000000018FEC20251231.txt',
      Buffer.from('JournalCode\tCompteLib\r\nVE\tFrais de d\xe9m\xe9nagement\r\n', 'latin1'),
      'text/plain',
    ],
    ['euro.txt', Buffer.from([0x80, 0x20, 0x93, 0x94, 0x1a]), 'text/plain'],
    ['BM.csv', 'BM;II*;MZ\n', 'text/csv'],
  ])('takes %s', async (name, content, mime) => {
    expect(await inspect(content, name)).toMatchObject({ mime })
  })

  it('looks at many at once without mixing them', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => inspect(`a;${i}\n`.repeat(i + 1), `f${i}.csv`)),
    )
    expect(results.map(({ name, size }) => [name, size])).toEqual(
      Array.from({ length: 20 }, (_, i) => [`f${i}.csv`, `a;${i}\n`.length * (i + 1)]),
    )
  })
})

describe('sizes and names', () => {
  it('refuses what is over the limit, with the size, the limit and the remedy', async () => {
    const refused = await refusal(Buffer.alloc(6.2 * MO), 'bilan.pdf', PIECES_JOINTES)
    expect(refused.status).toBe(413)
    expect(refused.message).toBe(
      'Le fichier «\u00a0bilan.pdf\u00a0» pèse 6,2\u00a0Mo\u00a0; la limite est de 5\u00a0Mo. Réduisez-le ou envoyez-le en plusieurs fois.',
    )
  })

  it('takes exactly the limit, not one byte more, and then says no absurd size', async () => {
    const page = await makePdf()
    const padded = (size: number): Buffer =>
      Buffer.concat([page, Buffer.alloc(size - page.length, '%'), Buffer.from('%%EOF')])
    expect(await inspect(padded(5 * MO - 5), 'a.pdf', PIECES_JOINTES)).toMatchObject({ size: 5 * MO })
    expect(await sentence(padded(5 * MO - 4), 'a.pdf', PIECES_JOINTES)).toContain(
      'dépasse la limite de 5 Mo.',
    )
  })

  it('refuses an empty file', async () => {
    expect(await sentence('', 'vide.pdf')).toBe(
      'Le fichier « vide.pdf » est vide. Vérifiez-le sur votre ordinateur, puis envoyez-le de nouveau.',
    )
  })

  it.each([
    'page.html',
    'logo.svg',
    'outil.exe',
    'passwd',
    'notes.pdf.exe',
    'classeur.xlsm',
    'lettre.docx',
    'a.csv '.padEnd(9, '.') + 'js',
  ])('refuses the extension of %s and lists the formats', async (name) => {
    expect(await sentence('bonjour', name)).toMatch(
      /n’est pas d’un format accepté\. Formats acceptés : PDF, PNG, .*ZIP\./,
    )
  })

  it('refuses for one use what another takes', async () => {
    expect(await sentence(png(1, 1), 'a.png', DOCUMENTS)).toBe(
      'Le fichier « a.png » n’est pas d’un format accepté. Enregistrez-le en PDF, puis envoyez-le de nouveau.',
    )
  })

  it('refuses ../../etc/passwd under its bare name', async () => {
    expect(await sentence('root:x:0:0', '../../etc/passwd')).toContain('« passwd »')
  })
})

describe('PDF', () => {
  const page = '<html><body><script>alert(1)</script></body></html>'
  it.each([
    ['a web page named .pdf', page],
    ['a program named .pdf', Buffer.concat([Buffer.from('MZ\x90\0'), randomBytes(5000)])],
    ['%PDF at byte 2000', Buffer.concat([Buffer.alloc(2000, ' '), rawPdf('1 0 obj << >> endobj')])],
    ['a web page, then a PDF', `${page}\n${rawPdf('1 0 obj << >> endobj').toString('latin1')}`],
    ['a picture named .pdf', png(10, 10)],
  ])('refuses %s', async (_, content) => {
    expect(await sentence(content, 'photo.pdf')).toMatch(/^Le fichier « photo.pdf » n’est pas un vrai PDF\./)
  })

  it('refuses a PDF that is also a web page', async () => {
    expect(await sentence(rawPdf(`% ${page}`), 'a.pdf')).toContain('code de page web')
    expect(await sentence(rawPdf('1 0 obj (<ScRiPt >) endobj'), 'a.pdf')).toContain('code de page web')
  })

  it('refuses a PDF cut before its end', async () => {
    const whole = await makePdf()
    expect(await sentence(whole.subarray(0, whole.length - 40), 'a.pdf')).toContain('abîmé ou incomplet')
    expect(await sentence(Buffer.concat([whole, Buffer.alloc(4096)]), 'a.pdf')).toContain(
      'abîmé ou incomplet',
    )
  })

  it('refuses a PDF with a password and one with a file inside, as the library makes them', async () => {
    expect(await sentence(await makePdf({ userPassword: 'x', pdfVersion: '1.7' }), 'a.pdf')).toContain(
      'mot de passe',
    )
    const attached = await makePdf({}, (doc) => doc.file(Buffer.from('x'), { name: 'x.txt' }))
    expect(await sentence(attached, 'a.pdf')).toContain('contient d’autres fichiers')
  })

  it.each([
    ['/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>', 'JavaScript'],
    ['/OpenAction<</S/JavaScript/JS 5 0 R>>', 'JavaScript'],
    ['/AA << /O << /S /Rendition /JS (x) >> >>', 'JavaScript'],
    ['/Names << /JavaScript 5 0 R >>', 'JavaScript'],
    ['/S /J#61vaScri#70t', 'JavaScript'],
    ['/S /Launch /F (calc.exe)', 'lancer un programme'],
    ['/Names << /EmbeddedFiles 5 0 R >>', 'autres fichiers'],
    ['/Type/EmbeddedFile', 'autres fichiers'],
    ['/EF << /F 5 0 R >>', 'autres fichiers'],
    ['/Encrypt 5 0 R', 'mot de passe'],
  ])('refuses %s', async (dictionary, reason) => {
    expect(await sentence(rawPdf(`1 0 obj << /Type /Catalog ${dictionary} >> endobj`), 'a.pdf')).toContain(
      reason,
    )
  })

  it('refuses a script in a compressed object stream', async () => {
    const objects = deflateSync('5 0 << /S /JavaScript /JS (app.alert) >>')
    const hidden = rawPdf(streamObject('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', objects))
    expect(await sentence(hidden, 'a.pdf')).toContain('JavaScript')
    const escaped = rawPdf(streamObject('/Type /Obj#53tm /N 1 /First 4 /Filter [ /FlateDecode ]', objects))
    expect(await sentence(escaped, 'a.pdf')).toContain('JavaScript')
  })

  it('refuses an object stream that it would pass over', async () => {
    const objects = deflateSync('5 0 << /S /JavaScript /JS (app.alert) >>')
    const dictionary = `<< /Type /ObjStm /Filter /FlateDecode /Length ${objects.length} >>`
    const stream = (between: string): Buffer =>
      Buffer.concat([
        Buffer.from(`9 0 obj\n${dictionary}${between}stream\n`),
        objects,
        Buffer.from('\nendstream\n'),
      ])
    expect(await sentence(rawPdf(stream('%x\n')), 'a.pdf')).toContain('abîmé')
    const nested = Buffer.concat([Buffer.from('8 0 obj\n<< >>\nstream\n'), stream('\n')])
    expect(await sentence(rawPdf(nested), 'a.pdf')).toContain('abîmé')
  })

  it('takes harmless object streams, refuses those it cannot read and those that swell', async () => {
    const objStm = (body: Buffer, filter = '/FlateDecode'): Buffer =>
      rawPdf(streamObject(`/Type /ObjStm /N 1 /First 4 /Filter ${filter}`, body))
    const harmless = deflateSync('5 0 << /Type /Page >>')
    expect(await inspect(objStm(harmless), 'a.pdf')).toMatchObject({ extension: 'pdf' })
    expect(await sentence(objStm(harmless, '/LZWDecode'), 'a.pdf')).toContain('abîmé')
    expect(await sentence(objStm(randomBytes(200)), 'a.pdf')).toContain('abîmé')
    expect(await sentence(objStm(deflateSync(Buffer.alloc(40 * MO))), 'a.pdf')).toContain('abîmé')
  })

  it('does not take prose or chance bytes for a script', async () => {
    const titled = await makePdf({ info: { Title: 'Cours HTML/JavaScript et React/JS' }, compress: false })
    expect(await inspect(titled, 'cours.pdf')).toMatchObject({ extension: 'pdf' })
    const chance = Buffer.concat([randomBytes(1000), Buffer.from(' /JS ( /EF <'), randomBytes(1000)])
    expect(await inspect(rawPdf(streamObject('/Filter /DCTDecode', chance)), 'scan.pdf')).toMatchObject({
      extension: 'pdf',
    })
    expect(
      await inspect(rawPdf('1 0 obj << /JSName 1 /LaunchX 2 /Encrypted 3 >> endobj'), 'a.pdf'),
    ).toBeDefined()
  })

  it('lets others work while it looks through a scan of 20 Mo or a PDF made to be slow', async () => {
    const scan = rawPdf(streamObject('/Filter /DCTDecode', randomBytes(19 * MO)))
    const slow = rawPdf(Buffer.alloc(10 * MO, '/J#4aa'))
    let longest = 0
    let last = performance.now()
    const pulse = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    await Promise.all([inspect(scan, 'scan.pdf', DOCUMENTS), inspect(slow, 'lent.pdf', DOCUMENTS)])
    clearInterval(pulse)
    expect(longest).toBeLessThan(500)
  })
})

describe('images', () => {
  it('refuses 60 000 × 60 000 points before anything decodes it', async () => {
    expect(await sentence(png(60_000, 60_000), 'plan.png')).toBe(
      'L’image « plan.png » mesure 60 000 × 60 000 points ; la limite est de 40 millions de points. Réduisez ses dimensions, puis envoyez-la de nouveau.',
    )
    expect(await sentence(jpeg(60_000, 60_000), 'plan.jpg')).toContain('60 000 × 60 000')
    expect(await sentence(gif(60_000, 60_000), 'plan.gif')).toContain('60 000 × 60 000')
    expect(await sentence(png(8001, 5000), 'plan.png')).toContain('8 001 × 5 000')
  })

  it.each([
    ['photo.png', jpeg(10, 10)],
    ['photo.jpg', gif(10, 10)],
    ['photo.gif', png(10, 10)],
    ['photo.png', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
    ['photo.gif', 'GIF89a'],
    ['photo.jpg', randomBytes(3000)],
  ])('refuses as %s what is something else', async (name, content) => {
    expect(await sentence(content, name)).toContain('n’est pas un vrai fichier')
  })

  it('refuses a picture without surface and one with a web page inside', async () => {
    expect(await sentence(gif(0, 10), 'a.gif')).toContain('abîmé')
    expect(await sentence(Buffer.concat([gif(10, 10), Buffer.from('/*<script src=x>')]), 'a.gif')).toContain(
      'page web',
    )
  })
})

describe('texts', () => {
  it.each([
    ['a web page', '  \n<!DOCTYPE html><p>', 'page web'],
    ['a drawing after a byte order mark', '\ufeff<svg onload=x>', 'page web'],
    ['a script', '<script>x</script>', 'page web'],
    ['an XML document', '<?xml version="1.0"?><svg/>', 'page web'],
    ['a PDF', '%PDF-1.4 %%EOF', 'page web'],
    ['a program', 'MZ\0\0', 'lisible'],
    ['UTF-16 without its mark', Buffer.from('a;b', 'utf16le'), 'lisible'],
    ['a web page in UTF-16', Buffer.from('\ufeff<!DOCTYPE html>', 'utf16le'), 'page web'],
    ['half a character of UTF-16', Buffer.from('\ufeffa;b', 'utf16le').subarray(0, 7), 'lisible'],
    ['neither UTF-8 nor Windows-1252', Buffer.from([0x41, 0xe9, 0x81, 0x0a]), 'lisible'],
    ['control characters', 'a\x1b[2Jb', 'lisible'],
    [
      'UTF-8 cut in a character, with a byte of no meaning',
      Buffer.from('é\u0141\u00cd', 'utf8').subarray(0, 5),
      'lisible',
    ],
  ])('refuses %s named .csv', async (_, content, reason) => {
    expect(await sentence(content, 'a.csv')).toContain(reason)
  })

  it('takes UTF-16 with its mark, which spreadsheets call « Texte Unicode »', async () => {
    expect(await inspect(Buffer.from('\ufeffa;é', 'utf16le'), 'a.csv')).toMatchObject({ size: 8 })
  })

  it('decodes across the blocks in which the file is read', async () => {
    const text = `a${'é\u0141'.repeat(200_000)}`
    expect(await inspect(text, 'long.txt')).toMatchObject({ size: 1 + 800_000 })
    expect(
      await sentence(Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0x81])]), 'long.txt'),
    ).toContain('lisible')
  })
})
