import { parentPort, workerData } from 'node:worker_threads'
import { controler } from './controle.ts'
import type { Attendu, Rapport } from './rapport.ts'

/* The thread that checks one file and ends: its memory goes with it. */

export interface Ordre {
  chemin: string
  nom: string
  attendu: Attendu
}

export type Nouvelle = { octets: number } | { rapport: Rapport }

const { chemin, nom, attendu } = workerData as Ordre
const EVERY = 32 * 1024 * 1024

let told = 0
const rapport = controler(chemin, nom, attendu, (octets) => {
  if (octets - told < EVERY) return
  told = octets
  parentPort?.postMessage({ octets } satisfies Nouvelle)
})
parentPort?.postMessage({ rapport } satisfies Nouvelle)
