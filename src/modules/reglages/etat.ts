import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Services } from '../../kernel/services.ts'
import { type Route, page, view } from '../../kernel/page.ts'
import { readEtatFichiers } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

export interface Temoin {
  libelle: string
  /** `succes` is green, `erreur` red, `attente` amber; the sentence says the same. */
  genre: 'succes' | 'attente' | 'erreur'
  mot: string
  phrase: string
}

/** Whether what the portal leans on is well, in words. */
export const etat: Route[] = [
  page(pathOf('etat'), {
    can,
    async run({ db, services }) {
      const [fichiers, antivirus, stockage] = await Promise.all([
        readEtatFichiers(db),
        antivirusAnswers(services),
        storageAnswers(services),
      ])
      return view('reglages/etat', {
        temoins: [
          antivirusOf(services.config.clamdUrl !== undefined, antivirus, fichiers.en_attente),
          stockageOf(stockage),
          courrielsOf(fichiers.courriels_en_attente, fichiers.courriels_abandonnes),
        ],
        fichiers,
        breadcrumb: trail('etat'),
      })
    },
  }),
]

export function antivirusOf(set: boolean, answers: boolean, waiting: number): Temoin {
  const libelle = 'Antivirus'
  if (!set)
    return { libelle, genre: 'attente', mot: 'Absent', phrase: 'Aucun antivirus n’est branché\u00a0: les fichiers reçus ne sont pas analysés.' } // prettier-ignore
  if (!answers)
    return { libelle, genre: 'erreur', mot: 'Ne répond pas', phrase: 'Les fichiers reçus attendent et ne s’ouvrent pas. Ils seront analysés dès qu’il répondra.' } // prettier-ignore
  return {
    libelle,
    genre: 'succes',
    mot: 'Répond',
    phrase: waiting === 0 ? 'Rien n’attend.' : `Fichiers en attente d’analyse\u00a0: ${waiting}.`,
  }
}

export function stockageOf(answers: boolean): Temoin {
  return answers
    ? { libelle: 'Stockage des fichiers', genre: 'succes', mot: 'Répond', phrase: 'Un fichier peut être reçu et ouvert.' }
    : { libelle: 'Stockage des fichiers', genre: 'erreur', mot: 'Ne répond pas', phrase: 'Aucun fichier ne peut être reçu. Prévenez l’hébergeur.' } // prettier-ignore
}

export function courrielsOf(waiting: number, parked: number): Temoin {
  const libelle = 'Courriels'
  if (parked > 0)
    return { libelle, genre: 'erreur', mot: 'Échecs', phrase: `Abandonnés ces sept derniers jours\u00a0: ${parked}. En attente\u00a0: ${waiting}.` } // prettier-ignore
  return {
    libelle,
    genre: 'succes',
    mot: 'Partent',
    phrase: waiting === 0 ? 'Rien n’attend.' : `En attente\u00a0: ${waiting}.`,
  }
}

const PATIENCE_MS = 1000

async function storageAnswers({ storage }: Services): Promise<boolean> {
  const late = sleep(PATIENCE_MS, false, { ref: false })
  return Promise.race([storage.check().then(() => true, () => false), late]) // prettier-ignore
}

/** Whether clamd takes a connection; the address is the operator's, nobody types it. */
function antivirusAnswers({ config }: Services): Promise<boolean> {
  if (config.clamdUrl === undefined) return Promise.resolve(false)
  const { hostname, port, pathname } = new URL(config.clamdUrl)
  const socket = connect(port === '' ? { path: decodeURIComponent(pathname) } : { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }) // prettier-ignore
  socket.setTimeout(PATIENCE_MS)
  return new Promise((resolve) => {
    const end = (answers: boolean) => {
      socket.destroy()
      resolve(answers)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false)).once('timeout', () => end(false)) // prettier-ignore
  })
}
