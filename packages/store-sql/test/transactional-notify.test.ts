// `in(tx)` from end to end: a transaction of the app's own on the store's file, relayed into the store.
import { channel, createReach, isReachError, message, sent } from '@reachkit/core'
import { mkdtemp, rm } from 'node:fs/promises'
import Connection from 'libsql'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sqlite } from '../src/index.js'

/** A schema that takes whatever it is given. */
function anything<T>(): StandardSchemaOf<T> {
  return { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as T }) } }
}

interface StandardSchemaOf<T> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => { readonly value: T }
    readonly types?: { readonly input: T; readonly output: T }
  }
}

const paid = message('order.paid', {
  data: anything<{ order: string }>(),
  content: { lamp: { text: '{{ order }}' } },
})
const ann = { lamp: 'ann' }

const closings: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close()
})

async function setUp() {
  const dir = await mkdtemp(join(tmpdir(), 'outbox-'))
  closings.push(async () => rm(dir, { recursive: true }))
  const path = join(dir, 'reach.db')
  const texts: string[] = []
  const open = () => {
    const lamp = channel({
      name: 'lamp',
      address: anything<string>(),
      content: anything<{ text: string }>(),
      async deliver({ content }) {
        texts.push(content.text)
        return sent()
      },
    })
    const reach = createReach({ messages: [paid], channels: { lamp }, store: sqlite(path) })
    closings.push(async () => reach.stop({ timeout: '5s' }))
    return reach
  }
  const reach = open()
  await reach.start()
  const connect = () => {
    const connection = new Connection(path)
    // The store's thread writes to the same file.
    connection.exec('pragma busy_timeout = 10000')
    closings.push(() => connection.close())
    return connection
  }
  return { reach, open, connect, texts }
}

async function until(check: () => boolean, mostMs = 10_000): Promise<void> {
  const end = performance.now() + mostMs
  while (!check()) {
    if (performance.now() > end) throw new Error('it did not come to that in time')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('a commit is relayed at once, a rollback never, and what is no transaction is refused', async () => {
  const { reach, connect, texts } = await setUp()
  const app = connect()
  expect(refused(() => reach.in(app))).toBe(true)
  expect(refused(() => reach.in({} as never))).toBe(true)
  app.exec('create table orders (id text primary key)')
  app.exec("begin immediate; insert into orders values ('A0')")
  await reach.in(app).notify('order.paid', ann, { order: 'A0' })
  app.exec('rollback')
  app.exec("begin immediate; insert into orders values ('A1')")
  const accepted = await reach.in(app).notify('order.paid', ann, { order: 'A1' })
  expect(accepted.state).toBe('pending')
  const committed = performance.now()
  app.exec('commit')
  expect(await accepted.settled()).toMatchObject({ outcome: 'sent' })
  expect(performance.now() - committed).toBeLessThan(5_000)
  expect(texts).toEqual(['A1'])
  expect(app.prepare('select id from reach_outbox').all()).toEqual([])
})

test('keys in two transactions, one after the other: each is sent once, the second ends merged', async () => {
  const { reach, connect, texts } = await setUp()
  const all = []
  const app = connect()
  for (const orders of [
    ['A', 'B'],
    ['B', 'A'],
  ]) {
    app.exec('begin immediate')
    for (const order of orders)
      all.push(await reach.in(app).notify('order.paid', ann, { order }, { idempotencyKey: order }))
    app.exec('commit')
  }
  const settled = await Promise.all(all.map(async (accepted) => accepted.settled()))
  expect(settled.map(({ outcome }) => outcome ?? '').toSorted()).toEqual(['merged', 'merged', 'sent', 'sent'])
  expect(texts.toSorted()).toEqual(['A', 'B'])
})

test('two processes relay: 200 messages, each once; one of them stops in the middle', async () => {
  const { reach, open, connect, texts } = await setUp()
  const other = open()
  await other.start()
  const app = connect()
  for (let count = 0; count < 200; count += 1) {
    app.exec('begin immediate')
    await reach.in(app).notify('order.paid', ann, { order: `${count}` })
    app.exec('commit')
    if (count === 120) void reach.stop().catch(() => {})
    if (count === 120) break
  }
  for (let count = 121; count < 200; count += 1) {
    app.exec('begin immediate')
    await other.in(app).notify('order.paid', ann, { order: `${count}` })
    app.exec('commit')
  }
  await until(() => texts.length >= 200, 45_000)
  expect(new Set(texts).size).toBe(200)
  expect(texts.length).toBe(200)
}, 60_000)

function refused(call: () => unknown): boolean {
  try {
    call()
    return false
  } catch (error) {
    return isReachError(error, 'REACH_TRANSACTION_UNSUPPORTED')
  }
}
