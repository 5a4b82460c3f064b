import { channel, createReach, message, rejected, sent } from '@reachkit/core'
import type { AnyOutbox, PoolSource, Store, StoreParts } from '@reachkit/core/spec'
import { crashingChannel, crashingGate, crashingOutbox, crashingPool, crashingStore } from '@reachkit/testing'
import type { CrashOptions } from '@reachkit/testing'
import { sqlite } from '@reachkit/store-sql'
import { z } from 'zod'
import { openPool, openStore } from '../stores/stores.js'
import { budgetGate } from './budget.js'
import { everyone } from './everyone.js'
import type { Case, Place } from './messages.js'

/** The parts of an app of the matrix; with `crash`, wrapped so that its process dies. */
export interface MatrixParts {
  readonly store: Store
  readonly pool: PoolSource | undefined
  readonly outbox: AnyOutbox | undefined
  /** Of the store, once it is open. */
  readonly opened: () => StoreParts
}

export function matrixParts(place: Place, crash?: CrashOptions): MatrixParts {
  const plain = openStore(place.store, place.url, place.prefix)
  const pool = place.poolUrl === undefined ? undefined : openPool(place.poolUrl, `${place.prefix}-pool`)
  const outbox = outboxOf(plain, place)
  const store = crash === undefined ? plain : crashingStore(plain, crash)
  let parts: StoreParts | undefined
  return {
    store: {
      specVersion: 1,
      name: store.name,
      async open(context) {
        parts = await store.open(context)
        return parts
      },
    },
    pool: crash === undefined || pool === undefined ? pool : crashingPool(pool, crash),
    outbox: crash === undefined || outbox === undefined ? outbox : crashingOutbox(outbox, crash),
    opened() {
      if (parts === undefined) throw new Error('the store is not open yet')
      return parts
    },
  }
}

/** A store on SQL is its own outbox; one without transactions has a file beside it. */
function outboxOf(store: Store, { outboxFile }: Place): AnyOutbox | undefined {
  if (outboxFile !== undefined) return sqlite(outboxFile)
  return 'append' in store && 'isTransaction' in store ? (store as Store & AnyOutbox) : undefined
}

/** One envelope at a time, in slices of two. */
export function matrixApp({ place, scenario }: Case, parts: MatrixParts, works: boolean, crash?: CrashOptions) {
  const post = channel({
    name: 'post',
    address: z.string(),
    content: z.object({ text: z.string() }),
    capabilities: { concurrency: 5 },
    async deliver({ to, content }, { fetch, signal }) {
      const body = JSON.stringify({ to, text: content.text })
      const response = await fetch(place.sinkUrl, { method: 'POST', body, signal })
      await response.arrayBuffer()
      return response.ok ? sent() : rejected(`http ${response.status}`)
    },
  })
  const note = message('matrix.note', {
    data: z.object({ n: z.number() }),
    content: { post: { text: 'number {{ n }}' } },
  })
  const gate = budgetGate(() => parts.opened().state)
  return createReach({
    messages: [note],
    channels: { post: crash === undefined ? post : crashingChannel(post, crash) },
    audiences: [everyone],
    directory: async (ids) => ids.map((id) => ({ id, addresses: { post: id } })),
    store: parts.store,
    pool: parts.pool,
    outbox: parts.outbox,
    gates: scenario.gated ? [crash === undefined ? gate : crashingGate(gate, crash)] : [],
    worker: works,
    concurrency: 1,
    lease: '2s',
  })
}

declare global {
  interface ReachChannels {
    post: ReturnType<typeof channel<'post', string, string, { text: string }, { text: string }>>
  }
}
