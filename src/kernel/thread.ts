import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

const compiled = import.meta.url.endsWith('.js')

/** tsc does not rewrite the text of such an address: compiled code wants the .js beside it. */
export function runnable(module: URL): string {
  return compiled ? module.href.replace(/\.ts$/, '.js') : module.href
}

/**
 * A thread that runs a module named as source, `new URL('./worker.ts', import.meta.url)`: its .js when this is compiled.
 * As source it runs through tsx, whatever runs the main thread (tsx, vitest): a thread does not inherit the hooks of
 * Node 20, so that a line of JavaScript registers them first. It is given no environment: it needs no secret.
 */
export function startThread(
  module: URL,
  options: Pick<WorkerOptions, 'resourceLimits' | 'workerData'>,
): Worker {
  const all: WorkerOptions = { ...options, env: {}, execArgv: [] }
  if (compiled) return new Worker(new URL(runnable(module)), all)
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace(
    /\.cjs$/,
    '.mjs',
  )
  const code = `import(${JSON.stringify(tsx)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(module.href)}) })`
  return new Worker(code, { ...all, eval: true })
}
