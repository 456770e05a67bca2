import { parentPort } from 'node:worker_threads'

/*
 * The thread that makes PDFs, one at a time, so that no page waits for a font. It knows no document: each order names
 * the module whose `render(data)` gives the file. It never touches the database, and gets no secret.
 */

export interface Order {
  id: number
  module: string
  data: unknown
}

export type Answer =
  { id: number; pdf: Uint8Array } | { id: number; error: { message: string; stack: string } }

interface Renderer {
  render(data: unknown): Promise<Buffer>
}

async function answer({ id, module, data }: Order): Promise<Answer> {
  try {
    const { render } = (await import(module)) as Renderer
    return { id, pdf: new Uint8Array(await render(data)) } // a copy of its own size, that can be handed over
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return { id, error: { message, stack: stack ?? message } }
  }
}

parentPort?.on('message', (order: Order) => {
  void answer(order).then((result) => {
    parentPort?.postMessage(result, 'pdf' in result ? [result.pdf.buffer as ArrayBuffer] : [])
  })
})
