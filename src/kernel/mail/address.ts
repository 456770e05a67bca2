const STRICT = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/

/**
 * One address and nothing else: a line break or a comma in it would add recipients or headers of somebody's choosing.
 * Narrower than RFC 5321 (no quoted local part, no address literal, ASCII only).
 */
export function isOneAddress(text: string): boolean {
  return text.length <= 254 && STRICT.test(text)
}

/** A display name on one line, without what mail programs could take for an address. */
export function displayName(name: string): string {
  return name
    .replace(/[\p{Cc}"<>@,;:\\]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
}
