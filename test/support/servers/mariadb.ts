import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { binary, childEnvironment } from './binaries.js'
import { fromEnvironment } from './server.js'
import type { TestServer } from './server.js'
import { startServer, temporaryFolder } from './start.js'
import { mariadbServer } from './wanted.js'

const run = promisify(execFile)
const { variable } = mariadbServer

/** A MariaDB in utf8mb4 with its usual durability, for which its user is root without a password. */
export async function startMariadb(): Promise<TestServer> {
  return fromEnvironment(variable) ?? startOwnMariadb()
}

export interface MariadbTestOptions {
  /** Options of the server, over those that a test server has: `{ 'innodb-flush-log-at-trx-commit': '2' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** One that may be killed and restarted, whatever the environment names. */
export async function startOwnMariadb({ settings = {} }: MariadbTestOptions = {}): Promise<TestServer> {
  const command = await binary(mariadbServer)
  const installer = await binary({ ...mariadbServer, names: ['mariadb-install-db'] })
  const folder = await temporaryFolder('mariadb')
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []
  const data = `--datadir=${join(folder, 'data')}`
  const fresh = ['--auth-root-authentication-method=normal', '--skip-test-db']
  await run(installer, ['--no-defaults', ...asRoot, data, ...fresh], { env: childEnvironment, timeout: 60_000 })
  return startServer(folder, {
    command,
    args: (port) => [
      '--no-defaults',
      ...asRoot,
      data,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 's')}`,
      // Of its own: a server that starts removes the temporary tables of all others from a shared one.
      `--tmpdir=${folder}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--character-set-server=utf8mb4',
      '--max-connections=300',
      ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ],
    ready: /ready for connections/,
    stopSignal: 'SIGTERM',
    url: (port) => `mysql://root@127.0.0.1:${port}/`,
  })
}
