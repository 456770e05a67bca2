/** Width and height in pixels, read from the header; undefined when the header does not hold. Nothing is decoded. */
export function dimensions(bytes: Buffer): { width: number; height: number } | undefined {
  return pngSize(bytes) ?? gifSize(bytes) ?? jpegSize(bytes)
}

type Size = { width: number; height: number }

/** PNG, 11.2.2: the IHDR chunk comes first. */
function pngSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 24 || bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** GIF89a, 18: the logical screen. */
function gifSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 10 || !/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
}

/** JPEG (ITU T.81, B.2.2): walks the segments to the frame header. */
function jpegSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return
  for (let at = 2; at + 9 <= bytes.length;) {
    if (bytes[at] !== 0xff) return
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (isFrame(marker)) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
    if (marker === 0xda || marker === 0xd9) return
    const alone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
    const length = alone ? 0 : bytes.readUInt16BE(at + 2)
    if (!alone && length < 2) return
    at += 2 + length
  }
}

/** SOF0 to SOF15, without the tables DHT, JPG and DAC that share the range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}
