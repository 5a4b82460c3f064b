import { describe } from 'vitest'
import type { Envelope, Pool, PoolConsumer } from '@reachkit/core/spec'
import { poolCases } from '../src/conformance/index.js'
import type { PoolSubject } from '../src/conformance/index.js'
import { memorySubject } from './memory-subject.js'
import { replaced, testMutants } from './mutants.js'
import type { Mutant } from './mutants.js'

type Faults = (real: Pool) => Partial<Pool>

const mutants: Mutant<PoolSubject>[] = []
function mutant(killedBy: string, fault: string, faults: Faults): void {
  mutants.push({
    killedBy,
    fault,
    breaks: (subject) => ({ ...subject, pool: replaced(subject.pool, faults(subject.pool)) }),
  })
}
const pushes =
  (change: (envelopes: readonly Envelope[]) => readonly Envelope[]): Faults =>
  (real) => ({ push: async (envelopes) => real.push(change(envelopes)) })
const nexts =
  (change: (next: PoolConsumer['next'], real: Pool) => PoolConsumer['next']): Faults =>
  (real) => ({
    consume(lane) {
      const consumer = real.consume(lane)
      return { next: change(async (max, signal) => consumer.next(max, signal), real) }
    },
  })
/** Changes envelopes on their way in, and hands them out as they were. */
function inside(change: (envelope: Envelope) => Envelope): Faults {
  return (real) => {
    const given = new Map<string, Envelope>()
    const back = (envelope: Envelope): Envelope => given.get(envelope.id) ?? envelope
    return {
      push: async (envelopes) => {
        await real.push(
          envelopes.map((envelope) => {
            const changed = change(envelope)
            given.set(changed.id, envelope)
            return changed
          }),
        )
      },
      consume(lane) {
        const consumer = real.consume(lane)
        return { next: async (max, signal) => (await consumer.next(max, signal)).map(back) }
      },
    }
  }
}
async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

mutant(
  'push: comes out as it went in',
  'whole weights only',
  pushes((all) => all.map((one) => ({ ...one, weight: Math.floor(one.weight) }))),
)
mutant(
  'due: not handed out before',
  'at once',
  pushes((all) => all.map((one) => ({ ...one, due: 0 }))),
)
mutant(
  'due: handed out when it is due',
  'an hour late',
  pushes((all) => all.map((one) => (one.due === 0 ? one : { ...one, due: one.due + 3_600_000 }))),
)
mutant(
  'due: handed out when it is due',
  'a little early',
  inside((one) => (one.due === 0 ? one : { ...one, due: one.due - 500 })),
)
mutant('next: wakes up for what is pushed', 'looks once', (real) => {
  const closed = new AbortController()
  return {
    close: async () => {
      closed.abort()
      return real.close()
    },
    consume(lane) {
      const consumer = real.consume(lane)
      return {
        async next(max, signal) {
          const look = new AbortController()
          setImmediate(() => look.abort())
          const envelopes = await consumer.next(max, AbortSignal.any([signal, look.signal]))
          if (envelopes.length === 0) await aborted(AbortSignal.any([signal, closed.signal]))
          return envelopes
        },
      }
    },
  }
})
mutant(
  'next: answers no more than it is asked for',
  'answers more',
  nexts((next) => async (max, signal) => next(max * 2, signal)),
)
mutant(
  'next: answers none once it is aborted',
  'rejects',
  nexts((next) => async (max, signal) => {
    const envelopes = await next(max, signal)
    signal.throwIfAborted()
    return envelopes
  }),
)
mutant(
  'next: answers none once it is aborted',
  'does not wait',
  nexts((next) => async (max, signal) => {
    const look = new AbortController()
    setImmediate(() => look.abort())
    return next(max, AbortSignal.any([signal, look.signal]))
  }),
)
mutant('next: an aborted one takes nothing with it', 'takes the next one', (real) => {
  let stolen = 0
  return {
    push: async (envelopes) => {
      const taken = stolen
      stolen = 0
      return real.push(envelopes.slice(taken))
    },
    consume(lane) {
      const consumer = real.consume(lane)
      return {
        async next(max, signal) {
          const envelopes = await consumer.next(max, signal)
          if (envelopes.length === 0) stolen += 1
          return envelopes
        },
      }
    },
  }
})
mutant('due: many who wait for later hold up nobody', 'looks at sixteen tenants', (real) => ({
  consume(lane) {
    const consumer = real.consume(lane)
    return {
      async next(max, signal) {
        if ((await real.depth()).length <= 16) return consumer.next(max, signal)
        await aborted(signal)
        return []
      },
    }
  },
}))
mutant('close: answers those who wait with none', 'rejects', (real) => {
  let closed = false
  return {
    close: async () => {
      closed = true
      return real.close()
    },
    consume(lane) {
      const consumer = real.consume(lane)
      return {
        async next(max, signal) {
          const envelopes = await consumer.next(max, signal)
          if (closed) throw new Error('the pool is closed')
          return envelopes
        },
      }
    },
  }
})
mutant('lanes: none waits for another', 'bulk goes first', (real) => ({
  consume(lane) {
    const consumer = real.consume(lane)
    return {
      async next(max, signal) {
        const busy = (await real.depth()).some((one) => one.lane === 'P3' && one.waiting > 0)
        if (lane === 'P3' || !busy) return consumer.next(max, signal)
        await aborted(signal)
        return []
      },
    }
  },
}))
mutant(
  'lanes: a consumer gets nothing of another lane',
  'P1 and P2 are one',
  inside((one) => (one.lane === 'P1' ? { ...one, lane: 'P2' } : one)),
)
mutant('depth: tells what waits and what is leased', 'forgets what is leased', (real) => ({
  depth: async () => (await real.depth()).map((one) => ({ ...one, leased: 0 })),
}))
mutant('depth: tells what waits and what is leased', 'counts what is leased as waiting', (real) => ({
  depth: async () => (await real.depth()).map((one) => ({ ...one, waiting: one.waiting + one.leased })),
}))

mutant(
  'fairness: equal weights',
  'first come, first served',
  inside((one) => ({ ...one, tenant: 'everybody' })),
)
mutant(
  'fairness: weights of 3 and 1',
  'the other way round',
  inside((one) => ({ ...one, weight: 1 / one.weight })),
)
mutant(
  'fairness: a weight of 8 against two of 1',
  'ignores weights',
  inside((one) => ({ ...one, weight: 1 })),
)
mutant(
  'fairness: a flood of one does not hold up the others',
  'first come, first served',
  inside((one) => ({ ...one, tenant: 'everybody' })),
)
mutant(
  'fairness: who comes late catches up on nothing',
  'it does',
  inside((one) => (one.tenant === 'late' ? { ...one, weight: 900 } : one)),
)

mutant(
  'lease: what was handed out is not handed out to another one',
  'is put back',
  nexts((next, real) => async (max, signal) => {
    const envelopes = await next(max, signal)
    await real.push(envelopes)
    return envelopes
  }),
)
mutant(
  'lease: what is not acked is handed out again',
  'is taken for good',
  nexts((next, real) => async (max, signal) => {
    const envelopes = await next(max, signal)
    await real.ack(envelopes)
    return envelopes
  }),
)
mutant('lease: again and again', 'fails for good at its second crash', (real) => {
  const crashes = new Map<string, number>()
  return {
    consume(lane) {
      const consumer = real.consume(lane)
      return {
        async next(max, signal) {
          const envelopes = await consumer.next(max, signal)
          for (const { id } of envelopes) crashes.set(id, (crashes.get(id) ?? 0) + 1)
          await real.ack(envelopes.filter(({ id }) => crashes.get(id) === 2))
          return envelopes
        },
      }
    },
  }
})
mutant('ack: what is acked does not come back', 'does', () => ({ ack: async () => {} }))
mutant('ack: after the lease it is no error', 'is one', (real) => {
  const acked = new Set<string>()
  return {
    ack: async (envelopes) => {
      for (const { id } of envelopes) {
        if (acked.has(id)) throw new Error('Missing lock')
        acked.add(id)
      }
      return real.ack(envelopes)
    },
    push: async (envelopes) => {
      for (const { id } of envelopes) acked.delete(id)
      return real.push(envelopes)
    },
  }
})
mutant('renew: keeps what is still worked on', 'does not', () => ({ renew: async () => {} }))
mutant('renew: unknown ones are passed over', 'ends at the first', (real) => ({
  renew: async (envelopes) => {
    const unknown = envelopes.findIndex(({ id }) => id === 'nothing')
    await real.renew(unknown === -1 ? envelopes : envelopes.slice(0, unknown))
  },
}))
mutant('renew: unknown ones are passed over', 'throws', (real) => ({
  renew: async (envelopes) => {
    if (envelopes.some(({ id }) => id === 'nothing')) throw new Error('Missing lock')
    await real.renew(envelopes)
  },
}))

mutant(
  'push: an id that waits already does not wait twice',
  'does',
  (() => {
    let pushed = 0
    return inside((one) => ({ ...one, id: `${one.id}#${pushed++}` }))
  })(),
)
mutant('push: after its ack it is a new one', 'a kept job with that id swallows it', (real) => {
  const known = new Set<string>()
  return {
    push: async (envelopes) => {
      const fresh = envelopes.filter(({ id }) => !known.has(id))
      for (const { id } of envelopes) known.add(id)
      return real.push(fresh)
    },
  }
})
mutant(
  'push: many at once, none is lost or doubled',
  'keeps 256 of a call',
  pushes((all) => all.slice(0, 256)),
)
mutant('push: many at once, none is lost or doubled', 'an empty push is an error', (real) => ({
  push: async (envelopes) => {
    if (envelopes.length === 0) throw new Error('nothing to push')
    return real.push(envelopes)
  },
}))

describe('mutants of the pool', () => {
  testMutants(poolCases, mutants, memorySubject, ({ name }) => !name.startsWith('fairness'))
})
