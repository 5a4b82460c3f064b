import { describe, expect, test } from 'vitest'
import { NotSentError, rejected, retry, sent, unknown } from '@reachkit/core/spec'
import type { ChannelDriver, DeliveryOutcome } from '@reachkit/core/spec'
import { driverCases, runCase } from '../src/conformance/index.js'
import type { DriverSubject } from '../src/conformance/index.js'
import { testMutants } from './mutants.js'
import type { Mutant } from './mutants.js'
import { pagerSubject } from './pager.js'

/** The real driver, whose methods need no `this`. */
interface Real extends Omit<ChannelDriver, 'deliver' | 'deliverBatch' | 'close'> {
  readonly deliver: ChannelDriver['deliver']
  readonly deliverBatch?: NonNullable<ChannelDriver['deliverBatch']>
  readonly close?: NonNullable<ChannelDriver['close']>
}

const mutants: Mutant<DriverSubject>[] = []
function mutant(killedBy: string, fault: string, faults: (real: Real) => Partial<ChannelDriver>): void {
  mutants.push({
    killedBy,
    fault,
    breaks: (subject) => ({ ...subject, driver: { ...subject.driver, ...faults(subject.driver) } }),
  })
}
/** Answers something else where the real driver ends so. A throw is an end as well. */
const ends =
  (change: (outcome: DeliveryOutcome) => DeliveryOutcome) =>
  ({ deliver }: Real): Partial<ChannelDriver> => ({
    deliver: async (request, context) => {
      try {
        return change(await deliver(request, context))
      } catch {
        return change({ kind: 'retry', reason: 'before' })
      }
    },
  })

mutant('driver: says what it is', 'no concurrency', ({ capabilities }) => ({
  capabilities: { ...capabilities, concurrency: 0 },
}))
mutant('driver: says what it is', 'a schema that refuses all', () => ({
  content: { '~standard': { version: 1, vendor: 'mutant', validate: () => ({ issues: [{ message: 'no' }] }) } },
}))
mutants.push({
  killedBy: 'open: nothing before the first deliver',
  fault: 'connects when it is built',
  breaks: (subject) => ({
    ...subject,
    counterpart: { ...subject.counterpart, connections: () => subject.counterpart.connections() + 1 },
  }),
})
mutant('signal: honoured while it waits', 'is not', ({ deliver }) => ({
  deliver: async (request, context) => {
    const outcome = await deliver(request, context)
    return context.signal.aborted && outcome.kind === 'unknown' ? new Promise(() => {}) : outcome
  },
}))
mutant('signal: honoured while it waits', 'says that nothing was sent', ({ deliver }) => ({
  deliver: async (request, context) => {
    const outcome = await deliver(request, context)
    return context.signal.aborted ? retry() : outcome
  },
}))
mutant(
  'signal: honoured while an answer trickles in',
  'says that nothing was sent',
  ends((outcome) => (outcome.kind === 'unknown' && outcome.reason === 'cut off' ? retry() : outcome)),
)
mutant('signal: aborted before, nothing is sent', 'sends all the same', ({ deliver }) => ({
  deliver: async (request, context) => {
    const { signal } = context.signal.aborted ? new AbortController() : context
    return deliver(request, { ...context, signal })
  },
}))
mutant('close: ends what was opened, and may be called twice', 'leaves it open', () => ({ close: async () => {} }))
mutant('close: ends what was opened, and may be called twice', 'only once', ({ close }) => {
  let closed = 0
  return {
    close: async () => {
      closed += 1
      if (closed > 1) throw new Error('closed already')
      await close?.()
    },
  }
})
mutant('close: without a deliver', 'throws', ({ deliver, close }) => {
  let opened = false
  return {
    deliver: async (request, context) => {
      opened = true
      return deliver(request, context)
    },
    close: async () => {
      if (!opened) throw new Error('not open')
      await close?.()
    },
  }
})
mutant('close: waits for what is in flight', 'does not', () => ({ close: async () => {} }))

mutant(
  'accept: sent',
  'does not know',
  ends((outcome) => (outcome.kind === 'sent' ? unknown() : outcome)),
)
mutant(
  'refuse: rejected, with a reason',
  'tries again',
  ends((outcome) => (outcome.kind === 'rejected' ? retry() : outcome)),
)
mutant(
  'refuse: rejected, with a reason',
  'without a reason',
  ends((outcome) => (outcome.kind === 'rejected' ? { ...outcome, reason: '' } : outcome)),
)
mutant(
  'refuse: rejected, with a reason',
  'blames the address',
  ends((outcome) => (outcome.kind === 'rejected' ? { ...outcome, invalidAddress: true } : outcome)),
)
mutant(
  'refuse-address: rejected for the address',
  'does not tell it apart',
  ends((outcome) => (outcome.kind === 'rejected' ? rejected(outcome.reason) : outcome)),
)
mutant(
  'throttle: retry',
  'is refused for good',
  ends((outcome) => (outcome.kind === 'retry' && outcome.reason === 'http 429' ? rejected('http 429') : outcome)),
)
mutant(
  'break-before: retry',
  'does not know',
  ends((outcome) => (outcome.kind === 'retry' && outcome.reason === 'before' ? unknown() : outcome)),
)
mutant('break-before: retry', 'throws something else', ({ deliver }) => ({
  deliver: async (request, context) => {
    try {
      return await deliver(request, context)
    } catch {
      throw new Error('connection refused')
    }
  },
}))
mutant(
  'break-after: unknown',
  'says that nothing was sent',
  ends((outcome) => (outcome.kind === 'unknown' && outcome.reason === 'connection reset' ? retry() : outcome)),
)
mutant(
  'break-after: unknown',
  'throws that nothing was sent',
  ends((outcome) => {
    if (outcome.kind === 'unknown' && outcome.reason === 'connection reset') throw new NotSentError('connection reset')
    return outcome
  }),
)
mutant(
  'rubbish: unknown',
  'takes it for sent',
  ends((outcome) => (outcome.kind === 'unknown' && outcome.reason === undefined ? sent() : outcome)),
)
mutant(
  'flood: unknown',
  'takes what it read for an answer',
  ends((outcome) => (outcome.kind === 'unknown' && outcome.reason === 'answer too long' ? sent() : outcome)),
)
mutant(
  'refuse-inside: not sent',
  'looks at the status only',
  ends((outcome) => (outcome.kind === 'rejected' && outcome.reason === 'page refused' ? sent() : outcome)),
)
mutant(
  'redirect: not sent',
  'follows it',
  ends((outcome) => (outcome.kind === 'rejected' && outcome.reason === 'http 307' ? sent() : outcome)),
)
mutant('deliver: one attempt, whatever comes of it', 'retries by itself', ({ deliver }) => ({
  deliver: async (request, context) => {
    const outcome = await deliver(request, context)
    return outcome.kind === 'retry' ? deliver(request, context) : outcome
  },
}))
mutant(
  'deliver: an outcome of the right form',
  'an outcome of its own',
  ends((outcome) => (outcome.kind === 'sent' ? JSON.parse('{"kind":"posted"}') : outcome)),
)
mutant(
  'deliver: an outcome of the right form',
  'goes back in time',
  ends((outcome) => (outcome.kind === 'retry' ? retry(-1) : outcome)),
)
mutant('deliver: hands on the idempotency key', 'another one each attempt', ({ deliver }) => ({
  deliver: async (request, context) =>
    deliver({ ...request, idempotencyKey: `${request.idempotencyKey}-${request.attempt}` }, context),
}))
mutant('deliver: hands on the idempotency key', 'the same for all', ({ deliver }) => ({
  deliver: async (request, context) => deliver({ ...request, idempotencyKey: 'always' }, context),
}))
mutant('estimate: at least what it costs', 'less', () => ({ estimate: () => ({ currency: 'EUR', micros: 399 }) }))
mutant('estimate: at least what it costs', 'in another currency', () => ({
  estimate: () => ({ currency: 'USD', micros: 500 }),
}))
mutant('estimate: at least what it costs', 'half a millionth', () => ({
  estimate: () => ({ currency: 'EUR', micros: 500.5 }),
}))
mutant('estimate: at least what it costs', 'more each time', () => {
  let asked = 500
  return { estimate: () => ({ currency: 'EUR', micros: asked++ }) }
})
mutant('deliverBatch: one outcome each, in the same order', 'the good ones first', ({ deliverBatch }) => ({
  deliverBatch: async (requests, context) =>
    [...((await deliverBatch?.(requests, context)) ?? [])].toSorted((a, b) => (a.kind < b.kind ? 1 : -1)),
}))
mutant('deliverBatch: one outcome each, in the same order', 'one for all', ({ deliverBatch }) => ({
  deliverBatch: async (requests, context) => ((await deliverBatch?.(requests, context)) ?? []).slice(0, 1),
}))
const leaks = 'privacy: no address, body or secret in a reason, error or log line'
mutant(leaks, 'the address in a debug line', ({ deliver }) => ({
  deliver: async (request, context) => {
    context.logger.debug({ request: { to: [request.to] } }, 'paging')
    return deliver(request, context)
  },
}))
mutant(
  leaks,
  'the body in a reason',
  ends((outcome) => (outcome.kind === 'rejected' ? rejected('refused: the house burns') : outcome)),
)
mutant(leaks, 'a credential in the cause of an error', ({ deliver }) => ({
  deliver: async (request, context) => {
    try {
      return await deliver(request, context)
    } catch {
      throw new NotSentError('connection refused', { cause: new Error('POST https://api-key-77@pager.example') })
    }
  },
}))
mutant(leaks, 'the address in a report', ({ deliver }) => ({
  deliver: async (request, context) => {
    context.report({ kind: 'warning', messageId: request.id, reason: `slow for ${String(request.to)}` })
    return deliver(request, context)
  },
}))
const shows = 'privacy: no secret in the driver itself'
mutant(shows, 'keeps its key in a field', () => Object.fromEntries([['options', { apiKey: 'api-key-77' }]]))
mutant('receipts: what the provider signed is true, and read', 'believes nothing', ({ receipts }) => ({
  receipts: { parse: () => [], ...receipts, verify: () => false },
}))
mutant('receipts: what the provider signed is true, and read', 'reads nothing', ({ receipts }) => ({
  receipts: { verify: () => true, ...receipts, parse: () => [] },
}))
mutant('receipts: what was changed or not signed is not', 'believes everything', ({ receipts }) => ({
  receipts: { parse: () => [], ...receipts, verify: () => true },
}))

describe('the pager driver', () => {
  test.each(driverCases.map((wanted) => [wanted.name, wanted] as const))('%s', async (_, wanted) => {
    const notOwed: string[] = []
    await runCase(wanted, pagerSubject, (why) => notOwed.push(why))
    expect(notOwed).toEqual([])
  })
})
describe('mutants of a driver', () => {
  testMutants(driverCases, mutants, async () => ({ ...pagerSubject(), patienceMs: 50 }))
})
