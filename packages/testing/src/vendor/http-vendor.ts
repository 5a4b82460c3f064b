import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Counterpart, CounterpartMode } from '../conformance/index.js'
import { readRequest, type VendorRequest } from './vendor-request.js'
import {
  elsewhere,
  playedModes,
  type VendorAnswer,
  type VendorAnswers,
  writeAnswer,
  type WrittenMode,
} from './vendor-answer.js'

export interface HttpVendorOptions {
  /** What the vendor answers in the modes that differ from vendor to vendor. A mode left out is not played. */
  readonly answers: Readonly<Partial<Record<WrittenMode, VendorAnswers>>>
  /** The idempotency key of a request, where the vendor takes one. */
  readonly key?: (request: VendorRequest) => string | undefined
  /** Answers what is no attempt, whatever the mode: a request for an access token. Undefined: it is an attempt. */
  readonly beside?: (request: VendorRequest) => VendorAnswer | undefined
  /** Speaks HTTPS, with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** A stand-in of a vendor's API on this machine, that does as it is told. */
export interface HttpVendor {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  readonly counterpart: Counterpart
  /** The attempts that arrived whole, in order. */
  readonly requests: readonly VendorRequest[]
  /** What arrived beside them. */
  readonly besides: readonly VendorRequest[]
  close(): Promise<void>
}

/** Starts a vendor on a free port of 127.0.0.1. It accepts until it is told otherwise. */
export async function startHttpVendor(options: HttpVendorOptions): Promise<HttpVendor> {
  const requests: VendorRequest[] = []
  const besides: VendorRequest[] = []
  let mode: CounterpartMode = 'accept'
  const take = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming)
    const aside = options.beside?.(request)
    if (aside !== undefined) {
      besides.push(request)
      return writeAnswer(response, aside)
    }
    requests.push(request)
    play(options, request.url === elsewhere ? 'accept' : mode, request, response)
  }
  const listener = new Listener(
    (incoming, response) => void take(incoming, response).catch(() => response.destroy()),
    options.tls,
  )
  await listener.open()
  const { url } = listener
  return {
    url,
    requests,
    besides,
    counterpart: {
      modes: modesOf(options),
      async tell(wanted) {
        mode = wanted
        await (wanted === 'break-before' ? listener.close() : listener.open())
      },
      keys: () => requests.map((request) => options.key?.(request)),
      connections: () => listener.sockets.size,
    },
    close: async () => listener.close(),
  }
}

function modesOf({ answers }: HttpVendorOptions): readonly CounterpartMode[] {
  return [...(Object.keys(answers) as WrittenMode[]), 'break-before', ...playedModes.keys()]
}

function play(
  { answers }: HttpVendorOptions,
  mode: CounterpartMode,
  request: VendorRequest,
  response: ServerResponse,
): void {
  const written = Object.hasOwn(answers, mode) ? answers[mode as WrittenMode] : undefined
  if (written === undefined) return playedModes.get(mode)?.(response)
  writeAnswer(response, typeof written === 'function' ? written(request) : written)
}

/** A server that can be closed and opened again on the same port. */
class Listener {
  readonly sockets: Set<Socket> = new Set()
  readonly #take: RequestListener
  readonly #tls: HttpVendorOptions['tls']
  #server: Server | undefined
  #port = 0

  constructor(take: RequestListener, tls: HttpVendorOptions['tls']) {
    this.#take = take
    this.#tls = tls
  }

  get url(): string {
    return `${this.#tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}`
  }

  async open(): Promise<void> {
    if (this.#server !== undefined) return
    const server = this.#tls === undefined ? createServer(this.#take) : createTlsServer(this.#tls, this.#take)
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
    })
    this.#server = server
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.closeAllConnections()
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}
