import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audience, column, createReach, csv, every, memoryStore, message, rejected, sent } from '@reachkit/core'
import type { AudienceFactory, TaskHandle, TaskState, TaskView } from '@reachkit/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorOf } from './support/error-of.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

const sale = message('sale', {
  data: z.object({ name: z.string().min(2) }),
  content: { lamp: { text: 'Dear {{ name }}' } },
})
const plain = message('plain', { content: { lamp: { text: 'x' } } })
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reachkit-task-'))
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

async function setUp(audiences: readonly AudienceFactory[] = [], answer: Answer = () => sent()) {
  const world = createWorld()
  const parts = await memoryStore({ retention: '30d' }).open(world.base)
  const lamp = signal('lamp', answer)
  const engine = () =>
    world.open(
      createReach({
        ...world.base,
        store: sharedStore(parts),
        messages: [sale, plain],
        channels: { lamp: lamp.channel },
        // Who is called nobody has no lamp.
        directory: async (ids) => ids.map((id) => ({ id, addresses: id.startsWith('nobody') ? {} : { lamp: id } })),
        audiences,
      }),
    )
  /** Lets time pass until the task is in a state: files are read in real time. */
  const untilState = async (task: TaskHandle, wanted: TaskState): Promise<TaskView> => {
    for (let steps = 0; steps < 5_000; steps += 1) {
      const view = await task.get()
      if (view.state === wanted) return view
      await world.clock.advance(20)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return task.get()
  }
  return { ...world, parts, engine, untilState, requests: lamp.requests }
}

/** Two thousand people by pages of at most 500, and a function that is called before each page. */
function paged(before: (page: number) => void): AudienceFactory & (() => never) {
  return audience('paged', {
    async page(_args, { cursor, limit }) {
      const from = cursor === '' ? 0 : Number(cursor)
      before(from / 500)
      const items = people(2_000).slice(from, from + Math.min(limit, 500))
      return { items, next: from + items.length < 2_000 ? String(from + items.length) : undefined }
    },
  }) as never
}

describe('an audience that fails', () => {
  it('half-way, for a while: the run goes on where it stood, and nobody is sent to twice', async () => {
    let failures = 3
    const flaky = paged((page) => {
      if (page === 2 && failures-- > 0) throw new Error('secret')
    })
    const { engine, until, requests, lines } = await setUp([flaky])
    const task = await engine().tasks.create({ message: 'plain', audience: flaky() })
    expect(await until(task.done())).toMatchObject({ state: 'done', read: 2_000, messages: { sent: 2_000 } })
    expect(new Set(requests.map(({ to }) => to)).size).toBe(2_000)
    expect(requests).toHaveLength(2_000)
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  it('for good: the task is paused with the reason, and resume goes on where it stood', async () => {
    let broken = true
    const failing = paged((page) => {
      if (page === 2 && broken) throw new Error('secret')
    })
    const { engine, clock, until, requests } = await setUp([failing])
    const task = await engine().tasks.create({ message: 'plain', audience: failing() })
    await clock.advance('2m')
    const { state, why } = await task.get()
    expect(state).toBe('paused')
    expect(why).toMatch(/REACH_AUDIENCE_FAILED|threw/)
    expect(why).not.toContain('secret')
    expect(requests).toHaveLength(1_000)
    broken = false
    await task.resume({ by: 'bob' })
    expect(await until(task.done())).toMatchObject({ state: 'done', messages: { sent: 2_000 } })
  })

  it('in a process that does not know it: another one may', async () => {
    const { engine, clock, parts, base, open, until } = await setUp([paged(() => {})])
    const knowing = engine()
    const task = await knowing.tasks.create({
      message: 'plain',
      audience: paged(() => {})(),
      schedule: every('1h'),
      maxRuns: 1,
    })
    await knowing.stop()
    const lamp = signal('lamp')
    const ignorant = open(
      createReach({ ...base, store: sharedStore(parts), messages: [plain], channels: { lamp: lamp.channel } }),
    )
    await ignorant.start()
    await clock.advance('61m')
    expect(lamp.requests).toHaveLength(0)
    await ignorant.stop()
    const again = engine()
    const found = await again.tasks.get(task.number)
    if ((await found.get()).state === 'paused') await found.resume({ by: 'bob' })
    expect(await until(found.done())).toMatchObject({ state: 'done', messages: { sent: 2_000 } })
  })
})

describe('a file', () => {
  const rows = (count: number): string =>
    people(count)
      .map((id) => `${id},Name ${id}\n`)
      .join('')
  const filled = { message: 'sale', data: { name: column('name') } } as const

  it('brings data for each row; rows that are none are counted, and written down with their line', async () => {
    const path = join(folder, 'people.csv')
    const rejectsTo = join(folder, 'rejects.ndjson')
    await writeFile(path, `id,name\n${rows(1_200)}short,x\nbroken\nlate,Late One\n`)
    const { engine, until, requests } = await setUp()
    const task = await engine().tasks.create({ ...filled, audience: csv(path, { id: 'id' }), rejectsTo })
    const report = await until(task.done())
    expect(report).toMatchObject({ state: 'done', read: 1_201, rejects: 2, messages: { sent: 1_201 } })
    expect(requests.at(-1)?.content.text).toBe('Dear Late One')
    const written = (await readFile(rejectsTo, 'utf8')).trim().split('\n')
    const lines = written.map((line) => JSON.parse(line) as { line?: number; reason: string })
    expect(lines).toHaveLength(2)
    expect(lines.find(({ line }) => line === 1_203)).toBeDefined()
    expect(written.join()).toContain('name')
    expect(written.join()).not.toContain('Late')
  })

  it('with too many bad rows pauses its task, which goes on once more are allowed', async () => {
    const path = join(folder, 'bad.csv')
    await writeFile(path, `id,name\n${rows(600)}${'bad,x\n'.repeat(20)}${rows(700).replaceAll('u', 'v')}`)
    const { engine, untilState, until } = await setUp()
    const task = await engine().tasks.create({ ...filled, audience: csv(path, { id: 'id' }), maxRejects: 10 })
    expect((await untilState(task, 'paused')).why).toMatch(/more than 10 rows/)
    await task.edit({ maxRejects: 20 })
    await task.resume({ by: 'bob' })
    expect(await until(task.done())).toMatchObject({ state: 'done', read: 1_300, rejects: 20 })
  })

  it('that changes or vanishes while it is read fails its task', async () => {
    for (const [name, spoil] of [
      ['changed', (path: string) => appendFile(path, 'more,More\n')],
      ['gone', (path: string) => rm(path)],
    ] as const) {
      const path = join(folder, `${name}.csv`)
      await writeFile(path, `id,name\n${rows(3_000)}`)
      const { engine, clock, requests, untilState } = await setUp()
      const task = await engine().tasks.create({ ...filled, audience: csv(path, { id: 'id' }), rate: '500/s' })
      while (requests.length === 0) {
        await clock.advance(20)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await spoil(path)
      expect((await untilState(task, 'failed')).why).toMatch(
        name === 'changed' ? /REACH_AUDIENCE_CHANGED/ : /REACH_AUDIENCE_GONE/,
      )
      expect(requests.length).toBeGreaterThan(0)
      expect(requests.length).toBeLessThan(3_000)
      await clock.advance('5s')
      const { messages, read } = await task.report()
      expect((messages.sent ?? 0) + (messages.cancelled ?? 0)).toBe(read)
    }
  })

  it('that cannot be read is refused at once', async () => {
    const { engine } = await setUp()
    const missing = csv(join(folder, 'none.csv'), { id: 'id' })
    expect(await errorOf(() => engine().tasks.create({ ...filled, audience: missing }))).toMatchObject({
      code: expect.stringMatching(/REACH_AUDIENCE_/),
    })
  })
})

describe('what is copied', () => {
  it('fails with its task where the process dies meanwhile', async () => {
    const { engine, clock } = await setUp()
    const first = engine()
    const endless = (async function* () {
      yield 'u1'
      await new Promise(() => {})
    })()
    first.tasks.create({ message: 'plain', audience: endless, number: 'copied' }).catch(() => {})
    await clock.advance('5m')
    const other = engine()
    expect(await (await other.tasks.get('copied')).get()).toMatchObject({ state: 'preparing' })
    await first.stop({ timeout: '0s' })
    await other.start()
    await clock.advance('3m')
    const found = await (await other.tasks.get('copied')).get()
    expect(found.state).toBe('failed')
    expect(found.why).toMatch(/died|stopped/)
  })

  it('fails with its task where the iterable throws, and tells the caller', async () => {
    const { engine } = await setUp()
    const reach = engine()
    const throwing = (async function* () {
      yield 'u1'
      throw new Error('secret')
    })()
    const { code, message: text } = await errorOf(() =>
      reach.tasks.create({ message: 'plain', audience: throwing, number: 'thrown' }),
    )
    expect(code).toBe('REACH_AUDIENCE_FAILED')
    expect(text).not.toContain('secret')
    expect(await (await reach.tasks.get('thrown')).get()).toMatchObject({ state: 'failed' })
  })
})

describe('who cannot be reached', () => {
  it('is counted as rejected, and resend tries again those that were', async () => {
    let broken = true
    const { engine, until, clock, requests } = await setUp([], ({ to }) =>
      broken && to.endsWith('7') ? rejected('no') : sent(),
    )
    const task = await engine().tasks.create({ message: 'plain', audience: [...people(100), 'nobody1', 'nobody2'] })
    expect(await until(task.done())).toMatchObject({ state: 'done', messages: { sent: 90, rejected: 12 } })
    broken = false
    expect(await task.resend({ by: 'bob' })).toEqual({ resent: 12 })
    await clock.advance('5s')
    expect(await task.report()).toMatchObject({ state: 'done', messages: { sent: 100, rejected: 2 } })
    expect(requests).toHaveLength(110)
    expect((await task.get()).moves.at(-1)).toMatchObject({ verb: 'resend', by: 'bob' })
  })
})

describe('preview', () => {
  it('tells how many, whom, and what speaks against them, and stores nothing', async () => {
    const path = join(folder, 'people.csv')
    await writeFile(path, 'id,name\nu1,Ann\nu2,x\nu3,Eve\n')
    const { engine, clock, requests, parts } = await setUp()
    const reach = engine()
    const preview = await reach.tasks.preview({
      message: 'sale',
      data: { name: column('name') },
      audience: csv(path, { id: 'id' }),
    })
    expect(preview).toMatchObject({ count: 3, isExact: true, cost: undefined })
    expect(preview.sample.map(({ id, data, problem }) => [id, data, problem === undefined])).toEqual([
      ['u1', { name: 'Ann' }, true],
      ['u2', { name: 'x' }, false],
      ['u3', { name: 'Eve' }, true],
    ])
    await clock.advance('1m')
    expect(requests).toHaveLength(0)
    expect(await parts.ledger.tasks({ limit: 10 })).toEqual([])
  })
})

describe('hours off peak', () => {
  it('are kept: the rest waits for the next night', async () => {
    const { engine, clock, requests } = await setUp()
    // It is noon.
    await engine().tasks.create({
      message: 'plain',
      audience: people(1_000),
      rate: '100/m',
      hours: { from: '22:00', to: '22:05' },
    })
    await clock.advance('9h')
    expect(requests).toHaveLength(0)
    await clock.advance('70m')
    const first = requests.length
    expect(first).toBeGreaterThan(400)
    expect(first).toBeLessThan(640)
    await clock.advance('22h')
    expect(requests).toHaveLength(first)
    await clock.advance('3h')
    expect(requests).toHaveLength(1_000)
  })
})

describe('firings that were missed', () => {
  it.each([
    ['all', 5],
    ['once', 1],
    ['skip', 0],
  ] as const)('%s', async (missed, count) => {
    const { engine, clock, requests } = await setUp()
    const first = engine()
    await first.tasks.create({ message: 'plain', audience: ['u1'], schedule: every('1h'), missed })
    await first.stop()
    await clock.advance('330m')
    const second = engine()
    await second.start()
    await clock.advance('1m')
    expect(requests).toHaveLength(count)
    await clock.advance('30m')
    expect(requests).toHaveLength(count + 1)
  })
})
