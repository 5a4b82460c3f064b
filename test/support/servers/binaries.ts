import { execFile } from 'node:child_process'
import { accessSync, constants, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Servers live where the PATH of a user often does not lead. */
const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** What children are given for an environment: a full PATH, and texts in English. */
export const childEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [...pathFolders(), ...systemFolders].join(delimiter),
  LC_ALL: 'C',
}

export interface Wanted {
  /** What is looked for, the first one found is taken. */
  readonly names: readonly string[]
  /** Folders beyond PATH and those of the system. */
  readonly folders?: () => readonly string[]
  readonly debianPackage: string
  /** The environment variable that would name a server instead, where one can be named. */
  readonly variable?: string
}

/** The path of a binary; installs its Debian package where this process may, and throws one sentence where it may not. */
export async function binary(wanted: Wanted): Promise<string> {
  const found = find(wanted)
  if (found !== undefined) return found
  const why = await install(wanted.debianPackage)
  const installed = find(wanted)
  if (installed !== undefined) return installed
  const { names, debianPackage, variable } = wanted
  const other = variable === undefined ? '' : `, or name a server by ${variable}`
  throw new Error(
    `This test needs ${names[0]}, which is not on this machine (${why}): install the Debian package ${debianPackage}${other}.`,
  )
}

function find({ names, folders }: Wanted): string | undefined {
  const all = [...pathFolders(), ...(folders?.() ?? []), ...systemFolders]
  for (const name of names) {
    for (const folder of all) if (isExecutable(join(folder, name))) return join(folder, name)
  }
  return undefined
}

function pathFolders(): readonly string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
}

/** The newest PostgreSQL of Debian first. */
export function debianPostgresFolders(): readonly string[] {
  const root = '/usr/lib/postgresql'
  try {
    const versions = readdirSync(root).toSorted((one, other) => Number(other) - Number(one))
    return versions.map((version) => join(root, version, 'bin'))
  } catch {
    return []
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Answers why it could not, or that it did. RUNLEVEL=1 keeps the package from starting a server of its own. */
async function install(debianPackage: string): Promise<string> {
  if (process.getuid?.() !== 0) return 'and only root could install it'
  if (find({ names: ['apt-get'], debianPackage }) === undefined) return 'and there is no apt-get'
  const env = { ...childEnvironment, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const lock = join(tmpdir(), 'reachkit-apt.lock')
  const options = { env, maxBuffer: 64 * 1_024 * 1_024 }
  try {
    // Files of tests run side by side, and two of them may miss a server at once: apt refuses the second one.
    await run('flock', ['-w', '400', lock, 'apt-get', 'update', '-q'], { ...options, timeout: 520_000 })
    const args = ['install', '-y', '-q', '--no-install-recommends', debianPackage]
    await run('flock', ['-w', '400', lock, 'apt-get', ...args], { ...options, timeout: 700_000 })
    return 'though its package was installed'
  } catch {
    return `and apt-get could not install ${debianPackage}`
  }
}
