import { date } from '../../kernel/formats.ts'
import type { Jour } from './calendrier.ts'
import { controleIsOver, liasseIsThere, type Etats } from './cloture.ts'
import type { Echeances } from './echeances.ts'
import { intitules, type Regime } from './regime.ts'

export type EtatEtape = 'fait' | 'en_cours' | 'a_venir' | 'sans_objet'

export interface Etape {
  cle: 'liasse' | 'attestation' | 'controle' | 'compte_rendu' | 'dossier_gestion'
  titre: string
  etat: EtatEtape
  /** One short sentence that says the same as the dot, with its date. */
  phrase: string
}

/** What the five dots are made of: the states, the days on which things happened, the limits. */
export interface Avancement {
  etats: Etats
  regime: Regime
  le: {
    recue: Jour | null
    attestation: Jour | null
    controle: Jour | null
    compteRendu: Jour | null
    dossierGestion: Jour | null
  }
  echeances: Echeances
}

type Dot = Pick<Etape, 'etat' | 'phrase'>

/** The progress of the works, as the member reads it: five steps, three of which end with a document. */
export function progress(cloture: Avancement): Etape[] {
  const titles = intitules(cloture.regime)
  return [
    { cle: 'liasse', titre: 'Liasse reçue', ...liasse(cloture) },
    { cle: 'attestation', titre: 'Attestation', ...attestation(cloture) },
    { cle: 'controle', titre: 'Contrôle', ...controle(cloture) },
    { cle: 'compte_rendu', titre: titles.compteRendu, ...compteRendu(cloture) },
    { cle: 'dossier_gestion', titre: titles.dossierGestion, ...dossierGestion(cloture) },
  ]
}

const on = (day: Jour | null) => (day === null ? '' : ` le ${date(day)}`)
const before = (day: Jour | null) => (day === null ? '' : `, au plus tard le ${date(day)}`)

const done = (phrase: string): Dot => ({ etat: 'fait', phrase })
const doing = (phrase: string): Dot => ({ etat: 'en_cours', phrase })
const later = (phrase: string): Dot => ({ etat: 'a_venir', phrase })
const without: Dot = { etat: 'sans_objet', phrase: 'Sans objet pour cet exercice.' }

function liasse({ etats, le, echeances }: Avancement): Dot {
  switch (etats.reception) {
    case 'sans_objet':
      return { etat: 'sans_objet', phrase: 'Aucune liasse n’est attendue pour cet exercice.' }
    case 'complete':
    case 'recue':
      return done(`Reçue${on(le.recue)}.`)
    case 'incomplete':
      return doing(`Reçue${on(le.recue)}, il manque des pièces.`)
    case 'mise_en_demeure':
      return doing('Non reçue malgré nos relances : une mise en demeure vous a été adressée.')
    case 'relancee_1':
    case 'relancee_2':
      return doing(`Non reçue : nous vous avons relancé. Limite le ${date(echeances.liasse)}.`)
    case 'attendue':
      return later(`Attendue${before(echeances.liasse)}.`)
  }
}

function attestation({ etats, le }: Avancement): Dot {
  if (etats.attestation === 'emise' || etats.attestation === 'consultee')
    return done(`Émise${on(le.attestation)}.`)
  if (etats.reception === 'sans_objet') return without
  if (etats.attestation === 'annulee') return doing('Annulée : une nouvelle attestation sera émise.')
  return later('Elle sera émise avant la date limite de dépôt de votre déclaration.')
}

function controle({ etats, le, echeances }: Avancement): Dot {
  if (etats.reception === 'sans_objet') return without
  if (controleIsOver(etats)) {
    const result = etats.eccv === 'termine_sans_anomalie' ? ' sans anomalie' : ''
    return done(`Terminé${result}${on(le.controle)}.`)
  }
  if (etats.eccv === 'questions_posees') return doing('Nous attendons la réponse à nos questions.')
  if (etats.eccv === 'reponse_a_valider') return doing('La réponse attend la validation de votre cabinet.')
  if (etats.eps === 'fichier_demande' || etats.eps === 'pieces_demandees') {
    return doing('Nous attendons les pièces demandées.')
  }
  if (etats.eccv !== 'a_faire') return doing(`En cours${before(echeances.controle)}.`)
  return later(
    liasseIsThere(etats)
      ? `À faire${before(echeances.controle)}.`
      : 'Il commence à la réception de la liasse.',
  )
}

function compteRendu({ etats, le, echeances }: Avancement): Dot {
  if (etats.reception === 'sans_objet') return without
  switch (etats.crm) {
    case 'envoye_adherent':
      return done(`Publié${on(le.compteRendu)}.`)
    case 'transmis_sie':
    case 'ar_sie':
      return done(`Publié${on(le.compteRendu)}, copie transmise au service des impôts.`)
    case 'rectificatif':
      return doing('Un compte rendu rectificatif est en préparation.')
    case 'redige':
    case 'signe':
      return doing(`En préparation${before(echeances.compteRendu)}.`)
    case 'en_attente':
      return later(
        controleIsOver(etats) ? `À rédiger${before(echeances.compteRendu)}.` : 'Il suit la fin du contrôle.',
      )
  }
}

function dossierGestion({ etats, le, echeances }: Avancement): Dot {
  if (etats.reception === 'sans_objet') return without
  switch (etats.dossier_gestion) {
    case 'publie':
    case 'consulte':
      return done(`Publié${on(le.dossierGestion)}.`)
    case 'calcule':
    case 'commente':
      return doing(`En préparation${before(echeances.dossierGestion)}.`)
    case 'a_faire':
      return later(
        liasseIsThere(etats)
          ? `À faire${before(echeances.dossierGestion)}.`
          : 'Il suit la réception de la liasse.',
      )
  }
}
