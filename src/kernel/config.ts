import { resolve } from 'node:path'
import { z } from 'zod'
import { isOneAddress } from './mail/address.ts'

/** What exists only so that a stranger can try Parvis with two commands; production refuses to start on any of it. */
export const DEMO = {
  sessionSecret: 'demo-only-session-secret-change-me',
  password: 'parvis-demo-2026',
  mailFrom: 'ne-pas-repondre@parvis.example',
} as const

const Environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  BASE_URL: z.url().optional(),
  DATA_DIR: z.string().min(1).default('./var'),
  DATABASE_URL: z.string().optional(),
  DATABASE_OWNER_URL: z.string().optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
  DATABASE_PREPARE: z.enum(['on', 'off']).default('on'),
  SESSION_SECRETS: z.string().default(DEMO.sessionSecret),
  ENCRYPTION_KEYS: z
    .string()
    .regex(
      /^[\w-]+:[A-Za-z0-9+/]{43}=(,[\w-]+:[A-Za-z0-9+/]{43}=)*$/,
      'expected id:base64 of 32 bytes, separated by commas',
    )
    .optional(),
  PASSWORD_COST: z
    .string()
    .regex(/^m=\d+,t=\d+,p=\d+$/, 'expected m=KiB,t=passes,p=threads')
    .optional(),
  STORAGE_URL: z.string().optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'expected smtp://host:port or smtps://user:password@host:port')
    .optional(),
  MAIL_FROM: z.string().refine(isOneAddress, 'expected one address').default(DEMO.mailFrom),
  CLAMD_URL: z
    .string()
    .regex(/^clamd:\/\/([^/]+:\d+$|\/.)/, 'expected clamd://host:port or clamd:///path/of/socket')
    .optional(),
  TRUST_PROXY: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  WORKER: z.enum(['inside', 'outside']).default('inside'),
  BODY_SECONDS: z.coerce.number().int().min(1).max(3600).default(120),
})

/** Every variable that is read; `.env.example` explains each. */
export const variables: readonly string[] = Object.keys(Environment.shape)

/** Cost of one argon2id hash: KiB of memory, passes, threads. */
export interface PasswordCost {
  memoryCost: number
  timeCost: number
  parallelism: number
}

export interface Config {
  production: boolean
  /** True when no DATABASE_URL is given: embedded Postgres, demo world, caught mails. */
  demo: boolean
  port: number
  /** Scheme and port of the addresses put in mails; the host is each organisme's own. */
  baseUrl: URL
  dataDir: string
  databaseUrl: string | undefined
  databaseOwnerUrl: string | undefined
  databasePool: number
  prepare: boolean
  sessionSecrets: string[]
  /** Keys of AES-256-GCM as `id:base64`, first one encrypts, all decrypt. */
  encryptionKeys: string | undefined
  passwordCost: PasswordCost
  storageUrl: string
  smtpUrl: string | undefined
  mailFrom: string
  clamdUrl: string | undefined
  trustProxy: string | undefined
  logLevel: string
  workerInside: boolean
  /** Seconds that the body of a request may take; files may take longer, see body-clock.ts. */
  bodySeconds: number
}

export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads the environment once, at start.
 * @throws ConfigError with one line per fault, in English, for whoever operates the server.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    )
  }
  const e = parsed.data
  const dataDir = resolve(e.DATA_DIR)
  const config: Config = {
    production: e.NODE_ENV === 'production',
    demo: e.DATABASE_URL === undefined,
    port: e.PORT,
    baseUrl: new URL(e.BASE_URL ?? `http://localhost:${e.PORT}`),
    dataDir,
    databaseUrl: e.DATABASE_URL,
    databaseOwnerUrl: e.DATABASE_OWNER_URL,
    databasePool: e.DATABASE_POOL,
    prepare: e.DATABASE_PREPARE === 'on',
    sessionSecrets: e.SESSION_SECRETS.split(',').map((secret) => secret.trim()),
    encryptionKeys: e.ENCRYPTION_KEYS,
    passwordCost: passwordCost(
      e.PASSWORD_COST ?? (e.NODE_ENV === 'production' ? 'm=65536,t=3,p=1' : LEAST_COST),
    ),
    storageUrl: e.STORAGE_URL ?? `file://${resolve(dataDir, 'fichiers')}`,
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM,
    clamdUrl: e.CLAMD_URL,
    trustProxy: e.TRUST_PROXY,
    // Whoever tries Parvis reads the addresses and log-ins in this terminal, not a line a request.
    logLevel: e.LOG_LEVEL ?? (e.DATABASE_URL === undefined ? 'warn' : 'info'),
    workerInside: e.WORKER === 'inside',
    bodySeconds: e.BODY_SECONDS,
  }
  if (config.production) refuseDemoDefaults(config, e.BASE_URL)
  return config
}

/** The least that OWASP allows for argon2id; some 20 ms on an old machine. */
const LEAST_COST = 'm=19456,t=2,p=1'

function passwordCost(text: string): PasswordCost {
  const [memoryCost, timeCost, parallelism] = text.match(/\d+/g)!.map(Number) as [number, number, number]
  return { memoryCost, timeCost, parallelism }
}

function refuseDemoDefaults(config: Config, baseUrl: string | undefined): void {
  const faults: string[] = []
  if (config.demo)
    faults.push('DATABASE_URL: required in production (the embedded Postgres is for trying out)')
  if (config.sessionSecrets.some((secret) => secret === DEMO.sessionSecret || secret.length < 32)) {
    faults.push('SESSION_SECRETS: required in production, each of at least 32 characters')
  }
  if (!config.encryptionKeys) faults.push('ENCRYPTION_KEYS: required in production')
  const { memoryCost, timeCost } = config.passwordCost
  if (memoryCost < 19_456 || timeCost < 2) faults.push(`PASSWORD_COST: at least ${LEAST_COST} in production`)
  if (!config.smtpUrl) faults.push('SMTP_URL: required in production')
  if (config.mailFrom === DEMO.mailFrom) faults.push('MAIL_FROM: required in production')
  if (!baseUrl?.startsWith('https://'))
    faults.push('BASE_URL: required in production, beginning with https://')
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
}
