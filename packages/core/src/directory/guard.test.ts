import { afterEach, describe, expect, it, vi } from 'vitest'
import { createGuard, guarded } from './index.js'
import { ShortCache } from './short-cache.js'

const { signal } = new AbortController()
const context = { signal, tenant: 'main' }

function person(id: string) {
  return { id, addresses: { email: `${id}@example.com` } }
}

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

const turn = async () => new Promise((resolve) => setImmediate(resolve))

afterEach(() => vi.useRealTimers())

describe('A guard', () => {
  it('lets so many reads at once, and the next one when one is over', async () => {
    const guard = createGuard({ concurrency: 2 })
    const gates = [deferred(), deferred(), deferred()]
    const begun: number[] = []
    const reads = gates.map(async ({ promise }, index) =>
      guard.run(async () => {
        begun.push(index)
        await promise
        if (index === 0) throw new Error('no')
        return index
      }, signal),
    )
    const outcomes = Promise.allSettled(reads)
    await vi.waitFor(() => expect(begun).toHaveLength(2))
    await turn()
    expect(begun).toEqual([0, 1])
    gates[0]?.resolve()
    await expect(reads[0]).rejects.toThrow('no')
    await vi.waitFor(() => expect(begun).toEqual([0, 1, 2]))
    for (const { resolve } of gates) resolve()
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  })

  it('ends a read that is late, tells it so, and keeps its place while it goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const guard = createGuard({ concurrency: 1, timeout: '2s', breaker: false })
    const gate = deferred()
    const told: boolean[] = []
    const late = guard.run(async (end) => {
      end.addEventListener('abort', () => told.push(true))
      await gate.promise
    }, signal)
    const refused = late.catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await refused).toMatchObject({ code: 'REACH_DIRECTORY_UNAVAILABLE' })
    expect(told).toEqual([true])
    const next = vi.fn<() => Promise<string>>(async () => 'next')
    const waiting = guard.run(next, signal)
    await vi.advanceTimersByTimeAsync(500)
    expect(next).not.toHaveBeenCalled()
    gate.resolve()
    expect(await waiting).toBe('next')
  })

  it('gives the place of a read that never ends to others, and gives up what waits too long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const guard = createGuard({ concurrency: 1, timeout: '2s', breaker: false })
    const reads = Promise.allSettled([
      guard.run(async () => new Promise(() => {}), signal),
      guard.run(async () => 1, signal),
    ])
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await reads).map((read) => read.status === 'rejected' && String(read.reason))).toEqual([
      expect.stringMatching(/did not answer within 2000 ms/),
      expect.stringMatching(/is busy/),
    ])
    const next = guard.run(async () => 'next', signal)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await next).toBe('next')
  })

  it('leaves alone what failed so often in a row, tries once after the pause, and goes on', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const guard = createGuard({ breaker: { failures: 3, pause: '10s' } })
    let isAway = true
    const read = vi.fn<() => Promise<string>>(async () => {
      if (isAway) throw new Error('away')
      return 'here'
    })
    for (let call = 0; call < 3; call += 1) await expect(guard.run(read, signal)).rejects.toThrow('away')
    await expect(guard.run(read, signal)).rejects.toMatchObject({ code: 'REACH_DIRECTORY_UNAVAILABLE' })
    expect(read).toHaveBeenCalledTimes(3)
    vi.setSystemTime(Date.now() + 10_001)
    await expect(guard.run(read, signal)).rejects.toThrow('away')
    await expect(guard.run(read, signal)).rejects.toThrow(/left alone/)
    isAway = false
    vi.setSystemTime(Date.now() + 10_001)
    expect(await guard.run(read, signal)).toBe('here')
    expect(await guard.run(read, signal)).toBe('here')
  })

  it('counts no failure where the caller himself ended it', async () => {
    const guard = createGuard({ breaker: { failures: 1 }, timeout: '50ms' })
    const ending = new AbortController()
    const read = guard.run(async () => new Promise(() => {}), ending.signal)
    await turn()
    ending.abort(new Error('enough'))
    await expect(read).rejects.toThrow('enough')
    expect(await guard.run(async () => 'here', signal)).toBe('here')
    await expect(guard.run(async () => 'here', ending.signal)).rejects.toThrow('enough')
  })

  it.each([
    [{ concurrency: 0 }, /concurrency must be a whole number of at least 1/],
    [{ timeout: '0s' }, /timeout must be a duration of at least 1ms/],
    [{ breaker: { failure: 1 } }, /breaker: there is no option 'failure'. Did you mean 'failures'/],
    [{ cahe: '1s' }, /no option 'cahe'. Did you mean 'cache'/],
  ])('refuses %j', (options, text) => expect(() => createGuard(options as never)).toThrow(text))
})

describe('A guarded directory', () => {
  it('is asked once for a person within the time of the cache, by tenant, and each time for who is unknown', async () => {
    const asked: string[][] = []
    const directory = guarded(
      async (ids: readonly string[]) => {
        asked.push([...ids])
        return ids.filter((id) => id !== 'nobody').map(person)
      },
      { cache: '1m' },
    )
    expect(await directory(['ann', 'nobody'], context)).toEqual([person('ann')])
    expect(await directory(['ann', 'bob', 'nobody'], context)).toEqual([person('ann'), person('bob')])
    expect(await directory(['ann'], context)).toEqual([person('ann')])
    expect(await directory(['ann'], { ...context, tenant: 'other' })).toEqual([person('ann')])
    expect(asked).toEqual([['ann', 'nobody'], ['bob', 'nobody'], ['ann']])
  })

  it('is asked each time without a cache, and its members by the same bounds', async () => {
    let reads = 0
    const directory = guarded(
      {
        recipients: async (ids) => ids.map(person),
        async members(groups) {
          reads += 1
          return groups.map((group) => `${group}-1`)
        },
      },
      { cache: false },
    )
    expect(await directory.members?.(['ops'], context)).toEqual(['ops-1'])
    expect(await directory.members?.(['ops'], context)).toEqual(['ops-1'])
    expect(reads).toBe(2)
    expect(await directory.recipients(['ann'], context)).toEqual([person('ann')])
  })

  it('keeps no failure', async () => {
    let calls = 0
    const directory = guarded(async (ids: readonly string[]) => {
      calls += 1
      if (calls === 1) throw new Error('away')
      return ids.map(person)
    })
    await expect(directory(['ann'], context)).rejects.toThrow('away')
    expect(await directory(['ann'], context)).toEqual([person('ann')])
  })
})

describe('A short cache', () => {
  it('forgets after its time, and the oldest where there are too many', () => {
    let now = 0
    const cache = new ShortCache<number>(100, 2, () => now)
    cache.set('a', 1)
    now = 50
    cache.set('b', 2)
    expect([cache.get('a'), cache.get('b')]).toEqual([1, 2])
    now = 100
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 2])
    cache.set('c', 3)
    cache.set('d', 4)
    expect(['b', 'c', 'd'].map((key) => cache.get(key))).toEqual([undefined, 3, 4])
  })
})
