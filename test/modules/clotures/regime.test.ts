import { describe, expect, it } from 'vitest'
import { couverture } from '../../../src/modules/clotures/adhesion.ts'
import { PARAMETRES_LEGAUX, type ParametresLegaux } from '../../../src/modules/clotures/echeances.ts'
import {
  intitules,
  mentionCheques,
  mentionsAgrement,
  regimeAt,
  regimeOfAttestation,
} from '../../../src/modules/clotures/regime.ts'

describe('the end of the agréments', () => {
  it('begins on 16 February 2025', () => {
    expect(regimeAt('2025-02-15')).toBe('AGREE')
    expect(regimeAt('2025-02-16')).toBe('EX_OGA')
  })

  it('an attestation follows its year: those of 2024 stay of an agréé organisme, whenever they are issued', () => {
    expect(regimeOfAttestation('2024-12-31', '2025-05-10')).toBe('AGREE')
    expect(regimeOfAttestation('2024-03-31', '2026-11-22')).toBe('AGREE')
    expect(regimeOfAttestation('2025-01-31', '2025-05-10')).toBe('EX_OGA')
    expect(regimeOfAttestation('2025-01-31', '2025-02-10')).toBe('AGREE')
    expect(regimeOfAttestation('2025-12-31', '2026-05-10')).toBe('EX_OGA')
  })

  it('is a setting: an organisme may have lost its agrément before, or keep it', () => {
    const earlier = { exOgaDepuis: '2023-07-01', attestationsJusquA: null }
    expect(regimeAt('2023-07-01', earlier)).toBe('EX_OGA')
    expect(regimeOfAttestation('2023-06-30', '2023-09-01', earlier)).toBe('EX_OGA')
    expect(regimeAt('2099-01-01', { exOgaDepuis: null, attestationsJusquA: null })).toBe('AGREE')
  })

  it('changes the titles', () => {
    expect(intitules('AGREE').compteRendu).toBe('Compte rendu de mission')
    expect(intitules('EX_OGA').compteRendu).toBe('Compte rendu de contrôle')
    expect(Object.values(intitules('EX_OGA')).join()).not.toMatch(/agréé|adhésion/)
  })

  it('takes the quality and the number away, and says until when they ran', () => {
    const organisme = { nature: 'OMGA', agrement: { numero: '2.01.330', du: '2019-01-15' } } as const
    expect(mentionsAgrement(organisme, 'AGREE', '2024-05-10')).toEqual([
      'Organisme mixte de gestion agréé',
      'Agrément n° 2.01.330 du 15/01/2019',
    ])
    expect(mentionsAgrement(organisme, 'AGREE', '2025-05-10')[1]).toBe(
      'Agrément n° 2.01.330 du 15/01/2019, en vigueur jusqu’au 15/02/2025',
    )
    expect(mentionsAgrement(organisme, 'EX_OGA', '2026-05-10')).toEqual([])
    expect(mentionsAgrement({ ...organisme, agrement: null }, 'AGREE', '2024-05-10')).toEqual([])
  })
})

describe('the sentence on cheques', () => {
  it('is that of the kind of organisme, and of the member in an organisme mixte', () => {
    expect(mentionCheques('CGA', 'BIC', 'AGREE')).toBe(
      'Acceptant le règlement des sommes dues par chèques libellés à son nom ou par carte bancaire en sa qualité de membre d’un centre de gestion agréé par l’administration fiscale.',
    )
    expect(mentionCheques('AGA', 'BNC', 'AGREE')).toBe(
      'Membre d’une association agréée par l’administration fiscale acceptant à ce titre le règlement des honoraires par carte bancaire ou par chèques libellés à son nom.',
    )
    expect(mentionCheques('OMGA', 'BNC', 'AGREE')).toMatch(/^Membre d’un organisme mixte .* honoraires/)
    expect(mentionCheques('OMGA', 'BA', 'AGREE')).toMatch(/^Acceptant .* organisme mixte de gestion agréé/)
  })

  it('does not exist without an agrément', () => {
    expect(mentionCheques('CGA', 'BIC', 'EX_OGA')).toBeNull()
  })
})

describe('the part of a year that a membership covers', () => {
  const law = PARAMETRES_LEGAUX[0] as ParametresLegaux
  const year = { debut: '2025-01-01', fin: '2025-12-31' }
  const member = { depuis: '2012-03-01', premiere: true, demissionAilleurs: null, perdueLe: null }
  const statut = (change: Partial<typeof member> | { perdueLe: string } | { demissionAilleurs: string }) =>
    couverture(year, { ...member, ...change }, law).statut

  it('is the whole of it for a member of old, or one who joined for the first time within five months', () => {
    expect(statut({})).toBe('annee_entiere')
    expect(statut({ depuis: '2025-05-31' })).toBe('annee_entiere')
    expect(statut({ depuis: '2025-06-01' })).toBe('partielle')
    expect(statut({ depuis: '2025-05-31', premiere: false })).toBe('partielle')
  })

  it('is the whole of it for one who changed organisme within thirty days', () => {
    const moved = { depuis: '2025-09-30', premiere: false }
    expect(statut({ ...moved, demissionAilleurs: '2025-08-31' })).toBe('annee_entiere')
    expect(statut({ ...moved, demissionAilleurs: '2025-08-30' })).toBe('partielle')
  })

  it('ends with the membership, and says which part remains', () => {
    expect(couverture(year, { ...member, perdueLe: '2025-09-15' }, law)).toEqual({
      statut: 'partielle',
      periode: { debut: '2025-01-01', fin: '2025-09-15' },
    })
    expect(statut({ perdueLe: '2026-01-10' })).toBe('annee_entiere')
    expect(statut({ perdueLe: '2024-12-31' })).toBe('aucune')
    expect(statut({ depuis: '2026-01-01' })).toBe('aucune')
  })
})
