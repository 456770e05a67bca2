import { describe, expect, it } from 'vitest'
import { calendrier } from '../../../src/modules/formations/calendrier.ts'
import {
  type FormationFiche,
  duree,
  hasBegun,
  horaires,
  mayCancel,
  placesSentence,
  statut,
} from '../../../src/modules/formations/formation.ts'

function formation(changes: Partial<FormationFiche> = {}): FormationFiche {
  return {
    id: '3b1f8a52-0d1c-4a39-9c45-1c2f4c7f9a10',
    titre: 'La déclaration 2035',
    resume: 'Ligne par ligne.',
    programme: '',
    public_vise: '',
    intervenant: '',
    tarif: '',
    lieu: 'Salle des Pénitents',
    adresse: ['3 place du Marché', '24100 BERGERAC'],
    debut: '2026-02-03T08:30:00Z',
    fin: '2026-02-03T16:00:00Z',
    duree_minutes: 360,
    places: 12,
    inscrits: 3,
    inscrit: false,
    attente: 0,
    annulee_le: null,
    en_attente: false,
    motif_annulation: '',
    rang: null,
    presence: null,
    ...changes,
  }
}

const BEFORE = new Date('2026-02-01T10:00:00Z')

describe('a session', () => {
  it('says its state in a word', () => {
    expect(statut(formation({ inscrit: true, inscrits: 12 }), BEFORE).libelle).toBe('inscrit')
    expect(statut(formation({ inscrits: 12 }), BEFORE).libelle).toBe('complet')
    expect(statut(formation(), BEFORE).libelle).toBe('ouverte')
    expect(statut(formation({ inscrits: 11, attente: 1 }), BEFORE).libelle).toBe('complet')
    expect(statut(formation({ en_attente: true }), BEFORE).libelle).toBe('liste d’attente')
    expect(statut(formation({ inscrit: true, annulee_le: '2026-01-01T00:00:00Z' }), BEFORE).libelle).toBe(
      'annulée',
    )
    expect(statut(formation(), new Date('2026-02-03T08:30:00Z')).libelle).toBe('passée')
  })

  it('has begun at its first minute', () => {
    expect(hasBegun(formation(), new Date('2026-02-03T08:29:59Z'))).toBe(false)
    expect(hasBegun(formation(), new Date('2026-02-03T08:30:00Z'))).toBe(true)
  })

  it('may be cancelled until the day before, by the French calendar', () => {
    // 23:30 on the 2nd in London is the 3rd in France.
    const late = formation({ inscrit: true, debut: '2026-02-02T23:30:00Z', fin: '2026-02-03T01:00:00Z' })
    expect(mayCancel(late, '2026-02-02')).toBe(true)
    expect(mayCancel(late, '2026-02-03')).toBe(false)
    expect(mayCancel(formation({ inscrit: false }), '2026-01-01')).toBe(false)
  })

  it('writes durations, hours and places in French', () => {
    const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
    expect(plain(duree(45))).toBe('45 min')
    expect(plain(duree(60))).toBe('1 h')
    expect(plain(duree(210))).toBe('3 h 30')
    expect(plain(horaires(formation()))).toBe('Mardi 3 février 2026, de 9 h 30 à 17 h 00')
    expect(plain(horaires(formation({ fin: '2026-02-04T16:00:00Z' })))).toBe(
      'Du mardi 3 février 2026 à 9 h 30 au mercredi 4 février 2026 à 17 h 00',
    )
    expect(plain(placesSentence(formation({ inscrits: 11 })))).toBe('1 place sur 12')
    expect(plain(placesSentence(formation({ inscrits: 12 })))).toBe('0 place sur 12')
  })
})

describe('the calendar file (RFC 5545)', () => {
  const now = new Date('2026-01-05T09:00:00Z')

  it('gives the instants in UTC, so that summer time is nobody’s business', () => {
    const text = calendrier(
      formation({ debut: '2026-07-01T07:30:00Z', fin: '2026-07-01T15:00:00Z' }),
      '',
      now,
    )
    expect(text).toContain('\r\nDTSTART:20260701T073000Z\r\nDTEND:20260701T150000Z\r\n')
    expect(text).toContain('\r\nDTSTAMP:20260105T090000Z\r\n')
  })

  it('has what a calendar must have, each line ended by CR LF', () => {
    const lines = calendrier(formation(), '', now).split('\r\n')
    expect(lines.slice(0, 3)).toEqual(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Parvis//Formations//FR'])
    expect(lines.filter((line) => line.startsWith('UID:'))).toEqual([
      'UID:3b1f8a52-0d1c-4a39-9c45-1c2f4c7f9a10',
    ])
    expect(lines.slice(-3)).toEqual(['END:VEVENT', 'END:VCALENDAR', ''])
    expect(lines.join('')).not.toMatch(/[\r\n]/)
  })

  it('escapes commas, semicolons, backslashes and line ends, and lets no line be slipped in', () => {
    const text = calendrier(formation({ titre: 'A, B; C\\D\r\nATTENDEE:mailto:x@y.example\u0007' }), '', now)
    expect(unfold(text)).toContain('\r\nSUMMARY:A\\, B\\; C\\\\D\\nATTENDEE:mailto:x@y.example\r\n')
    expect(unfold(text)).toContain(
      '\r\nLOCATION:Salle des Pénitents\\, 3 place du Marché\\, 24100 BERGERAC\r\n',
    )
  })

  it('folds at 75 octets, inside no character', () => {
    const titre = 'é'.repeat(40) + '€'.repeat(40) + '😀'.repeat(20)
    const text = calendrier(formation({ titre }), 'un contact', now)
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(text).not.toContain('\ufffd')
    expect(unfold(text)).toContain(`\r\nSUMMARY:${titre}\r\n`)
    expect(Buffer.from(text).toString('utf8')).toBe(text)
  })
})

function unfold(text: string): string {
  return text.replaceAll('\r\n ', '')
}
