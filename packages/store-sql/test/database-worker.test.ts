import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type Worker } from 'node:worker_threads'
import type { StoreContext, StoreParts } from '@reachkit/core/spec'
import { bookCases, type BookSubject, runCase, stateCases, type StateSubject, waitingAdvance } from '@reachkit/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sqlite } from '../src/index.js'
import { hostParts } from '../src/worker/host.js'
import type { HostedParts } from '../src/worker/protocol.js'
import { Remote, remoteParts } from '../src/worker/remote.js'
import { sqliteFile, type TestDatabase } from './databases.js'
import { context as plainContext } from './ledger-subject.js'

// A worker from the sources takes a second to start where the machine is busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let logged: string[] = []
const context: StoreContext = {
  ...plainContext,
  logger: { debug() {}, info() {}, warn() {}, error: (_, text) => void logged.push(text) },
}

let database: TestDatabase
const opened: StoreParts[] = []
async function open(): Promise<StoreParts> {
  const parts = await sqlite({ path: database.url, poolLease: '1s' }).open(context)
  opened.push(parts)
  return parts
}
beforeEach(async () => {
  logged = []
  database = await sqliteFile()
})
afterEach(async () => {
  for (const parts of opened.splice(0)) await parts.close()
  await database.drop()
})

describe('state through the worker', () => {
  async function subject(): Promise<StateSubject> {
    const one = await open()
    const peer = await open()
    const now = (): Promise<number> => one.state.now()
    return {
      state: one.state,
      peer: { state: peer.state },
      timing: { shortMs: 400 },
      now,
      advance: waitingAdvance(now),
      async close() {
        await one.close()
        await peer.close()
      },
    }
  }
  // One case a kind of call: what the verbs do is proven without the worker.
  const wanted = stateCases.filter(({ name }) => /^watch|of many at once/.test(name))
  test.for(wanted)('$name', { timeout: 30_000 }, async (one, { skip }) => {
    await expect(runCase(one, subject, skip)).resolves.toBeUndefined()
  })
})

describe('book through the worker', () => {
  const shortMs = 300
  async function subject(): Promise<BookSubject> {
    const one = await open()
    const peer = await open()
    const { ledger, state, history, book } = one
    if (book === undefined || peer.book === undefined) throw new Error('the store has a book')
    const now = (): Promise<number> => state.now()
    return {
      ledger,
      state,
      history,
      book,
      peer: { ledger: peer.ledger, book: peer.book },
      timing: { shortMs, dedupeMs: 10_000, retentionMs: 20_000, pushAgainMs: 2_000 },
      now,
      advance: waitingAdvance(now),
      async close() {
        await one.close()
        await peer.close()
      },
    }
  }
  // What segments mean is proven without the worker.
  const wanted = bookCases.filter(({ name }) => !name.startsWith('segment:') || name.includes('drawn'))
  test.for(wanted)('$name', { timeout: 60_000 }, async (one, { skip }) => {
    await expect(runCase(one, subject, skip)).resolves.toBeUndefined()
  })
})

const message = {
  type: 'order.paid',
  version: 1,
  recipient: 'u1',
  inline: undefined,
  // As core hands it over: a text that is made when it is read, by the class and not by the object.
  data: '',
  lane: 'P1' as const,
  labels: { category: 'orders' },
  sandbox: false,
  expires: undefined,
  digest: '\xff\x00abcdefghij',
}
class LazyMessage {
  get data(): string {
    return '{"n":1}'
  }
}
const { data: _, ...fields } = message
const lazy = Object.assign(new LazyMessage(), fields)
const cargo = { kind: 'messages' as const, parcel: 'p1', positions: [0], steps: [0] }
const parcel = {
  id: 'p1',
  tenant: 'acme',
  messages: [lazy],
  entries: [{ id: 'e1', lane: 'P1' as const, due: 0, weight: 1, cargo }],
}

test('a message travels through it: accepted, waited for by another process, claimed', async () => {
  const one = await open()
  const peer = await open()
  const waiting = peer.pool?.consume('P1').next(5, new AbortController().signal)
  const [accepted] = await one.ledger.accept([parcel])
  expect(accepted).toMatchObject({ status: 'accepted', ids: ['p1.0'] })
  const envelopes = (await waiting) ?? []
  expect(envelopes).toMatchObject([{ id: 'e1', lane: 'P1', tenant: 'acme' }])
  const [claim] = await peer.ledger.claim({ envelopes, owner: 'peer', leaseMs: 1_000 })
  expect(claim).toMatchObject({
    status: 'claimed',
    messages: [{ id: 'p1.0', data: '{"n":1}', labels: { category: 'orders' } }],
  })
  expect(one.ledger.capabilities).toMatchObject({ durable: true, pool: true })
})

test('a wait for work ends when it is told to, and when the store is closed', async () => {
  const one = await open()
  const controller = new AbortController()
  const told = one.pool?.consume('P0').next(1, controller.signal)
  const untold = one.pool?.consume('P0').next(1, new AbortController().signal)
  controller.abort()
  expect(await told).toEqual([])
  expect(await one.pool?.consume('P0').next(1, AbortSignal.abort())).toEqual([])
  await one.pool?.close()
  expect(await untold).toEqual([])
})

test('an error keeps its code and its text', async () => {
  const one = await open()
  const failing = one.state.write('a ', 'text', 0)
  await expect(failing).rejects.toMatchObject({
    name: 'ReachError',
    code: 'REACH_OPTION_INVALID',
    message: expect.stringMatching(/^REACH_OPTION_INVALID: the key/),
  })
})

test('while another process holds the write lock for 2 s, the event loop here goes on', async () => {
  const one = await open()
  await one.state.count([{ key: 'a', by: 1, ttlMs: 60_000 }])
  const holder = await holdWriteLock(database.url, 2_000)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const began = performance.now()
  const [sum] = await one.state.count([{ key: 'a', by: 1, ttlMs: 60_000 }])
  const waited = performance.now() - began
  delay.disable()
  expect(sum).toBe(2)
  expect(waited, 'it had to wait').toBeGreaterThan(1_000)
  // Other work on the machine may take the processor for once; the lock was held for two seconds.
  expect(delay.percentile(98) / 1e6, 'milliseconds').toBeLessThan(50)
  expect(delay.max / 1e6, 'milliseconds').toBeLessThan(1_000)
  await holder.ended
}, 20_000)

test('a worker that dies: what is under way is rejected, and what comes after too', async () => {
  const workers: Worker[] = []
  const note = (worker: Worker): void => void workers.push(worker)
  process.on('worker', note)
  const one = await open()
  process.off('worker', note)
  await one.state.credit('money', 5)
  const holder = await holdWriteLock(database.url, 1_000)
  const [credit, waiting] = [
    one.state.credit('money', 5),
    one.pool?.consume('P1').next(1, new AbortController().signal),
  ]
  const both = Promise.allSettled([credit, waiting])
  // What nobody sends: it throws there.
  workers[0]?.postMessage(null)
  for (const end of await both) {
    expect(end).toMatchObject({ status: 'rejected', reason: { code: 'REACH_STORE_UNAVAILABLE' } })
  }
  await expect(one.state.now()).rejects.toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
  await holder.ended
  const again = await open()
  expect(await again.state.budgets(['money']), 'what was answered is there').toMatchObject([{ left: 5 }])
})

test('closing twice is closing once, and nothing is answered after', async () => {
  const one = await open()
  await Promise.all([one.close(), one.close()])
  await expect(one.ledger.now()).rejects.toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
})

test('a script that is done exits, and one that waits for an answer does not', () => {
  const index = fileURLToPath(new URL('../src/index.ts', import.meta.url))
  const script = `
    import { sqlite } from ${JSON.stringify(index)}
    const context = ${plain}
    sqlite(${JSON.stringify(database.url)}).open(context).then(async ({ state, pool }) => {
      state.watch('', () => {})
      pool.consume('P0').next(1, new AbortController().signal)
      console.log(await state.credit('money', 7))
    })`
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 15_000,
  })
  expect(output).toBe('7\n')
}, 20_000)

test('a process that was given flags of V8 opens the store all the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reachkit-flags-'))
  try {
    const index = fileURLToPath(new URL('../src/index.ts', import.meta.url))
    const path = join(folder, 'script.mts')
    const script = `import { sqlite } from ${JSON.stringify(index)}
      const { state, close } = await sqlite(${JSON.stringify(join(folder, 'reach.db'))}).open(${plain})
      console.log(await state.credit('money', 7))
      await close()`
    await writeFile(path, script)
    const args = ['--max-old-space-size=200', '--import', import.meta.resolve('tsx'), path]
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 15_000 })).toBe('7\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 20_000)

const plain = `{
  clock: { now: Date.now, monotonic: () => performance.now(), setTimer: (ms, call) => { const t = setTimeout(call, ms); t.unref(); return () => clearTimeout(t) } },
  random: { next: Math.random, bytes: (length) => new Uint8Array(length) },
  logger: { debug() {}, info() {}, warn: console.log, error: console.log },
}`

test.each(['process.exit(0)', 'throw new Error("of the app")'])(
  'a process that ends amidst its work ends as it wanted to: %s',
  (end) => {
    const index = fileURLToPath(new URL('../src/index.ts', import.meta.url))
    const script = `
      import { sqlite } from ${JSON.stringify(index)}
      const context = ${plain}
      sqlite(${JSON.stringify(database.url)}).open(context).then(async ({ state }) => {
        setTimeout(() => { ${end} }, 300)
        // Long statements, so that the end comes within one.
        for (let round = 0; ; round++) {
          const entries = Array.from({ length: 3_000 }, (_, n) => ({ key: round + '.' + n, value: 'x', ttlMs: 60_000 }))
          for (let again = 0; again < 2; again++) await state.remember(entries).catch(() => {})
        }
      })`
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 15_000,
    })
    expect(stderr).not.toContain('panicked')
    expect(status).toBe(end.startsWith('process') ? 0 : 1)
  },
  20_000,
)

test('the log does not grow without end', async () => {
  const one = await open()
  const text = 'x'.repeat(100_000)
  for (let round = 0; round < 30; round++) {
    for (let n = 0; n < 10; n++) await one.state.remember([{ key: `${round}.${n}`, value: text, ttlMs: 60_000 }])
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  const { statSync } = await import('node:fs')
  expect(statSync(`${database.url}-wal`).size, '30 MB were written').toBeLessThan(20_000_000)
}, 20_000)

test('only verbs that are named are called', async () => {
  const channel = new MessageChannel()
  let hidden = 0
  const part = { now: async () => 1, close: async () => void hidden++, capabilities: {} }
  const parts = {
    ledger: part,
    state: part,
    history: part,
    book: part,
    outbox: part,
    pool: undefined,
  } as unknown as HostedParts
  hostParts(parts, channel.port1, async () => {})
  const remote = new Remote(channel.port2, context.logger, () => {})
  const { ledger } = remoteParts(remote, { kind: 'ready', capabilities: parts.ledger.capabilities, pool: false })
  expect(await ledger.now()).toBe(1)
  await expect(remote.call('ledger', 'close', [])).rejects.toThrow(/no verb/)
  await expect(remote.call('ledger', 'constructor', [])).rejects.toThrow(/no verb/)
  expect(hidden).toBe(0)
  channel.port1.close()
})

interface Holder {
  readonly process: ChildProcess
  readonly ended: Promise<unknown>
}

/** Another process that begins a write, waits, and commits. Answers once it holds the lock. */
async function holdWriteLock(path: string, ms: number): Promise<Holder> {
  const libsql = fileURLToPath(new URL('../node_modules/libsql', import.meta.url))
  const script = `
    const Database = require(${JSON.stringify(libsql)})
    const db = new Database(${JSON.stringify(path)}, { timeout: 5000 })
    db.exec('begin immediate')
    console.log('held')
    setTimeout(() => db.exec('commit'), ${ms})`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  return { process: child, ended }
}
