import type { Envelope } from '@reachkit/core/spec'
import type { Redis } from 'ioredis'
import type { Script } from '../client/script.js'
import type { LaneBackend } from './lane-backend.js'
import { unsupported } from './recorded-call.js'
import type { RecordedCall } from './recorded-call.js'
import { laneScripts, refillScript } from './scripts.js'
import type { BullmqCalls, LaneScripts } from './scripts.js'

/** Envelopes of a share that are kept in Redis to come next; all that is beyond them is read from the ledger. */
const keptNext = 64

/** What a push became: added, later and without a place, kept to come next or left to the ledger, or there already. */
export type Pushed = '1' | '3' | '0' | '2'

export interface Turn {
  readonly acks: readonly string[]
  /** Claims at most so many. */
  readonly max: number
  /** Of these, what comes next is given to BullMQ as well. */
  readonly shares?: readonly { readonly tenant: string; readonly weight: number }[]
}

export interface TurnAnswer {
  readonly jobs: readonly { readonly id: string; readonly data: string }[]
  /** When the next one that is delayed is due; 0 for none. */
  readonly later: number
  /** Nothing waits, and the next that does leaves a marker. */
  readonly empty: boolean
  /** Shares of which the ledger has more, with what names that. */
  readonly refills: readonly (readonly [tenant: string, seen: string])[]
}

type Arguments = (string | number | Buffer)[]

export interface LaneCallsOptions {
  readonly client: Redis
  readonly on: LaneBackend
  /** The first of all keys. */
  readonly base: string
  readonly perShare: number
  /** Names this process in the locks that it has. */
  readonly token: string
  readonly now: () => number
}

const sampleId = 'id'

/** Everything that a lane asks of Redis on the way of an envelope, each in one call. */
export class LaneCalls {
  readonly #options: LaneCallsOptions
  readonly #calls: BullmqCalls
  readonly #scripts: LaneScripts
  readonly #turnKeys: readonly string[]
  readonly #turnArgs: Arguments

  private constructor(options: LaneCallsOptions, calls: BullmqCalls) {
    const { on, base, perShare } = options
    const { add, claim, finish } = calls
    const idAt = finish.args.indexOf(sampleId)
    const keyAt = finish.keys.indexOf(on.jobPrefix + sampleId)
    // Both are called with the time in the second place.
    const known = typeof claim.args[1] === 'number' && typeof finish.args[1] === 'number' && add.args.length === 3
    if (!known || idAt < 0 || keyAt < 0) throw unsupported()
    this.#options = options
    this.#calls = calls
    this.#scripts = laneScripts(calls)
    this.#turnKeys = [base, ...add.keys, ...claim.keys, ...finish.keys]
    const lengths = [add.keys.length, claim.keys.length, finish.keys.length]
    const templates = [claim.args.length, ...claim.args, finish.args.length, ...finish.args]
    this.#turnArgs = [...lengths, ...templates, keyAt + 1, idAt + 1, add.args[2] ?? '', perShare]
  }

  static async open(options: LaneCallsOptions): Promise<LaneCalls> {
    const { on, token } = options
    // The first of these waits until BullMQ is ready.
    const claim = await on.claiming(token)
    const finish = await on.finishing(sampleId, token)
    const [add, addLater] = [0, 1].map((delay) => on.adding(sampleId, '', '', 1, delay))
    if (add === undefined || addLater === undefined) throw unsupported()
    return new LaneCalls(options, { add, addLater, claim, finish })
  }

  /** Envelopes of one share each. Answers one letter each, in order. */
  async push(shares: readonly (readonly Envelope[])[]): Promise<readonly Pushed[]> {
    const { now, base } = this.#options
    const { add, addLater } = this.#calls
    const at = now()
    const args: Arguments = [add.keys.length, addLater.keys.length, keptNext, shares.length]
    for (const share of shares) {
      const [first] = share
      args.push(first?.tenant ?? '', this.#places(first?.weight ?? 1), share.length)
      for (const one of share) {
        args.push(one.id, one.due, ...this.#adding(one, at).args)
      }
    }
    const answers = await this.#run(this.#scripts.push, [base, ...add.keys, ...addLater.keys], at, args)
    return String(answers).split('') as Pushed[]
  }

  async turn({ acks, max, shares = [] }: Turn): Promise<TurnAnswer> {
    const args = [...this.#turnArgs, max, acks.length, ...acks, shares.length]
    for (const { tenant, weight } of shares) args.push(tenant, weight)
    const answer = await this.#run(this.#scripts.turn, this.#turnKeys, this.#options.now(), args)
    const [found, later, empty, refills] = answer as [string[], string, number, string[]]
    return {
      jobs: pairs(found).map(([id, data]) => ({ id, data })),
      later: Number(later),
      empty: empty === 1,
      refills: pairs(refills),
    }
  }

  /** `nothing`: all of the share was read, and there was nothing. */
  async refill(tenant: string, seen: string, nothing: boolean, found: readonly Envelope[]): Promise<void> {
    const at = this.#options.now()
    const args: Arguments = [tenant, seen, nothing ? 1 : 0, found.length]
    for (const one of found) {
      const [job = '', data = ''] = this.#adding({ ...one, due: 0 }, at).args
      args.push(one.id, job, data)
    }
    await this.#run(refillScript, [this.#options.base], at, args)
  }

  #adding(envelope: Envelope, now: number): RecordedCall {
    const { id, tenant, due } = envelope
    return this.#options.on.adding(id, `envelope:${tenant}`, JSON.stringify(envelope), now, Math.max(0, due - now))
  }

  #places(weight: number): number {
    const { perShare } = this.#options
    return Math.min(perShare * 16, Math.max(1, Math.ceil(perShare * weight)))
  }

  /** One round trip, but for the first time on a server. */
  async #run({ source, sha }: Script, keys: readonly string[], now: number, args: Arguments): Promise<unknown> {
    const { client, on } = this.#options
    const all = [keys.length, ...keys, now, on.jobPrefix, ...args] as const
    try {
      return await client.evalsha(sha, ...all)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return client.eval(source, ...all)
    }
  }
}

function pairs(flat: readonly string[]): (readonly [string, string])[] {
  const all: (readonly [string, string])[] = []
  for (let at = 0; at + 1 < flat.length; at += 2) all.push([flat[at] ?? '', flat[at + 1] ?? ''])
  return all
}
