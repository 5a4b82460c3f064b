import type { AnyOutbox, Ledger, NewParcel, Pool, Store, StoreParts } from '@reachkit/core/spec'
import { connect } from 'node:net'
import { onLines } from '../process/lines.js'
import { plainParcel } from './protocol.js'
import type { Answer, Call, Part } from './protocol.js'
import { errorOf } from './shared-memory.js'

/** A transaction of the shared memory: rows are there once it is committed. */
export class MemoryTransaction {
  readonly parcels: NewParcel[] = []
}

interface Wire {
  call(part: Part, method: string, given: readonly unknown[], signal?: AbortSignal): Promise<unknown>
  close(): void
}

/** The store that `serveMemory` has behind this address. */
export function sharedMemory(url: string): Store<MemoryTransaction> {
  return {
    specVersion: 1,
    name: 'shared memory',
    async open(): Promise<StoreParts> {
      const wire = await wireTo(url)
      return {
        ledger: ledgerOf(wire),
        state: stateOf(wire),
        history: partOf<StoreParts['history']>(wire, 'history', { specVersion: 1 }),
        pool: poolOf(wire),
        outbox: outboxOf(wire),
        close: async () => wire.close(),
      }
    },
  }
}

/** Commits what `reach.in(tx)` wrote. */
export async function commitMemory(url: string, { parcels }: MemoryTransaction): Promise<void> {
  const wire = await wireTo(url)
  await wire.call('outbox', 'append', [undefined, parcels.map(plainParcel)])
  wire.close()
}

async function wireTo(url: string): Promise<Wire> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const calls = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const lost = (): void => {
    for (const { reject } of calls.values()) reject(new Error('the shared memory is gone'))
    calls.clear()
  }
  socket.on('error', lost).on('close', lost)
  onLines(socket, (line) => {
    const { n, value, error } = JSON.parse(line) as Answer
    const call = calls.get(n)
    calls.delete(n)
    if (error === undefined) call?.resolve(value)
    else call?.reject(errorOf(error))
  })
  return {
    async call(part, method, given, signal) {
      last += 1
      const n = last
      const giveUp = (): void => void socket.write(`${JSON.stringify({ n })}\n`)
      signal?.addEventListener('abort', giveUp, { once: true })
      return new Promise<unknown>((resolve, reject) => {
        calls.set(n, { resolve, reject })
        socket.write(`${JSON.stringify({ n, part, method, given } satisfies Call)}\n`)
      }).finally(() => signal?.removeEventListener('abort', giveUp))
    },
    close: () => void socket.end(),
  }
}

/** Every method that is not given is called over the wire. */
function partOf<Own extends object>(wire: Wire, part: Part, own: Partial<Own>): Own {
  return new Proxy(own, {
    get(target, name) {
      if (typeof name !== 'string' || name === 'then') return undefined
      const value: unknown = Reflect.get(target, name)
      return value ?? (async (...given: unknown[]) => wire.call(part, name, given))
    },
  }) as Own
}

function ledgerOf(wire: Wire): Ledger {
  return partOf<Ledger>(wire, 'ledger', {
    specVersion: 1,
    capabilities: { durable: true, pool: false, reservations: false },
    accept: async (parcels) => (await wire.call('ledger', 'accept', [parcels.map(plainParcel)])) as never,
    async get(ids) {
      const records = (await wire.call('ledger', 'get', [ids])) as Awaited<ReturnType<Ledger['get']>>
      return records.map((record) => record ?? undefined)
    },
    async parcels(run, page) {
      const parcels = (await wire.call('ledger', 'parcels', [run, page])) as Awaited<ReturnType<Ledger['parcels']>>
      return parcels.map(({ id, statuses }) => ({ id, statuses: statuses.map((status) => status ?? undefined) }))
    },
    close: async () => {},
  })
}

function stateOf(wire: Wire): StoreParts['state'] {
  return partOf<StoreParts['state']>(wire, 'state', { specVersion: 1, watch: () => () => {} })
}

function poolOf(wire: Wire): Pool {
  return partOf<Pool>(wire, 'pool', {
    specVersion: 1,
    consume: (lane) => ({
      next: async (max, signal) =>
        signal.aborted ? [] : ((await wire.call('pool', 'next', [lane, max], signal)) as never),
    }),
    close: async () => {},
  })
}

function outboxOf(wire: Wire): AnyOutbox {
  return partOf<AnyOutbox>(wire, 'outbox', {
    specVersion: 1,
    isTransaction: (value: unknown): value is unknown => value instanceof MemoryTransaction,
    async append(tx, parcels) {
      if (tx instanceof MemoryTransaction) tx.parcels.push(...parcels)
    },
  })
}
