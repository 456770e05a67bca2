import { describe, expect, it } from 'vitest'
import { TooMany } from '../../../src/kernel/errors.ts'
import { hashPassword, isOutdated, verifyPassword } from '../../../src/kernel/auth/password.ts'

const CHEAP = { memoryCost: 64, timeCost: 1, parallelism: 1 }

describe('hashes of passwords', () => {
  it('are argon2id with the cost that was asked, and salted', async () => {
    const [one, two] = await Promise.all([hashPassword(CHEAP, 'x'), hashPassword(CHEAP, 'x')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
    expect(one).not.toBe(two)
  })

  it.each(['x', ' x ', 'été'.normalize('NFC'), 'été'.normalize('NFD'), '🦊'.repeat(64), 'a\u0000b'])(
    'take %j as typed',
    async (password) => {
      const stored = await hashPassword(CHEAP, password)
      expect(await verifyPassword(CHEAP, stored, password)).toBe(true)
      expect(await verifyPassword(CHEAP, stored, `${password} `)).toBe(false)
    },
  )

  it('the two Unicode forms of one word are two passwords', async () => {
    const stored = await hashPassword(CHEAP, 'été'.normalize('NFC'))
    expect(await verifyPassword(CHEAP, stored, 'été'.normalize('NFD'))).toBe(false)
  })

  it('nobody’s password is ever right, not even the one of the dummy', async () => {
    expect(await verifyPassword(CHEAP, null, 'nobody has this password')).toBe(false)
  })

  it('are outdated when the cost has changed', async () => {
    const stored = await hashPassword(CHEAP, 'x')
    expect(isOutdated(CHEAP, stored)).toBe(false)
    expect(isOutdated({ ...CHEAP, memoryCost: 128 }, stored)).toBe(true)
    expect(isOutdated({ ...CHEAP, timeCost: 2 }, stored)).toBe(true)
  })

  it('two at once and fifty waiting: the fifty-third is sent away, and the others are served', async () => {
    const slow = { memoryCost: 8192, timeCost: 2, parallelism: 1 }
    const all = await Promise.allSettled(Array.from({ length: 60 }, () => hashPassword(slow, 'x')))
    const refused = all.filter((one) => one.status === 'rejected')
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(52)
    expect(refused).toHaveLength(8)
    for (const one of refused) expect(one.reason).toBeInstanceOf(TooMany)
    await expect(hashPassword(slow, 'x')).resolves.toContain('argon2id')
  })
})
