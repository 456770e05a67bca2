import { connect } from 'node:net'
import { statfs } from 'node:fs/promises'
import { octets } from '../../kernel/formats.ts'
import type { Services } from '../../kernel/services.ts'

export interface Mesure {
  libelle: string
  etat: 'bon' | 'mauvais' | 'absent'
  detail: string
}

const ATTENTE_MS = 2_000

/** What the portal leans on, looked at now: each answers within two seconds or is said not to. */
export function mesurerSante(services: Services): Promise<Mesure[]> {
  const { config, database, storage } = services
  return Promise.all([
    mesure('Base de données', () => database.ping()),
    mesure('Stockage des fichiers', () => storage.check()),
    espace(config.dataDir),
    config.clamdUrl === undefined
      ? absent('Antivirus', 'non configuré\u00a0: les fichiers ne sont pas analysés')
      : mesure('Antivirus', () => joindre(cibleClamd(config.clamdUrl!), 'zPING\0', /PONG/)),
    config.smtpUrl === undefined
      ? absent('Serveur de courriel', 'non configuré\u00a0: les courriels sont retenus pour la démonstration')
      : mesure('Serveur de courriel', () => joindre(cibleSmtp(config.smtpUrl!), '', /^220/)),
  ])
}

async function mesure(libelle: string, work: () => Promise<unknown>): Promise<Mesure> {
  const start = performance.now()
  try {
    await Promise.race([work(), plusTard()])
    return { libelle, etat: 'bon', detail: `répond en ${Math.round(performance.now() - start)}\u00a0ms` }
  } catch {
    return { libelle, etat: 'mauvais', detail: 'ne répond pas' }
  }
}

function plusTard(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('too slow')), ATTENTE_MS).unref()
  })
}

function absent(libelle: string, detail: string): Mesure {
  return { libelle, etat: 'absent', detail }
}

const MOINS = 0.05

async function espace(folder: string): Promise<Mesure> {
  const libelle = 'Disque'
  const disk = await statfs(folder).catch(() => undefined)
  if (!disk) return { libelle, etat: 'mauvais', detail: 'illisible' }
  const part = disk.bavail / disk.blocks
  return {
    libelle,
    etat: part < MOINS ? 'mauvais' : 'bon',
    detail: `${octets(disk.bavail * disk.bsize)} libres (${Math.floor(part * 100)}\u00a0%)`,
  }
}

type Cible = { host: string; port: number } | { path: string }

function cibleClamd(url: string): Cible {
  const { hostname, port, pathname } = new URL(url)
  return hostname !== '' ? { host: hostname, port: Number(port) } : { path: decodeURIComponent(pathname) }
}

/** A server that speaks TLS from the first byte greets nobody who does not: being there must do. */
function cibleSmtp(url: string): Cible & { tls?: boolean } {
  const { protocol, hostname, port } = new URL(url)
  const tls = protocol === 'smtps:'
  return { host: hostname, port: Number(port) || (tls ? 465 : 587), tls }
}

function joindre(cible: Cible & { tls?: boolean }, mot: string, attendu: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const { tls, ...where } = cible
    const socket = connect({ ...where, timeout: ATTENTE_MS })
    const end = (error?: Error) => {
      socket.destroy()
      if (error) reject(error)
      else resolve()
    }
    socket.once('error', end)
    socket.once('timeout', () => end(new Error('timeout')))
    socket.once('connect', () => {
      if (tls) end()
      else if (mot !== '') socket.write(mot)
    })
    socket.once('data', (data: Buffer) =>
      end(attendu.test(data.toString('latin1')) ? undefined : new Error('unexpected')),
    )
  })
}
