import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

/** A fixed port in front of a server that comes back on another one, as a restarted embedded Postgres does. */
export interface Proxy {
  port: number
  /** Port behind it; undefined: connections are refused. */
  target: number | undefined
  stop(): void
}

export async function startProxy(): Promise<Proxy> {
  const open = new Set<Socket>()
  const server = createServer((incoming) => {
    open.add(incoming)
    incoming.on('close', () => open.delete(incoming))
    incoming.on('error', () => undefined)
    if (proxy.target === undefined) return void incoming.destroy()
    const outgoing = connect(proxy.target, '127.0.0.1')
    outgoing.on('error', () => incoming.destroy())
    outgoing.on('close', () => incoming.destroy())
    incoming.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing).pipe(incoming)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: Proxy = {
    port: (server.address() as AddressInfo).port,
    target: undefined,
    stop() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
  return proxy
}
