/**
 * A SIRET that belongs to nobody: SIREN with prefix 000 and a right Luhn key, NIC with its own.
 * The n-th of the series, n from 1; after 99 999 come second establishments.
 */
export function siretOf(n: number): string {
  const siren = withKey(`000${String(((n - 1) % 99_999) + 1).padStart(5, '0')}`)
  return withKey(siren + String(Math.ceil(n / 99_999)).padStart(4, '0'))
}

/** Appends the digit that makes the Luhn sum a multiple of ten. */
function withKey(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return digits + String((10 - (sum % 10)) % 10)
}
