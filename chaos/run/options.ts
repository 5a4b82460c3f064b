import { parseArgs } from 'node:util'
import type { Mode } from '../app/app.js'
import { storeNames } from '../stores/stores.js'
import type { StoreName } from '../stores/stores.js'

export interface ChaosOptions {
  readonly store: StoreName
  /** Who wakes workers: the store itself, or BullMQ beside it, all of which is thrown away now and then. */
  readonly pool: 'own' | 'bullmq'
  readonly mode: Mode
  readonly messages: number
  /** Workers killed while they held messages as `sending`. */
  readonly kills: number
  readonly seed: number
  readonly workers: number
  /** How long the sink takes to answer, in milliseconds. */
  readonly delayMs: number
  readonly leaseMs: number
  /** Envelopes that a worker works on at once. */
  readonly envelopes: number
  /** After so many milliseconds the run is given up. */
  readonly limitMs: number
  readonly json: boolean
  readonly verbose: boolean
}

export const usage = `npm run chaos -- --store <${storeNames.join('|')}> [--pool own|bullmq] [--mode dedupe|hold|resend]
  [--messages 100000] [--kills 30] [--seed 1] [--workers 4] [--delay 20] [--lease 2000] [--envelopes 8]
  [--limit <seconds>] [--json] [--verbose]`

/** @throws TypeError that says what is wrong. */
export function parseOptions(args: readonly string[]): ChaosOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: text,
      pool: text,
      mode: text,
      messages: text,
      kills: text,
      seed: text,
      workers: text,
      delay: text,
      lease: text,
      envelopes: text,
      limit: text,
      json: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  })
  const messages = whole('messages', values.messages, 100_000, 1)
  const kills = whole('kills', values.kills, 30, 0)
  const limitSeconds = whole('limit', values.limit, Math.ceil(120 + messages / 400 + kills * 5), 1)
  const store = oneOf('store', values.store, storeNames, undefined)
  const pool = oneOf('pool', values.pool, ['own', 'bullmq'], 'own')
  if (pool === 'bullmq' && store === 'memory')
    throw new TypeError('--pool bullmq needs a store on a server or in a file')
  return {
    store,
    pool,
    mode: oneOf('mode', values.mode, ['dedupe', 'hold', 'resend'], 'hold'),
    messages,
    kills,
    seed: whole('seed', values.seed, 1, 0),
    workers: whole('workers', values.workers, 4, 1),
    delayMs: whole('delay', values.delay, 20, 0),
    leaseMs: whole('lease', values.lease, 2_000, 200),
    envelopes: whole('envelopes', values.envelopes, 8, 1),
    limitMs: limitSeconds * 1_000,
    json: values.json ?? false,
    verbose: values.verbose ?? false,
  }
}

function whole(name: string, given: string | undefined, usual: number, least: number): number {
  const value = given === undefined ? usual : Number(given)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new TypeError(`--${name} must be a whole number of at least ${least}`)
}

function oneOf<const Word extends string>(
  name: string,
  given: string | undefined,
  words: readonly Word[],
  usual: Word | undefined,
): Word {
  const word = words.find((each) => each === (given ?? usual))
  if (word !== undefined) return word
  throw new TypeError(`--${name} must be one of ${words.join(', ')}`)
}
