import { ReachError } from '@reachkit/core/spec'
import { list, text } from './replies.js'
import type { Scripts } from './script.js'
import { script } from './script.js'
import { redisError } from './redis-error.js'

const oldest = [6, 2] as const

/**
 * Refuses a server that is too old, that takes no scripts from this user, or that cannot keep what it accepts: an
 * append-only file synced at least each second, and no eviction. Some hosted servers forbid to look at their settings;
 * what INFO tells is judged then.
 */
export async function checkServer(scripts: Scripts, durable: boolean): Promise<void> {
  const info = parseInfo(text(await scripts.command('info')))
  checkVersion(info.get('redis_version') ?? '')
  await checkScripts(scripts)
  if (!durable) return
  const settings = await readSettings(scripts)
  const appendOnly = settings?.get('appendonly') ?? (info.get('aof_enabled') === '1' ? 'yes' : 'no')
  if (appendOnly !== 'yes') throw refused('appendonly is off', 'appendonly yes')
  const fsync = settings?.get('appendfsync')
  if (fsync === 'no') throw refused('appendfsync is no', 'appendfsync always, or everysec')
  const policy = settings?.get('maxmemory-policy') ?? info.get('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    throw refused('maxmemory-policy evicts keys', 'maxmemory-policy noeviction')
  }
}

function refused(what: string, wanted: string): ReachError {
  const sentence = `redis may lose what it accepted: ${what}. Set ${wanted}, or pass durable: false.`
  return new ReachError('REACH_OPTION_INVALID', sentence)
}

function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return
  throw new ReachError('REACH_STORE_UNAVAILABLE', `redis must be ${oldest.join('.')} or newer`)
}

const probe = script(`return redis.call('TIME')[1]`)

async function checkScripts(scripts: Scripts): Promise<void> {
  await scripts.run(probe, [], [])
}

/** Undefined where the user may not look at them. */
async function readSettings(scripts: Scripts): Promise<ReadonlyMap<string, string> | undefined> {
  const names = ['appendonly', 'appendfsync', 'maxmemory-policy']
  try {
    const answers = await Promise.all(
      names.map(async (name) => {
        const [, value] = list((await scripts.client.callBuffer('config', 'get', name)) as never)
        return [name, text(value)] as const
      }),
    )
    return new Map(answers)
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return undefined
    throw redisError(error)
  }
}

function parseInfo(info: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of info.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return fields
}
