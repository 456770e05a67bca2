import type { Runner } from 'graphile-worker'
import { startJobs } from './kernel/jobs.ts'
import { kernelJobs, platformTasks } from './kernel/kernel-jobs.ts'
import type { Services } from './kernel/services.ts'
import { modules } from './modules.ts'

/** The jobs of the kernel and of every module, beside the web process or in a process of their own. */
export function startWorker(services: Services, ownerUrl: string): Promise<Runner> {
  return startJobs(services, modules, kernelJobs, platformTasks, ownerUrl)
}
