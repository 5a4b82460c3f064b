import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { attempt, attemptIn } from './attempt.js'
import { soon, until } from '../soon.js'
import type { CounterpartMode, DriverSubject } from './subject.js'

const hangs = ({ counterpart }: DriverSubject): boolean => counterpart.modes.includes('hang')
const accepts = ({ counterpart }: DriverSubject): boolean => counterpart.modes.includes('accept')

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

function honouredIn(mode: CounterpartMode, name: string): ConformanceCase<DriverSubject> {
  return {
    name,
    promise: 'It honours the signal: once aborted it ends soon, with `unknown` unless it knows better.',
    when: ({ counterpart }) => counterpart.modes.includes(mode),
    async run(subject) {
      const { counterpart, patienceMs } = subject
      await counterpart.tell(mode)
      const stop = new AbortController()
      const attempted = attempt(subject, { signal: stop.signal })
      await Promise.race([attempted, until(() => counterpart.keys().length > 0, 'the attempt arrives', patienceMs)])
      stop.abort()
      assert.equal((await attempted).outcome.kind, 'unknown')
    },
  }
}

export const lifecycleCases: readonly ConformanceCase<DriverSubject>[] = [
  {
    name: 'driver: says what it is',
    promise: 'Channel, provider, capabilities, and schemas of the address and the content.',
    async run({ driver, to, content }) {
      const { batch, concurrency, timeoutMs, rate } = driver.capabilities
      assert.equal(driver.specVersion, 1)
      assert(driver.channel !== '' && driver.provider !== '', 'channel and provider have names')
      assert(Number.isInteger(concurrency) && concurrency >= 1 && timeoutMs > 0, 'concurrency and timeout are positive')
      assert(batch === 1 || (batch > 1 && driver.deliverBatch !== undefined), 'batch is 1 without deliverBatch')
      assert(rate === undefined || (rate.count > 0 && rate.perMs > 0), 'rate is positive')
      for (const [schema, value] of [
        [driver.address, to],
        [driver.content, content],
      ] as const) {
        const checked = await schema['~standard'].validate(value)
        assert(checked.issues === undefined, 'the schemas take the address and the content of this suite')
      }
    },
  },
  {
    name: 'open: nothing before the first deliver',
    promise: 'It opens nothing before the first `deliver`.',
    async run({ counterpart }) {
      await turns(20)
      assert.deepEqual([counterpart.connections(), counterpart.keys()], [0, []])
    },
  },
  honouredIn('hang', 'signal: honoured while it waits'),
  honouredIn('trickle', 'signal: honoured while an answer trickles in'),
  {
    name: 'signal: aborted before, nothing is sent',
    promise: 'It honours the signal: once aborted it ends soon, with `unknown` unless it knows better.',
    when: accepts,
    async run(subject) {
      await subject.counterpart.tell('accept')
      const { outcome } = await attempt(subject, { signal: AbortSignal.abort() })
      assert(outcome.kind === 'unknown' || outcome.kind === 'retry', `it ended in ${outcome.kind}`)
      assert.deepEqual(subject.counterpart.keys(), [])
    },
  },
  {
    name: 'close: ends what was opened, and may be called twice',
    promise: '`close` ends what it opened, and may be called twice.',
    when: accepts,
    async run(subject) {
      const { driver, counterpart, patienceMs } = subject
      await attemptIn(subject, 'accept')
      await soon(Promise.resolve(driver.close?.()), 'close', patienceMs)
      await soon(Promise.resolve(driver.close?.()), 'the second close', patienceMs)
      await until(() => counterpart.connections() === 0, 'no connection is left', patienceMs)
    },
  },
  {
    name: 'close: without a deliver',
    promise: '`close` ends what it opened.',
    async run({ driver, counterpart, patienceMs }) {
      await soon(Promise.resolve(driver.close?.()), 'close', patienceMs)
      assert.equal(counterpart.connections(), 0)
    },
  },
  {
    name: 'close: waits for what is in flight',
    promise: '`close` waits for what is in flight.',
    when: (subject) => hangs(subject) && subject.driver.close !== undefined,
    async run(subject) {
      const { driver, counterpart, patienceMs } = subject
      await counterpart.tell('hang')
      const stop = new AbortController()
      const ended: string[] = []
      const attempted = attempt(subject, { signal: stop.signal }).then(() => ended.push('attempt'))
      attempted.catch(() => {}) // Where the case has failed by then, nobody else waits for it.
      await until(() => counterpart.keys().length > 0, 'the attempt arrives', patienceMs)
      const closed = Promise.resolve(driver.close?.()).then(() => ended.push('close'))
      closed.catch(() => {})
      await turns(20)
      assert.deepEqual(ended, [], 'neither has ended while the attempt is in flight')
      stop.abort()
      await soon(Promise.all([attempted, closed]), 'close', patienceMs)
    },
  },
]
