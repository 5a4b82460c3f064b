import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { startMariadb } from './mariadb.js'
import { startPostgres } from './postgres.js'
import { startRedis } from './redis.js'
import type { TestServer } from './server.js'

/** The servers that all test files of a run share. */
export type SharedServer = 'redis' | 'postgres' | 'mariadb'

/** The port of the process that has them; set for all workers of a run. */
export const coordinatorVariable = 'REACHKIT_TEST_SERVERS'

const starts: Readonly<Record<SharedServer, () => Promise<TestServer>>> = {
  redis: async () => startRedis(),
  postgres: startPostgres,
  mariadb: startMariadb,
}

interface Answer {
  readonly url?: string
  readonly error?: string
}

/** Starts each server when it is first asked for; `stop` ends those that were. It listens on a port of this machine alone. */
export async function startCoordinator(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const started = new Map<SharedServer, Promise<TestServer>>()
  const server = createServer((socket) => void answerOne(socket, started))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  // Vitest may end without a teardown, and nothing here is to keep it alive.
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      const settled = await Promise.allSettled(started.values())
      await Promise.all(settled.map(async (one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)))
    },
  }
}

async function answerOne(socket: Socket, started: Map<SharedServer, Promise<TestServer>>): Promise<void> {
  socket.on('error', () => {})
  try {
    const name = (await line(socket)) as SharedServer
    const server = started.get(name) ?? starts[name]()
    started.set(name, server)
    answer(socket, { url: (await server).url })
  } catch (error) {
    answer(socket, { error: error instanceof Error ? error.message : String(error) })
  }
}

function answer(socket: Socket, text: Answer): void {
  socket.end(`${JSON.stringify(text)}\n`)
}

/** The address of a server of this run. Started by whoever asks first, which takes a few seconds. */
export async function sharedServer(name: SharedServer): Promise<string> {
  const port = process.env[coordinatorVariable]
  if (port === undefined)
    throw new Error('the servers are started by the globalSetup of vitest.config.ts, which did not run')
  const socket = connect(Number(port), '127.0.0.1')
  try {
    socket.write(`${name}\n`)
    const { url, error }: Answer = JSON.parse(await line(socket))
    if (url === undefined) throw new Error(error)
    return url
  } finally {
    socket.destroy()
  }
}

function line(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the process that has the servers ended')))
  })
}
