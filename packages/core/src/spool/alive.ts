import { unlink } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { basename, join, relative } from 'node:path'
import { ReachError } from '../spec/index.js'

/** What the name of a socket may take, on every system. */
const mostBytes = 100
const dead: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT'])

/**
 * A sign of life for the other processes of this machine: a socket that takes connections for as long as this process
 * lives. The system closes it when the process is killed, and it does not mistake another process for this one, as a
 * number of a process does.
 */
export async function showLife(dir: string, owner: string): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy())
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketOf(dir, owner), resolve)
  })
  server.on('error', () => {})
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/** False only where it certainly is dead. */
export function isAlive(dir: string, owner: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketOf(dir, owner))
    const answer = (alive: boolean): void => {
      socket.destroy()
      resolve(alive)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', (error: NodeJS.ErrnoException) => answer(!dead.has(error.code)))
  })
}

/** What a process that was killed could not remove. */
export async function forget(dir: string, owner: string): Promise<void> {
  await unlink(join(dir, `${owner}.sock`)).catch(() => {})
}

function socketOf(dir: string, owner: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\reachkit-${basename(dir)}-${owner}`
  const path = join(dir, `${owner}.sock`)
  const short = [path, relative(process.cwd(), path)].find((each) => Buffer.byteLength(each) <= mostBytes)
  if (short !== undefined) return short
  throw new ReachError('REACH_OPTION_INVALID', 'createReach: spool: dir must be a shorter path: it holds a socket.')
}
