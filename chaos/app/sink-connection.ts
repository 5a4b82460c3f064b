import { sent, unknown } from '@reachkit/core'
import type { DeliveryOutcome } from '@reachkit/core'
import { NotSentError } from '@reachkit/core/spec'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { onLines } from '../process/lines.js'

type Settle = (outcome: DeliveryOutcome) => void

/** One connection to the sink, made when it is first used and made anew when it breaks. */
export class SinkConnection {
  readonly #port: number
  readonly #worker: string
  readonly #open = new Map<number, Settle>()
  #socket: Promise<Socket> | undefined
  #last = 0

  constructor(port: number, worker: string) {
    this.#port = port
    this.#worker = worker
  }

  async send(recipient: string, key: string, signal: AbortSignal): Promise<DeliveryOutcome> {
    this.#socket ??= this.#connect()
    const socket = await this.#socket
    this.#last += 1
    const n = this.#last
    const aborted = (): void => this.#end(n, unknown('aborted'))
    signal.addEventListener('abort', aborted, { once: true })
    return new Promise<DeliveryOutcome>((resolve) => {
      this.#open.set(n, resolve)
      socket.write(`${n} ${recipient} ${key}\n`)
    }).finally(() => signal.removeEventListener('abort', aborted))
  }

  close(): void {
    void this.#socket?.then((socket) => socket.destroy())
  }

  #end(n: number, outcome: DeliveryOutcome): void {
    this.#open.get(n)?.(outcome)
    this.#open.delete(n)
  }

  async #connect(): Promise<Socket> {
    const socket = connect(this.#port, '127.0.0.1')
    try {
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    } catch (cause) {
      this.#socket = undefined
      throw new NotSentError('the sink cannot be reached', { cause })
    }
    socket.setNoDelay(true)
    socket.write(`H ${this.#worker}\n`)
    onLines(socket, (line) => this.#end(Number(line), sent(line)))
    const lost = (): void => {
      this.#socket = undefined
      for (const n of this.#open.keys()) this.#end(n, unknown('connection lost'))
    }
    socket.on('error', () => {}).once('close', lost)
    return socket
  }
}
