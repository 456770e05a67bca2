import { describe, expect, it } from 'vitest'
import { decoupe, lignePostale } from '../../../src/modules/coordonnees/adresse.ts'
import { ecarts } from '../../../src/modules/coordonnees/ecarts.ts'
import { type Zone, identiques, lisible, zones } from '../../../src/modules/coordonnees/zones.ts'

function read(zone: Zone, fields: Record<string, string>): readonly string[] | Record<string, string> {
  const result = zones[zone].form.safeParse(fields)
  if (result.success) return result.data
  return Object.fromEntries(result.error.issues.map((issue) => [issue.path.join('.'), issue.message]))
}

const adresse = { lignes: '26, chemin de la Violette', codePostal: '31240', commune: 'L’Union' }

describe('zones of the coordinates', () => {
  it('F22: a SIRET is stored without its blanks, and shown with them', () => {
    expect(read('siret', { siret: ' 000 000 018 00010 ' })).toEqual(['00000001800010'])
    expect(lisible('siret', ['00000001800010'])).toEqual(['000\u00a0000\u00a0018\u00a000010'])
  })

  it('F22: a SIRET with a wrong key, or too short, is refused with a sentence that says which', () => {
    expect(read('siret', { siret: '00000001800011' })).toEqual({
      siret:
        'Ce numéro SIRET n’est pas valide\u00a0: sa clé de contrôle ne correspond pas. Vérifiez chaque chiffre.',
    })
    expect(read('siret', { siret: '0000000180001' })).toEqual({
      siret: 'Un numéro SIRET compte 14 chiffres\u00a0; il y en a 13 ici.',
    })
    expect(read('siret', { siret: '' })).toEqual({ siret: 'Indiquez votre numéro SIRET.' })
  })

  it('F23: telephones are stored as E.164, empty and repeated ones left out', () => {
    const fields = { telephone1: '05.57.00.00.61', telephone2: '', telephone3: '+33 (0)5 57 00 00 61' }
    expect(read('telephones', fields)).toEqual(['+33557000061'])
  })

  it('F23: a telephone that is no French number is refused beside its own field', () => {
    expect(
      read('telephones', { telephone1: '05 57 00 00 61', telephone2: '05 57 00 00 6', telephone3: '' }),
    ).toEqual({
      telephone2:
        'Indiquez un numéro français à dix chiffres, par exemple 05\u00a000\u00a000\u00a000\u00a033.',
    })
  })

  it('F23: the commune is written as La Poste reads it (NF Z10-011), the lines above stay as typed', () => {
    expect(read('adresse-personnelle', adresse)).toEqual(['26, chemin de la Violette', '31240 L UNION'])
    expect(lignePostale('26, chemin de la Violette')).toBe('26 CHEMIN DE LA VIOLETTE')
    expect(lignePostale('Saint-Étienne-du-Rouvray')).toBe('SAINT ETIENNE DU ROUVRAY')
    expect(lignePostale('Œuilly')).toBe('OEUILLY')
  })

  it('F23: an address has 6 lines of 38 characters at most, none blank', () => {
    const six = ['Escalier A', 'Résidence', '4 rue', 'Lieu-dit', 'BP 12', 'de trop']
    expect(
      read('adresse-personnelle', { ...adresse, lignes: six.slice(0, 5).join('\r\n\r\n') }),
    ).toHaveLength(6)
    expect(read('adresse-personnelle', { ...adresse, lignes: six.join('\n') })).toEqual({
      lignes:
        'L’adresse compte 6 lignes au-dessus de la commune\u00a0: 5 au plus tiennent sur une enveloppe.',
    })
    expect(read('adresse-personnelle', { ...adresse, lignes: `4 rue\n${'x'.repeat(39)}` })).toEqual({
      lignes:
        'La ligne 2 compte 39 caractères\u00a0: 38 au plus tiennent sur une enveloppe. Coupez-la en deux lignes.',
    })
    expect(read('adresse-personnelle', { ...adresse, lignes: 'x'.repeat(38) })).toHaveLength(2)
  })

  it('F23: a postal code of four digits is refused', () => {
    expect(read('adresse-professionnelle', { ...adresse, codePostal: '3350' })).toEqual({
      codePostal: 'Un code postal compte cinq chiffres, par exemple 33500.',
    })
  })

  it('F25: a field that the form does not have is refused, whatever it is', () => {
    expect(read('courriel', { courriel: 'a@b.example', issue: 'acceptee' })).toEqual({
      '': expect.any(String) as string,
    })
  })

  it('a stored address is cut again into the fields of its form', () => {
    expect(decoupe(['Bâtiment B', '4 rue du Lavoir', '33500 LIBOURNE'])).toEqual({
      lignes: ['Bâtiment B', '4 rue du Lavoir'],
      codePostal: '33500',
      commune: 'LIBOURNE',
    })
    expect(decoupe(['sans commune'])).toEqual({ lignes: ['sans commune'], codePostal: '', commune: '' })
  })

  it('two values that differ only by their spelling are one value', () => {
    expect(identiques('telephones', ['05 57 00 00 61'], ['+33557000061'])).toBe(true)
    expect(
      identiques('adresse-personnelle', ['26, chemin', '31240 L’UNION'], ['26 Chemin', '31240 L UNION']),
    ).toBe(true)
    expect(identiques('courriel', ['A@b.example'], ['a@B.example'])).toBe(true)
    expect(identiques('telephones', ['+33557000061'], ['+33557000061', '+33557000062'])).toBe(false)
    expect(identiques('profession', ['Taxi'], ['Taxis'])).toBe(false)
  })
})

describe('differences of two values', () => {
  const marked = (lines: { texte: string; ecart: boolean }[][]) =>
    lines.map((line) => line.map((part) => (part.ecart ? `[${part.texte}]` : part.texte)).join(''))

  it('marks the words that changed, on each side', () => {
    const [avant, apres] = ecarts(
      ['12 rue du Lavoir', '33500 LIBOURNE'],
      ['14 rue du Lavoir', '33500 LIBOURNE'],
    )
    expect(marked(avant)).toEqual(['[12] rue du Lavoir', '33500 LIBOURNE'])
    expect(marked(apres)).toEqual(['[14] rue du Lavoir', '33500 LIBOURNE'])
  })

  it('recognises a line that has moved, and marks words that follow each other as one piece', () => {
    const [avant, apres] = ecarts(
      ['2 impasse du Lavoir', '24000 PERIGUEUX'],
      ['Bâtiment C', '27 chemin de la Combe', '24000 PERIGUEUX'],
    )
    expect(marked(avant)).toEqual(['[2 impasse du Lavoir]', '24000 PERIGUEUX'])
    expect(marked(apres)).toEqual(['[Bâtiment C]', '[27 chemin de la Combe]', '24000 PERIGUEUX'])
    expect(ecarts(['a b c'], ['a x c'])).toEqual([
      [
        [
          { texte: 'a ', ecart: false },
          { texte: 'b', ecart: true },
          { texte: ' c', ecart: false },
        ],
      ],
      [
        [
          { texte: 'a ', ecart: false },
          { texte: 'x', ecart: true },
          { texte: ' c', ecart: false },
        ],
      ],
    ])
  })

  it('marks a line that only one side has, as a whole', () => {
    const [avant, apres] = ecarts(['05 57'], ['05 57', '06 12'])
    expect(marked(avant)).toEqual(['05 57'])
    expect(marked(apres)).toEqual(['05 57', '[06 12]'])
    expect(ecarts([], ['x'])).toEqual([[], [[{ texte: 'x', ecart: true }]]])
  })
})
