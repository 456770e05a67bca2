import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  addMonths,
  addWorkingDays,
  daysBetween,
  isWorkingDay,
} from '../../../src/modules/clotures/calendrier.ts'
import {
  PARAMETRES_LEGAUX,
  crmDueDate,
  dgDueDate,
  ecfDueDate,
  echeances,
  epsDueYear,
  filingDate,
  liasseDueDate,
  parametresAt,
  type ParametresLegaux,
} from '../../../src/modules/clotures/echeances.ts'

const law = PARAMETRES_LEGAUX[0] as ParametresLegaux

const day = fc
  .integer({ min: 0, max: 40_000 })
  .map((days) => new Date(Date.UTC(1990, 0, 1 + days)).toISOString().slice(0, 10))

describe('the dossier de gestion', () => {
  it.each([
    ['2024-05-14', '2023-12-31', '2024-07-14'],
    ['2024-12-31', '2024-06-30', '2025-02-28'],
    ['2024-06-10', '2023-09-30', '2024-06-30'],
  ])('received on %s for a year closed on %s is due on %s', (recueLe, fin, due) => {
    expect(dgDueDate(recueLe, fin, law)).toBe(due)
  })

  it('is never due later than two months after reception, whatever the clôture', () => {
    fc.assert(
      fc.property(day, day, (recueLe, fin) => {
        const due = dgDueDate(recueLe, fin, law)
        expect(due <= addMonths(recueLe, 2)).toBe(true)
        if (fin.endsWith('12-31')) expect(due).toBe(addMonths(recueLe, 2))
        else expect(due <= addMonths(fin, 9)).toBe(true)
      }),
    )
  })
})

describe('the other limits', () => {
  it.each([
    ['2018-12-31', '2019-05-03', '2019-05-18'],
    ['2020-12-31', '2021-05-04', '2021-05-19'],
    ['2024-12-31', '2025-05-05', '2025-05-20'],
    ['2025-12-31', '2026-05-05', '2026-05-20'],
  ])('a year closed on %s is filed on paper by %s and by EDI by %s', (fin, paper, edi) => {
    expect(filingDate(fin)).toBe(paper)
    expect(liasseDueDate(fin, law)).toBe(edi)
  })

  it('the checks last 6 months, 9 with an EPS, and the compte rendu comes 2 months after their end', () => {
    const year = { fin: '2025-12-31', recueLe: '2026-05-12', eps: false, controleLe: null }
    expect(echeances(year)).toEqual({
      liasse: '2026-05-20',
      controle: '2026-11-12',
      compteRendu: null,
      dossierGestion: '2026-07-12',
    })
    expect(echeances({ ...year, eps: true }).controle).toBe('2027-02-12')
    expect(echeances({ ...year, controleLe: '2026-12-31' }).compteRendu).toBe('2027-02-28')
    expect(crmDueDate('2026-06-30', law)).toBe('2026-08-30')
  })

  it('nothing is due before the liasse is there, except the liasse', () => {
    expect(echeances({ fin: '2026-06-30', recueLe: null, eps: true, controleLe: null })).toEqual({
      liasse: '2027-05-19',
      controle: null,
      compteRendu: null,
      dossierGestion: null,
    })
  })

  it('the ECF report is due on 31 October, or six months after filing', () => {
    expect(ecfDueDate('2025-12-31', law)).toBe('2026-10-31')
    expect(ecfDueDate('2025-06-30', law)).toBe('2026-11-05')
  })

  it('an EPS comes back every 6 years with an expert-comptable, every 3 without', () => {
    expect(epsDueYear(2023, true, law)).toBe(2029)
    expect(epsDueYear(2023, false, law)).toBe(2026)
  })
})

describe('the legal parameters', () => {
  const older = { ...law, depuis: '2010-01-01', dgMois: 6 }
  const newer = { ...law, depuis: '2020-07-01', dgMois: 3 }

  it('are those in force on the day that starts the delay', () => {
    expect(parametresAt([older, newer], '2020-06-30')).toBe(older)
    expect(parametresAt([newer, older], '2020-07-01')).toBe(newer)
    const year = { fin: '2019-12-31', eps: false, controleLe: null }
    expect(echeances({ ...year, recueLe: '2020-06-30' }, [older, newer]).dossierGestion).toBe('2020-12-30')
    expect(echeances({ ...year, recueLe: '2020-07-01' }, [older, newer]).dossierGestion).toBe('2020-10-01')
  })

  it('are asked for loudly when none had begun', () => {
    expect(() => parametresAt([newer], '2020-06-30')).toThrow(RangeError)
  })
})

describe('the calendar', () => {
  it.each([
    ['2025-12-31', 2, '2026-02-28'],
    ['2023-12-31', 2, '2024-02-29'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-05-14', 0, '2026-05-14'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(addMonths(from, months)).toBe(to)
  })

  it('months added keep the day, or fall on the last day of the month', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -60, max: 60 }), (from, months) => {
        const to = addMonths(from, months)
        const moved =
          (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
          Number(to.slice(5, 7)) -
          Number(from.slice(5, 7))
        expect(moved).toBe(months)
        if (to.slice(8) !== from.slice(8)) expect(addDays(to, 1).slice(8)).toBe('01')
      }),
    )
  })

  it('days added are days between', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -5000, max: 5000 }), (from, days) => {
        expect(daysBetween(from, addDays(from, days))).toBe(days)
      }),
    )
  })

  it('knows the public holidays, the moving ones too', () => {
    const off = [
      '2026-01-01',
      '2026-04-06',
      '2026-05-14',
      '2026-05-25',
      '2026-07-14',
      '2025-04-21',
      '2019-04-22',
      '2026-11-22',
    ]
    expect(off.filter(isWorkingDay)).toEqual([])
    expect(['2026-04-03', '2026-05-15', '2026-11-23'].filter(isWorkingDay)).toHaveLength(3)
    expect(addWorkingDays('2026-05-07', 1)).toBe('2026-05-11')
  })

  it.each(['2026-02-30', '2026-13-01', '03/02/2026', '2026-2-3', ''])('« %s » is no day', (text) => {
    expect(() => addMonths(text, 1)).toThrow(RangeError)
    expect(() => addDays(text, 1)).toThrow(RangeError)
  })
})
