import { describe, expect, it } from 'vitest'
import { progress, type Avancement } from '../../../src/modules/clotures/avancement.ts'
import { DEPART, type Etats } from '../../../src/modules/clotures/cloture.ts'

function cloture(
  etats: Partial<Etats>,
  le: Partial<Avancement['le']> = {},
  regime: Avancement['regime'] = 'AGREE',
): Avancement {
  return {
    etats: { ...DEPART, ...etats },
    regime,
    le: { recue: null, attestation: null, controle: null, compteRendu: null, dossierGestion: null, ...le },
    echeances: {
      liasse: '2026-05-20',
      controle: '2026-11-12',
      compteRendu: '2026-12-30',
      dossierGestion: '2026-07-12',
    },
  }
}

const dots = (a: Avancement) => progress(a).map((step) => step.etat)
const phrase = (a: Avancement, cle: string) => progress(a).find((step) => step.cle === cle)?.phrase

describe('F7: the five steps of a clôture', () => {
  it('all lie ahead at the start, with their limits', () => {
    expect(dots(cloture({}))).toEqual(Array(5).fill('a_venir'))
    expect(progress(cloture({})).map((step) => step.titre)).toEqual([
      'Liasse reçue',
      'Attestation',
      'Contrôle',
      'Compte rendu de mission',
      'Dossier de gestion',
    ])
    expect(phrase(cloture({}), 'liasse')).toBe('Attendue, au plus tard le 20/05/2026.')
  })

  it('do not wait for each other: an attestation leaves while questions are open', () => {
    const etats = {
      reception: 'incomplete',
      attestation: 'emise',
      eccv: 'questions_posees',
      dossier_gestion: 'publie',
    } as const
    const middle = cloture(etats, {
      recue: '2026-05-12',
      attestation: '2026-05-13',
      dossierGestion: '2026-07-01',
    })
    expect(dots(middle)).toEqual(['en_cours', 'fait', 'en_cours', 'a_venir', 'fait'])
    expect(phrase(middle, 'attestation')).toBe('Émise le 13/05/2026.')
    expect(phrase(middle, 'dossier_gestion')).toBe('Publié le 01/07/2026.')
  })

  it('are all done at the end', () => {
    const end = cloture(
      {
        reception: 'complete',
        attestation: 'consultee',
        eccv: 'termine_sans_anomalie',
        crm: 'ar_sie',
        dossier_gestion: 'consulte',
      },
      {
        recue: '2026-05-12',
        attestation: '2026-05-13',
        controle: '2026-09-01',
        compteRendu: '2026-09-20',
        dossierGestion: '2026-07-01',
      },
    )
    expect(dots(end)).toEqual(Array(5).fill('fait'))
    expect(phrase(end, 'controle')).toBe('Terminé sans anomalie le 01/09/2026.')
  })

  it('a check with an EPS ends with the EPS', () => {
    const eps = { reception: 'complete', eccv: 'termine_avec_anomalies' } as const
    expect(dots(cloture({ ...eps, eps: 'pieces_demandees' }))[2]).toBe('en_cours')
    expect(phrase(cloture({ ...eps, eps: 'pieces_demandees' }), 'controle')).toBe(
      'Nous attendons les pièces demandées.',
    )
    expect(dots(cloture({ ...eps, eps: 'termine' }))[2]).toBe('fait')
    expect(phrase(cloture({ ...eps, eps: 'termine' }), 'controle')).toBe('Terminé.')
  })

  it('mean nothing for a year without a liasse, but an attestation that was issued is still there', () => {
    expect(dots(cloture({ reception: 'sans_objet' }))).toEqual(Array(5).fill('sans_objet'))
    expect(dots(cloture({ reception: 'sans_objet', attestation: 'emise' }))[1]).toBe('fait')
  })

  it('without an agrément the fourth step is a compte rendu de contrôle', () => {
    expect(progress(cloture({}, {}, 'EX_OGA'))[3]?.titre).toBe('Compte rendu de contrôle')
  })

  it('every state has a sentence that ends with a full stop', () => {
    const states: { [T in keyof Etats]: Etats[T][] } = {
      reception: [
        'attendue',
        'relancee_1',
        'relancee_2',
        'mise_en_demeure',
        'recue',
        'incomplete',
        'complete',
        'sans_objet',
      ],
      attestation: ['a_emettre', 'emise', 'consultee', 'annulee'],
      eccv: [
        'a_faire',
        'en_cours',
        'questions_posees',
        'reponse_a_valider',
        'reponse_recue',
        'termine_sans_anomalie',
        'termine_avec_anomalies',
      ],
      eps: [
        'non_selectionne',
        'selectionne',
        'fichier_demande',
        'fichier_recu',
        'pieces_demandees',
        'pieces_recues',
        'termine',
        'fichier_detruit',
      ],
      crm: ['en_attente', 'redige', 'signe', 'envoye_adherent', 'transmis_sie', 'ar_sie', 'rectificatif'],
      dossier_gestion: ['a_faire', 'calcule', 'commente', 'publie', 'consulte'],
    }
    for (const [track, list] of Object.entries(states)) {
      for (const state of list) {
        for (const step of progress(cloture({ reception: 'complete', [track]: state }))) {
          expect(step.phrase, `${track} ${state}`).toMatch(/^[A-ZÀÉ].*[^ ]\.$/)
        }
      }
    }
  })
})
