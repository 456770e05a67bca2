import { expect, it } from 'vitest'
import { addressOf, networkOf } from '../../../src/kernel/auth/address.ts'

it.each([
  ['198.51.100.7', '198.51.100.7', '198.51.100.0/24'],
  ['::ffff:198.51.100.7', '198.51.100.7', '198.51.100.0/24'],
  ['2001:db8:12:34ab:1:2:3:4', '2001:db8:12:34ab::/64', '2001:db8:12:3400::/56'],
  ['2001:db8:12:34ff::9', '2001:db8:12:34ff::/64', '2001:db8:12:3400::/56'],
  ['2001:0db8::1', '2001:db8:0:0::/64', '2001:db8:0:0::/56'],
  ['::1', '0:0:0:0::/64', '0:0:0:0::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0:0::/56'],
  ['', 'inconnue', 'inconnu'],
  ['nonsense', 'inconnue', 'inconnu'],
])('%s is counted as %s within %s', (ip, address, network) => {
  expect([addressOf(ip), networkOf(ip)]).toEqual([address, network])
})
