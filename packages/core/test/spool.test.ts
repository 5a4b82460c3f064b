// A store that is away: messages wait in files of this machine, and are sent once it is back.
import { createReach, message, receivers, sent } from '@reachkit/core'
import type { Clock, SpoolOptions, Store } from '@reachkit/core'
import { spawn } from 'node:child_process'
import { appendFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { systemClock } from '../src/clock/system-clock.js'
import { systemRandom } from '../src/random/system-random.js'
import { encodeRecord } from '../src/spool/record.js'
import { AwayStore } from './support/away-store.js'
import { errorOf } from './support/error-of.js'
import { signal } from './support/signals.js'
import { lossyRun } from './support/test-store.js'
import { recordingLogger } from './support/world.js'
import type { LogLine } from './support/world.js'

const note = message('note', { data: z.object({ text: z.string() }), content: { lamp: { text: '{{ text }}' } } })
const closings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close()
})

async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'spool-'))
  closings.push(async () => rm(dir, { recursive: true }))
  return dir
}

/** The clock of this machine, which can be set forward. */
function shiftedClock(): Clock & { shiftMs: number } {
  const clock = {
    ...systemClock,
    shiftMs: 0,
    now: () => systemClock.now() + clock.shiftMs,
    monotonic: () => systemClock.monotonic() + clock.shiftMs,
  }
  return clock
}

interface Options extends SpoolOptions {
  readonly away?: AwayStore
  readonly clock?: Clock
  readonly concurrency?: number
}

async function setUp({ away: given, clock = systemClock, concurrency, ...options }: Options = {}) {
  const lines: LogLine[] = []
  const logger = recordingLogger(lines)
  const away = given ?? (await AwayStore.open({ clock, random: systemRandom, logger }))
  const texts: string[] = []
  const lamp = signal('lamp', ({ content }) => {
    texts.push(content.text)
    return sent()
  })
  const dir = options.dir ?? (await directory())
  const spool = { fsync: 'never', ...options, dir } as const
  const reach = createReach({
    messages: [note],
    channels: { lamp: lamp.channel },
    store: away.store,
    spool,
    logger,
    clock,
    concurrency,
  })
  closings.push(() => reach.stop({ timeout: '0s' }))
  const send = (text: string, notifyOptions?: { idempotencyKey?: string; ttl?: '1h' }) =>
    reach.notify('note', { lamp: 'ann' }, { text }, notifyOptions)
  return { reach, away, texts, dir, lines, send }
}

async function eventually(check: () => unknown, mostMs = 8_000): Promise<void> {
  const until = performance.now() + mostMs
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

test('a store that is away: told as spooled, sent in order once it is back, under the same ids', async () => {
  // One at a time, so that they end in the order in which they came.
  const { reach, away, texts, send, dir } = await setUp({ concurrency: 1 })
  expect(await send('first')).toMatchObject({ state: 'accepted' })
  away.isAway = true
  const spooled = []
  for (let count = 0; count < 150; count += 1) spooled.push(await send(`${count}`))
  expect(new Set(spooled.map(({ state }) => state))).toEqual(new Set(['spooled']))
  const settled = Promise.all(spooled.map(async (accepted) => accepted.settled()))
  expect((await reach.stats().catch(() => undefined))?.spooled?.messages ?? 150).toBe(150)
  away.isAway = false
  const ends = await settled
  expect(ends.map(({ id, outcome }) => ({ id, outcome }))).toEqual(spooled.map(({ id }) => ({ id, outcome: 'sent' })))
  const inOrder = ['first', ...Array.from({ length: 150 }, (_, count) => `${count}`)]
  // A lossy pool has no order of its own.
  expect(lossyRun ? texts.toSorted() : texts).toEqual(lossyRun ? inOrder.toSorted() : inOrder)
  await eventually(async () => expect((await readdir(dir)).filter((name) => name.endsWith('.spool'))).toEqual([]))
  expect(await send('last')).toMatchObject({ state: 'accepted' })
  expect((await reach.stats()).spooled).toEqual({ messages: 0, bytes: 0 })
})

test('without a spool, a store that is away is a coded error', async () => {
  const { away } = await setUp()
  const reach = createReach({ messages: [note], channels: { lamp: signal('lamp').channel }, store: away.store })
  closings.push(() => reach.stop({ timeout: '0s' }))
  await reach.start()
  away.isAway = true
  const call = (): Promise<unknown> => reach.notify('note', { lamp: 'ann' }, { text: 'x' })
  expect(await errorOf(call)).toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
})

test('while it is away, the store is not asked by each call', async () => {
  const { away, send, reach } = await setUp()
  await reach.start()
  away.isAway = true
  await send('0')
  const before = away.accepts
  for (let count = 1; count < 500; count += 1) await send(`${count}`)
  expect(away.accepts - before).toBeLessThan(20)
})

test('an accept whose answer was lost, and that is spooled too, is sent once', async () => {
  const { away, texts, send, reach } = await setUp()
  await reach.start()
  away.losesAnswers = true
  const accepted = await send('once')
  expect(accepted.state).toBe('spooled')
  away.losesAnswers = false
  expect(await accepted.settled()).toMatchObject({ outcome: 'sent' })
  await eventually(async () => expect((await reach.stats()).spooled?.messages).toBe(0))
  expect(texts).toEqual(['once'])
})

test('a key that was known before ends merged into the first', async () => {
  const { away, send, reach, texts } = await setUp()
  const first = await send('first', { idempotencyKey: 'A1' })
  await first.settled()
  away.isAway = true
  const second = await send('second', { idempotencyKey: 'A1' })
  const settled = second.settled()
  away.isAway = false
  expect(await settled).toMatchObject({ outcome: 'merged', into: first.id })
  expect((await reach.get(second.id))?.into).toBe(first.id)
  expect(texts).toEqual(['first'])
})

test('what is left at stop is drained by the next process, with lists and tenants as they were', async () => {
  const { away, reach, dir } = await setUp()
  await reach.start()
  away.isAway = true
  const people = Array.from({ length: 1_200 }, (_, index) => ({ lamp: `l${index}` }))
  const accepted = await reach.notify('note', people, { text: 'all' }, { tenant: 'acme', priority: 'P1' })
  expect(accepted.state).toBe('spooled')
  expect(new Set(accepted.each?.map(({ state }) => state))).toEqual(new Set(['spooled']))
  await reach.stop()
  away.isAway = false
  const next = await setUp({ away, dir })
  await next.reach.start()
  await eventually(() => expect(next.texts.length).toBe(1_200))
  expect(await next.reach.get(accepted.ids[1_199] ?? '')).toMatchObject({
    tenant: 'acme',
    priority: 'P1',
    outcome: 'sent',
  })
})

test('a spool that is full refuses with a code, takes nothing of that call, and goes on once it is drained', async () => {
  const { away, send, reach, texts } = await setUp({ maxBytes: 2_000 })
  await reach.start()
  away.isAway = true
  let count = 0
  const error = await errorOf(async () => {
    for (; ; count += 1) await send(`${count}`)
  })
  expect(error.code).toBe('REACH_SPOOL_FULL')
  expect(count).toBeGreaterThan(2)
  expect(await errorOf(() => send('more'))).toMatchObject({ code: 'REACH_SPOOL_FULL' })
  away.isAway = false
  await eventually(() => expect(texts.length).toBe(count))
  // Its file is removed a moment later.
  await eventually(async () => expect((await reach.stats()).spooled?.bytes).toBe(0))
  expect(await send('again')).toMatchObject({ state: 'accepted' })
})

test('a torn tail is survived: whole records are sent, the rest is dropped and told', async () => {
  const { away, send, reach, dir } = await setUp()
  await reach.start()
  away.isAway = true
  for (let count = 0; count < 20; count += 1) await send(`${count}`)
  await reach.stop()
  away.isAway = false
  const [name = ''] = (await readdir(dir)).filter((each) => each.endsWith('.spool'))
  const { length } = await readFile(join(dir, name))
  await truncate(join(dir, name), length - 7)
  const next = await setUp({ away, dir })
  await next.reach.start()
  await eventually(() => expect(next.texts.length).toBe(19))
  await eventually(async () => expect((await readdir(dir)).filter((each) => each.endsWith('.spool'))).toEqual([]))
  expect(next.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { bytes: expect.any(Number) } }))
})

test('every length to which a file can be cut gives its whole records, and bytes turned over lose only their record', async () => {
  const { away, send, reach, dir } = await setUp()
  await reach.start()
  away.isAway = true
  for (let count = 0; count < 4; count += 1) await send(`${count}`)
  await reach.stop()
  away.isAway = false
  const [name = ''] = (await readdir(dir)).filter((each) => each.endsWith('.spool'))
  const whole = await readFile(join(dir, name))
  const { SpoolFile } = await import('../src/spool/spool-file.js')
  const recordsOf = async (bytes: Buffer): Promise<number> => {
    const path = join(dir, 'cut.file')
    await writeFile(path, bytes)
    const file = await SpoolFile.adopt(path, 'cut')
    let records = 0
    for (;;) {
      const page = await file.read(2)
      records += page.records.length
      await file.mark(page.next)
      if (page.records.length === 0) break
    }
    expect(file.isDrained).toBe(true)
    await file.remove()
    return records
  }
  const ends: number[] = []
  for (let end = 16; end < whole.length; ) {
    end += 14 + whole.readUInt32LE(end + 4)
    ends.push(end)
  }
  expect(ends.length).toBe(4)
  for (let length = 0; length <= whole.length; length += 3) {
    expect(await recordsOf(whole.subarray(0, length))).toBe(ends.filter((end) => end <= length).length)
  }
  for (const at of [20, 25, 29, 40]) {
    const turned = Buffer.from(whole)
    turned[at] = (turned[at] ?? 0) ^ 0xff
    expect(await recordsOf(turned)).toBe(3)
  }
})

test('what waited for longer than a key is known is parked, not sent; the rest is sent', async () => {
  const clock = shiftedClock()
  const { away, send, reach, texts } = await setUp({ clock, maxAge: '1h' })
  await reach.start()
  away.isAway = true
  const old = await send('old', { idempotencyKey: 'A1' })
  clock.shiftMs += 2 * 3_600_000
  const fresh = await send('fresh')
  const settled = [old.settled(), fresh.settled()]
  away.isAway = false
  expect(await settled[0]).toMatchObject({ outcome: 'parked', reason: { code: 'spooled-too-long' } })
  expect(await settled[1]).toMatchObject({ outcome: 'sent' })
  expect(texts).toEqual(['fresh'])
  expect((await reach.parked()).rows.map(({ id }) => id)).toEqual([old.id])
  // A person who wants it nevertheless can have it.
  await reach.redrive(old.id)
  await eventually(() => expect(texts).toEqual(['fresh', 'old']))
})

test('a record accepted long ago, whose place was not noted, is not sent again once the store forgot it', async () => {
  const clock = shiftedClock()
  const { away, send, reach, dir, texts } = await setUp({ clock })
  await reach.start()
  away.isAway = true
  const { id, settled } = await send('once')
  const waiting = settled()
  const [name = ''] = (await readdir(dir)).filter((each) => each.endsWith('.spool'))
  const copy = await readFile(join(dir, name))
  away.isAway = false
  await waiting
  await reach.stop()
  // As if the process had died right after the accept, and nobody had come for two hours.
  await writeFile(join(dir, 'old-1.dead.spool'), copy)
  clock.shiftMs += 2 * 3_600_000
  await away.parts.ledger.sweep(1_000)
  expect(await away.parts.ledger.get([id])).toEqual([undefined])
  const next = await setUp({ away, dir, clock })
  await next.reach.start()
  await eventually(async () => expect((await readdir(dir)).filter((each) => each.endsWith('.spool'))).toEqual([]))
  expect([...texts, ...next.texts]).toEqual(['once'])
})

test('a record that this version cannot read is kept for a newer one, and the others go on', async () => {
  const dir = await directory()
  const entries = [] as const
  const good = encodeRecord({ at: Date.now(), parcel: { id: 'good', tenant: 't', messages: [], entries } })
  const newer = Buffer.from(good)
  newer.write('9', newer.indexOf('"schema":1') + 9)
  const { crc32 } = await import('node:zlib')
  newer.writeUInt32LE(crc32(newer.subarray(12)), 8)
  const prefix = Buffer.alloc(16)
  prefix.write('RKSPOOL1')
  prefix.writeBigUInt64LE(16n, 8)
  await writeFile(join(dir, 'x-1.dead.spool'), Buffer.concat([prefix, newer, good]))
  const { reach, lines } = await setUp({ dir })
  await reach.start()
  await eventually(async () => {
    const names = (await readdir(dir)).filter((name) => !name.endsWith('.sock'))
    expect(names.map((name) => name.split('.').at(-1))).toEqual(['unread'])
  })
  expect(lines.filter(({ level }) => level === 'error').length).toBe(1)
  await reach.stop()
  const again = await setUp({ dir })
  await again.reach.start()
  await eventually(() => expect(again.lines.filter(({ level }) => level === 'error').length).toBe(1))
  await eventually(async () =>
    expect((await readdir(dir)).map((name) => name.split('.').at(-1) ?? '').toSorted()).toEqual(['sock', 'unread']),
  )
})

test('no log line holds a body or an address, whatever goes wrong', async () => {
  const { away, reach, send, lines, dir } = await setUp({ maxBytes: 900 })
  await reach.start()
  away.isAway = true
  for (let count = 0; count < 5; count += 1) await send('the-body').catch(() => {})
  await appendFile(join(dir, 'torn.dead.spool'), 'RKS1 the-body to ann@example.com')
  away.isAway = false
  await eventually(async () => expect((await reach.stats()).spooled?.messages).toBe(0))
  expect(lines.length).toBeGreaterThan(0)
  expect(JSON.stringify(lines)).not.toMatch(/the-body|ann/)
})

test('wrong options, and a directory that cannot be, are coded errors', async () => {
  const options = { messages: [note], channels: { lamp: signal('lamp').channel } }
  for (const spool of [{ dir: 7 }, { fsync: 'sometimes' }, { maxBytes: 0 }, { colour: 'red' }, 'yes']) {
    const error = await errorOf(() => createReach({ ...options, spool: spool as never }))
    expect(error.code).toBe('REACH_OPTION_INVALID')
  }
  const dir = await directory()
  await writeFile(join(dir, 'file'), '')
  const reach = createReach({ ...options, spool: { dir: join(dir, 'file') } })
  expect(await errorOf(() => reach.start())).toMatchObject({ code: 'REACH_SPOOL_UNAVAILABLE' })
  const long = createReach({ ...options, spool: { dir: join(dir, 'd'.repeat(120)) } })
  expect(await errorOf(() => long.start())).toMatchObject({ code: 'REACH_OPTION_INVALID' })
})

test('a process that starts while the store is away takes messages too', async () => {
  const { away, dir } = await setUp()
  let isThere = false
  const store: Store = {
    ...away.store,
    open(context) {
      if (isThere) return away.store.open(context)
      throw new Error('connect ECONNREFUSED')
    },
  }
  const texts: string[] = []
  const lamp = signal('lamp', ({ content }) => {
    texts.push(content.text)
    return sent()
  })
  const reach = createReach({ messages: [note], channels: { lamp: lamp.channel }, store, spool: { dir } })
  closings.push(() => reach.stop({ timeout: '0s' }))
  expect(await errorOf(() => reach.start())).toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
  const accepted = []
  for (let count = 0; count < 10; count += 1)
    accepted.push(await reach.notify('note', { lamp: 'ann' }, { text: `${count}` }, { idempotencyKey: `${count}` }))
  expect(new Set(accepted.map(({ state }) => state))).toEqual(new Set(['spooled']))
  expect(await errorOf(() => reach.notify('note', receivers, { text: 'x' }))).toMatchObject({
    code: 'REACH_STORE_UNAVAILABLE',
  })
  const settled = accepted.map(async (each) => each.settled())
  isThere = true
  expect((await Promise.all(settled)).map(({ outcome }) => outcome)).toEqual(accepted.map(() => 'sent'))
  expect(await reach.notify('note', { lamp: 'ann' }, { text: 'x' }, { idempotencyKey: '3' })).toMatchObject({
    state: 'accepted',
    deduplicated: true,
    id: accepted[3]?.id,
  })
  expect(texts.length).toBe(10)
})

test('what such a process could not drain is drained by the next one; who waited is told that it stopped', async () => {
  const { away, dir, reach: next, texts } = await setUp()
  const store: Store = { ...away.store, open: () => Promise.reject(new Error('connect ECONNREFUSED')) }
  const reach = createReach({ messages: [note], channels: { lamp: signal('lamp').channel }, store, spool: { dir } })
  const { settled } = await reach.notify('note', { lamp: 'ann' }, { text: 'left' })
  const waiting = errorOf(() => settled())
  await reach.stop()
  expect((await waiting).code).toBe('REACH_STOPPED')
  expect(await errorOf(() => reach.notify('note', { lamp: 'ann' }, { text: 'x' }))).toMatchObject({
    code: 'REACH_STOPPED',
  })
  await next.start()
  await eventually(() => expect(texts).toEqual(['left']))
})

interface Writer {
  readonly pid: number
  /** The ids that it was given, by the text of the message. */
  readonly taken: Map<string, string>
  readonly lines: string[]
  readonly kill: () => Promise<void>
  readonly ended: Promise<void>
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

function startWriter(dir: string, fsync: string, name: string, limit = ''): Writer {
  const file = fileURLToPath(new URL('scripts/spool-writer.ts', import.meta.url))
  const command = `${limit} exec "$0" --import tsx "$@"`
  const child = spawn('bash', ['-c', command, process.execPath, file, dir, fsync, name], { cwd: root })
  const taken = new Map<string, string>()
  const lines: string[] = []
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const whole = (rest + chunk.toString()).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      lines.push(line)
      const [state, id = '', text = ''] = line.split(' ')
      if (state === 'spooled') taken.set(text, id)
    }
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  closings.push(kill)
  return { pid: child.pid ?? 0, taken, lines, kill, ended }
}

test.each(['never', 'always'] as const)(
  'two processes killed in the middle of writes (fsync %s): what was told as spooled is sent once, by a living one',
  async (fsync) => {
    const dir = await directory()
    const writers = [startWriter(dir, fsync, 'a'), startWriter(dir, fsync, 'b')]
    await eventually(() => expect(Math.min(...writers.map(({ taken }) => taken.size))).toBeGreaterThan(300), 30_000)
    const { reach, texts } = await setUp({ dir })
    await reach.start()
    // Those who live keep their files.
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(texts).toEqual([])
    await Promise.all(writers.map(async ({ kill }) => kill()))
    const told = writers.flatMap(({ taken }) => [...taken.keys()])
    await eventually(async () => expect((await readdir(dir)).length).toBe(1), 20_000)
    await eventually(async () => expect((await reach.stats()).spooled?.messages).toBe(0), 20_000)
    await eventually(() => expect(texts.length).toBeGreaterThanOrEqual(told.length), 20_000)
    const arrived = texts.map((text) => text.split(' ')[0] ?? '')
    expect(new Set(arrived).size).toBe(arrived.length)
    expect(told.filter((text) => !arrived.includes(text))).toEqual([])
    // Beyond those, at most what was in flight at each kill.
    expect(arrived.length - told.length).toBeLessThanOrEqual(2 * 8 * 5)
    for (const writer of writers) {
      const [[text = '', id = ''] = []] = writer.taken
      expect(text).not.toBe('')
      expect(await reach.get(id)).toMatchObject({ outcome: 'sent' })
    }
  },
  60_000,
)

test('a disk that is full: a coded error, and nothing half-written is sent', async () => {
  const dir = await directory()
  // The system cuts the file off in the middle of a record.
  const writer = startWriter(dir, 'always', 'full', 'ulimit -f 40;')
  await writer.ended
  expect(writer.lines.filter((line) => line.startsWith('refused'))).toEqual(
    Array.from({ length: 8 }, () => 'refused REACH_SPOOL_FULL'),
  )
  expect(writer.taken.size).toBeGreaterThan(20)
  const { reach, texts } = await setUp({ dir })
  await reach.start()
  await eventually(() => expect(texts.length).toBe(writer.taken.size))
  expect(texts.map((text) => text.split(' ')[0] ?? '').toSorted()).toEqual([...writer.taken.keys()].toSorted())
}, 30_000)
