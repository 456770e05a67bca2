import { describe, expect, test } from 'vitest'
import { cadenceOf } from '../../../src/modules/publications/courriels.ts'
import { genreOfWord } from '../../../src/modules/publications/ligne.ts'
import { parseMotif } from '../../../src/modules/publications/motif.ts'
import { publicationAt } from '../../../src/modules/publications/quand.ts'

describe('the pattern of the names', () => {
  test('reads number, year, type and title, whatever the folder, the capitals and the extension', () => {
    const motif = parseMotif('{numero}_{exercice}_{type}.pdf')
    expect(motif.read('Lot 1/000657_2025_Compte_rendu.PDF')).toEqual({
      numero: '000657',
      exercice: '2025',
      type: 'Compte_rendu',
      titre: '',
    })
    expect(motif.read('657-2025-attestation.pdf')).toBeUndefined()
    expect(motif.read('657_25_attestation.pdf')).toBeUndefined()
    expect(parseMotif('DG *({numero})').read('DG 2025 final (12).pdf')?.numero).toBe('12')
    expect(parseMotif('{titre} - {numero}').read('Lettre d’été - 940.pdf')).toMatchObject({
      titre: 'Lettre d’été',
      numero: '940',
    })
  })

  test('what it cannot be is refused with a sentence, and signs are taken as they are', () => {
    expect(() => parseMotif('{exercice}')).toThrow('doit contenir {numero}')
    expect(() => parseMotif('{numero}_{nom}')).toThrow('{nom} n’existe pas')
    expect(() => parseMotif('{numero}-{numero}')).toThrow('deux fois')
    expect(() => parseMotif('*_{numero}_*_*_*')).toThrow('trois')
    expect(() => parseMotif('{numero}{type}')).toThrow('Séparez')
    expect(parseMotif('a+(b){numero}').read('a+(b)7')?.numero).toBe('7')
    expect(parseMotif('a.{numero}').read('ax7')).toBeUndefined()
  })

  test('no name takes long to be read', () => {
    const motif = parseMotif('{titre}a{type}a*a{numero}!')
    const begun = performance.now()
    for (let i = 0; i < 20; i++) expect(motif.read('a'.repeat(100 + i))).toBeUndefined()
    expect(performance.now() - begun).toBeLessThan(2000)
  })

  test('types by the words that people use', () => {
    expect(['Attestations', 'CRM', 'compte-rendu', 'Dossier de gestion', 'DG', 'information'].map(genreOfWord)).toEqual([
      'attestation', 'compte_rendu', 'compte_rendu', 'dossier_gestion', 'dossier_gestion', 'autre',
    ]) // prettier-ignore
    // What the portal itself calls them.
    expect(['Attestation de mission', 'Compte rendu de contrôle'].map(genreOfWord)).toEqual([
      'attestation',
      'compte_rendu',
    ])
    expect(genreOfWord('facture')).toBeUndefined()
  })
})

test('mails a minute become turns', () => {
  expect(cadenceOf(0)).toEqual({ size: 500, pauseMs: 0 })
  expect(cadenceOf(120)).toEqual({ size: 10, pauseMs: 5000 })
  expect(cadenceOf(6)).toEqual({ size: 1, pauseMs: 10_000 })
  for (const n of [12, 60, 600])
    expect((cadenceOf(n).size * 60_000) / cadenceOf(n).pauseMs).toBeLessThanOrEqual(n)
})

test('an hour of France becomes an instant, in summer and in winter; a past one is refused', () => {
  const now = new Date('2026-03-01T00:00:00Z')
  const at = (jour: string, heure: string) =>
    publicationAt({ quand: 'programmee', jour, heure }, now)?.toISOString()
  expect(at('2026-03-02', '08:30')).toBe('2026-03-02T07:30:00.000Z')
  expect(at('2026-07-14', '08:30')).toBe('2026-07-14T06:30:00.000Z')
  expect(() => at('2026-02-28', '08:30')).toThrow('déjà passée')
  expect(() => at('', '08:30')).toThrow('le jour')
  expect(publicationAt({ quand: 'maintenant', jour: '', heure: '' }, now)).toBeNull()
})
