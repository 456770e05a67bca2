import { describe, expect, it } from 'vitest'
import { checkPassword, passwordRule } from '../../../src/kernel/auth/password-rules.ts'
import type { Role } from '../../../src/kernel/db.ts'
import { Refusal } from '../../../src/kernel/errors.ts'

const WORDS = [
  'CEGAL fictif',
  'Organisme de Gestion de Libourne',
  '33500 LIBOURNE',
  '10657',
  'Anaïs',
  'Brémontier',
]

async function refusal(password: string, role: Role = 'adherent', words = WORDS): Promise<string> {
  try {
    await checkPassword(password, { role, words }, 'nouveau')
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal)
    expect((error as Refusal).field).toBe('nouveau')
    return (error as Refusal).message.replaceAll('\u00a0', ' ')
  }
}

describe('what a new password must be', () => {
  it('twelve signs for members and collaborateurs, sixteen for those who see many', () => {
    const roles: Role[] = [
      'adherent',
      'collaborateur',
      'cabinet',
      'superviseur',
      'permanent',
      'administrateur',
      'operateur',
    ]
    expect(roles.map((role) => passwordRule(role).length)).toEqual([12, 12, 16, 16, 16, 16, 16])
  })

  it.each([
    'zeste hublot',
    'quatre lampes vertes',
    'xK9#mq2Lp0vTz',
    '🦊🌲🎻🐙🧀🪗🚲🎈🎲🎯🧩🪁',
    'v'.repeat(3) + ' tartine hublot zeste',
  ])('accepts « %s », without any rule of composition', async (password) =>
    expect(await refusal(password)).toBe(''),
  )

  it('counts signs as people see them, not bytes', async () => {
    expect(await refusal('🦊🌲🎻🐙🧀🪗')).toContain('compte 6 caractères')
    expect(await refusal('a'.repeat(129))).toContain('dépasse 128 caractères')
    expect(await refusal('tartine volcan hublot zeste '.repeat(5).slice(0, 128))).toBe('')
  })

  it.each([
    'motdepasse2026',
    'azertyuiop2026',
    'Password12345',
    '123456789012',
    'aaaaaaaaaaaaaa',
    'allonsenfantsdelapatrie',
    'marseille13600',
    'parvis-demo-2026',
  ])('refuses « %s », which is known or easy to guess', async (password) =>
    expect(await refusal(password, 'adherent', [])).toMatch(/trop facile à deviner|repose sur/),
  )

  it('abuse 20: what the person’s surroundings can guess counts for nothing', async () => {
    expect(await refusal('Cegal-Libourne-2026')).toContain('repose sur « Libourne » et « Cegal »')
    expect(await refusal('ANAIS.BREMONTIER.10657')).toContain('« BREMONTIER »')
    expect(await refusal('cga-oga-cns-2026!')).toContain('repose sur')
    expect(await refusal('Libourne et quatre lampes vertes')).toBe('')
  })

  it('asks more of those who see many: what is enough for a member is not for them', async () => {
    expect(await refusal('chatmaisonvoiture', 'adherent')).toBe('')
    expect(await refusal('chatmaisonvoiture', 'permanent')).toContain('trop facile à deviner')
    expect(await refusal('quatre lampes vertes', 'permanent')).toBe('')
  })
})
