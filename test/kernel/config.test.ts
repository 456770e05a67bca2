import { readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, loadConfig, variables } from '../../src/kernel/config.ts'

const root = join(import.meta.dirname, '..', '..')
const example = readFileSync(join(root, '.env.example'), 'utf8')

const production = {
  NODE_ENV: 'production',
  BASE_URL: 'https://portail.example',
  DATABASE_URL: 'postgres://parvis_app:x@db/parvis',
  SESSION_SECRETS: randomBytes(32).toString('hex'),
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  SMTP_URL: 'smtp://smtp:25',
  MAIL_FROM: 'ne-pas-repondre@portail.example',
}

describe('settings', () => {
  test('.env.example has every variable that is read, and no other, each explained', () => {
    const blocks = example.split(/\n{2,}/).filter((block) => /^[A-Z_]+=/m.test(block))
    expect(blocks.map((block) => /^([A-Z_]+)=/m.exec(block)?.[1]).sort()).toEqual([...variables].sort())
    for (const block of blocks) expect(block).toMatch(/^# .{20}/)
  })

  test('.env.example as it stands is the demo', () => {
    const env: Record<string, string> = {}
    for (const [, name, value] of example.matchAll(/^([A-Z_]+)=(.*)$/gm)) env[name!] = value!
    expect(loadConfig(env)).toEqual({ ...loadConfig({}), logLevel: 'info' })
    expect(loadConfig(env).demo).toBe(true)
  })

  test('docker-compose.yml sets no variable that nobody reads', () => {
    const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
    for (const [, name] of compose.matchAll(/^ +([A-Z][A-Z_]+):/gm)) {
      if (!/^(POSTGRES|ROOT|VGW|MP)_/.test(name!)) expect(variables).toContain(name)
    }
  })

  test('production starts with settings of its own', () => {
    expect(loadConfig(production)).toMatchObject({ production: true, demo: false })
  })

  test.each([
    ['DATABASE_URL', ''],
    ['SESSION_SECRETS', ''],
    ['SESSION_SECRETS', 'too short'],
    ['SESSION_SECRETS', `${production.SESSION_SECRETS},demo-only-session-secret-change-me`],
    ['ENCRYPTION_KEYS', ''],
    ['SMTP_URL', ''],
    ['MAIL_FROM', ''],
    ['BASE_URL', ''],
    ['BASE_URL', 'http://portail.example'],
    ['PASSWORD_COST', 'm=1024,t=1,p=1'],
  ])('production refuses to start with %s « %s », naming it', (name, value) => {
    expect(() => loadConfig({ ...production, [name]: value })).toThrow(ConfigError)
    expect(() => loadConfig({ ...production, [name]: value })).toThrow(new RegExp(`^${name}: `))
  })

  test.each([
    ['PORT', '70000'],
    ['SMTP_URL', 'http://smtp'],
    ['MAIL_FROM', 'a@b.example, c@d.example'],
    ['CLAMD_URL', 'tcp://clamd:3310'],
    ['ENCRYPTION_KEYS', 'k1:short'],
    ['LOG_LEVEL', 'loud'],
    ['WORKER', 'elsewhere'],
  ])('%s « %s » is refused by name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(new RegExp(`^${name}: `))
  })
})
