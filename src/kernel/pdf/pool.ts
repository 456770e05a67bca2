import type { Worker } from 'node:worker_threads'
import { runnable, startThread } from '../thread.ts'
import type { Answer, Order } from './worker.ts'

/*
 * PDFs are made off the main thread: a page would wait 5 to 50 times longer behind one. One thread, begun at the first
 * order, keeps a core busy; it takes orders one by one, so that a crash or a timeout is the fault of a known order
 * and the others go on with a new thread.
 */

/**
 * A kind of document is the address of the module that exports `render(data: Data): Promise<Buffer>`, named as source:
 * `new URL('./attestation.ts', import.meta.url)`. Import that module for its types only: pdfkit stays out of this thread.
 */
export type PdfKind<Data> = URL & { readonly of?: (data: Data) => void }

/** The same address, which also tells the compiler what data the document takes. */
export function pdfKind<Data>(module: URL): PdfKind<Data> {
  return module
}

interface Job {
  order: Order
  resolve: (pdf: Buffer) => void
  reject: (error: Error) => void
}

export class PdfPool {
  private readonly timeoutMs: number
  private readonly queue: Job[] = []
  private current: Job | undefined
  private timer: NodeJS.Timeout | undefined
  private worker: Worker | undefined
  private lastId = 0

  /** `timeoutMs` counts from the moment at which the thread is given the order, the start of the thread included. */
  constructor(timeoutMs = 30_000) {
    this.timeoutMs = timeoutMs
  }

  /** As `makePdf`, on a thread of its own. */
  make<Data>(kind: PdfKind<Data>, data: Data): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.lastId += 1
      this.queue.push({ order: { id: this.lastId, module: runnable(kind), data }, resolve, reject })
      this.next()
    })
  }

  /** Ends the thread; orders that wait are rejected. A later order begins a new one. */
  async close(): Promise<void> {
    const { worker, current } = this
    const jobs = [...(current ? [current] : []), ...this.queue.splice(0)]
    this.worker = undefined
    this.current = undefined
    clearTimeout(this.timer)
    for (const job of jobs) job.reject(new Error('PDF not made: the pool is closed'))
    await worker?.terminate()
  }

  private next(): void {
    if (this.current) return
    const job = this.queue.shift()
    if (!job) {
      this.worker?.unref() // an idle thread does not keep the process alive
      return
    }
    this.current = job
    this.worker ??= this.start()
    this.worker.ref()
    const late = `PDF not made in ${this.timeoutMs} ms: ${job.order.module}`
    this.timer = setTimeout(() => this.lose(new Error(late)), this.timeoutMs)
    try {
      this.worker.postMessage(job.order)
    } catch (error) {
      this.settle((failed) => failed.reject(asError(error))) // data that is not plain
    }
  }

  private start(): Worker {
    const worker = startDocuments()
    worker.on('message', (answer: Answer) => {
      if (worker !== this.worker || answer.id !== this.current?.order.id) return
      if ('pdf' in answer) {
        const { buffer, byteOffset, byteLength } = answer.pdf
        this.settle((job) => job.resolve(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)))
      } else {
        const cause = Object.assign(new Error(answer.error.message), { stack: answer.error.stack })
        this.settle((job) => job.reject(new Error(`PDF not made: ${cause.message}`, { cause })))
      }
    })
    worker.on('error', (error) => {
      if (worker === this.worker) this.lose(asError(error))
    })
    worker.on('exit', (code) => {
      if (worker === this.worker) this.lose(new Error(`PDF thread ended with code ${code}`))
    })
    return worker
  }

  /** The thread is gone or must go: its order fails, the next one begins another. */
  private lose(error: Error): void {
    const { worker } = this
    this.worker = undefined
    void worker?.terminate()
    this.settle((job) => job.reject(error))
  }

  private settle(end: (job: Job) => void): void {
    clearTimeout(this.timer)
    const job = this.current
    this.current = undefined
    if (job) end(job)
    this.next()
  }
}

/** The thread knows no secret, and makes one document at a time. */
function startDocuments(): Worker {
  return startThread(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

let shared: PdfPool | undefined

/**
 * Makes a document on the PDF thread of this process.
 * @param data plain data (what structuredClone takes), all that the document needs.
 * @throws Error when `render` throws (its error is the cause), when the thread dies, or after 30 seconds.
 */
export function makePdf<Data>(kind: PdfKind<Data>, data: Data): Promise<Buffer> {
  shared ??= new PdfPool()
  return shared.make(kind, data)
}

/** Ends the thread, when the process stops. Orders that still wait are rejected. */
export async function closePdfPool(): Promise<void> {
  await shared?.close()
  shared = undefined
}
