import { isIPv4, isIPv6 } from 'node:net'

/** One visitor's address, as counters know it: an IPv4 address, or the /64 that an IPv6 subscriber moves about in. */
export function addressOf(ip: string): string {
  const v4 = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(v4)) return v4
  return isIPv6(ip) ? `${groups(ip).slice(0, 4).join(':')}::/64` : 'inconnue'
}

/** The neighbourhood of an address, which an attacker hires whole: IPv4 /24, IPv6 /56. */
export function networkOf(ip: string): string {
  const v4 = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(v4)) return `${v4.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(ip)) return 'inconnu'
  const [a, b, c, d] = groups(ip) as [string, string, string, string]
  return `${a}:${b}:${c}:${(parseInt(d, 16) & 0xff00).toString(16)}::/56`
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groups(ip: string): string[] {
  const [head = '', tail] = ip.replace(/%.*$/, '').split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(missing).fill('0'), ...after].map((group) =>
    parseInt(group, 16).toString(16),
  )
}
