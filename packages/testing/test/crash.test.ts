import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { channel, createReach, memoryStore, message, sent } from '@reachkit/core'
import { isConsuming, pass } from '@reachkit/core/spec'
import type { AnyOutbox, ConsumingGate, Store } from '@reachkit/core/spec'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import {
  crashPoints,
  crashingChannel,
  crashingDriver,
  crashingGate,
  crashingOutbox,
  crashingPool,
  crashingStore,
} from '../src/crash/index.js'
import type { CrashOptions, CrashPoint } from '../src/crash/index.js'
import { recordingDriver } from '../src/drivers/index.js'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const clock = { now: () => 0, monotonic: () => 0, setTimer: () => () => {} }
const random = { next: () => 0.5, bytes: (length: number) => new Uint8Array(length) }
const context = { clock, random, logger: silent }

/** What was reached before, and a promise of the point itself. */
function crashAt(at: CrashPoint, nth = 1): { readonly options: CrashOptions; readonly crashed: Promise<CrashPoint> } {
  let told: (point: CrashPoint) => void = () => {}
  const crashed = new Promise<CrashPoint>((resolve) => (told = resolve))
  return { options: { at, nth, crash: told }, crashed }
}

/** A server that counts whole requests and answers at once. */
async function vendor(): Promise<{ readonly url: string; readonly got: string[]; readonly begun: () => number }> {
  const got: string[] = []
  let begun = 0
  const server = createServer((request, response) => {
    begun += 1
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('error', () => {})
    request.on('end', () => {
      got.push(body)
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got, begun: () => begun }
}

function pagerTo(url: string) {
  return channel({
    name: 'post',
    address: z.string(),
    content: z.object({ text: z.string() }),
    async deliver({ to }, { fetch }) {
      const response = await fetch(url, { method: 'POST', body: `hello ${to}` })
      await response.arrayBuffer()
      return sent('1')
    },
  })
}

declare global {
  interface ReachChannels {
    post: ReturnType<typeof pagerTo>
  }
}

describe('Crash points', () => {
  it('are data, each with a part and a meaning', () => {
    expect(crashPoints).toHaveLength(26)
    expect(new Set(crashPoints.map(({ name }) => name)).size).toBe(26)
    for (const { meaning } of crashPoints) expect(meaning).toMatch(/^[A-Z].+\.$/)
  })

  it('end the process by SIGKILL unless told otherwise', () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url))
    const script = `
      import { memoryStore } from '@reachkit/core'
      import { crashingStore } from '@reachkit/testing'
      process.on('exit', () => console.log('exit'))
      const timers = { now: Date.now, monotonic: () => 0, setTimer: () => () => {} }
      const store = crashingStore(memoryStore(), { at: 'after-claim' })
      const { ledger } = await store.open({ clock: timers, random: Math, logger: console })
      await ledger.claim({ envelopes: [], owner: 'me', leaseMs: 1000 })
      console.log('survived')`
    const { signal, stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { cwd: root, encoding: 'utf8', timeout: 30_000 },
    )
    expect([signal, stdout]).toEqual(['SIGKILL', ''])
  }, 30_000)

  it('that are unknown, or are to be met less than once, are refused', () => {
    const store = memoryStore()
    expect(() => crashingStore(store, { at: 'before-lunch' as CrashPoint })).toThrow(
      "there is no crash point 'before-lunch'",
    )
    expect(() => crashingStore(store, { at: 'before-claim', nth: 0 })).toThrow(RangeError)
  })

  it('of another part are passed over', async () => {
    const { options } = crashAt('before-take')
    const { ledger } = await crashingStore(memoryStore(), options).open(context)
    expect(await ledger.claim({ envelopes: [], owner: 'me', leaseMs: 1_000 })).toEqual([])
  })
})

describe('crashingStore', () => {
  it.each(['before-claim', 'after-claim'] as const)(
    '%s: the call is cut off on that side, the nth time',
    async (at) => {
      const plain = memoryStore()
      let claims = 0
      const store: Store = {
        ...plain,
        async open(given) {
          const parts = await plain.open(given)
          const claim: typeof parts.ledger.claim = async (request) => {
            claims += 1
            return parts.ledger.claim(request)
          }
          return { ...parts, ledger: new Proxy(parts.ledger, { get: (_, key) => own(parts.ledger, key, { claim }) }) }
        },
      }
      const { options, crashed } = crashAt(at, 2)
      const { ledger } = await crashingStore(store, options).open(context)
      await ledger.claim({ envelopes: [], owner: 'me', leaseMs: 1_000 })
      let answered = false
      void ledger.claim({ envelopes: [], owner: 'me', leaseMs: 1_000 }).then(() => (answered = true))
      expect(await crashed).toBe(at)
      expect(claims).toBe(at === 'before-claim' ? 1 : 2)
      await new Promise((resolve) => setImmediate(resolve))
      expect(answered).toBe(false)
    },
  )

  it('keeps everything else of the store and of its parts', async () => {
    const plain = Object.freeze(memoryStore())
    const store = crashingStore(plain, crashAt('after-push').options)
    expect({ ...store }).toMatchObject({ name: 'memory', specVersion: 1 })
    const parts = await store.open(context)
    expect(parts.ledger.capabilities.durable).toBe(false)
    expect(await parts.ledger.now()).toBe(0)
    expect(await parts.pool?.depth()).toEqual([])
    await parts.close()
  })

  it('has the points of its pool, as crashingPool has', async () => {
    const store = crashAt('before-push')
    const { pool } = await crashingStore(memoryStore(), store.options).open(context)
    void pool?.push([])
    expect(await store.crashed).toBe('before-push')
    const other = crashAt('after-ack')
    const inner = (await memoryStore().open(context)).pool
    if (inner === undefined) throw new Error('the memory store has a pool')
    const source = { specVersion: 1, name: 'p', open: () => inner } as const
    const ledger = { pending: async () => [], now: async () => 0 }
    void (await crashingPool(source, other.options).open({ ...context, ledger })).ack([])
    expect(await other.crashed).toBe('after-ack')
  })

  it('has the points of its outbox where it is one by itself', async () => {
    const { options, crashed } = crashAt('before-relay-delete')
    const both: Store & AnyOutbox = { ...memoryStore(), ...outbox() }
    void crashingStore(both, options).done([])
    expect(await crashed).toBe('before-relay-delete')
  })

  it('counts an accept that moves a cursor as both, and results that a begin takes along as a settle', async () => {
    for (const at of ['before-accept', 'before-cursor', 'after-cursor', 'after-accept'] as const) {
      const { options, crashed } = crashAt(at)
      const { ledger } = await crashingStore(memoryStore(), options).open(context)
      const cursor = { run: 'r', from: '', to: '1', done: false }
      void ledger.accept([{ id: 'p', tenant: 't', messages: [], entries: [], cursor }])
      expect(await crashed).toBe(at)
    }
    const { options, crashed } = crashAt('before-settle')
    const { ledger } = await crashingStore(memoryStore(), options).open(context)
    const settle = { entry: 'e', token: 't', parcel: 'p', results: [], entries: [], finish: false }
    const begin = {
      entry: 'e',
      token: 't',
      leaseMs: 1,
      slice: 0,
      parcel: 'p',
      positions: [],
      steps: [],
      attempting: [],
    }
    await ledger.begin([begin])
    void ledger.begin([{ ...begin, settle }])
    expect(await crashed).toBe('before-settle')
  })
})

describe('crashingChannel', () => {
  it.each([
    ['before-first-byte', 0, 0],
    ['after-first-byte', 1, 0],
    ['before-answer', 1, 1],
    ['after-answer', 1, 1],
  ] as const)('%s: the vendor sees %i requests, %i of them whole', async (at, begun, whole) => {
    const { url, got, begun: seen } = await vendor()
    const { options, crashed } = crashAt(at)
    const post = crashingChannel(pagerTo(url), options)
    const reach = createReach({ messages: [hello], channels: { post } })
    await reach.notify('hello', { post: 'ann' })
    expect(await crashed).toBe(at)
    if (begun > 0) await expect.poll(seen).toBe(begun)
    expect([seen(), got.length]).toEqual([begun, whole])
    await reach.stop({ timeout: '1ms' })
  })

  it('lets attempts before the nth go out', async () => {
    const { url, got } = await vendor()
    const { options, crashed } = crashAt('after-first-byte', 3)
    const reach = createReach({ messages: [hello], channels: { post: crashingChannel(pagerTo(url), options) } })
    for (const post of ['a', 'b', 'c']) await reach.notify('hello', { post })
    await crashed
    await expect.poll(() => got.toSorted()).toHaveLength(2)
    await reach.stop({ timeout: '1ms' })
  })
})

describe('crashingDriver', () => {
  it('of a driver without fetch ends at the answer, and hands batches on', async () => {
    const driver = recordingDriver('post', { capabilities: { batch: 5 } })
    const { options, crashed } = crashAt('before-answer')
    const wrapped = crashingDriver(driver, options)
    void wrapped.deliverBatch?.([], { fetch } as never)
    expect(await crashed).toBe('before-answer')
    expect(wrapped.capabilities.batch).toBe(5)
  })
})

describe('crashingGate and crashingOutbox', () => {
  it.each(['before-take', 'after-take'] as const)('%s', async (at) => {
    const { options, crashed } = crashAt(at)
    let taken = 0
    const gate: ConsumingGate = {
      specVersion: 1,
      name: 'cap',
      phase: 'delivery',
      check: (items) => items.map(() => pass),
      take(items) {
        taken += 1
        return items.map(() => pass)
      },
      confirm() {},
      release() {},
    }
    const wrapped = crashingGate(gate, options)
    expect(isConsuming(wrapped)).toBe(true)
    void wrapped.take([], 'r', { now: 0, signal: new AbortController().signal })
    expect(await crashed).toBe(at)
    expect(taken).toBe(at === 'before-take' ? 0 : 1)
  })

  it('a gate that takes nothing is left as it is', () => {
    const gate = { specVersion: 1, name: 'g', phase: 'message', check: () => [] } as const
    expect(crashingGate(gate, crashAt('before-take').options)).toBe(gate)
  })

  it.each(['before-relay-delete', 'after-relay-delete'] as const)('%s', async (at) => {
    const { options, crashed } = crashAt(at)
    const deleted: string[] = []
    void crashingOutbox(outbox(deleted), options).done(['a'])
    expect(await crashed).toBe(at)
    expect(deleted).toEqual(at === 'before-relay-delete' ? [] : ['a'])
  })
})

const hello = message('hello', { content: { post: { text: 'hi' } } })

function outbox(deleted: string[] = []): AnyOutbox {
  return {
    specVersion: 1,
    isTransaction: (_value: unknown): _value is unknown => false,
    append: async () => {},
    claim: async () => [],
    done: async (ids) => void deleted.push(...ids),
  }
}

function own<T extends object>(real: T, key: string | symbol, changes: Partial<T>): unknown {
  const value: unknown = Reflect.get(changes, key) ?? Reflect.get(real, key, real)
  return typeof value === 'function' ? value.bind(real) : value
}
