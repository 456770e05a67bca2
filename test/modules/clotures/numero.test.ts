import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codeVerification, numeroAttestation } from '../../../src/modules/clotures/numero.ts'

it('an attestation is numbered by year and rank', () => {
  expect(numeroAttestation(2026, 1)).toBe('2026-000001')
  expect(numeroAttestation(2026, 123_456)).toBe('2026-123456')
  for (const rank of [0, -1, 1.5, 1_000_000, NaN])
    expect(() => numeroAttestation(2026, rank)).toThrow(RangeError)
})

it('the code of a paper is four groups of four, the same whatever the order of the data', () => {
  const code = codeVerification('attestation', { a: 1, b: { c: [1, 2], d: null } })
  expect(code).toMatch(/^([0-9a-f]{4} ){3}[0-9a-f]{4}$/)
  expect(codeVerification('attestation', { b: { d: null, c: [1, 2] }, a: 1, e: undefined })).toBe(code)
})

it('the code changes with any figure, with its place and with the kind of paper', () => {
  const data = { a: 1, b: { c: [1, 2], d: null }, e: 'x' }
  const others = [
    { ...data, a: 2 },
    { ...data, b: { c: [2, 1], d: null } },
    { ...data, b: { c: [1, 2], d: 0 } },
    { ...data, e: 'x ' },
    { ...data, a: '1' },
  ]
  const codes = [data, ...others].map((one) => codeVerification('attestation', one))
  expect(new Set([...codes, codeVerification('compte_rendu', data)]).size).toBe(7)
})

it('data that went through JSON keep their code', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (data) => {
      expect(codeVerification('x', JSON.parse(JSON.stringify(data)))).toBe(codeVerification('x', data))
    }),
  )
})
