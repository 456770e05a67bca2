import { describe, expect, it } from 'vitest'
import {
  render,
  type DossierGestionData,
} from '../../../../src/modules/clotures/documents/dossier-gestion.ts'
import { contents, find, readPdf, untagged } from '../../../support/pdf.ts'
import { decorateurs, dossierBic, dossierBnc, dossierPerte } from './fixtures.ts'

const read = async (data: DossierGestionData) => readPdf(await render(data))

describe('F8: the dossier de gestion of a professional', () => {
  it('shows three years in euros and percents, beside the profession', async () => {
    const { text, tags, pages } = await read(dossierBnc)
    expect(pages.length).toBe(3)
    const rows = find(tags, 'TR').map((row) => row.text)
    expect(rows[0]).toBe('En euros et en % 2023 2023 % 2024 2024 % 2025 2025 % Prof. % Écart')
    expect(rows).toContain('Charges sociales personnelles 14 600 20,2 15 900 20,4 17 450 21,2 16,8 +4,4')
    expect(rows).toContain('Total des recettes 72 300 100,0 77 962 100,0 82 235 100,0 100,0 0,0')
    expect(rows).toContain('Bénéfice ou déficit 26 675 36,9 29 617 38,0 31 915 38,8 43,4 −4,6')
    expect(rows).toContain('CSG déductible 3 120 4,3 3 480 4,5 3 890 4,7 – –')
    expect(text).toContain(
      'Architectes d’intérieur et décorateurs, région Nouvelle-Aquitaine, 2025, 143 entreprises',
    )
    expect(text).not.toMatch(/agréé|agrément/i)
  })

  it('begins with the figures to remember and a summary', async () => {
    const { pages } = await read(dossierBnc)
    expect(pages[0]).toContain('Recettes 82 235 € +5,5 % en un an')
    expect(pages[0]).toContain('Taux de bénéfice 38,8 % des recettes')
    expect(pages[0]).toContain(
      'L’exercice laisse un bénéfice de 31 915 €, contre 29 617 € un an plus tôt. Les recettes progressent de 5,5 %. Aucun signal d’alerte',
    )
  })

  it('draws its charts with the same figures in words', async () => {
    const { tags } = await read(dossierBnc)
    const alts = find(tags, 'Figure').map((tag) => tag.alt ?? '')
    expect(alts).toHaveLength(4)
    expect(alts[0]).toContain('2024 : recettes 77')
    expect(alts[1]).toMatch(
      /^Anneau des charges, 51.520.€ au total\. Cotisations personnelles 17.450.€, 33,9.%/,
    )
    expect(alts[3]).toMatch(/^Bénéfice : 31.915.€, entre le premier quartile et la médiane\./)
  })

  it('prints the comments of the permanent, the signature and the notice', async () => {
    const { text } = await read(dossierBnc)
    expect(text).toContain('prévoyez leur régularisation au second semestre.')
    expect(text).toContain('Aurélien Castagnède Président')
    expect(text).toContain('Il est confidentiel et ne constitue pas une certification des comptes.')
  })

  it('says nothing of a profession that the secret statistique hides', async () => {
    const { text, tags } = await read({
      ...dossierBnc,
      profession: { ...decorateurs, effectif: 2, diffusion: 'secret' },
    })
    expect(text).toContain('l’effectif est insuffisant')
    expect(text).not.toMatch(/médiane|Prof\. %|16,8|74 800/)
    expect(find(tags, 'Figure')).toHaveLength(2)
  })

  it('warns with prudence of a small profession, and says when there is none', async () => {
    expect(
      (await read({ ...dossierBnc, profession: { ...decorateurs, diffusion: 'non_significatif' } })).text,
    ).toContain('à lire avec prudence')
    expect((await read({ ...dossierBnc, profession: null })).text).toContain(
      'Aucune statistique n’est disponible',
    )
  })

  it('of a first year compares with nothing', async () => {
    if (dossierBnc.categorie !== 'BNC') throw new Error('fixture')
    const { pages } = await read({ ...dossierBnc, annees: dossierBnc.annees.slice(-1) })
    expect(pages[0]).toContain('Recettes 82 235 € premier exercice ')
    expect(pages[0]).toContain('C’est le premier exercice que nous analysons')
  })

  it('of a year without any amount still stands', async () => {
    const empty = { libelle: '2025', cases: {}, prelevements: null, tresorerie: null }
    const data: DossierGestionData = {
      ...dossierBnc,
      categorie: 'BNC',
      annees: [empty],
      profession: null,
      commentaires: [],
    }
    const file = await render(data)
    const { text } = await readPdf(file)
    expect(text).toContain('Taux de bénéfice –')
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/)
    expect(contents(file).join()).not.toMatch(/NaN|Infinity/)
  })
})

describe('F8: the dossier de gestion of a shop', () => {
  it('shows the soldes intermédiaires, the ratios and the financing', async () => {
    const { text, tags } = await read(dossierBic)
    const rows = find(tags, 'TR').map((row) => row.text)
    for (const row of [
      'Marge commerciale 41 000 24,0 50 000 27,8',
      'Valeur ajoutée 63 000 36,8 72 000 40,0',
      'Excédent brut d’exploitation 32 000 18,7 38 500 21,4',
      'Résultat d’exploitation 25 200 14,7 31 700 17,6',
      'Résultat courant avant impôts 24 000 14,0 30 500 16,9',
      'Résultat financier −1 200 −0,7 −1 200 −0,7',
      'Capacité d’autofinancement 30 500 17,8 37 000 20,6',
      'Délai moyen de réalisation des stocks 72 jours 72 jours',
      'Durée moyenne du crédit clients 36 jours 36 jours',
      'Durée moyenne du crédit fournisseurs 30 jours 30 jours',
      'Solvabilité à court terme 1,4 1,4',
      'Trésorerie 4 400 € 4 400 €',
      'Variation du fonds de roulement −2 000 €',
    ]) {
      expect(rows).toContain(row)
    }
    expect(text).toContain('Agrément n° 2.01.330 du 15/01/2019')
    expect(text).toContain('Le chiffre d’affaires progresse de 5,3 %.')
  })

  it('in trouble: losses, warnings, unknown years and missing ratios, all readable', async () => {
    const file = await render(dossierPerte)
    const { text, tags, pages } = await readPdf(file)
    expect(text).toContain(
      'L’exercice laisse une perte de 97 500 €, contre 30 500 € un an plus tôt. Le chiffre d’affaires recule de 50,0 %.',
    )
    expect(pages[0]).toContain('Résultat −97 500 € contre 30 500 €')
    for (const warning of [
      'L’activité ne couvre pas ses charges courantes',
      'Trésorerie négative depuis deux ans',
      'Résultat parmi les plus bas de la profession',
      'Forte baisse de l’activité',
      'Prélèvements supérieurs au résultat',
    ]) {
      expect(
        find(tags, 'Sect').some((tag) => tag.text.startsWith(warning)),
        warning,
      ).toBe(true)
    }
    const rows = find(tags, 'TR').map((row) => row.text)
    expect(rows).toContain('Solvabilité à court terme –')
    expect(rows).toContain('Fonds de roulement −52 000 €')
    expect(find(tags, 'Figure').at(-1)?.alt).toMatch(/dans le quart le plus bas de la profession/)
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/)
    expect(contents(file).join()).not.toMatch(/NaN|Infinity/)
    expect(untagged(file)).toEqual([])
  })

  it('no two texts of a line lie over each other', async () => {
    for (const data of [dossierBnc, dossierPerte]) {
      const { getDocumentProxy } = await import('unpdf')
      const document = await getDocumentProxy(new Uint8Array(await render(data)))
      for (let number = 1; number <= document.numPages; number++) {
        const { items } = await (await document.getPage(number)).getTextContent()
        const boxes = items
          .filter((item) => 'str' in item && item.str.trim() !== '')
          .map((item) => item as { str: string; width: number; transform: number[] })
          .map(({ str, width, transform }) => ({ str, x: transform[4] ?? 0, y: transform[5] ?? 0, width }))
        for (const [i, a] of boxes.entries()) {
          expect(a.x + a.width, a.str).toBeLessThan(595.28 - 50)
          for (const b of boxes.slice(i + 1)) {
            const sameLine = Math.abs(a.y - b.y) < 4
            const over = a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5
            expect(sameLine && over, `${a.str} / ${b.str}`).toBe(false)
          }
        }
      }
    }
  })
})
