import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRANSFERTS, inspectFile } from '../../../src/kernel/files/allow-list.ts'
import { FileRefused } from '../../../src/kernel/files/errors.ts'
import { makeXlsx, makeZip } from './zip-maker.ts'

const MO = 1024 * 1024
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parvis-archive-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function refusal(content: Buffer, name: string): Promise<string> {
  const path = join(folder, randomBytes(8).toString('hex'))
  await writeFile(path, content)
  const outcome = await inspectFile(path, name, TRANSFERTS).catch((error: unknown) => error)
  expect(outcome).toBeInstanceOf(FileRefused)
  return (outcome as FileRefused).message.replace(/[\u00a0\u202f]/g, ' ')
}

describe('archives', () => {
  it('refuses a bomb that tells its size', async () => {
    const bomb = makeZip([{ name: 'a.txt', content: Buffer.alloc(30 * MO) }])
    expect(await refusal(bomb, 'a.zip')).toContain(
      'trop volumineux une fois décompressé ; la limite est de 500 Mo',
    )
    expect(await refusal(makeXlsx([{ name: 'b.xml', content: Buffer.alloc(2 * MO) }]), 'a.xlsx')).toContain(
      '50 Mo',
    )
  })

  it('refuses what is within the ratio but beyond the total', async () => {
    const lines = randomBytes(MO).toString('hex')
    const heavy = Array.from({ length: 26 }, (_, i) => ({ name: `${i}.xml`, content: lines }))
    expect(await refusal(makeXlsx(heavy), 'a.xlsx')).toContain('la limite est de 50 Mo')
  })

  it('refuses a bomb that lies about its size, without unpacking it', async () => {
    const lying = makeZip([{ name: 'a.txt', content: Buffer.alloc(80 * MO), declaredSize: 900_000 }])
    const before = process.cpuUsage()
    expect(await refusal(lying, 'a.zip')).toContain('abîmé')
    expect(process.cpuUsage(before).user).toBeLessThan(500_000)
    expect(await refusal(makeZip([{ name: 'a.txt', content: 'abc', declaredSize: 2 }]), 'a.zip')).toContain(
      'abîmé',
    )
    expect(await refusal(makeZip([{ name: 'a.txt', content: 'abc', declaredSize: 4 }]), 'a.zip')).toContain(
      'abîmé',
    )
  })

  it('refuses entries that share the same bytes', async () => {
    const one = makeZip([{ name: 'a.txt', content: randomBytes(50_000) }])
    const start = one.readUInt32LE(one.length - 6)
    const directory = one.subarray(start, one.length - 22)
    const end = Buffer.from(one.subarray(one.length - 22))
    end.writeUInt16LE(2, 8)
    end.writeUInt16LE(2, 10)
    end.writeUInt32LE(directory.length * 2, 12)
    const shared = Buffer.concat([one.subarray(0, start), directory, directory, end])
    expect(await refusal(shared, 'a.zip')).toContain('abîmé')
  })

  it('refuses entries that the end record does not count', async () => {
    const entries = [
      { name: 'a.txt', content: 'a' },
      { name: 'b.exe', content: 'b' },
    ]
    expect(await refusal(makeZip(entries, { declaredCount: 1 }), 'a.zip')).toContain('abîmé')
  })

  it('refuses more than 1 000 entries, 200 in a workbook', async () => {
    const many = (count: number): { name: string }[] =>
      Array.from({ length: count }, (_, i) => ({ name: `${i}.txt` }))
    expect(await refusal(makeZip(many(1001)), 'a.zip')).toContain('contient plus de 1 000 éléments')
    expect(await refusal(makeXlsx(many(200)), 'a.xlsx')).toContain('contient plus de 200 éléments')
    expect(await refusal(makeZip(many(1), { declaredCount: 65_000 }), 'a.zip')).toContain('plus de 1 000')
  })

  it.each(['../evil.txt', 'a/../../evil.txt', '/etc/passwd', 'C:/evil.txt', '..\\evil.txt'])(
    'refuses the entry %s',
    async (name) => {
      expect(await refusal(makeZip([{ name }]), 'a.zip')).toContain('sort de son dossier')
    },
  )

  it('refuses links, passwords, programs, pages and macros inside', async () => {
    expect(await refusal(makeZip([{ name: 'a', content: '/etc', unixMode: 0o120777 }]), 'a.zip')).toContain(
      'sort de son dossier',
    )
    expect(await refusal(makeZip([{ name: 'a.txt', content: 'x', flags: 1 }]), 'a.zip')).toContain(
      'mot de passe',
    )
    expect(await refusal(makeZip([{ name: 'b/Setup.EXE' }]), 'a.zip')).toContain(
      'un programme ou une page web',
    )
    expect(await refusal(makeZip([{ name: 'index.html' }]), 'a.zip')).toContain(
      'un programme ou une page web',
    )
    expect(await refusal(makeXlsx([{ name: 'xl/vbaProject.bin', content: 'x' }]), 'a.xlsx')).toContain(
      'macros',
    )
  })

  it('refuses a broken archive and one whose content is not what its name says', async () => {
    const whole = makeZip([{ name: 'a.txt', content: 'bonjour' }])
    expect(await refusal(whole.subarray(0, whole.length - 5), 'a.zip')).toContain('abîmé')
    expect(await refusal(Buffer.from('PK\x03\x04'), 'a.zip')).toContain('abîmé')
    expect(await refusal(whole, 'a.xlsx')).toContain('n’est pas un vrai fichier XLSX')
    expect(await refusal(makeXlsx(), 'a.zip')).toContain('n’est pas un vrai fichier ZIP')
    expect(await refusal(Buffer.concat([Buffer.from('MZ'), whole]), 'a.zip')).toContain(
      'n’est pas un vrai fichier ZIP',
    )
  })
})
