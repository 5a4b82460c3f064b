import { ReachError } from '@reachkit/core/spec'
import type { Redis } from 'ioredis'

/** A script of BullMQ's own, with the keys and arguments that it would have been called with. */
export interface RecordedCall {
  readonly lua: string
  readonly keys: readonly string[]
  readonly args: readonly (string | number | Buffer)[]
}

/** `name` is that of the client's command, with BullMQ's version; keys come before arguments. */
export function recordCall(client: Redis, name: string, given: readonly unknown[]): RecordedCall {
  const script = (client.scriptsSet as Readonly<Record<string, unknown>>)[name]
  if (!isScript(script)) throw unsupported()
  return {
    lua: script.lua,
    keys: given.slice(0, script.numberOfKeys).map(String),
    args: given.slice(script.numberOfKeys).map(argumentOf),
  }
}

/** As ioredis sends it. */
function argumentOf(value: unknown): string | number | Buffer {
  if (typeof value === 'string' || typeof value === 'number' || Buffer.isBuffer(value)) return value
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  throw new TypeError(`BullMQ gave a script an argument of type ${typeof value}`)
}

interface DefinedScript {
  readonly lua: string
  readonly numberOfKeys: number
}

function isScript(value: unknown): value is DefinedScript {
  if (typeof value !== 'object' || value === null || !('lua' in value) || !('numberOfKeys' in value)) return false
  return typeof value.lua === 'string' && typeof value.numberOfKeys === 'number'
}

export function unsupported(): ReachError {
  return new ReachError('REACH_OPTION_INVALID', 'bullmq() does not know this version of bullmq or ioredis')
}
