import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

/*
 * Codes of an authenticator (RFC 6238, SHA-1, six digits, 30 seconds: what every application reads). Only the current
 * step counts (ASVS 5.0 6.5.5 gives a code 30 seconds), and each step once.
 */

const PERIOD = 30

function totp(secret: Buffer, issuer = '', label = ''): TOTP {
  const buffer = new Uint8Array(secret).buffer
  return new TOTP({
    issuer,
    label,
    secret: new Secret({ buffer }),
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD,
  })
}

/** 160 random bits. */
export function newSecret(): Buffer {
  return randomBytes(20)
}

/** The address that the QR code carries. */
export function otpauthUri(secret: Buffer, issuer: string, label: string): string {
  return totp(secret, issuer, label).toString()
}

/** The secret as people type it when the camera does not work: base32 in groups of four. */
export function readableSecret(secret: Buffer): string {
  return totp(secret)
    .secret.base32.match(/.{1,4}/g)!
    .join(' ')
}

/** The step of which this is the code at that instant (seconds since 1970), or null. */
export function stepOf(secret: Buffer, code: string, at: number): number | null {
  const delta = totp(secret).validate({ token: code, window: 0, timestamp: at * 1000 })
  return delta === null ? null : Math.floor(at / PERIOD) + delta
}
