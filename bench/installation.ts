import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type Process, type Server, startProcess, startServer } from './process.ts'
import { SESSION_SECRET } from './session.ts'
import type { BenchCluster, BenchDatabase } from './world.ts'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist/src')
const MO = 1024 * 1024

/** As the Dockerfile does: nothing that is measured compiles itself. */
export function compile(): void {
  process.stderr.write('compiling …\n')
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' })
}

export interface Installation {
  web: Server
  /** Megabytes, the most since it was last asked. */
  peaks(): { web: number; worker: number }
  stop(): Promise<void>
}

/** The compiled web process and worker over one database, with the young generation that the Dockerfile sets. */
export async function startInstallation(
  cluster: BenchCluster,
  { appUrl, ownerUrl }: BenchDatabase,
  env: NodeJS.ProcessEnv = {},
): Promise<Installation> {
  const shared = {
    NODE_ENV: 'development',
    WORKER: 'outside',
    DATABASE_URL: appUrl,
    DATABASE_OWNER_URL: ownerUrl,
    SESSION_SECRETS: SESSION_SECRET,
    STORAGE_URL: cluster.storageUrl,
    DATA_DIR: cluster.folder,
    LOG_LEVEL: 'error',
    ...env,
  }
  const flags = ['--max-semi-space-size=16']
  const web = await startServer(join(DIST, 'server.js'), flags, shared)
  const worker = startProcess(join(DIST, 'worker-main.js'), flags, shared)
  const most = { web: 0, worker: 0 }
  const look = async (name: keyof typeof most, of: Process) => {
    const { memory } = await of.usage()
    most[name] = Math.max(most[name], memory)
  }
  const watch = setInterval(() => void Promise.all([look('web', web), look('worker', worker)]), 200)
  return {
    web,
    peaks() {
      const peaks = { web: Math.round(most.web / MO), worker: Math.round(most.worker / MO) }
      Object.assign(most, { web: 0, worker: 0 })
      return peaks
    },
    async stop() {
      clearInterval(watch)
      await Promise.all([web.stop(), worker.stop()])
    },
  }
}
