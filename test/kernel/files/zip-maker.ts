import { crc32, deflateRawSync } from 'node:zlib'

/** An entry of a zip, true or lying. */
export interface ZipEntry {
  name: string
  content?: Buffer | string
  /** Instead of the true unpacked size, in both headers. */
  declaredSize?: number
  /** General purpose bits; 1 is encrypted. */
  flags?: number
  unixMode?: number
}

/** The same content in many entries is packed once. */
const packs = new Map<Buffer | string, Buffer>()
function pack(key: Buffer | string, content: Buffer): Buffer {
  const packed = packs.get(key) ?? deflateRawSync(content, { level: 1 })
  packs.set(key, packed)
  return packed
}

/** Builds a zip by hand, byte by byte (APPNOTE 4.3), so that tests can lie where a library would not. */
export function makeZip(entries: ZipEntry[], options: { declaredCount?: number } = {}): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '')
    const packed = pack(entry.content ?? '', content)
    const name = Buffer.from(entry.name)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(0x800 | (entry.flags ?? 0), 2)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt32LE(crc32(content), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(entry.declaredSize ?? content.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, name, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.unixMode ?? 0) << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), shared, tail, name]))
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(options.declaredCount ?? entries.length, 8)
  end.writeUInt16LE(options.declaredCount ?? entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, central, end])
}

const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'

/** The least that counts as a workbook; `more` is added. */
export function makeXlsx(more: ZipEntry[] = []): Buffer {
  const types = `<?xml version="1.0"?><Types><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}"/></Types>`
  return makeZip([
    { name: '[Content_Types].xml', content: types },
    { name: '_rels/.rels', content: '<Relationships/>' },
    { name: 'xl/workbook.xml', content: '<workbook/>' },
    { name: 'xl/worksheets/sheet1.xml', content: '<worksheet/>' },
    ...more,
  ])
}
