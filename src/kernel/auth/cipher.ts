import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { type Config, DEMO } from '../config.ts'
import { Defect } from '../errors.ts'

/*
 * Secrets that must be read again (those of second factors) lie in the database under AES-256-GCM. The text says which
 * key closed it, so that keys can be changed: the first of ENCRYPTION_KEYS closes, all of them open.
 */

interface Key {
  id: string
  bytes: Buffer
}

const parsed = new Map<string, Key[]>()

function keysOf(config: Config): [Key, ...Key[]] {
  const given = config.encryptionKeys ?? ''
  let keys = parsed.get(given)
  if (!keys) {
    keys = given === '' ? [demoKey()] : given.split(',').map(toKey)
    parsed.set(given, keys)
  }
  return keys as [Key, ...Key[]]
}

function toKey(text: string): Key {
  const at = text.indexOf(':')
  return { id: text.slice(0, at), bytes: Buffer.from(text.slice(at + 1), 'base64') }
}

/** Production refuses to start without keys of its own. */
function demoKey(): Key {
  return { id: 'demo', bytes: Buffer.from(hkdfSync('sha256', DEMO.sessionSecret, '', 'encryption', 32)) }
}

/** @param context what the secret belongs to; the text opens nowhere else. */
export function encrypt(config: Config, secret: Buffer, context: string): string {
  const [key] = keysOf(config)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv).setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()])
  return [key.id, iv, cipher.getAuthTag(), sealed]
    .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
    .join('.')
}

/** @throws Defect when the key is gone, the text was changed, or it belongs to something else. */
export function decrypt(config: Config, text: string, context: string): Buffer {
  const [id, iv = '', tag = '', sealed = ''] = text.split('.')
  const key = keysOf(config).find((one) => one.id === id)
  if (!key) throw new Defect(`ENCRYPTION_KEYS lacks the key ${id}`)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'), {
      authTagLength: 16,
    })
    decipher.setAAD(Buffer.from(context)).setAuthTag(Buffer.from(tag, 'base64url'))
    return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()])
  } catch (error) {
    throw new Defect('a sealed secret does not open', { cause: error })
  }
}

/** A key for one purpose, derived from the first of ours: to sign what we hand out and take back. */
export function derivedKey(config: Config, purpose: string): string {
  return createHmac('sha256', keysOf(config)[0].bytes).update(purpose).digest('hex')
}
