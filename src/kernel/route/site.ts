import type { Receive } from '../files/receive.ts'
import type { Module, PageRoute } from '../page.ts'
import type { Send } from '../reply.ts'
import type { Services } from '../services.ts'

/** What every route works with. */
export interface Site {
  services: Services
  modules: readonly Module[]
  receive: Receive
  send: Send
  /** By pattern: what shows the form of an act again. */
  pages: ReadonlyMap<string, PageRoute>
}
