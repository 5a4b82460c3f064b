import { drain } from '../engine/drain.js'
import { EngineSlot, withEngineSlot } from '../engine/engine-slot.js'
import { getReceivers, setReceivers } from '../engine/receivers-documents.js'
import { recordReceipts } from '../engine/record-receipts.js'
import { setWeights, weighedOf } from '../engine/weights.js'
import { explain } from '../explain/explain.js'
import { definitionFor, notify } from '../intake/notify.js'
import { redrive } from '../operators/redrive.js'
import { resolveHeld } from '../operators/resolve-held.js'
import { readStats } from '../operators/stats.js'
import { outboxOf } from '../relay/outbox-of.js'
import { assertTransaction, notifyIn } from '../relay/notify-in.js'
import type { HistoryFilter, Receipt } from '../spec/index.js'
import { cancelMessage } from './cancel-message.js'
import { changeMessage, resendMessage } from './change-message.js'
import type { MessagePage } from './message-views.js'
import { parseDrain, parseFilter, parseId, parsePage, parseStop, parseTimelineOf } from './parse-calls.js'
import type { Accepted } from './notify-types.js'
import { createRecipients } from '../recipients/index.js'
import { resolveOptions } from './resolve-options.js'
import type { CreateReach } from './types.js'
import { tasksApi } from '../tasks/tasks-api.js'
import type { TaskContext } from '../tasks/task-context.js'
import { emit } from '../triggers/emit.js'
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
    withEngineSlot(
      {
        ...senders(slot),
        ...readers(slot),
        ...settings(slot),
        ...lifecycle(slot),
        tasks: tasksApi(tasksOf(slot)),
        recipients: recipientsOf(slot),
      },
      slot,
    ),
  )
}) as CreateReach

function tasksOf(slot: EngineSlot): () => Promise<TaskContext> {
  return async () => (await slot.open()).tasks
}

function recipientsOf(slot: EngineSlot): object {
  return createRecipients(async () => {
    const { book, history, storeClock } = await slot.open()
    return { book, history, tenant: slot.options.tenant, now: () => storeClock.now() }
  })
}

function senders(slot: EngineSlot): object {
  return {
    notify(key: string, to: unknown, data: unknown, options: unknown): Promise<Accepted> {
      const call = { key, to, data, options }
      const engine = slot.current
      return engine === undefined
        ? slot.openIntake().then((opened) => notify(call, opened, slot.options))
        : notify(call, engine, slot.options)
    },
    emit: async (event: unknown, user: unknown, data: unknown, options: unknown) =>
      emit({ event, user, data, options }, await slot.open(), slot.options),
    in(tx: unknown) {
      const { current, options: own } = slot
      const outbox = current === undefined ? outboxOf(own) : current.outbox
      // Whether a store has one is known for sure once it is open: then `notify` tells.
      if (outbox !== undefined || current !== undefined) assertTransaction(tx, outbox, own.store.name)
      return Object.freeze({
        notify: async (key: string, to: unknown, data: unknown, options: unknown) =>
          notifyIn(tx, { key, to, data, options }, await slot.open(), slot.options),
      })
    },
    async explain(key: string, to: unknown, data: unknown, options: unknown) {
      return explain({ key, to, data, options }, await slot.open(), slot.options)
    },
    cancel: async (id: unknown) => cancelMessage(parseId('cancel()', id), await slot.open(), slot.options),
    change: async (id: unknown, change: unknown) =>
      changeMessage(parseId('change()', id), change, await slot.open(), slot.options),
    resend: async (id: unknown) => resendMessage(parseId('resend()', id), await slot.open()),
    resolve: async (which: unknown, how: unknown, options: unknown = {}) =>
      resolveHeld(which, how, options, () => slot.open()),
    redrive: async (which: unknown, options: unknown = {}) => redrive(which, options, () => slot.open()),
    receipts: Object.freeze({
      record: async (receipts: readonly Receipt[]) => recordReceipts(receipts, await slot.open()),
    }),
  }
}

function readers(slot: EngineSlot): object {
  async function list(
    filter: unknown = {},
    page: unknown = {},
    call?: string,
    own?: HistoryFilter,
  ): Promise<MessagePage> {
    const asked = { ...historyFilter(parseFilter(filter, call)), ...own }
    const wanted = parsePage(page)
    const { rows, next } = await (await slot.open()).history.list(asked, wanted)
    return { rows: rows.map(rowView), next }
  }
  return {
    list: (filter?: unknown, page?: unknown) => list(filter, page),
    held: (filter?: unknown, page?: unknown) => list(filter, page, 'held()', { state: 'held' }),
    parked: (filter?: unknown, page?: unknown) => list(filter, page, 'parked()', { state: 'done', outcome: 'parked' }),
    stats: async () => readStats(await slot.open()),
    async get(id: unknown) {
      const wanted = parseId('get()', id)
      const [record] = await (await slot.open()).ledger.get([wanted])
      return record === undefined ? undefined : viewOf(record)
    },
    async timeline(of: unknown) {
      const wanted = parseTimelineOf(of)
      const { history } = await slot.open()
      if (isIds(wanted)) return (await history.timeline(wanted)).map(eventView)
      const { recipient, tenant = slot.options.tenant, limit = 500 } = wanted
      return (await history.timelineOf(recipient, tenant, limit)).map(eventView)
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
        const { state, context } = await slot.open()
        return setWeights(state, name, weighedOf(context.weighed, name), weights)
      },
      get: async (name: string) => weighedOf((await slot.open()).context.weighed, name).weights,
    }),
  }
}

function lifecycle(slot: EngineSlot): object {
  return {
    async start() {
      await slot.open()
    },
    stop: async (options: unknown = {}) => slot.stop(parseStop(options)),
    drain: async (options: unknown = {}) => drain(await slot.open(), parseDrain(options)),
  }
}

function isIds(of: ReturnType<typeof parseTimelineOf>): of is readonly string[] {
  return Array.isArray(of)
}
