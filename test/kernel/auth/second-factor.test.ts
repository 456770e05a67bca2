import { randomBytes } from 'node:crypto'
import { TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { decrypt, encrypt } from '../../../src/kernel/auth/cipher.ts'
import { codeIndex, hashCodes, newCodes } from '../../../src/kernel/auth/recovery-codes.ts'
import { newSecret, otpauthUri, readableSecret, stepOf } from '../../../src/kernel/auth/totp.ts'
import { loadConfig } from '../../../src/kernel/config.ts'

const COST = { memoryCost: 64, timeCost: 1, parallelism: 1 }

describe('codes of an authenticator', () => {
  it('are those of RFC 6238 (appendix B, the last six digits)', () => {
    const secret = Buffer.from('12345678901234567890')
    const vectors: [number, string][] = [[59, '287082'], [1111111109, '081804'], [1234567890, '005924'], [2000000000, '279037']] // prettier-ignore
    for (const [at, code] of vectors) expect(stepOf(secret, code, at)).toBe(Math.floor(at / 30))
  })

  it('count for their half minute only', () => {
    const secret = Buffer.from('12345678901234567890')
    expect(stepOf(secret, '287082', 30)).toBe(1)
    expect(stepOf(secret, '287082', 59.9)).toBe(1)
    expect(stepOf(secret, '287082', 29.9)).toBeNull()
    expect(stepOf(secret, '287082', 60)).toBeNull()
  })

  it('the secret has 160 bits, and the address of the QR code says for whom it is', () => {
    const secret = newSecret()
    expect(secret).toHaveLength(20)
    const uri = new URL(otpauthUri(secret, 'OMGA de l’Estuaire', '657'))
    expect(uri.protocol).toBe('otpauth:')
    expect(decodeURIComponent(uri.pathname)).toContain('OMGA de l’Estuaire:657')
    expect(uri.searchParams.get('secret')).toBe(readableSecret(secret).replaceAll(' ', ''))
    const now = new TOTP({ secret: uri.searchParams.get('secret')! }).generate({ timestamp: 90_000 })
    expect(stepOf(secret, now, 90)).toBe(3)
  })
})

describe('recovery codes', () => {
  it('ten, different, of 55 bits, each recognized however it is typed, and no other', async () => {
    const codes = newCodes()
    expect(new Set(codes).size).toBe(10)
    for (const [i, code] of codes.entries())
      expect(code).toMatch(new RegExp(`^${i}[0-9A-HJKMNP-TV-Z]{3}(-[0-9A-HJKMNP-TV-Z]{4}){2}$`))
    const stored = await hashCodes(COST, codes)
    for (const [i, code] of codes.entries()) {
      expect(await codeIndex(COST, stored, code)).toBe(i)
      expect(await codeIndex(COST, stored, ` ${code.toLowerCase().replaceAll('-', ' ')}`)).toBe(i)
    }
    const wrong = `${codes[2]!.slice(0, -1)}${codes[2]!.endsWith('A') ? 'B' : 'A'}`
    expect(await codeIndex(COST, stored, wrong)).toBeNull()
    for (const nonsense of ['', '0', 'x'.repeat(12), '123456', '9'.repeat(400)]) {
      expect(await codeIndex(COST, stored, nonsense)).toBeNull()
    }
    const used = stored.with(4, '')
    expect(await codeIndex(COST, used, codes[4]!)).toBeNull()
  })
})

describe('sealed secrets', () => {
  const key = () => randomBytes(32).toString('base64')
  const [first, second] = [key(), key()]
  const config = (keys: string) => loadConfig({ ENCRYPTION_KEYS: keys })
  const secret = newSecret()

  it('open with their key only, for whom they were sealed, unchanged', () => {
    const sealed = encrypt(config(`k1:${first}`), secret, 'a')
    expect(decrypt(config(`k1:${first}`), sealed, 'a')).toEqual(secret)
    expect(() => decrypt(config(`k1:${first}`), sealed, 'b')).toThrow('does not open')
    expect(() => decrypt(config(`k1:${second}`), sealed, 'a')).toThrow('does not open')
    expect(() => decrypt(config(`k2:${second}`), sealed, 'a')).toThrow('lacks the key k1')
    const [id, iv, tag, text] = sealed.split('.') as [string, string, string, string]
    const changed = Buffer.from(text, 'base64url')
    changed[0] = changed[0]! ^ 1
    expect(() =>
      decrypt(config(`k1:${first}`), [id, iv, tag, changed.toString('base64url')].join('.'), 'a'),
    ).toThrow()
    expect(() => decrypt(config(`k1:${first}`), [id, iv, tag.slice(0, 6), text].join('.'), 'a')).toThrow()
    expect(encrypt(config(`k1:${first}`), secret, 'a')).not.toBe(sealed)
  })

  it('keys can be changed: the first closes, all of them open', () => {
    const old = encrypt(config(`k1:${first}`), secret, 'a')
    const both = config(`k2:${second},k1:${first}`)
    expect(decrypt(both, old, 'a')).toEqual(secret)
    expect(encrypt(both, secret, 'a')).toMatch(/^k2\./)
  })

  it('a key of another size is refused at start', () => {
    expect(() => loadConfig({ ENCRYPTION_KEYS: `k1:${randomBytes(16).toString('base64')}` })).toThrow(
      '32 bytes',
    )
    expect(() => loadConfig({ ENCRYPTION_KEYS: 'abc' })).toThrow('ENCRYPTION_KEYS')
    expect(() => loadConfig({ PASSWORD_COST: 'lots' })).toThrow('PASSWORD_COST')
  })
})
