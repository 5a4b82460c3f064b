import { connect, type Socket } from 'node:net'

type Answer = (error: Error | null, options?: { readonly connection: Socket }) => void

/**
 * The TCP sockets of one pool. While nothing is in flight they do not keep the process alive; closing waits until each
 * one is gone. TLS, the greeting and everything after are nodemailer's, over the socket that it is given here.
 */
export class Sockets {
  readonly #open = new Set<Socket>()
  readonly #connecting = new Set<Socket>()
  #held = false

  /** Opens one; answers an ETIMEDOUT error after `timeoutMs`. An address that does not answer in 1 s gives way to the next. */
  open(host: string, port: number, timeoutMs: number, answer: Answer): void {
    const socket = connect({ host, port, autoSelectFamilyAttemptTimeout: 1_000 })
    const fail = (error: Error): void => answer(error)
    const tooLong = (): void =>
      void socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }))
    this.#add(socket)
    socket.setTimeout(timeoutMs).once('timeout', tooLong).once('error', fail)
    socket.once('connect', () => {
      this.#connecting.delete(socket)
      socket.setTimeout(0).off('timeout', tooLong).off('error', fail)
      answer(null, { connection: socket })
    })
  }

  /** Something is in flight: from now on the sockets keep the process alive. */
  hold(): void {
    this.#held = true
    for (const socket of this.#open) socket.ref()
  }

  /** Nothing is in flight any more. */
  release(): void {
    this.#held = false
    for (const socket of this.#open) socket.unref()
  }

  /** Drops what is still connecting, and resolves once every socket is closed. Nodemailer ends the others itself. */
  async closed(): Promise<void> {
    this.hold()
    for (const socket of this.#connecting) socket.destroy()
    await Promise.all([...this.#open].map((socket) => new Promise((resolve) => socket.once('close', resolve))))
  }

  #add(socket: Socket): void {
    this.#open.add(socket)
    this.#connecting.add(socket)
    if (!this.#held) socket.unref()
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#connecting.delete(socket)
    })
  }
}
