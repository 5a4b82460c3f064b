import { drain } from '../engine/drain.js'
import { EngineSlot, withEngineSlot } from '../engine/engine-slot.js'
import type { OpenEngine } from '../engine/open-engine.js'
import { getReceivers, setReceivers } from '../engine/receivers-documents.js'
import { recordReceipts } from '../engine/record-receipts.js'
import { setWeights } from '../engine/weights.js'
import { explain } from '../explain/explain.js'
import { definitionFor, notify } from '../intake/notify.js'
import { parseDuration } from '../duration/index.js'
import { nearestName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { Receipt } from '../spec/index.js'
import { changeMessage, resendMessage } from './change-message.js'
import type { MessageFilter, PageRequest, TimelineOf } from './message-views.js'
import type { Accepted } from './notify-types.js'
import { resolveOptions } from './resolve-options.js'
import type { CreateReach } from './types.js'
import { eventView, historyFilter, rowView, viewOf } from './views.js'

/**
 * Wires message types, channels, people and store into one object, whose methods are bound: `const { notify } = reach`.
 * Nothing is opened before the first call. Every option is checked here.
 * @throws ReachError `REACH_OPTION_INVALID`, `REACH_MESSAGE_DUPLICATE`, `REACH_CHANNEL_INVALID`, `REACH_CHANNEL_UNKNOWN`
 * or `REACH_SPEC_UNSUPPORTED`.
 */
export const createReach: CreateReach = ((options: unknown) => {
  const slot = new EngineSlot(resolveOptions(options))
  return Object.freeze(
    withEngineSlot({ ...senders(slot), ...readers(slot), ...settings(slot), ...lifecycle(slot) }, slot),
  )
}) as CreateReach

function senders(slot: EngineSlot): object {
  return {
    notify(key: string, to: unknown, data: unknown, options: unknown): Promise<Accepted> {
      const call = { key, to, data, options }
      const engine = slot.current
      return engine === undefined
        ? slot.open().then((opened) => notify(call, opened, slot.options))
        : notify(call, engine, slot.options)
    },
    in(): never {
      throw new ReachError(
        'REACH_TRANSACTION_UNSUPPORTED',
        `the store '${slot.options.store.name}' has no transactions`,
      )
    },
    async explain(key: string, to: unknown, data: unknown, options: unknown) {
      return explain({ key, to, data, options }, await slot.open(), slot.options)
    },
    async cancel(id: string) {
      const { ledger, waits } = await slot.open()
      const [answer = 'absent'] = await ledger.cancel([id])
      if (answer === 'cancelled')
        waits.ended(id, { state: 'done', outcome: 'cancelled', reason: { code: 'cancelled' } })
      return answer
    },
    change: async (id: string, change: unknown) => changeMessage(id, change, await slot.open(), slot.options),
    resend: async (id: string) => resendMessage(id, await slot.open()),
    receipts: Object.freeze({
      record: async (receipts: readonly Receipt[]) => recordReceipts(receipts, await slot.open(), slot.options),
    }),
  }
}

const mostRows = 500

function readers(slot: EngineSlot): object {
  async function list(filter: MessageFilter = {}, page: PageRequest = {}) {
    const { history } = await slot.open()
    const limit = Math.min(page.limit ?? 50, mostRows)
    const found = await history.list(historyFilter(filter), {
      limit,
      ...(page.after !== undefined && { after: page.after }),
    })
    return { rows: found.rows.map(rowView), next: found.next }
  }
  return {
    list,
    held: (page?: PageRequest) => list({ state: 'held' }, page),
    async get(id: string) {
      const { ledger } = await slot.open()
      const [record] = await ledger.get([id])
      return record === undefined ? undefined : viewOf(record)
    },
    async timeline(of: TimelineOf) {
      const { history } = await slot.open()
      if (typeof of === 'string') return (await history.timeline([of])).map(eventView)
      const tenant = of.tenant ?? slot.options.tenant
      return (await history.timelineOf(of.recipient, tenant, of.limit ?? mostRows)).map(eventView)
    },
  }
}

function settings(slot: EngineSlot): object {
  return {
    receivers: Object.freeze({
      async set(key: string, ids: unknown) {
        definitionFor(key, slot.options.definitions)
        return setReceivers((await slot.open()).state, key, ids)
      },
      async get(key: string) {
        definitionFor(key, slot.options.definitions)
        return getReceivers((await slot.open()).state, key)
      },
    }),
    weights: Object.freeze({
      async set(name: string, weights: Readonly<Record<string, number>>) {
        const engine = await slot.open()
        return setWeights(engine.state, channelOf(engine, name), weights)
      },
      get: async (name: string) => channelOf(await slot.open(), name).weights,
    }),
  }
}

function channelOf({ context }: OpenEngine, name: string): NonNullable<ReturnType<typeof context.channels.get>> {
  const channel = context.channels.get(name)
  if (channel !== undefined) return channel
  const near = nearestName(name, [...context.channels.keys()])
  const hint = near === undefined ? '' : `; did you mean '${near}'?`
  throw new ReachError('REACH_CHANNEL_UNKNOWN', `no channel '${name}' is wired${hint}`)
}

function lifecycle(slot: EngineSlot): object {
  return {
    async start() {
      await slot.open()
    },
    async stop({ timeout = '30s' }: { readonly timeout?: string | undefined } = {}) {
      await slot.stop(parseDuration(timeout, 'timeout'))
    },
    drain: async ({ maxMs = 10_000 }: { readonly maxMs?: number | undefined } = {}) => drain(await slot.open(), maxMs),
  }
}
