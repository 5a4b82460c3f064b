import { parseArgs } from 'node:util'
import type { Mode } from '../app/app.js'
import { storeNames } from '../stores/stores.js'
import type { StoreName } from '../stores/stores.js'

/** How the sink and the message type deal with what nobody knows. */
const modes: readonly Mode[] = ['dedupe', 'hold', 'resend']
const pools = ['own', 'bullmq'] as const
const ways = ['notify', 'task'] as const

export interface ChaosOptions {
  readonly store: StoreName
  /** Who wakes workers: the store itself, or BullMQ beside it, all of which is thrown away now and then. */
  readonly pool: (typeof pools)[number]
  readonly mode: Mode
  /** Who hands the audience in: a producer, call by call, or a task that workers carry out. */
  readonly way: (typeof ways)[number]
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
}

/** What was asked for on the command line. */
export interface Command {
  /** One run, each combination of store, pool and mode, or the short ones of CI. */
  readonly what: 'one' | 'all' | 'ci'
  readonly runs: readonly ChaosOptions[]
  readonly json: boolean
  readonly verbose: boolean
}

export const usage = `npm run chaos -- --store <${storeNames.join('|')}> [--pool ${pools.join('|')}] [--mode ${modes.join('|')}] [--way ${ways.join('|')}]
  [--messages 100000] [--kills 30] [--seed 1] [--workers 4] [--delay 20] [--lease 2000] [--envelopes 8]
  [--limit <seconds>] [--json] [--verbose]
npm run chaos -- --all [--store …] [--pool …] [--mode …] [the others]   each combination of what is left out
npm run chaos -- --ci                                                   a short one on each store`

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

/** @throws TypeError that says what is wrong. */
export function parseCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: text,
      pool: text,
      mode: text,
      way: text,
      messages: text,
      kills: text,
      seed: text,
      workers: text,
      delay: text,
      lease: text,
      envelopes: text,
      limit: text,
      all: flag,
      ci: flag,
      json: flag,
      verbose: flag,
    },
  })
  const { json = false, verbose = false } = values
  if (values.ci === true) return { what: 'ci', runs: ciRuns(), json, verbose }
  const store = oneOf('store', values.store, storeNames)
  const pool = oneOf('pool', values.pool, pools)
  const mode = oneOf('mode', values.mode, modes)
  const size = parseSize(values)
  if (values.all === true) return { what: 'all', runs: allRuns(size, { store, pool, mode }), json, verbose }
  if (store === undefined) throw new TypeError(`--store must be one of ${storeNames.join(', ')}`)
  if (pool === 'bullmq' && store === 'memory')
    throw new TypeError('--pool bullmq needs a store on a server or in a file')
  return { what: 'one', runs: [{ ...size, store, pool: pool ?? 'own', mode: mode ?? 'hold' }], json, verbose }
}

type Size = Omit<ChaosOptions, 'store' | 'pool' | 'mode'>

function parseSize(values: Readonly<Partial<Record<string, string | boolean>>>): Size {
  const messages = whole('messages', values['messages'], 100_000, 1)
  const kills = whole('kills', values['kills'], 30, 0)
  return {
    way: oneOf('way', values['way'], ways) ?? 'notify',
    messages,
    kills,
    seed: whole('seed', values['seed'], 1, 0),
    workers: whole('workers', values['workers'], 4, 1),
    delayMs: whole('delay', values['delay'], 20, 0),
    leaseMs: whole('lease', values['lease'], 2_000, 200),
    envelopes: whole('envelopes', values['envelopes'], 8, 1),
    limitMs: 1_000 * whole('limit', values['limit'], Math.ceil(120 + messages / 400 + kills * 5), 1),
  }
}

type Choice = { readonly [Name in 'store' | 'pool' | 'mode']: ChaosOptions[Name] | undefined }

/** Of a cluster only the ledger is one: BullMQ beside it would be on a server of its own. */
function allRuns(size: Size, wanted: Choice): readonly ChaosOptions[] {
  const stores = storeNames.filter((store) => store !== 'memory')
  const every = stores.flatMap((store) =>
    (store === 'redis-cluster' ? (['own'] as const) : pools).flatMap((pool) =>
      modes.map((mode): ChaosOptions => ({ ...size, store, pool, mode })),
    ),
  )
  return every.filter(
    ({ store, pool, mode }) =>
      store === (wanted.store ?? store) && pool === (wanted.pool ?? pool) && mode === (wanted.mode ?? mode),
  )
}

/** About two minutes on two cores: each store and each mode, and a pool that is lost under a ledger that is not. */
function ciRuns(): readonly ChaosOptions[] {
  const size: Size = {
    way: 'notify',
    messages: 3_000,
    kills: 5,
    seed: 1,
    workers: 3,
    delayMs: 20,
    leaseMs: 1_500,
    envelopes: 8,
    limitMs: 120_000,
  }
  return [
    { ...size, store: 'sqlite', pool: 'own', mode: 'hold' },
    { ...size, store: 'postgres', pool: 'own', mode: 'dedupe' },
    { ...size, store: 'mysql', pool: 'own', mode: 'resend' },
    { ...size, store: 'redis', pool: 'bullmq', mode: 'resend' },
    { ...size, store: 'postgres', pool: 'bullmq', mode: 'hold' },
    { ...size, store: 'sqlite', pool: 'own', mode: 'hold', way: 'task' },
  ]
}

function whole(name: string, given: string | boolean | undefined, usual: number, least: number): number {
  const value = given === undefined ? usual : Number(given)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new TypeError(`--${name} must be a whole number of at least ${least}`)
}

function oneOf<const Word extends string>(
  name: string,
  given: string | boolean | undefined,
  words: readonly Word[],
): Word | undefined {
  if (given === undefined) return undefined
  const word = words.find((each) => each === given)
  if (word !== undefined) return word
  throw new TypeError(`--${name} must be one of ${words.join(', ')}`)
}
