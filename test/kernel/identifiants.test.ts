import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { siret as formatSiret, telephone } from '../../src/kernel/formats.ts'
import {
  formatIban,
  formatTva,
  ibanOf,
  maskIban,
  parseBic,
  parseCodeInsee,
  parseCodePostal,
  parseIban,
  parseNaf,
  parsePhone,
  parseRib,
  parseSiren,
  parseSiret,
  parseTva,
  ribKey,
  sirenOf,
  tvaOf,
} from '../../src/kernel/identifiants.ts'

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((list) => list.join(''))

/** Another digit at one place: what a slip of the finger does. */
function slip(number: string, at: number, by: number): string {
  const place = at % number.length
  return number.slice(0, place) + ((Number(number[place]) + by) % 10) + number.slice(place + 1)
}

function withLuhnKey(body: string): string {
  const found = [...'0123456789'].map((key) => body + key).filter((number) => parseSiren(number) !== null)
  return found[0] ?? ''
}

describe('SIREN and SIRET', () => {
  it.each(['732829320', '404833048', '000000018', '000000026', '000000034', '356000000'])(
    '%s is a SIREN',
    (siren) => {
      expect(parseSiren(siren)).toBe(siren)
    },
  )

  it.each(['404833047', '73282932', '7328293200', '73282932A', '', '000000000', '７３２８２９３２０'])(
    '« %s » is no SIREN',
    (text) => {
      expect(parseSiren(text)).toBeNull()
    },
  )

  it('reads a SIREN with ordinary and no-break spaces', () => {
    expect(parseSiren(' 732 829\u00a0320\u202f')).toBe('732829320')
  })

  it.each(['73282932000074', '00000001800010', '00000002600013', '00000003400017'])(
    '%s is a SIRET',
    (siret) => {
      expect(parseSiret(siret)).toBe(siret)
      expect(sirenOf(siret)).toBe(siret.slice(0, 9))
    },
  )

  it.each(['73282932000079', '7328293200007', '40483304700000'])('%s is no SIRET', (text) => {
    expect(parseSiret(text)).toBeNull()
  })

  it('checks the post offices by the sum of their digits, and their head office by Luhn', () => {
    expect(parseSiret('35600000049837')).toBe('35600000049837')
    expect(parseSiret('35600000049838')).toBeNull()
    expect(parseSiret('35600000000048')).toBe('35600000000048')
  })

  it('is written by groups and read back', () => {
    expect(parseSiret(formatSiret('73282932000074'))).toBe('73282932000074')
  })

  it('exactly one key fits a body, and no slip of one digit passes', () => {
    fc.assert(
      fc.property(digits(8), fc.nat(8), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
        fc.pre(body !== '00000000')
        const siren = withLuhnKey(body)
        expect(siren).toHaveLength(9)
        expect(parseSiren(slip(siren, at, by))).toBeNull()
      }),
    )
  })
})

describe('VAT numbers', () => {
  it.each([
    ['732829320', 'FR44732829320'],
    ['404833048', 'FR83404833048'],
    ['303265045', 'FR40303265045'],
  ])('%s makes %s', (siren, tva) => {
    expect(tvaOf(siren)).toBe(tva)
    expect(parseTva(tva)).toBe(tva)
  })

  it('reads blanks and lower case, and the keys with letters of the new style', () => {
    expect(parseTva('fr 44 732 829 320')).toBe('FR44732829320')
    expect(parseTva('FRK7399859412')).toBe('FRK7399859412')
    expect(parseTva('FR4Z123456782')).toBe('FR4Z123456782')
  })

  it.each([
    'FR45732829320',
    'FR44732829321',
    '44732829320',
    'DE44732829320',
    'FRIO334175221',
    'FRK8399859412',
  ])('%s is refused', (text) => {
    expect(parseTva(text)).toBeNull()
  })

  it('is written by groups and read back', () => {
    expect(formatTva('FR44732829320')).toBe('FR\u00a044\u00a0732\u00a0829\u00a0320')
    expect(parseTva(formatTva('FR44732829320'))).toBe('FR44732829320')
  })

  it('every SIREN has a VAT number that is read', () => {
    fc.assert(
      fc.property(digits(8), (body) => {
        fc.pre(body !== '00000000')
        const tva = tvaOf(withLuhnKey(body))
        expect(parseTva(tva)).toBe(tva)
      }),
    )
  })
})

describe('RIB, IBAN and BIC', () => {
  const ribs = [
    ['20041', '01005', '0500013M026', '06', 'FR1420041010050500013M02606'],
    ['30006', '00001', '12345678901', '89', 'FR7630006000011234567890189'],
    ['12345', '12345', '1234567891A', '16', 'FR8412345123451234567891A16'],
  ] as const

  it.each(ribs)('%s %s %s has the key %s and the IBAN %s', (banque, guichet, compte, cle, iban) => {
    expect(ribKey(banque, guichet, compte)).toBe(cle)
    const rib = parseRib(`${banque} ${guichet} ${compte} ${cle}`)
    expect(rib).toEqual({ banque, guichet, compte, cle })
    expect(rib && ibanOf(rib)).toBe(iban)
    expect(parseIban(iban)).toBe(iban)
  })

  it.each(
    ['AJ', 'BKS', 'CLT', 'DMU', 'ENV', 'FOW', 'GPX', 'HQY', 'IRZ'].map(
      (letters, i) => [letters, i + 1] as const,
    ),
  )('the letters %s of an account count as %i', (letters, digit) => {
    const key = ribKey('20041', '01005', `0500013${digit}026`)
    expect([...letters].map((letter) => ribKey('20041', '01005', `0500013${letter}026`))).toEqual(
      [...letters].map(() => key),
    )
  })

  it('refuses a wrong RIB key and a wrong IBAN', () => {
    expect(parseRib('20041 01005 0500013M026 07')).toBeNull()
    expect(parseIban('FR1420041010050500013M02607')).toBeNull()
    expect(parseIban('FR142004101005050001')).toBeNull()
    expect(parseIban('')).toBeNull()
  })

  it('refuses a French IBAN whose check digits fit a false RIB', () => {
    const falseRib = { banque: '20041', guichet: '01005', compte: '0500013M026', cle: '07' }
    expect(parseIban(ibanOf(falseRib))).toBeNull()
  })

  it('takes the IBAN of another country by its check digits', () => {
    expect(parseIban('DE89 3704 0044 0532 0130 00')).toBe('DE89370400440532013000')
    expect(parseIban('DE88 3704 0044 0532 0130 00')).toBeNull()
  })

  it('every account number makes a RIB and an IBAN that are read, and no slip of one digit passes', () => {
    const compte = fc.string({
      unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
      minLength: 11,
      maxLength: 11,
    })
    fc.assert(
      fc.property(
        digits(5),
        digits(5),
        compte,
        fc.nat(9),
        fc.integer({ min: 1, max: 9 }),
        (b, g, c, at, by) => {
          const rib = { banque: b, guichet: g, compte: c, cle: ribKey(b, g, c) }
          const iban = ibanOf(rib)
          expect(parseRib(Object.values(rib).join(' '))).toEqual(rib)
          expect(parseIban(formatIban(iban).toLowerCase())).toBe(iban)
          expect(parseIban(iban.slice(0, 4) + slip(b + g, at, by) + iban.slice(14))).toBeNull()
        },
      ),
    )
  })

  it('is written by fours, and masked for those who need not know it', () => {
    expect(formatIban('FR7630006000011234567890189')).toBe(
      'FR76 3000 6000 0112 3456 7890 189'.replaceAll(' ', '\u00a0'),
    )
    expect(maskIban('FR7630006000011234567890189')).toBe('FR76\u00a0****\u00a0189')
  })

  it('reads a BIC of 8 or 11 characters', () => {
    expect(parseBic('agri fr pp 882')).toBe('AGRIFRPP882')
    expect(parseBic('AGRIFRPP')).toBe('AGRIFRPP')
    expect(parseBic('AGRIFRPP8')).toBeNull()
    expect(parseBic('AGR1FRPP')).toBeNull()
  })
})

describe('NAF, postcodes and communes', () => {
  it.each([
    ['96.02A', '96.02A'],
    ['9602A', '96.02A'],
    [' 9602a ', '96.02A'],
    ['96.2A', null],
    ['96.02', null],
    ['96 02A', null],
  ])('« %s » as a NAF code gives %s', (text, naf) => {
    expect(parseNaf(text)).toBe(naf)
  })

  it('tells a code postal from a code Insee', () => {
    expect(parseCodePostal('33500')).toBe('33500')
    expect(parseCodePostal('3350')).toBeNull()
    expect(parseCodePostal('2A004')).toBeNull()
    expect(parseCodeInsee('33243')).toBe('33243')
    expect(parseCodeInsee('2a004')).toBe('2A004')
    expect(parseCodeInsee('C3243')).toBeNull()
  })
})

describe('telephones', () => {
  it.each([
    ['05.57.51.99.61', '+33557519961'],
    ['+33 (0)6 12 34 56 78', '+33612345678'],
    ['0033 6 12 34 56 78', '+33612345678'],
    ['05-57-00-00-00', '+33557000000'],
    ['05 57 51 99 6', null],
    ['00 57 51 99 61', null],
    ['+44 20 7946 0000', null],
    ['', null],
  ])('« %s » gives %s', (text, phone) => {
    expect(parsePhone(text)).toBe(phone)
  })

  it('is shown by pairs', () => {
    expect(telephone(parsePhone('+33 (0)6 12 34 56 78'))).toBe('06 12 34 56 78'.replaceAll(' ', '\u00a0'))
  })

  it('reads back what it shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), digits(8), (zone, rest) => {
        const phone = `+33${zone}${rest}`
        expect(parsePhone(telephone(phone))).toBe(phone)
        expect(parsePhone(phone)).toBe(phone)
      }),
    )
  })
})

it('no parser ever throws or gives a form that it would not read again', () => {
  const parsers = [
    parseSiren,
    parseSiret,
    parseTva,
    parseIban,
    parseBic,
    parseNaf,
    parseCodePostal,
    parseCodeInsee,
    parsePhone,
  ]
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      for (const parse of parsers) {
        const stored = parse(text)
        if (stored !== null) expect(parse(stored)).toBe(stored)
      }
    }),
  )
})
