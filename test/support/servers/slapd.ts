import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { binary, childEnvironment } from './binaries.js'
import type { TestServer } from './server.js'
import { freePort, startServer, temporaryFolder } from './start.js'
import { slapdServer } from './wanted.js'

const run = promisify(execFile)

export interface SlapdTestOptions {
  /** What stands in it, as LDIF. */
  readonly ldif: string
  /** Lines of slapd.conf, for the database. */
  readonly settings?: readonly string[]
  /** A file with a certificate and its key: then it speaks TLS. */
  readonly certificate?: string
}

export interface SlapdServer extends TestServer {
  /** `ldaps:`; of no use without a certificate. */
  readonly secureUrl: string
  /** Who may do everything there. */
  readonly admin: { readonly dn: string; readonly password: string }
}

const suffix = 'dc=example,dc=org'
const admin = { dn: `cn=admin,${suffix}`, password: 'admin-secret' }

/** An OpenLDAP of one's own with the suffix `dc=example,dc=org`, persons and groups, and memberOf kept by the server. */
export async function startOwnSlapd({ ldif, settings = [], certificate }: SlapdTestOptions): Promise<SlapdServer> {
  const command = await binary(slapdServer)
  const slapadd = await binary({ ...slapdServer, names: ['slapadd'] })
  const folder = await temporaryFolder('slapd')
  const configuration = join(folder, 'slapd.conf')
  const content = join(folder, 'content.ldif')
  await mkdir(join(folder, 'data'))
  await writeFile(configuration, configurationOf(folder, settings, certificate))
  await writeFile(content, ldif)
  await run(slapadd, ['-q', '-f', configuration, '-l', content], { env: childEnvironment, timeout: 60_000 })
  const securePort = await freePort()
  const secureUrl = `ldaps://127.0.0.1:${securePort}`
  const server = await startServer(folder, {
    command,
    args: (port) => [
      '-f',
      configuration,
      '-h',
      [`ldap://127.0.0.1:${port}`, ...(certificate === undefined ? [] : [secureUrl])].join(' '),
      // In the foreground, with what is said in any case.
      '-d',
      'none',
    ],
    ready: /slapd starting/,
    stopSignal: 'SIGTERM',
    url: (port) => `ldap://127.0.0.1:${port}`,
  })
  await listens(server.url)
  return {
    url: server.url,
    get pid() {
      return server.pid
    },
    stop: async () => server.stop(),
    async restart(signal) {
      await server.restart?.(signal)
      await listens(server.url)
    },
    secureUrl,
    admin,
  }
}

/** It says that it starts before it listens. */
async function listens(url: string): Promise<void> {
  const { hostname, port } = new URL(url)
  for (let tries = 0; ; tries += 1) {
    const socket = connect(Number(port), hostname)
    try {
      await once(socket, 'connect')
      return
    } catch (error) {
      if (tries >= 500) throw error
      await wait(20)
    } finally {
      socket.destroy()
    }
  }
}

function configurationOf(folder: string, settings: readonly string[], certificate: string | undefined): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis']
  return [
    ...schemas.map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload memberof',
    `pidfile ${join(folder, 'pid')}`,
    ...(certificate === undefined ? [] : [`TLSCertificateFile ${certificate}`, `TLSCertificateKeyFile ${certificate}`]),
    'database mdb',
    'maxsize 268435456',
    `suffix ${suffix}`,
    `rootdn ${admin.dn}`,
    `rootpw ${admin.password}`,
    `directory ${join(folder, 'data')}`,
    'dbnosync',
    'index objectClass,uid,cn,entryUUID,member,memberOf eq',
    ...settings,
    'overlay memberof',
    '',
  ].join('\n')
}
