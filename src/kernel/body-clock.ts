import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { ParvisRequest } from './request.ts'

/** The clock on the body of a request. */
export interface BodyClock {
  /** From now on the body may take as long as it likes, provided that it comes. */
  asLongAsItComes(): void
}

/** The least that must come in one round of the clock: half a Ko a second, which the slowest line gives. */
const LEAST_BYTES_A_SECOND = 512

/**
 * How long the body of a request may take, in place of Node's `requestTimeout`, which is one for all: a form is there
 * within `seconds`, or the connection is cut. Files may take hours on a slow line: where somebody known sends some
 * (`asLongAsItComes`), what is cut is a body that stops coming, or drips. The head has a limit of its own, `headersTimeout`.
 */
export function bodyClock(seconds: number): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = req.headers
    const hasBody = (length !== undefined && length !== '0') || encoding !== undefined
    if (hasBody) (req as unknown as ParvisRequest).bodyClock = start(req, res, seconds)
    next()
  }
}

function start(req: Request, res: Response, seconds: number): BodyClock {
  const { socket } = req
  const cut = () => {
    // No page of ours: the rest of the body will not be read, and whoever drips does not read either. Nothing at all when
    // the answer to an earlier request of this connection is still to come: it would be taken for that one.
    if (!res.headersSent && res.socket === socket)
      socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
    socket.destroySoon()
  }
  let timer = setTimeout(cut, seconds * 1000)
  // « end » comes also when nobody wants the body: Node then reads it by itself, and that must not last either.
  const stop = () => clearTimeout(timer)
  req.once('end', stop)
  req.once('close', stop)
  return {
    asLongAsItComes() {
      if (req.readableEnded || req.destroyed) return
      clearTimeout(timer)
      let before = socket.bytesRead
      timer = setInterval(() => {
        if (socket.bytesRead - before < LEAST_BYTES_A_SECOND * seconds) cut()
        before = socket.bytesRead
      }, seconds * 1000)
    },
  }
}
