import type { MessageDefinition } from '../message/definition.js'
import { OptionReader } from '../options/index.js'
import { ReachError, lanes } from '../spec/index.js'
import type { Lane } from '../spec/index.js'

/** What one call asks for, every default filled in. Instants are milliseconds since the epoch. */
export interface NotifyPlan {
  /** 0 is now. */
  readonly due: number
  readonly expires: number | undefined
  readonly lane: Lane
  readonly tenant: string
  readonly group: string | undefined
  readonly sandbox: boolean
  readonly key: string | undefined
}

const known = ['at', 'after', 'idempotencyKey', 'ttl', 'priority', 'tenant', 'group', 'sandbox'] as const

/** @throws ReachError `REACH_OPTION_INVALID`, or `REACH_TTL_PAST` for a message that would be expired when it is due. */
export function parseNotifyOptions(
  { key, lane, ttlMs }: MessageDefinition,
  options: unknown,
  defaults: { readonly tenant: string; readonly sandbox: boolean },
  now: number,
): NotifyPlan {
  if (options === undefined) {
    const expires = ttlMs === undefined ? undefined : now + ttlMs
    return {
      due: 0,
      expires,
      lane,
      tenant: defaults.tenant,
      group: undefined,
      sandbox: defaults.sandbox,
      key: undefined,
    }
  }
  const reader = new OptionReader('REACH_OPTION_INVALID', `'${key}'`, options, known)
  const due = parseDue(reader, now)
  return {
    due,
    expires: parseExpiry(key, reader.durationMs('ttl') ?? ttlMs, due, now),
    lane: reader.choice('priority', lanes) ?? lane,
    tenant: reader.text('tenant') ?? defaults.tenant,
    group: reader.text('group'),
    sandbox: reader.flag('sandbox') ?? defaults.sandbox,
    key: reader.text('idempotencyKey'),
  }
}

/** When it is due: 0 for now. An instant that has passed is now. */
export function parseDue(reader: OptionReader, now: number): number {
  const at = reader.raw('at')
  const afterMs = reader.durationMs('after')
  if (at === undefined) return afterMs === undefined || afterMs === 0 ? 0 : now + afterMs
  if (afterMs !== undefined) return reader.refuse('after', "left out where 'at' is given")
  if (!(at instanceof Date) || Number.isNaN(at.getTime())) return reader.refuse('at', 'a valid Date')
  return at.getTime() <= now ? 0 : at.getTime()
}

function parseExpiry(key: string, ttlMs: number | undefined, due: number, now: number): number | undefined {
  if (ttlMs === undefined) return undefined
  if (ttlMs === 0)
    throw new ReachError('REACH_TTL_PAST', `'${key}': with a ttl of 0 the message is expired before it is due`)
  return Math.max(due, now) + ttlMs
}
