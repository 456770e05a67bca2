import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  date,
  datetime,
  delai,
  euros,
  heure,
  isoDay,
  jour,
  majuscule,
  mois,
  nombre,
  octets,
  pluriel,
  pourcent,
  siret,
  telephone,
} from '../../src/kernel/formats.ts'

/** Thin and no-break spaces made visible, so that a test says which one it wants. */
const seen = (text: string) => text.replaceAll('\u202f', '·').replaceAll('\u00a0', '_')

describe('dates', () => {
  it('writes a day as 03/02/2026 without moving it to another time zone', () => {
    expect(date('2026-02-03')).toBe('03/02/2026')
    expect(date('2026-12-31')).toBe('31/12/2026')
  })

  it('reads an instant with the clocks of Paris, in winter and in summer', () => {
    expect(date('2026-01-31T23:30:00Z')).toBe('01/02/2026')
    expect(date('2026-07-31T22:30:00Z')).toBe('01/08/2026')
    expect(date(new Date('2026-07-31T21:30:00Z'))).toBe('31/07/2026')
  })

  it('reads what Postgres writes', () => {
    expect(seen(datetime('2026-02-03 13:05:12.5+00'))).toBe('03/02/2026 à 14_h_05')
    expect(seen(datetime('2026-07-03 13:05:12+02'))).toBe('03/07/2026 à 13_h_05')
  })

  it('writes an hour without a leading zero and minutes with one', () => {
    expect(seen(heure('2026-02-03T07:05:00Z'))).toBe('8_h_05')
    expect(seen(heure('2026-02-02T23:00:00Z'))).toBe('0_h_00')
  })

  it('agrees with Intl at any instant, changes of hour and years before 1996 included', () => {
    const intl = new Intl.DateTimeFormat('fr-FR', {
      timeZone: 'Europe/Paris',
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    })
    const check = (instant: Date) => {
      const parts = Object.fromEntries(intl.formatToParts(instant).map((part) => [part.type, part.value]))
      expect(seen(datetime(instant))).toBe(
        `${parts.day}/${parts.month}/${parts.year} à ${Number(parts.hour)}_h_${parts.minute}`,
      )
    }
    check(new Date('1990-06-30T22:05:00Z'))
    for (const change of ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2030-03-31T01:00:00Z']) {
      check(new Date(Date.parse(change) - 1))
      check(new Date(change))
    }
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1980-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }),
        check,
      ),
    )
  })

  it('names the weekday and the month in full, and the first of a month « 1er »', () => {
    expect(seen(jour('2026-02-03'))).toBe('mardi 3_février 2026')
    expect(seen(jour('2026-08-01'))).toBe('samedi 1er_août 2026')
    expect(mois('2026-12-05')).toBe('décembre 2026')
  })

  it('gives nothing for nothing', () => {
    for (const nothing of [null, undefined, '']) {
      expect([date(nothing), jour(nothing), datetime(nothing), delai(nothing, '2026-02-03')]).toEqual([
        '',
        '',
        '',
        '',
      ])
    }
  })

  it('throws on what is not a day, rather than print « Invalid Date »', () => {
    for (const wrong of [
      '2026-02-30',
      '2026-13-01',
      '2026-00-10',
      'demain',
      '03/02/2026',
      '2026-02-03T10:00',
    ]) {
      expect(() => date(wrong), wrong).toThrow(RangeError)
    }
    expect(() => datetime('2026-02-03')).toThrow(RangeError)
    expect(isoDay('2028-02-29')).toBe('2028-02-29')
  })
})

describe('delays', () => {
  const today = '2026-02-03'
  it.each([
    ['2026-02-03', 'aujourd’hui'],
    ['2026-02-04', 'demain, le mercredi 4_février'],
    ['2026-02-06', 'dans 3_jours, le vendredi 6_février'],
    ['2026-02-02', 'en retard d’un jour, depuis le lundi 2_février'],
    ['2026-02-01', 'en retard de 2_jours, depuis le dimanche 1er_février'],
    ['2027-01-04', 'dans 335_jours, le lundi 4_janvier 2027'],
    ['2025-12-31', 'en retard de 34_jours, depuis le mercredi 31_décembre 2025'],
  ])('says of %s on 2026-02-03: %s', (day, sentence) => {
    expect(seen(delai(day, today))).toBe(sentence)
  })

  it('counts days and not hours over a change of hour', () => {
    expect(seen(delai('2026-03-30', '2026-03-28'))).toBe('dans 2_jours, le lundi 30_mars')
  })
})

describe('numbers', () => {
  it('writes amounts with the cents only when there are some', () => {
    expect(seen(euros('18420'))).toBe('18·420_€')
    expect(seen(euros('18420.00'))).toBe('18·420_€')
    expect(seen(euros('18420.5'))).toBe('18·420,50_€')
    expect(seen(euros('312', true))).toBe('312,00_€')
    expect(seen(euros('-1234567.89'))).toBe('-1·234·567,89_€')
    expect(seen(euros(0))).toBe('0_€')
  })

  it('rounds half a cent away from zero, from text exactly', () => {
    expect(seen(euros('1.005'))).toBe('1,01_€')
    expect(seen(euros('-1.005'))).toBe('-1,01_€')
    expect(seen(euros('0.999'))).toBe('1_€')
    expect(seen(euros('-0.001'))).toBe('0_€')
    expect(seen(euros('12345678901234567890.10'))).toBe('12·345·678·901·234·567·890,10_€')
  })

  it('agrees with Intl on any amount in cents', () => {
    const intl = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' })
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        expect(euros(cents / 100, true)).toBe(intl.format(cents / 100))
      }),
    )
  })

  it('writes numbers, percents and counts in French', () => {
    expect(seen(nombre(1234567.5))).toBe('1·234·567,5')
    expect(seen(nombre(999))).toBe('999')
    expect(nombre(1e-7)).toBe('0')
    expect(seen(nombre('-0.128', 2))).toBe('-0,13')
    expect(seen(pourcent(12.5))).toBe('12,5·%')
    expect(seen(pourcent('33.333', 0))).toBe('33·%')
    expect(() => nombre('12,5')).toThrow(RangeError)
    expect(() => nombre(Number.NaN)).toThrow(RangeError)
  })

  it('keeps the singular for zero and one', () => {
    expect([0, 1, 2, 1234].map((n) => seen(pluriel(n, 'adhérent', 'adhérents')))).toEqual([
      '0_adhérent',
      '1_adhérent',
      '2_adhérents',
      '1·234_adhérents',
    ])
    expect(seen(pluriel('2', 'jour', 'jours'))).toBe('2_jours')
  })

  it('writes sizes in units of 1 024, so that a limit of 5 Mo reads « 5 Mo »', () => {
    expect(
      [0, 1, 850, 1023, 1024, 12_288, 1_258_291, 5 * 1024 * 1024, 3 * 1024 ** 3].map((n) => seen(octets(n))),
    ).toEqual(['0_octet', '1_octet', '850_octets', '1·023_octets', '1_Ko', '12_Ko', '1,2_Mo', '5_Mo', '3_Go'])
    expect(seen(octets(1024 * 1024 - 1))).toBe('1_Mo')
    expect(seen(octets('5242880'))).toBe('5_Mo')
    expect(() => octets(-1)).toThrow(RangeError)
  })
})

describe('identifiers', () => {
  it('writes French telephones by pairs and leaves the others alone', () => {
    for (const typed of ['+33557000000', '0557000000', '05.57.00.00.00', '+33 (0)5 57 00 00 00']) {
      expect(seen(telephone(typed)), typed).toBe('05_57_00_00_00')
    }
    expect(telephone('+32 2 000 00 00')).toBe('+32 2 000 00 00')
    expect(telephone(null)).toBe('')
  })

  it('groups a SIRET and a SIREN, and leaves a wrong one as it is', () => {
    expect(seen(siret('00000001800010'))).toBe('000_000_018_00010')
    expect(seen(siret('000000018'))).toBe('000_000_018')
    expect(siret('123')).toBe('123')
  })

  it('begins a sentence with a capital, accents too', () => {
    expect(majuscule('écrit hier')).toBe('Écrit hier')
  })
})
