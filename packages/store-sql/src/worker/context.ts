import { randomBytes } from 'node:crypto'
import type { Logger, StoreContext } from '@reachkit/core/spec'
import type { FromWorker, Port } from './protocol.js'

/** Clock and chance of the worker itself; what it logs goes out by the port. */
export function workerContext(port: Port): StoreContext {
  return {
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      setTimer(delayMs, callback) {
        const timer = setTimeout(callback, delayMs)
        timer.unref()
        return () => clearTimeout(timer)
      },
    },
    random: { next: () => Math.random(), bytes: (length) => new Uint8Array(randomBytes(length)) },
    logger: {
      debug: log(port, 'debug'),
      info: log(port, 'info'),
      warn: log(port, 'warn'),
      error: log(port, 'error'),
    },
  }
}

function log(port: Port, level: keyof Logger): (fields: Readonly<Record<string, unknown>>, text: string) => void {
  return (fields, text) => {
    const message: FromWorker = { kind: 'log', level, fields, text }
    port.postMessage(message)
  }
}
