import { describe, expect, it } from 'vitest'
import { render } from '../../../../src/modules/clotures/documents/attestation.ts'
import { codeVerification } from '../../../../src/modules/clotures/numero.ts'
import { find, rawPdf, readPdf, untagged } from '../../../support/pdf.ts'
import { pngOf } from '../../../support/png.ts'
import { NOM_LONG, attestation, attestationAgreee, estuaire } from './fixtures.ts'

describe('F8: the attestation', () => {
  it('says who attests, for whom, of which year, since when, signed and with its code', async () => {
    const { text, pages, title } = await readPdf(await render(attestationAgreee))
    expect(pages).toHaveLength(1)
    expect(title).toBe('Attestation d’adhésion n°\u00a02025-000042')
    for (const said of [
      'OMGA de l’Estuaire',
      'Association régie par la loi du 1er juillet 1901',
      'Organisme mixte de gestion agréé',
      'Agrément n° 2.01.330 du 15/01/2019',
      '12 quai des Chais',
      '33500 LIBOURNE',
      '05 57 00 00 00',
      'contact@estuaire.example',
      'Attestation d’adhésion',
      'N° 2025-000042, exercice du 01/01/2024 au 31/12/2024',
      'Mme Solène Vauquelin',
      'Numéro d’adhérent 657',
      'SIRET 000 000 018 00010',
      'Architecte d’intérieur',
      '8 rue des Tonneliers',
      'Cabinet Marchepied & Associés',
      'Date d’adhésion 01/03/2014',
      'Fait à Libourne, le 10/02/2025',
      'Aurélien Castagnède Président',
      'article 371 Z quaterdecies',
      `Code de vérification : ${codeVerification('attestation', attestationAgreee)}`,
    ]) {
      expect(text).toContain(said)
    }
    expect(text).not.toMatch(/Perte de la qualité|ne couvre qu’une partie|annule et remplace/)
  })

  it('bears the sentence on cheques of the kind of organisme and of member', async () => {
    const sentence = async (nature: 'CGA' | 'AGA', categorie: 'BIC' | 'BNC') =>
      (await readPdf(await render({ ...attestationAgreee, categorie, emetteur: { ...estuaire, nature } })))
        .text
    const centre = await sentence('CGA', 'BIC')
    expect(centre).toContain(
      '« Acceptant le règlement des sommes dues par chèques libellés à son nom ou par carte bancaire en sa qualité de membre d’un centre de gestion agréé par l’administration fiscale. »',
    )
    expect(centre).toContain('article 371 L)')
    const association = await sentence('AGA', 'BNC')
    expect(association).toContain(
      '« Membre d’une association agréée par l’administration fiscale acceptant à ce titre le règlement des honoraires',
    )
    expect(association).toContain('article 371 W)')
  })

  it('without an agrément: no « agréé », no number, no cheque, other titles', async () => {
    const { text, title } = await readPdf(await render(attestation))
    expect(title).toContain('Attestation de mission')
    expect(text).toContain('lui a confié une mission de contrôle')
    expect(text).toContain('Adhérent depuis le 01/03/2014')
    expect(text).not.toMatch(/agréé|agrément|chèque|2\.01\.330|371/i)
  })

  it('of 2024, issued after the end of the agréments: says until when they ran, and speaks of cheques in the past', async () => {
    const { text } = await readPdf(await render({ ...attestationAgreee, emisLe: '2025-05-12' }))
    expect(text).toContain('Attestation d’adhésion')
    expect(text).toContain('Agrément n° 2.01.330 du 15/01/2019, en vigueur jusqu’au 15/02/2025')
    expect(text).toContain('Pendant la durée de l’agrément, l’adhérent informait')
    expect(text).not.toContain('l’adhérent informe')
  })

  it('of a part of the year says so visibly, and that it does not suffice by itself', async () => {
    const partial = { perteLe: '2024-09-15', periodePartielle: { debut: '2024-01-01', fin: '2024-09-15' } }
    const { text } = await readPdf(
      await render({ ...attestationAgreee, ...partial, remplace: '2025-000012' }),
    )
    expect(text).toContain('Perte de la qualité d’adhérent 15/09/2024')
    expect(text).toContain(
      'Cette attestation ne couvre qu’une partie de l’exercice : du 01/01/2024 au 15/09/2024',
    )
    expect(text).toContain('Elle ne suffit pas, à elle seule')
    expect(text).toContain('annule et remplace l’attestation n° 2025-000012')
    const contract = (await readPdf(await render({ ...attestation, ...partial }))).text
    expect(contract).toContain('ne couvre qu’une partie')
    expect(contract).not.toContain('avantages fiscaux')
  })

  it('has room for the longest names and for nothing at all', async () => {
    const long = await readPdf(
      await render({
        ...attestationAgreee,
        emetteur: {
          ...estuaire,
          nom: NOM_LONG,
          couleur: '#ffd400',
          logo: pngOf(600, 60, [200, 30, 30]).toString('base64'),
        },
        adherent: {
          nom: NOM_LONG,
          numero: '1234567890',
          siret: null,
          profession: NOM_LONG,
          adresse: [NOM_LONG, NOM_LONG, NOM_LONG],
        },
        cabinet: NOM_LONG,
        perteLe: '2024-09-15',
        periodePartielle: { debut: '2024-01-01', fin: '2024-09-15' },
      }),
    )
    expect(long.pages.length).toBeLessThanOrEqual(2)
    expect(long.text.split('Dubourdieu et Fils').length - 1).toBeGreaterThanOrEqual(7)
    expect(find(long.tags, 'Figure')).toHaveLength(1)
    const bare = await readPdf(
      await render({
        ...attestation,
        cabinet: null,
        adherent: { nom: 'X', numero: '1', siret: null, profession: null, adresse: [] },
      }),
    )
    expect(bare.text).not.toMatch(/SIRET|Profession|Cabinet|null|undefined/)
  })

  it('can be read aloud: one H1, facts as a list, every mark within a tag', async () => {
    const file = await render(attestationAgreee)
    const { tags, marked, language } = await readPdf(file)
    expect({ marked, language }).toEqual({ marked: true, language: 'fr-FR' })
    expect(find(tags, 'H1').map((tag) => tag.text)).toEqual(['Attestation d’adhésion'])
    expect(find(tags, 'LI')).toHaveLength(8)
    expect(tags[0]?.role).toBe('Document')
    expect(untagged(file)).toEqual([])
  })

  it('is the same file each time, and another one when anything changes', async () => {
    const first = await render(attestation)
    expect((await render(structuredClone(attestation))).equals(first)).toBe(true)
    const other = await render({ ...attestation, adherent: { ...attestation.adherent, numero: '658' } })
    expect(other.equals(first)).toBe(false)
    expect(codeVerification('attestation', attestation)).not.toBe(
      codeVerification('attestation', { ...attestation, adhesionLe: '2014-03-02' }),
    )
    expect(rawPdf(first)).toContain('/CreationDate')
  })
})
