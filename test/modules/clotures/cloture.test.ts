import { describe, expect, it } from 'vitest'
import {
  DEPART,
  canMove,
  nextStates,
  type Contexte,
  type Etats,
  type Track,
} from '../../../src/modules/clotures/cloture.ts'
import { stateLabel, trackLabel } from '../../../src/modules/clotures/libelles.ts'

function context(etats: Partial<Etats>, rest: Partial<Contexte> = {}): Contexte {
  return {
    etats: { ...DEPART, ...etats },
    regime: 'AGREE',
    adhesionValide: true,
    cotisationReglee: true,
    cotisationExigee: true,
    supervision: false,
    delaiReponseDepasse: false,
    certificatDestruction: null,
    ...rest,
  }
}

/** Walks a track along the given states, from where the context stands; says where it was stopped. */
function walk<T extends Track>(track: T, path: Etats[T][], start: Contexte): string {
  let now = start
  for (const to of path) {
    const decision = canMove(track, now.etats[track], to, now)
    if (!decision.ok) return `${to}: ${decision.raison}`
    now = { ...now, etats: { ...now.etats, [track]: to } }
  }
  return 'arrived'
}

describe('reception', () => {
  it('reminds twice, then gives formal notice, and can be received at any moment', () => {
    const ladder: Etats['reception'][] = ['relancee_1', 'relancee_2', 'mise_en_demeure']
    expect(walk('reception', [...ladder, 'recue', 'incomplete', 'complete', 'incomplete'], context({}))).toBe(
      'arrived',
    )
    for (const waiting of ['attendue', ...ladder] as const) {
      expect(nextStates('reception', context({ reception: waiting }))).toEqual(
        expect.arrayContaining(['recue', 'sans_objet']),
      )
    }
  })

  it('skips no reminder', () => {
    expect(walk('reception', ['relancee_2'], context({}))).toContain('ne peut pas suivre')
  })
})

describe('attestation', () => {
  it('is issued, read, cancelled, and issued again', () => {
    const path: Etats['attestation'][] = ['emise', 'consultee', 'annulee', 'a_emettre', 'emise']
    expect(walk('attestation', path, context({}))).toBe('arrived')
  })

  it('needs a membership, whatever the liasse', () => {
    expect(walk('attestation', ['emise'], context({}, { adhesionValide: false }))).toContain('L’adhésion')
  })

  it('needs the fee only where the organisme asks for it', () => {
    expect(walk('attestation', ['emise'], context({}, { cotisationReglee: false }))).toContain('cotisation')
    expect(
      walk('attestation', ['emise'], context({}, { cotisationReglee: false, cotisationExigee: false })),
    ).toBe('arrived')
  })
})

describe('the checks', () => {
  const received = { reception: 'complete' } as const

  it('begin when the liasse is there', () => {
    expect(walk('eccv', ['en_cours'], context({}))).toContain('liasse')
    expect(walk('eccv', ['en_cours', 'termine_sans_anomalie'], context(received))).toBe('arrived')
    expect(walk('eccv', ['en_cours', 'termine_sans_anomalie'], context({ reception: 'recue' }))).toContain(
      'complète',
    )
  })

  it('an answer passes by the superviseur where there is one, and only there', () => {
    const asked = { ...received, eccv: 'questions_posees' } as const
    expect(walk('eccv', ['reponse_recue', 'en_cours'], context(asked))).toBe('arrived')
    expect(walk('eccv', ['reponse_a_valider'], context(asked))).toContain('ne supervise pas')
    const supervised = context(asked, { supervision: true })
    expect(walk('eccv', ['reponse_recue'], supervised)).toContain('validée par le superviseur')
    expect(
      walk(
        'eccv',
        ['reponse_a_valider', 'questions_posees', 'reponse_a_valider', 'reponse_recue'],
        supervised,
      ),
    ).toBe('arrived')
  })

  it('end without an answer only when its time is over', () => {
    const asked = { ...received, eccv: 'questions_posees' } as const
    expect(walk('eccv', ['termine_avec_anomalies'], context(asked))).toContain('délai')
    expect(walk('eccv', ['termine_avec_anomalies'], context(asked, { delaiReponseDepasse: true }))).toBe(
      'arrived',
    )
  })

  it('an EPS destroys its file last, with a certificate', () => {
    const path: Etats['eps'][] = [
      'selectionne',
      'fichier_demande',
      'fichier_recu',
      'pieces_demandees',
      'pieces_recues',
      'termine',
    ]
    expect(walk('eps', path, context({}))).toBe('arrived')
    expect(walk('eps', [...path, 'fichier_detruit'], context({}))).toContain('certificat')
    const certificatDestruction = { le: '2026-06-01', empreinte: 'a'.repeat(64), agent: 'Agent 12' }
    expect(walk('eps', [...path, 'fichier_detruit'], context({}, { certificatDestruction }))).toBe('arrived')
    expect(
      walk('eps', ['fichier_detruit'], context({ eps: 'fichier_recu' }, { certificatDestruction })),
    ).toContain('suivre')
  })
})

describe('compte rendu and dossier de gestion', () => {
  it('a compte rendu waits for the ECCV and, where there is one, for the EPS', () => {
    const over = { eccv: 'termine_sans_anomalie' } as const
    expect(walk('crm', ['redige'], context({}))).toContain('contrôles')
    expect(walk('crm', ['redige'], context({ ...over, eps: 'pieces_demandees' }))).toContain('contrôles')
    for (const eps of ['non_selectionne', 'termine', 'fichier_detruit'] as const) {
      expect(walk('crm', ['redige'], context({ ...over, eps }))).toBe('arrived')
    }
  })

  it('goes to the tax office only under the agrément, and can be put right', () => {
    const sent = { eccv: 'termine_sans_anomalie', crm: 'signe' } as const
    expect(
      walk('crm', ['envoye_adherent', 'transmis_sie', 'ar_sie', 'rectificatif', 'signe'], context(sent)),
    ).toBe('arrived')
    expect(walk('crm', ['envoye_adherent', 'transmis_sie'], context(sent, { regime: 'EX_OGA' }))).toContain(
      'agrément',
    )
    expect(walk('crm', ['envoye_adherent', 'rectificatif'], context(sent, { regime: 'EX_OGA' }))).toBe(
      'arrived',
    )
  })

  it('checks that have led to a compte rendu are not opened again', () => {
    const over = { reception: 'complete', eccv: 'termine_avec_anomalies' } as const
    expect(walk('eccv', ['en_cours'], context(over))).toBe('arrived')
    expect(walk('eccv', ['en_cours'], context({ ...over, crm: 'redige' }))).toContain('déjà rédigé')
  })

  it('a dossier is computed from a liasse, commented, published and replaced', () => {
    expect(walk('dossier_gestion', ['calcule'], context({}))).toContain('liasse')
    const path: Etats['dossier_gestion'][] = [
      'calcule',
      'commente',
      'publie',
      'consulte',
      'calcule',
      'commente',
    ]
    expect(walk('dossier_gestion', path, context({ reception: 'recue' }))).toBe('arrived')
    expect(walk('dossier_gestion', ['calcule', 'publie'], context({ reception: 'recue' }))).toContain(
      'suivre',
    )
  })
})

it('two people who move the same step at once: the second is told', () => {
  expect(canMove('crm', 'redige', 'signe', context({ crm: 'signe' }))).toEqual({
    ok: false,
    raison: 'Cette étape a changé entre-temps. Rechargez la page.',
  })
})

it('no paper or pill of an organisme without agrément says « agréé »', () => {
  const tracks = Object.keys(DEPART) as Track[]
  const words = tracks.map((track) => trackLabel(track, 'EX_OGA'))
  expect(words).toContain('Compte rendu de contrôle')
  expect(words.join()).not.toMatch(/agréé|adhésion/)
  expect(trackLabel('crm', 'AGREE')).toBe('Compte rendu de mission')
  expect(stateLabel('eccv', 'reponse_a_valider')).toBe('Réponse à valider')
})
