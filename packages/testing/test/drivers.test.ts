import { describe, expect, it } from 'vitest'
import { isNotSentError, rejected, retry, sent } from '@reachkit/core/spec'
import { faultyDriver, recordingDriver } from '../src/drivers/index.js'
import type { Fault } from '../src/drivers/index.js'
import { seededRandom } from '../src/random/index.js'
import { deliveryRequest, driverContext } from './context.js'

describe('recordingDriver', () => {
  it('records what it is asked to send, and sends it', async () => {
    const driver = recordingDriver('sms')
    const { context } = await driverContext()
    expect(await driver.deliver(deliveryRequest('a.0'), context)).toEqual(sent('recorded-1'))
    expect(await driver.deliver(deliveryRequest('a.1'), context)).toEqual(sent('recorded-2'))
    expect(driver.requests.map(({ id }) => id)).toEqual(['a.0', 'a.1'])
    expect([driver.channel, driver.provider, driver.capabilities.batch, 'deliverBatch' in driver]).toEqual([
      'sms',
      'recorded',
      1,
      false,
    ])
  })

  it('answers by a script, and then sends', async () => {
    const driver = recordingDriver('sms', { provider: 'acme', outcomes: [retry(5), rejected('no')] })
    const { context } = await driverContext()
    const outcomes = []
    for (const id of ['a.0', 'a.0', 'a.0']) outcomes.push(await driver.deliver(deliveryRequest(id), context))
    expect(outcomes).toEqual([retry(5), rejected('no'), sent('recorded-3')])
    expect(driver.provider).toBe('acme')
  })

  it('answers by a function', async () => {
    const driver = recordingDriver('sms', { outcomes: ({ id }) => (id === 'a.0' ? rejected('no') : sent()) })
    const { context } = await driverContext()
    expect(await driver.deliver(deliveryRequest('a.0'), context)).toEqual(rejected('no'))
    expect(await driver.deliver(deliveryRequest('a.1'), context)).toEqual(sent())
  })

  it('takes batches where it says so', async () => {
    const driver = recordingDriver('push', { capabilities: { batch: 5 }, outcomes: [rejected('no')] })
    const { context } = await driverContext()
    const outcomes = await driver.deliverBatch?.([deliveryRequest('a.0'), deliveryRequest('a.1')], context)
    expect(outcomes).toEqual([rejected('no'), sent('recorded-2')])
    expect(driver.capabilities.concurrency).toBe(10)
  })

  it('counts how often it is closed', async () => {
    const driver = recordingDriver('push')
    await driver.close?.()
    await driver.close?.()
    expect(driver.closed).toBe(2)
  })

  it('takes any address and content', async () => {
    const { address, content } = recordingDriver('push')
    for (const schema of [address, content])
      expect(await schema['~standard'].validate({ any: 1 })).toEqual({ value: { any: 1 } })
  })
})

describe('faultyDriver', () => {
  it('does nothing wrong where it is not told to', async () => {
    const inner = recordingDriver('sms', { capabilities: { batch: 5, deduplicates: true } })
    const { context } = await driverContext()
    const driver = faultyDriver(inner, [])
    expect(await driver.deliver(deliveryRequest('a.0'), context)).toEqual(sent('recorded-1'))
    expect([driver.channel, driver.capabilities.deduplicates, driver.capabilities.batch]).toEqual(['sms', true, 1])
    const cost = { currency: 'EUR', micros: 70_000 }
    const priced = faultyDriver({ ...inner, estimate: () => cost }, [])
    expect(priced.estimate?.({ to: 'a', content: {} })).toEqual(cost)
    await driver.close?.()
    expect(inner.closed).toBe(1)
  })

  it.each([
    ['throw', 0],
    ['not-sent', 0],
    ['throw-after', 1],
  ] as const)('%s: throws, and %i went out', async (fault, went) => {
    const inner = recordingDriver('sms')
    const { context } = await driverContext()
    const driver = faultyDriver(inner, ['none', fault])
    await driver.deliver(deliveryRequest('a.0'), context)
    const error: unknown = await driver.deliver(deliveryRequest('a.1'), context).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(isNotSentError(error)).toBe(fault === 'not-sent')
    expect(inner.requests).toHaveLength(1 + went)
  })

  it('hang: sends and never answers', async () => {
    const inner = recordingDriver('sms')
    const { context, clock } = await driverContext()
    let answered = false
    void faultyDriver(inner, ['hang'])
      .deliver(deliveryRequest('a.0'), context)
      .finally(() => (answered = true))
    await clock.advance('9h')
    expect([inner.requests.length, answered]).toEqual([1, false])
  })

  it('late: sends and answers after the deadline', async () => {
    const { context, clock } = await driverContext()
    const answered: number[] = []
    void faultyDriver(recordingDriver('sms'), ['late'])
      .deliver(deliveryRequest('a.0'), context)
      .then(() => answered.push(clock.now()))
    await clock.advance(context.deadline)
    expect(answered).toEqual([])
    await clock.advance(10)
    expect(answered).toEqual([context.deadline + 1])
  })

  it('twice: reports after its answer', async () => {
    const { context, clock, reported } = await driverContext()
    const outcome = await faultyDriver(recordingDriver('sms'), ['twice']).deliver(deliveryRequest('a.0'), context)
    expect([outcome.kind, reported.length]).toEqual(['sent', 0])
    await clock.advance(0)
    expect(reported.map(({ messageId }) => messageId)).toEqual(['a.0'])
  })

  it('rubbish: answers no outcome', async () => {
    const { context } = await driverContext()
    const outcome = await faultyDriver(recordingDriver('sms'), ['rubbish']).deliver(deliveryRequest('a.0'), context)
    expect(['sent', 'rejected', 'retry', 'unknown']).not.toContain(outcome.kind)
  })

  it('draws its faults with the chances it is given', async () => {
    const { context } = await driverContext()
    const inner = recordingDriver('sms')
    const driver = faultyDriver(inner, { random: seededRandom(3), chances: { throw: 0.2, 'not-sent': 0.1 } })
    const faults: (Fault | 'none')[] = []
    for (let attempt = 0; attempt < 2_000; attempt += 1) {
      const error: unknown = await driver.deliver(deliveryRequest('a.0'), context).catch((thrown: unknown) => thrown)
      faults.push(isNotSentError(error) ? 'not-sent' : error instanceof Error ? 'throw' : 'none')
    }
    const part = (fault: Fault | 'none'): number => faults.filter((one) => one === fault).length / faults.length
    expect(part('throw')).toBeCloseTo(0.2, 1)
    expect(part('not-sent')).toBeCloseTo(0.1, 1)
    expect(inner.requests).toHaveLength(faults.filter((fault) => fault === 'none').length)
  })
})
