/**
 * A SIRET that belongs to nobody: SIREN with prefix 000 and a right Luhn key, NIC with its own.
 * The n-th of the series; n from 1.
 */
export function siretOf(n: number): string {
  const siren = withKey(`000${String(n).padStart(5, '0')}`)
  return withKey(`${siren}0001`)
}

/** Appends the digit that makes the Luhn sum a multiple of ten. */
function withKey(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return digits + String((10 - (sum % 10)) % 10)
}
