import { once } from 'node:events'
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Counterpart, CounterpartMode } from '@reachkit/testing'

export interface ApnsPost {
  readonly headers: IncomingHttpHeaders
  readonly path: string
  readonly body: Record<string, unknown>
  /** Which session it came by, from 0. */
  readonly session: number
}

/** What is answered: a status and a reason, or whatever the function does. */
export type ApnsAnswer =
  | { readonly status: number; readonly reason: string }
  | ((stream: ServerHttp2Stream, post: ApnsPost) => void)

export interface ApnsServer {
  readonly url: string
  readonly posts: readonly ApnsPost[]
  readonly counterpart: Counterpart
  /** Sessions that were opened. */
  readonly sessions: readonly ServerHttp2Session[]
  /** What is answered from now on; taken where undefined. */
  answer: ((post: ApnsPost) => ApnsAnswer | undefined | Promise<ApnsAnswer | undefined>) | undefined
  /** Breaks all connections, as a network does: what HTTP/2 calls the end of a session says good-bye first. */
  cut(): void
  close(): Promise<void>
}

interface ApnsServerSettings {
  /** How many streams a session may have; 1,000 unless told. */
  readonly streams?: number
  /** Speaks TLS with this key and certificate, as APNs does. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/**
 * Ours, written from Apple's documents. It takes what it is not told to refuse; `appleRules` is what Apple refuses, and
 * clients that others wrote check both.
 */
export async function startApnsServer({ streams = 1_000, tls }: ApnsServerSettings = {}): Promise<ApnsServer> {
  const posts: ApnsPost[] = []
  const sessions: ServerHttp2Session[] = []
  const sockets = new Set<Socket>()
  let mode: CounterpartMode = 'accept'
  let server: Http2Server | Http2SecureServer | undefined
  let port = 0
  const stand: ApnsServer = {
    get url() {
      return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
    },
    posts,
    sessions,
    answer: undefined,
    counterpart: {
      modes: [
        'accept',
        'refuse',
        'refuse-address',
        'throttle',
        'break-before',
        'break-after',
        'hang',
        'rubbish',
        'redirect',
        'trickle',
        'flood',
      ],
      async tell(wanted) {
        mode = wanted
        await (wanted === 'break-before' ? stop() : start())
      },
      keys: () => posts.map(({ headers }) => String(headers['apns-id'])),
      connections: () => sessions.filter(({ closed, destroyed }) => !closed && !destroyed).length,
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    close: async () => stop(),
  }

  async function take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    stream.on('error', () => {})
    const session = sessions.indexOf(stream.session as ServerHttp2Session)
    const body = JSON.parse((await buffer(stream)).toString()) as Record<string, unknown>
    const post = { headers, path: String(headers[':path']), body, session }
    posts.push(post)
    const answer = (await stand.answer?.(post)) ?? (mode === 'break-after' ? () => stand.cut() : played.get(mode))
    if (typeof answer === 'function') answer(stream, post)
    else if (answer === undefined) accept(stream, post)
    else refuse(stream, answer)
  }

  async function start(): Promise<void> {
    if (server !== undefined) return
    const options = { settings: { maxConcurrentStreams: streams } }
    server = tls === undefined ? createServer(options) : createSecureServer({ ...options, ...tls })
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    server.on('session', (session) => sessions.push(session))
    server.on('stream', (stream, headers) => void take(stream, headers).catch(() => stream.close()))
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    ;({ port } = server.address() as AddressInfo)
  }

  async function stop(): Promise<void> {
    const stopped = server
    server = undefined
    if (stopped === undefined) return
    for (const session of sessions) session.destroy()
    await new Promise((resolve) => stopped.close(resolve))
  }

  await start()
  return stand
}

function accept(stream: ServerHttp2Stream, { headers }: ApnsPost): void {
  stream.respond({ ':status': 200, 'apns-id': headers['apns-id'] }, { endStream: true })
}

function refuse(stream: ServerHttp2Stream, answer: { readonly status: number; readonly reason: string }): void {
  stream.respond({ ':status': answer.status, 'content-type': 'application/json' })
  stream.end(JSON.stringify({ reason: answer.reason }))
}

const played = new Map<CounterpartMode, ApnsAnswer>([
  ['refuse', { status: 400, reason: 'BadPriority' }],
  ['refuse-address', { status: 410, reason: 'Unregistered' }],
  ['throttle', { status: 429, reason: 'TooManyRequests' }],
  ['rubbish', (stream) => rubbish(stream)],
  ['redirect', (stream) => stream.respond({ ':status': 307, location: '/elsewhere' }, { endStream: true })],
  ['hang', () => {}],
  ['trickle', trickle],
  ['flood', flood],
])

function rubbish(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'text/html' })
  stream.end('<html><p>It works!</p></html>')
}

function trickle(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200 })
  const timer = setInterval(() => stream.write(' '), 20)
  stream.once('close', () => clearInterval(timer))
}

function flood(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200 })
  const block = Buffer.alloc(64 * 1_024, 'x')
  const more = (): void => {
    while (!stream.destroyed && stream.write(block));
  }
  stream.on('drain', more)
  more()
}
