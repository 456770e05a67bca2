import net from 'node:net'

export interface Target {
  port: number
  host: string
  path: string
  cookie: string
}

export interface Window {
  requests: number
  seconds: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Of one answer, headers included. */
  bytes: number
}

/**
 * Asks for one page over and over on some keep-alive connections of this machine, one request at a time on each.
 * Ends after so many milliseconds or requests. Small on purpose: what it costs is taken from the servers that it measures.
 * @throws Error at the first answer that is not 200
 */
export async function load(
  target: Target,
  connections: number,
  milliseconds: number,
  atMost = Infinity,
): Promise<Window> {
  const until = performance.now() + milliseconds
  const latencies: number[] = []
  const goesOn = (now: number) => now < until && latencies.length < atMost
  const start = performance.now()
  const sizes = await Promise.all(
    Array.from({ length: connections }, () => askOver(target, goesOn, latencies)),
  )
  const seconds = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  return {
    requests: latencies.length,
    seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    bytes: sizes[0] ?? 0,
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}

function askOver(target: Target, goesOn: (now: number) => boolean, latencies: number[]): Promise<number> {
  const request = `GET ${target.path} HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\nCookie: ${target.cookie}\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\nUser-Agent: bench\r\n\r\n`
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port: target.port, noDelay: true })
    let sent = 0
    let size = 0
    let answer = new Answer()
    const ask = () => {
      answer = new Answer()
      sent = performance.now()
      socket.write(request)
    }
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.on('data', (chunk) => {
      try {
        if (!answer.take(chunk)) return
      } catch (error) {
        socket.destroy()
        return reject(error instanceof Error ? error : new Error(String(error)))
      }
      const now = performance.now()
      latencies.push(now - sent)
      size = answer.received
      if (goesOn(now)) return ask()
      socket.removeAllListeners('close')
      socket.end()
      resolve(size)
    })
  })
}

/** One HTTP answer as it arrives: of a length that its head names, or in chunks. */
class Answer {
  received = 0
  private head = ''
  /** Bytes of the whole answer; infinite while unknown. */
  private length = Infinity
  private tail = ''

  /** True when the answer is complete. */
  take(chunk: Buffer): boolean {
    this.received += chunk.length
    if (this.length === Infinity && this.tail === '') this.readHead(chunk)
    if (this.length !== Infinity) return this.received >= this.length
    this.tail = (this.tail + chunk.subarray(-7).toString('latin1')).slice(-7)
    return this.tail.endsWith('\r\n0\r\n\r\n')
  }

  private readHead(chunk: Buffer): void {
    this.head += chunk.toString('latin1')
    const end = this.head.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.head.slice(0, end)
    if (!head.startsWith('HTTP/1.1 200')) throw new Error(`the server answered: ${head.split('\r\n')[0]}`)
    const length = /^content-length: *(\d+)/im.exec(head)?.[1]
    if (length !== undefined) this.length = end + 4 + Number(length)
  }
}
