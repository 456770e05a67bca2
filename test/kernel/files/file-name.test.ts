import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanFileName, extensionOf } from '../../../src/kernel/files/file-name.ts'

describe('names of files', () => {
  it.each([
    ['bilan 2025.pdf', 'bilan 2025.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\system.ini', 'system.ini'],
    ['C:\\Documents\\relevé.pdf', 'relevé.pdf'],
    ['releve\u0301.pdf', 'relevé.pdf'],
    ['facture\u202efdp.exe', 'facturefdp.exe'],
    ['a\r\nSet-Cookie: x=1.pdf', 'aSet-Cookie: x=1.pdf'],
    ['a\u0000.pdf', 'a.pdf'],
    ['  a   b .pdf', 'a b.pdf'],
    ['a.pdf. .', 'a.pdf'],
    ['.pdf', 'document.pdf'],
    ['...', 'document'],
    ['', 'document'],
    ['/', 'document'],
    ['\u200f\u200b', 'document'],
    ['.htaccess', 'document.htaccess'],
    ['photo\ud800.png', 'photo.png'],
  ])('cleans %j to %j', (declared, cleaned) => {
    expect(cleanFileName(declared)).toBe(cleaned)
  })

  it('cuts at 120 characters, keeps the extension and no half character', () => {
    const cleaned = cleanFileName(`${'😀'.repeat(300)}.PDF`)
    expect(Array.from(cleaned)).toHaveLength(120)
    expect(cleaned.endsWith('😀.PDF')).toBe(true)
    expect(extensionOf(cleaned)).toBe('pdf')
  })

  it('whatever the browser says: short, on one line, no path, stable when cleaned again', () => {
    const anyName = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc
        .array(
          fc.constantFrom('.', '/', '\\', ' ', 'é', 'e\u0301', '\u202e', '\0', '.pdf', 'a', '\ud83d', '😀'),
        )
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(anyName, (declared) => {
        const cleaned = cleanFileName(declared)
        expect(cleaned).not.toMatch(/[/\\\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u)
        expect(cleaned).not.toMatch(/^[.\s]|[.\s]$/)
        expect(Array.from(cleaned).length).toBeGreaterThan(0)
        expect(Array.from(cleaned).length).toBeLessThanOrEqual(120)
        expect(cleaned).toBe(cleaned.normalize('NFC'))
        expect(cleanFileName(cleaned)).toBe(cleaned)
      }),
      { numRuns: 800 },
    )
  })
})
