import { describe, expect, it } from 'vitest'
import { render, type CompteRenduData } from '../../../../src/modules/clotures/documents/compte-rendu.ts'
import { find, readPdf, untagged } from '../../../support/pdf.ts'
import { NOM_LONG, compteRendu } from './fixtures.ts'

const read = async (change: Partial<CompteRenduData> = {}) =>
  readPdf(await render({ ...compteRendu, ...change }))

describe('F8: the compte rendu', () => {
  it('has its seven sections, with what was received, checked, asked and concluded', async () => {
    const { text, tags } = await read()
    expect(
      find(tags, 'H2')
        .map((tag) => tag.text.slice(0, 2))
        .join(''),
    ).toBe('A.B.C.D.E.F.G.')
    for (const said of [
      'Compte rendu de contrôle',
      'N° 2026-000077, exercice du 01/01/2025 au 31/12/2025',
      'BNC, déclaration contrôlée',
      'Liasse reçue le 12/05/2026',
      'Anomalies régularisées',
      'Déclarations de TVA CA3 14/05/2026 12 déclarations',
      'Fichier des écritures comptables Non reçu Non demandé',
      '3 questions posées le 22/06/2026, réponse reçue le 03/07/2026.',
      'Frais de véhicule Question posée',
      'Prestations à 20 % 84 150 € 86 400 € 2 250 €',
      'Total 84 150 € 86 400 € 2 250 €',
      'L’exercice n’était pas concerné.',
      'Capacité à produire le fichier Conforme',
      'Mme Solène Vauquelin, Cabinet Marchepied & Associés.',
      'Fait à Libourne, le 18/09/2026',
      'ne constitue pas une certification des comptes',
      'Code de vérification :',
    ]) {
      expect(text).toContain(said)
    }
    expect(text).not.toMatch(/agréé|agrément|compte rendu de mission/i)
  })

  it('under an agrément is a compte rendu de mission', async () => {
    const { text, title } = await read({ emisLe: '2024-09-18' })
    expect(title).toContain('Compte rendu de mission')
    expect(text).toContain('Agrément n° 2.01.330 du 15/01/2019')
    expect(text).toContain('D. Examen périodique de sincérité')
  })

  it.each([
    ['absence', 'Absence d’anomalie'],
    ['regularisees', 'Anomalies régularisées'],
    ['subsistantes', 'Anomalies subsistantes'],
    ['impossible', 'Examen impossible faute de réponse'],
  ] as const)('concludes %s in words, at the top and in section F', async (conclusion, words) => {
    const { text } = await read({ conclusion })
    expect(text.split(words).length - 1).toBe(2)
  })

  it('names the return that corrected the anomalies', async () => {
    expect((await read({ rectificative: 'R-2026-14' })).text).toContain(
      'Déclaration rectificative n° R-2026-14.',
    )
  })

  it('tells of an EPS, of its pieces and of the destruction of its file', async () => {
    const eps = {
      pieces: 40,
      periode: compteRendu.exercice,
      conclusion: 'Pièces conformes aux écritures.',
      fichierDetruitLe: '2026-09-10',
    }
    const { text } = await read({ eps })
    expect(text).toContain('Pièces examinées 40 pièces')
    expect(text).toContain('Fichier source détruit le 10/09/2026')
    expect((await read({ eps: { ...eps, pieces: 1, fichierDetruitLe: null } })).text).toMatch(
      /1 pièce Période(?!.*détruit)/,
    )
  })

  it('without VAT, questions or answers still makes sentences', async () => {
    const quiet = await read({ tva: null, questions: { posees: 0, poseesLe: null, reponduesLe: null } })
    expect(quiet.text).toContain('L’adhérent n’est pas redevable de la TVA')
    expect(quiet.text).toContain('Aucune question n’a été nécessaire.')
    const silent = await read({ questions: { posees: 1, poseesLe: '2026-06-22', reponduesLe: null } })
    expect(silent.text).toContain('1 question posée le 22/06/2026, sans réponse à ce jour.')
  })

  it('with sixty checks runs over pages, every line once, heads of columns and rows tagged', async () => {
    const controles = Array.from({ length: 60 }, (_, i) => ({
      nom: `Contrôle ${i}. ${NOM_LONG}`,
      resultat: 'non_regularise' as const,
      commentaire: i % 3 === 0 ? NOM_LONG.repeat(3) : null,
    }))
    const file = await render({ ...compteRendu, controles })
    const { pages, tags } = await readPdf(file)
    expect(pages.length).toBeGreaterThan(3)
    const named = find(tags, 'TH').filter((tag) => tag.text.startsWith('Contrôle '))
    expect(named).toHaveLength(60)
    expect(untagged(file)).toEqual([])
  })
})
