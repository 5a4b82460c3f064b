import { execFile } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { binary, childEnvironment } from './binaries.js'
import { fromEnvironment } from './server.js'
import type { TestServer } from './server.js'
import { startServer, temporaryFolder } from './start.js'
import { postgresServer } from './wanted.js'

const run = promisify(execFile)
const { variable } = postgresServer

/** A PostgreSQL with its usual durability. It runs as the user postgres where this process is root, which it refuses to be. */
export async function startPostgres(): Promise<TestServer> {
  return fromEnvironment(variable) ?? startOwnPostgres()
}

/** One that may be killed and restarted, whatever the environment names. */
export async function startOwnPostgres(): Promise<TestServer> {
  const command = await binary(postgresServer)
  const user = process.getuid?.() === 0 ? systemUser('postgres') : undefined
  const folder = await temporaryFolder('postgres', user)
  const data = join(folder, 'data')
  const initdb = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
    '--no-instructions',
  ]
  // Beside the binary itself, which may be found by a link.
  await run(join(dirname(realpathSync(command)), 'initdb'), initdb, {
    cwd: folder,
    env: childEnvironment,
    timeout: 60_000,
    ...user,
  })
  const settings = [
    'listen_addresses=127.0.0.1',
    'max_connections=300',
    'logging_collector=off',
    'jit=off',
    'log_destination=stderr',
  ]
  return startServer(folder, {
    command,
    args: (port) => ['-D', data, '-p', `${port}`, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])],
    ready: /database system is ready to accept connections/,
    // The immediate shutdown: its data is thrown away, or it has to recover after a restart.
    stopSignal: 'SIGQUIT',
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    ...(user !== undefined && { user }),
  })
}

function systemUser(name: string): { uid: number; gid: number } {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [user, , uid, gid] = line.split(':')
    if (user === name) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error(`PostgreSQL does not run as root, and there is no user ${name}: name a server by ${variable}.`)
}
