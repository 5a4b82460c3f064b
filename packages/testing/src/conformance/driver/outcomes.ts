import assert from 'node:assert/strict'
import type { Cost, DeliveryOutcome } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { attempt, attemptIn, contextOf, requestOf } from './attempt.js'
import { soon } from '../soon.js'
import { type CounterpartMode, type DriverSubject, endlessModes } from './subject.js'

const can =
  (mode: CounterpartMode) =>
  ({ counterpart }: DriverSubject): boolean =>
    counterpart.modes.includes(mode)

/** A case of one mode: which kind of outcome it has to end in. */
function endsIn(mode: CounterpartMode, kind: DeliveryOutcome['kind'], promise: string): ConformanceCase<DriverSubject> {
  return {
    name: `${mode}: ${kind}`,
    promise,
    when: can(mode),
    async run(subject) {
      const { outcome } = await attemptIn(subject, mode)
      assert.equal(outcome.kind, kind)
    },
  }
}

/** A case of one mode that must not pass for success, whatever else it is. */
function neverSent(mode: CounterpartMode, promise: string): ConformanceCase<DriverSubject> {
  return {
    name: `${mode}: not sent`,
    promise,
    when: can(mode),
    async run(subject) {
      const { outcome } = await attemptIn(subject, mode)
      assert.notEqual(outcome.kind, 'sent')
    },
  }
}

const mayHave =
  'It may have gone out: the connection broke after the request was on its way, or no answer came in time.'

export const outcomeCases: readonly ConformanceCase<DriverSubject>[] = [
  endsIn('accept', 'sent', 'The provider took the message.'),
  {
    name: 'refuse: rejected, with a reason',
    promise: 'Refused for good: the same request would be refused again. A short code or phrase.',
    when: can('refuse'),
    async run(subject) {
      const { outcome } = await attemptIn(subject, 'refuse')
      assert(outcome.kind === 'rejected' && !outcome.invalidAddress, 'rejected, and not for the address')
      assert(outcome.reason.length > 0 && outcome.reason.length <= 200, 'a short reason')
    },
  },
  {
    name: 'refuse-address: rejected for the address',
    promise: 'The address does not exist or is dead: no other provider is tried.',
    when: can('refuse-address'),
    async run(subject) {
      const { outcome } = await attemptIn(subject, 'refuse-address')
      assert(outcome.kind === 'rejected' && outcome.invalidAddress, 'rejected for the address')
    },
  },
  endsIn('throttle', 'retry', 'Certainly not sent; worth another try.'),
  endsIn(
    'break-before',
    'retry',
    'A throw counts as `unknown`, unless the error is a `NotSentError`: then the request certainly never left.',
  ),
  endsIn('break-after', 'unknown', mayHave),
  endsIn('rubbish', 'unknown', mayHave),
  endsIn('flood', 'unknown', mayHave),
  neverSent('refuse-inside', 'The provider took the message: an answer that says otherwise inside is no proof of it.'),
  neverSent('redirect', 'The provider took the message: one that sends the driver elsewhere has not.'),
  {
    name: 'deliver: one attempt, whatever comes of it',
    promise: '`deliver` makes one attempt. Core retries, waits, splits and gives up.',
    async run(subject) {
      const { counterpart } = subject
      for (const mode of counterpart.modes) {
        if (endlessModes.has(mode) || mode === 'break-before') continue
        const before = counterpart.keys().length
        await attemptIn(subject, mode)
        assert.equal(counterpart.keys().length - before, 1, `attempts that arrived when told to ${mode}`)
      }
    },
  },
  {
    name: 'deliver: an outcome of the right form',
    promise: 'Make them with `sent`, `rejected`, `invalidAddress`, `retry` and `unknown`.',
    async run(subject) {
      for (const mode of subject.counterpart.modes) {
        if (endlessModes.has(mode)) continue
        const { outcome } = await attemptIn(subject, mode)
        assertForm(outcome)
      }
    },
  },
  {
    name: 'deliver: hands on the idempotency key',
    promise: 'The provider drops a second request with the same `idempotencyKey`.',
    when: (subject) => subject.driver.capabilities.deduplicates && can('accept')(subject),
    async run(subject) {
      const { counterpart } = subject
      await counterpart.tell('accept')
      await attempt(subject)
      await attempt(subject, { over: { attempt: 2 } })
      await attempt(subject, { over: { id: 'parcel.1', idempotencyKey: 'key-2' } })
      const [first, second, other] = counterpart.keys()
      assert(first !== undefined && first !== '', 'the key arrives')
      assert.equal(second, first, 'the same on every attempt')
      assert.notEqual(other, first, 'another one for another message')
    },
  },
  {
    name: 'estimate: at least what it costs',
    promise: 'What this message will cost at most, by its rendered content, in the currency of `Sent.cost`.',
    when: (subject) => subject.driver.estimate !== undefined && can('accept')(subject),
    async run(subject) {
      const { driver, to, content } = subject
      const estimate = driver.estimate?.({ to, content })
      assert(estimate === undefined || isCost(estimate), 'a cost in whole millionths, or none')
      assert.deepEqual(driver.estimate?.({ to, content }), estimate, 'the same for the same message')
      const { outcome } = await attemptIn(subject, 'accept')
      if (estimate === undefined || outcome.kind !== 'sent' || outcome.cost === undefined) return
      assert.equal(outcome.cost.currency, estimate.currency)
      assert(outcome.cost.micros <= estimate.micros, 'no more than was estimated')
    },
  },
  {
    name: 'deliverBatch: one outcome each, in the same order',
    promise: 'At most `capabilities.batch` requests; one outcome each, in the same order.',
    when: (subject) => subject.driver.deliverBatch !== undefined && can('accept')(subject),
    async run(subject) {
      const { driver, counterpart, refusedTo } = subject
      const count = Math.min(3, driver.capabilities.batch)
      const requests = Array.from({ length: count }, (_, index) => {
        const to = index === 1 && refusedTo !== undefined ? refusedTo : subject.to
        return requestOf(subject, { to, id: `parcel.${index}`, idempotencyKey: `key-${index}` })
      })
      await counterpart.tell('accept')
      const outcomes = await soon(batch(subject, requests), 'the batch', subject.patienceMs)
      const expected = requests.map((_, index) => (index === 1 && refusedTo !== undefined ? 'rejected' : 'sent'))
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        expected,
      )
    },
  },
]

async function batch(
  subject: DriverSubject,
  requests: Parameters<NonNullable<DriverSubject['driver']['deliverBatch']>>[0],
) {
  const { driver } = subject
  assert(driver.deliverBatch !== undefined)
  return driver.deliverBatch(requests, await contextOf(subject, []))
}

function assertForm(outcome: DeliveryOutcome): void {
  switch (outcome.kind) {
    case 'sent':
      assert(outcome.cost === undefined || isCost(outcome.cost), 'cost is in whole millionths')
      return assert(outcome.providerId === undefined || typeof outcome.providerId === 'string', 'providerId is a text')
    case 'rejected':
      return assert.deepEqual([typeof outcome.reason, typeof outcome.invalidAddress], ['string', 'boolean'])
    case 'retry':
      return assert((outcome.afterMs ?? 0) >= 0, 'afterMs is a number of at least 0')
    case 'unknown':
      return assert(outcome.reason === undefined || typeof outcome.reason === 'string', 'reason is a text')
    default:
      assert.fail('an outcome is sent, rejected, retry or unknown')
  }
}

function isCost({ currency, micros }: Cost): boolean {
  return typeof currency === 'string' && currency !== '' && Number.isSafeInteger(micros) && micros >= 0
}
